"""Statistics by area, category and time: the page, and the same table as a file."""

from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.breakdowns import AREAS, CATEGORIES, TIME
from yukuai.documents.sheets import MEDIA, Head, write_sheet
from yukuai.kernel import clock, wording
from yukuai.oversight.periods import CHOICES
from yukuai.oversight.statistics import Line, Statistics, get_statistics, record_taken
from yukuai.workbench.statistics.asking import ROWS, Asked, read_asked
from yukuai.workbench.statistics.charts import columns_of
from yukuai.workbench.statistics.table import (
    RATES,
    Table,
    ages,
    make_table,
    said_before,
    said_change,
    said_rate,
)


@staff(Permission.BOARD_VIEW)
@require_GET
def page(request: Any, division_id: int | None = None) -> HttpResponse:
    at = clock.now()
    asked = read_asked(request.actor, request.GET, at=at)
    found = _count(request.actor, asked, division_id, at)
    table = make_table(found)
    context = {
        "found": found,
        "form": asked.form,
        "asked": asked,
        "table": table,
        "figures": _figures(found),
        "ages": ages(found.total),
        "most_open": max(found.total.ages) or 1,
        "most": max([n for line in found.lines for n in _pair(line)], default=1) or 1,
        "chart": _chart(found),
        "periods": _periods(asked, found),
        "ways": _ways(asked, found),
        "rows": [(shown, _lead(asked, found, shown.line)) for shown in table.rows],
        "crumbs": _crumbs(asked, found),
        "files": [(form, _url(found.division.pk, asked, form=form)) for form in MEDIA],
        "is_empty": not _has_any(found),
        "category": found.categories.get(found.category_id or 0, ""),
        "at": at,
    }
    return TemplateResponse(request, "work/statistics/page.html", context)


@staff(Permission.BOARD_VIEW)
@require_GET
def sheet(request: Any, division_id: int, form: str) -> HttpResponse:
    """What the page shows, in the same rows; that it was taken is on record."""
    if form not in MEDIA:
        raise Http404
    at = clock.now()
    asked = read_asked(request.actor, request.GET, at=at)
    found = _count(request.actor, asked, division_id, at)
    record_taken(request.actor, found=found, form=form, at=at)
    table, written = make_table(found), BytesIO()
    write_sheet(form, written, _head(found, table, at), table.sheet)
    response = HttpResponse(written.getvalue(), content_type=MEDIA[form])
    name = f"statistics-{division_id}-{found.window.first}-{found.window.last}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _count(actor: Actor, asked: Asked, division_id: int | None, at: datetime) -> Statistics:
    return get_statistics(
        actor,
        division_id=division_id,
        window=asked.window,
        by=asked.by,
        step=asked.step,
        category_id=asked.category_id,
        at=at,
    )


def _head(found: Statistics, table: Table, at: datetime) -> Head:
    window = found.window
    notes = [
        ("时段", f"{window.first} 至 {window.last}"),
        ("之前", f"{window.before_first} 至 {window.before_last}"),
        ("类别", found.categories.get(found.category_id or 0, "全部")),
        ("分段", dict(ROWS)[found.by]),
        ("说明", "只有件数和地方，没有人。不到 5 件的不算百分数。在办和天数是取数时的。"),
    ]
    return Head(
        title=f"{found.division.name}诉求统计",
        mark=f"{found.division.name}诉求统计，取数时间 {wording.moment(at, now=at)}",
        notes=notes,
        labels=table.labels,
        widths=[16] * len(table.labels),
        tab="统计",
    )


def _url(division_id: int, asked: Asked, *, form: str = "", **said: str) -> str:
    kept = {name: value for name, value in {**asked.kept, **said}.items() if value}
    place = [division_id, form] if form else [division_id]
    route = "work:statistics-table" if form else "work:statistics-place"
    return f"{reverse(route, args=place)}?{urlencode(kept)}"


def _periods(asked: Asked, found: Statistics) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": _url(found.division.pk, asked, period=name, since="", until=""),
            "current": name == found.window.name,
        }
        for name, label in CHOICES.items()
    ]


def _ways(asked: Asked, found: Statistics) -> list[dict[str, Any]]:
    """What the rows may be: areas where there are any, categories unless one was chosen."""
    fitting = {AREAS: found.below, CATEGORIES: found.category_id is None, TIME: True}
    return [
        {
            "label": label,
            "url": _url(found.division.pk, asked, by=name),
            "current": name == found.by,
        }
        for name, label in ROWS
        if fitting[name]
    ]


def _lead(asked: Asked, found: Statistics, line: Line) -> str:
    """Where a line leads: an area to what lies below it, a category to its areas."""
    if line.division_id:
        return _url(line.division_id, asked, by=AREAS)
    if line.category_id:
        by, category = (AREAS if found.below else TIME), str(line.category_id)
        return _url(found.division.pk, asked, by=by, category=category)
    return ""


def _crumbs(asked: Asked, found: Statistics) -> list[dict[str, str]]:
    above = [{"label": d.name, "url": _url(d.pk, asked)} for d in found.ancestors]
    return [*above, {"label": found.division.name, "url": ""}]


def _figures(found: Statistics) -> list[dict[str, Any]]:
    now, before, earlier = found.total.now, found.total.before, found.window.earlier
    counts = [
        {
            "label": f"{label}（件）",
            "value": getattr(now, name),
            "below": said_change(getattr(now, name), getattr(before, name), earlier),
            "url": "#table",
        }
        for label, name in (("收到", "received"), ("办结", "closed"))
    ]
    rates = [
        {
            "label": label,
            "value": said_rate(getattr(now, part), getattr(now, whole)),
            "below": f"{getattr(now, part)} / {getattr(now, whole)} 件，"
            f"{said_before(earlier, getattr(before, part), getattr(before, whole))}",
            "url": "#table",
        }
        for label, part, whole, _of in RATES
    ]
    return counts + rates


def _chart(found: Statistics) -> Any:
    if found.by != TIME:
        return None
    numbers = [line.row.now for line in found.lines]
    labels = [line.label for line in found.lines]
    return columns_of(labels, [n.received for n in numbers], [n.closed for n in numbers])


def _pair(line: Line) -> tuple[int, int]:
    return line.row.now.received, line.row.before.received


def _has_any(found: Statistics) -> bool:
    now = found.total.now
    return bool(now.received or now.closed or now.replied or now.asked or now.open)

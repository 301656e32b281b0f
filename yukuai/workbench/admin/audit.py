"""审计: the log, its seals, and a copy for a stated purpose. Reading only."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.inspection import EXPORT_CAP, check_seals, export_entries
from yukuai.audit.queries import get_chain, get_entry, list_entries
from yukuai.audit.sealing import find_published
from yukuai.divisions.queries import list_places
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    ask_or_act,
    attempt,
    ends,
    looking,
    midnight,
    typed,
)
from yukuai.workbench.admin.audit_words import act_choices, act_label, detail_rows
from yukuai.workbench.admin.paging import by_moment, tidy
from yukuai.workbench.admin.places import PlaceSearch, area_of, search_place
from yukuai.workbench.fields import line, select, words

if TYPE_CHECKING:
    from yukuai.audit.models import AuditEntry

P = Permission
CRUMB: dict[str, Any] = {"label": "审计", "url": reverse_lazy("work:audit")}
DAYS = 30
ONE_BY_ONE = "case.export"
"""An entry for each matter of an export, for the person concerned. Thousands at once would bury
everything else: they are shown when they are asked for, or their matter is."""
NEWEST = 1000
FAULTS_SHOWN = 5
FILTERS = ("act", "who", "target", "since", "until", "division", "place")
RISKY = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("时间", "谁", "做了什么", "代码", "对象", "在哪里", "目的或理由", "详情")


class FilterForm(AdminForm):
    act = select("做了什么", act_choices(), required=False)
    who = line("谁", required=False)
    target = line("对象", required=False)
    since = DayField("从", required=False)
    until = DayField("到", required=False)


class ExportForm(AdminForm):
    purpose = words("导出做什么用", "请写明导出做什么用。", rows=2)


@dataclass(frozen=True)
class Row:
    """A line of the log, in words."""

    entry: "AuditEntry"
    label: str
    place: str
    details: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Asked:
    form: FilterForm
    search: PlaceSearch
    wanted: dict[str, Any]
    """The words of `list_entries`."""
    query: str


@staff(P.AUDIT_VIEW)
@require_safe
def log(request: Any) -> HttpResponse:
    asked = _asked(request)
    page = by_moment(request, list_entries(request.actor, **asked.wanted), "happened_at")
    context = {
        "form": asked.form,
        "search": asked.search,
        "page": page,
        "rows": _rows(request.actor, page.rows),
        "narrowed": any(request.GET.get(name) for name in FILTERS),
        "export_url": f"{reverse('work:audit-export')}?{asked.query}",
        "all_url": f"?{urlencode({'since': ''})}",
        "chain": get_chain(request.actor),
        "published": find_published(settings.AUDIT_DIGEST_DIR),
        "newest": NEWEST,
        "one_by_one_url": f"?{urlencode({'act': ONE_BY_ONE})}",
        "hides": "without" in asked.wanted,
        "crumbs": [{"label": "审计"}],
    }
    return TemplateResponse(request, "work/admin/audit/log.html", context)


@staff(P.AUDIT_VIEW)
@require_safe
def entry(request: Any, entry_id: int) -> HttpResponse:
    found = get_entry(request.actor, entry_id=entry_id)
    [row] = _rows(request.actor, [found])
    context = {"row": row, "crumbs": [CRUMB, {"label": f"第 {found.pk} 条"}]}
    return TemplateResponse(request, "work/admin/audit/entry.html", context)


@staff(P.AUDIT_VIEW)
@require_POST
def check(request: Any) -> HttpResponse:
    actor = request.actor
    verdict = check_seals(actor, area=area_of(actor, P.AUDIT_VIEW), newest=NEWEST, at=clock.now())
    for fault in verdict.faults[:FAULTS_SHOWN]:
        messages.error(request, fault)
    if not verdict.seals:
        messages.warning(request, "还没有封过，没有可以核对的。请先看后台任务（worker）在不在跑。")
    elif not verdict.faults:
        said = f"核对了最近 {verdict.seals} 个封印、{verdict.entries} 条记录，都对得上。"
        messages.success(request, said)
    return HttpResponseRedirect(reverse("work:audit"))


@staff(P.AUDIT_VIEW)
@ask_or_act
def export(request: Any) -> HttpResponse:
    with looking(request):
        asked = _asked(request)
    actor, form = request.actor, ExportForm(typed(request))
    if request.method == "POST":
        rows = attempt(
            form,
            lambda: export_entries(
                actor,
                area=area_of(actor, P.AUDIT_VIEW),
                wanted=asked.wanted,
                purpose=form.cleaned_data["purpose"],
                at=clock.now(),
            ),
        )
        if rows is not None:
            with looking(request):
                return _sheet(_rows(actor, rows))
    context = {
        "form": form,
        "title": "导出审计记录",
        "lead": f"按刚才的筛选导出，新的在前，最多 {EXPORT_CAP} 条。导出这件事本身也会记一条。",
        "button": "导出 CSV",
        "no": "不导出",
        "back_url": f"{reverse('work:audit')}?{asked.query}",
        "crumbs": [CRUMB, {"label": "导出"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


def _asked(request: Any) -> Asked:
    """The filter of the address; without any, the last month."""
    actor, given = request.actor, request.GET.copy()
    if not any(name in given for name in FILTERS):
        given["since"] = str(clock.today(clock.now()) - timedelta(days=DAYS))
    form = FilterForm(given)
    form.is_valid()
    said = form.cleaned_data
    search = search_place(actor, given, within=area_of(actor, P.AUDIT_VIEW))
    since = said.get("since")
    wanted = {
        "area": search.chosen.path if search.chosen else None,
        "act": said.get("act") or "",
        "who": tidy(said.get("who") or ""),
        "target": tidy(said.get("target") or ""),
        "since": midnight(since) if since else None,
        "until": ends(said.get("until")),
    }
    if not wanted["act"] and not wanted["target"]:
        wanted["without"] = ONE_BY_ONE
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    return Asked(form, search, wanted, urlencode(kept or {"since": ""}))


def _rows(actor: Actor, entries: Sequence["AuditEntry"]) -> list[Row]:
    """With the places as they are called today; what lies nowhere is of the whole city."""
    ids = {one.area: int(one.area.rstrip(".").rpartition(".")[2]) for one in entries if one.area}
    places = list_places(actor, division_ids=set(ids.values())) if ids else {}
    return [
        Row(
            one,
            act_label(one.act),
            places.get(ids.get(one.area, 0), "") or one.area or "全市",
            detail_rows(one.details),
        )
        for one in entries
    ]


def _sheet(rows: Sequence[Row]) -> HttpResponse:
    """For a spreadsheet; nothing in it is taken for a formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"audit-{clock.today(clock.now())}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(COLUMNS)
    for row in rows:
        one = row.entry
        moment = one.happened_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        details = "；".join(f"{name} {said}" for name, said in row.details)
        cells = [one.actor, row.label, one.act, one.target, row.place, one.purpose, details]
        sheet.writerow([moment, *map(_plain, cells)])
    return response


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell

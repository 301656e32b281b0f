import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock, wording
from yukuai.oversight.periods import PERIODS
from yukuai.oversight.queries import Board, get_board
from yukuai.workbench.board.charts import two_lines

BELOW = {"city": "区县", "district": "街道和乡镇", "zone": "街道和乡镇", "township": "社区和村"}
UNIT = {
    "city": "个区县",
    "district": "个街道和乡镇",
    "zone": "个街道和乡镇",
    "township": "个社区和村",
}
WHOLE = {"city": "全市", "district": "全区（县）", "zone": "全区", "township": "全街道（乡镇）"}


@staff(Permission.BOARD_VIEW)
def board(request: Any, division_id: int | None = None) -> HttpResponse:
    at = clock.now()
    found = get_board(
        request.actor, division_id=division_id, name=request.GET.get("period", "month"), at=at
    )
    context = {
        "board": found,
        "figures": _figures(found),
        "chart": two_lines(found.total.weeks, found.total.closed_weeks, ("收到", "办结"), at),
        "most": max([n for _, now, then in found.categories for n in (now, then)], default=1) or 1,
        "periods": _periods(found),
        "crumbs": _crumbs(found),
        "below": BELOW.get(found.division.kind, ""),
        "unit": UNIT.get(found.division.kind, ""),
        "whole": WHOLE.get(found.division.kind, "本社区"),
        "may_rule": request.actor.may(Permission.RULE_MANAGE),
        "may_look": request.actor.may(Permission.CASE_VIEW),
        "at": at,
    }
    return TemplateResponse(request, "work/board/board.html", context)


def _place_url(division_id: int, period: str) -> str:
    return f"{reverse('work:board-place', args=[division_id])}?period={period}"


def _periods(found: Board) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": _place_url(found.division.pk, name),
            "current": name == found.period.name,
        }
        for name, label in PERIODS.items()
    ]


def _crumbs(found: Board) -> list[dict[str, str]]:
    above = [{"label": d.name, "url": _place_url(d.pk, found.period.name)} for d in found.ancestors]
    return [*above, {"label": found.division.name, "url": ""}]


def _figures(found: Board) -> list[dict[str, Any]]:
    total, cases = found.total, f"{reverse('work:cases')}?within={found.division.pk}"
    return [
        {
            "label": f"{found.period.label}收到（件）",
            "value": total.received,
            "weeks": total.weeks,
            "weeks_label": "近 12 周每周收到的件数",
            "below": f"现在在办 {total.open} 件",
            "url": cases,
        },
        {
            "label": "按时答复",
            "value": _percent(total.on_time_rate),
            "below": f"{total.on_time} / {total.replied} 件",
            "url": "#places",
        },
        {
            "label": "居民说“解决了”",
            "value": _percent(total.solved_rate),
            "below": f"评价和回访 {total.asked} 件",
            "url": "#places",
        },
        {
            "label": "居民满意",
            "value": _percent(total.satisfied_rate),
            "below": f"联系过 {total.contacted} / {total.asked} 件",
            "url": "#places",
        },
        {
            "label": "已超期（件）",
            "value": total.overdue,
            "below": f"今天到期 {total.due_today}，督办中 {total.supervised}",
            "tone": "late" if total.overdue else "",
            "url": "#alarms",
        },
    ]


def _percent(rate: float | None) -> str:
    return "还没有" if rate is None else f"{rate:g}%"


@staff(Permission.BOARD_VIEW)
def numbers(request: HttpRequest, division_id: int) -> HttpResponse:
    """The table of the board for a spreadsheet: places and numbers, nobody's name."""
    at = clock.now()
    actor = request.actor  # type: ignore[attr-defined]
    found = get_board(
        actor, division_id=division_id, name=request.GET.get("period", "month"), at=at
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="board-{division_id}.csv"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(
        [f"{found.division.name} {found.period.label}，取数时间 {wording.moment(at, now=at)}"]
    )
    sheet.writerow(HEAD)
    for line in found.lines:
        n = line.numbers
        counts = (n.received, n.open, n.due_today, n.overdue, n.replied, n.on_time)
        told = (n.asked, n.contacted, n.solved, n.satisfied)
        sheet.writerow([line.division.code, line.division.name, *counts, *told])
    return response


HEAD = [
    "区划代码",
    "名称",
    "收到",
    "在办",
    "今天到期",
    "超期",
    "答复",
    "其中按时",
    "评价和回访",
    "联系过",
    "解决了",
    "满意",
]

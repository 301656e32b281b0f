"""今日: what is due at the officer's own door, the earliest first, finished beside the list."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import CAP, get_case_by_number
from yukuai.cases.saved import list_saved_filters
from yukuai.cases.today import Clock, list_checks, list_in_my_area, list_tasks
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound, NotPermitted
from yukuai.kernel.wording import capped
from yukuai.messaging.queries import list_messages
from yukuai.workbench.fields import number, tidy
from yukuai.workbench.navigation import counts_of, door, find_url, first_room
from yukuai.workbench.roster.alarm import duty_of
from yukuai.workbench.saved.chips import chips_of
from yukuai.workbench.today.groups import GROUPS, group_of, grouped
from yukuai.workbench.today.peek import peek_context

if TYPE_CHECKING:
    from yukuai.cases.models import Case

PAGE = 40
MOST_PAGES = 30
MAIL_SHOWN = 4
AREA_LABELS = {
    "community": "全社区",
    "township": "全街道",
    "district": "全区县",
    "zone": "全区",
    "city": "全市",
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    only: str
    of_all: bool
    page: int

    def url(self, **change: object) -> str:
        asked = {
            "only": self.only,
            "of": "all" if self.of_all else "",
            "page": str(self.page) if self.page > 1 else "",
            **change,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('work:today')}?{query}" if query else reverse("work:today")


@staff()
@require_GET
def today(request: Any) -> HttpResponse:
    if not request.actor.may(Permission.CASE_VIEW):
        return _elsewhere(request)
    context = _context(request)
    partial = request.headers.get("HX-Target") == "desk"
    if not partial and not context["selected"]:  # beside an open matter it was read already
        context["duty"] = duty_of(request, context["now"])
        context |= _lines(request)
    return TemplateResponse(request, f"work/today/{'desk' if partial else 'page'}.html", context)


def _elsewhere(request: Any) -> HttpResponse:
    """Administrators have no matters: the first page that is theirs."""
    if url := first_room(request.actor):
        return HttpResponseRedirect(url)
    raise NotPermitted("您现在的岗位没有可以打开的页面。请联系安全管理员。")


def _context(request: Any) -> dict[str, Any]:
    actor, now = request.actor, clock.now()
    wanted = _wanted(request)
    mine = door(request)
    at_my_door = frozenset(one.case_id for one in mine)
    everything = list_in_my_area(actor)
    others = [one for one in everything if one.case_id not in at_my_door]
    clocks = sorted([*mine, *others], key=lambda c: c.due_at) if wanted.of_all else mine
    checks = list_checks(actor, clocks=mine)
    named = {"others": others, "mine": checks}
    only = wanted.only
    chosen = named[only] if only in named else _of_group(clocks, only, now)
    start = (wanted.page - 1) * PAGE
    tasks = list_tasks(actor, clocks=chosen[start : start + PAGE], at_my_door=at_my_door)
    selected = _selected(request)
    return {
        "now": now,
        "strip": _strip(actor, wanted, clocks, len(checks), len(others), now),
        "scopes": _scopes(request, wanted, len(mine), len(everything)),
        "groups": grouped(tasks, all_clocks=chosen, now=now),
        "selected": selected,
        "here": wanted.url(),
        "wanted": wanted,
        "more_url": wanted.url(page=wanted.page + 1) if len(chosen) > start + PAGE else "",
        "less_url": wanted.url(page=max(wanted.page - 1, 0)) if wanted.page > 1 else "",
        "total": capped(len(chosen), cap=CAP),
        "inbox_url": find_url("work:inbox"),
        "chips": chips_of(actor, list_saved_filters(actor)),
        "mail": list(list_messages(actor)[:MAIL_SHOWN]),
        "may_register": actor.may(Permission.CASE_REGISTER),
        "may_supervise": actor.may(Permission.CASE_SUPERVISE),
        **(peek_context(request, selected, now) if selected else {}),
    }


def _lines(request: Any) -> dict[str, int]:
    """Of boundaries that wait for the officer; the nav asks for the same."""
    counts = counts_of(request)
    return {name: counts.get(name, 0) for name in ("lines_to_approve", "lines_to_redraw")}


def _selected(request: Any) -> "Case | None":
    wanted = tidy(request.GET.get("case"))
    try:
        return get_case_by_number(request.actor, number=wanted) if wanted else None
    except NotFound:
        return None


def _wanted(request: Any) -> Wanted:
    only = request.GET.get("only", "")
    page = number(request.GET.get("page", "")) or 1
    return Wanted(
        only=only if only in {*GROUPS, "mine", "others"} else "",
        of_all=request.GET.get("of") == "all",
        page=min(page, MOST_PAGES),
    )


def _of_group(clocks: list[Clock], name: str, now: Any) -> list[Clock]:
    if name not in GROUPS:
        return clocks
    return [one for one in clocks if group_of(one.due_at, now=now) == name]


def _strip(
    actor: Actor, wanted: Wanted, clocks: list[Clock], checks: int, others: int, now: Any
) -> list[dict[str, Any]]:
    """The numbers by which the table is filtered; pressing one again lifts the filter."""
    counts = dict.fromkeys(GROUPS, 0)
    for one in clocks:
        counts[group_of(one.due_at, now=now)] += 1
    approves = actor.may(Permission.CASE_APPROVE)
    stats = [
        ("late", counts["late"], GROUPS["late"], "late" if counts["late"] else ""),
        ("today", counts["today"], GROUPS["today"], ""),
        ("tomorrow", counts["tomorrow"], GROUPS["tomorrow"], ""),
        ("week", counts["week"], GROUPS["week"], ""),
        (
            "mine",
            checks,
            "等您审批或核查" if approves else "等您核查、回访",
            "yours" if checks else "",
        ),
        (
            "others",
            others,
            "等别人，您可以催" if actor.may(Permission.CASE_SUPERVISE) else "等别人",
            "",
        ),
    ]
    return [
        {
            "n": capped(n, cap=CAP),
            "label": label,
            "tone": tone,
            "url": wanted.url(only="" if wanted.only == name else name, page=""),
            "current": wanted.only == name,
        }
        for name, n, label, tone in stats
    ]


def _scopes(request: Any, wanted: Wanted, mine: int, everything: int) -> list[dict[str, Any]]:
    post = request.post
    scopes = [("", f"我的 {capped(mine, cap=CAP)}", not wanted.of_all)]
    if post is not None and post.department_id is None:
        label = AREA_LABELS.get(post.division.kind, "全部")
        scopes.append(("all", f"{label} {capped(everything, cap=CAP)}", wanted.of_all))
    return [
        {"url": wanted.url(of=value, page=""), "label": label, "current": current}
        for value, label, current in scopes
    ]

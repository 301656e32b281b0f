"""值班表: the week of a window, read by its own people and made by whoever may."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.roster.queries import Desk, get_desk, list_desks, list_history, list_rows
from yukuai.roster.rules import monday_of
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.fields import number

P = Permission
WEEK = timedelta(days=7)
NO_POST = "您现在没有窗口的岗位。请联系安全管理员。"


@staff(P.CASE_HANDLE)
@require_safe
def roster(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    desk = wanted_desk(request)
    this = monday_of(today(at))
    monday = wanted_week(request, this)
    rows = list_rows(actor, desk=desk, monday=monday, at=at)
    cells = [cell for row in rows for cell in row.cells]
    context = {
        "desk": desk,
        "desks": list_desks(actor, own=own_desk(request)),
        "rows": rows,
        "shifts": [cell.shift for cell in rows[0].cells] if rows else [],
        "on_duty": [
            one for cell in cells for one in cell.people if one.starts_at <= at < one.ends_at
        ],
        "gaps": sum(cell.gap for cell in cells),
        "may": bool(check(actor, P.ROSTER_MANAGE, desk)),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "day": today(at),
        "now": at,
        "this_week": monday == this,
        "back_url": roster_url(desk, monday - WEEK),
        "on_url": roster_url(desk, monday + WEEK),
        "now_url": roster_url(desk, this),
        "crumbs": [],
    }
    return TemplateResponse(request, "work/roster/week.html", context)


@staff(P.CASE_HANDLE)
@require_safe
def history(request: Any) -> HttpResponse:
    """Who put whom on the roster, and who changed it."""
    desk = wanted_desk(request)
    page = by_moment(request, list_history(request.actor, desk=desk), "made_at")
    crumbs = [crumb_of(desk), {"label": "改过哪些"}]
    context = {"desk": desk, "page": page, "now": clock.now(), "crumbs": crumbs}
    return TemplateResponse(request, "work/roster/history.html", context)


def own_desk(request: Any) -> Desk:
    """The window of the post the officer sits in."""
    if request.post is None:
        raise NotFound(NO_POST)
    return Desk(request.post.division, request.post.department)


def wanted_desk(request: Any) -> Desk:
    """The window the address names, at first the officer's own."""
    own = own_desk(request)
    key = str(request.POST.get("window") or request.GET.get("window", ""))
    if not key or key == own.key:
        return own
    place, _, office = key.partition("-")
    department_id = number(office)
    if (division_id := number(place)) is None or (office and department_id is None):
        return own
    return get_desk(request.actor, division_id=division_id, department_id=department_id)


def wanted_week(request: Any, this: date) -> date:
    """Its Monday; an address nobody would make by hand is this week's."""
    asked = str(request.POST.get("week") or request.GET.get("week", ""))
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return this
    return monday_of(day) if abs(day - this) < timedelta(days=1000) else this


def roster_url(desk: Desk, monday: date | None = None) -> str:
    week = f"&week={monday}" if monday else ""
    return f"{reverse('work:roster')}?window={desk.key}{week}"


def crumb_of(desk: Desk, monday: date | None = None) -> dict[str, str]:
    return {"label": "值班表", "url": roster_url(desk, monday)}

"""交接班: what runs is filled in, what was promised is added; the next one reads and takes over."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.rules import tidy_number
from yukuai.flows.handing_over import hand_over_desk, list_running_at
from yukuai.kernel import clock
from yukuai.roster.actions import take_over
from yukuai.roster.queries import (
    find_untaken,
    get_handover,
    list_handovers,
    list_on_duty,
    sits_at,
)
from yukuai.roster.rules import MATTER
from yukuai.roster.states import HandoverState
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.fields import words
from yukuai.workbench.navigation import find_url
from yukuai.workbench.roster.views import own_desk

P = Permission
ELSEWHERE = {"calls": "work:calls", "exchange": "work:exchange", "visits": "work:callbacks"}
"""The lists on which the rest of a group stands."""


class NotesForm(AdminForm):
    notes = words(
        "口头答应过什么、要接着做什么",
        required=False,
        rows=5,
        help="提到哪件事，写它的单号，例如 ZT-2603-000012。不写电话和证件号。",
    )


@staff(P.CASE_HANDLE)
@ask_or_act
def handover(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    desk = own_desk(request)
    form = NotesForm(typed(request))
    if request.method == "POST":
        said = form["notes"].value() or ""
        attempt(form, lambda: hand_over_desk(actor, desk=desk, notes=said, at=at))
        if not form.errors:
            messages.success(request, "交出去了，等接班的人来接。")
            return HttpResponseRedirect(reverse("work:handovers"))
    with looking(request):
        untaken = find_untaken(actor, desk=desk)
        context = {
            "desk": desk,
            "form": form,
            "groups": with_urls(list_running_at(actor, desk=desk, at=at)),
            "on_duty": list(list_on_duty(actor, desk=desk, at=at)),
            "untaken": untaken,
            "mine": untaken is not None and untaken.handed_by_id == actor.user_id,
            "pieces": pieces(untaken.notes) if untaken else [],
            "now": at,
            "crumbs": [],
        }
        answer = TemplateResponse(request, "work/roster/handover.html", context, status=form.status)
        return answer if request.method != "POST" else answer.render()


@staff(P.CASE_HANDLE)
@require_safe
def past(request: Any) -> HttpResponse:
    desk = own_desk(request)
    page = by_moment(request, list_handovers(request.actor, desk=desk), "handed_at")
    crumbs = [{"label": "交接班", "url": reverse("work:handover")}, {"label": "以前的交接"}]
    context = {"desk": desk, "page": page, "now": clock.now(), "crumbs": crumbs}
    return TemplateResponse(request, "work/roster/past.html", context)


@staff(P.CASE_HANDLE)
@require_safe
def one(request: Any, handover_id: int) -> HttpResponse:
    found = get_handover(request.actor, handover_id=handover_id)
    may_take = found.state == HandoverState.HANDED and sits_at(request.actor, desk=found)
    crumbs = [
        {"label": "交接班", "url": reverse("work:handover")},
        {"label": "以前的交接", "url": reverse("work:handovers")},
    ]
    context = {
        "one": found,
        "place": found.department or found.division,
        "groups": with_urls(found.running),
        "pieces": pieces(found.notes),
        "mine": found.handed_by_id == request.actor.user_id,
        "may_take": may_take,
        "now": clock.now(),
        "crumbs": [*crumbs, {"label": "一份交接"}],
    }
    return TemplateResponse(request, "work/roster/one.html", context)


@staff(P.CASE_HANDLE)
@require_POST
def take(request: Any, handover_id: int) -> HttpResponse:
    found = take_over(request.actor, handover_id=handover_id, at=clock.now())
    messages.success(request, "接过来了，从现在起由您接着办。")
    return HttpResponseRedirect(reverse("work:handover-one", args=[found.pk]))


def with_urls(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each group with the list where all of it stands, as far as there is one."""
    return [{**group, "url": find_url(ELSEWHERE.get(group["name"], ""))} for group in groups]


def pieces(notes: str) -> list[tuple[str, str]]:
    """The words with the numbers of matters taken out: (text, '') or (as typed, number)."""
    found = re.split(f"({MATTER.pattern})", notes, flags=re.IGNORECASE)
    return [(piece, tidy_number(piece) if place % 2 else "") for place, piece in enumerate(found)]

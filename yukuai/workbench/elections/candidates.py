"""正式候选人: who stands for which office, and where they met the voters."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.documents.http import attachment_response
from yukuai.documents.queries import get_attachment
from yukuai.elections import actions
from yukuai.elections.actions.candidates import RECORDS
from yukuai.elections.queries import (
    get_election,
    get_forum,
    get_with_objections,
    list_candidates,
    list_forums,
)
from yukuai.elections.states import ElectionState
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.workbench.admin.asking import DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import StepForm, scan, whole
from yukuai.workbench.fields import line

P = Permission


@staff(P.ELECTION_VIEW)
@require_GET
@never_cache
def candidates(request: Any, number: str) -> HttpResponse:
    actor, at = request.actor, clock.now()
    election = get_with_objections(actor, number=number)
    runs = bool(check(actor, P.ELECTION_RUN, election)) and not election.halted
    context = {
        "election": election,
        "contests": list_candidates(actor, election=election),
        "forums": list_forums(actor, election=election),
        "records": runs and election.state == ElectionState.CAMPAIGN and today(at) < election.day,
        "now": at,
        "crumbs": crumbs_of(election, "正式候选人"),
    }
    return TemplateResponse(request, "work/elections/candidates.html", context)


class ForumForm(StepForm):
    held_on = DayField("哪天开的")
    place = line("在哪里", "写明在哪里开的。")
    present = whole("到会多少人", "填到会的人数。", least=1)
    upload = scan("见面会的记录")


@staff(P.ELECTION_RUN)
@ask_or_act
def forum(request: Any, number: str) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
    form = ForumForm(typed(request), request.FILES or None, initial={"held_on": today(clock.now())})
    form.fields["upload"].help_text = "PDF 或照片，必须上传。"
    back = reverse("work:election-candidates", args=[election.number])
    if request.method == "POST":
        attempt(
            form,
            lambda: actions.hold_forum(
                actor, number=election.number, at=clock.now(), **form.told()
            ),
        )
        if not form.errors:
            messages.success(request, "记下了。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": "记一次候选人和选民的见面会",
        "lead": "公布委托名单以前至少开一次。选举日停止介绍候选人。",
        "button": "记下",
        "back_url": back,
        "crumbs": crumbs_of(election, "见面会"),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)


@staff(P.ELECTION_VIEW)
@require_safe
def record(request: Any, number: str, forum_id: int) -> HttpResponse:
    actor = request.actor
    election = get_election(actor, number=number)
    one = get_forum(actor, election=election, forum_id=forum_id)
    found = get_attachment(
        actor,
        attachment_id=one.attachment_id,
        subject=RECORDS,
        object_id=election.pk,
        permission=P.ELECTION_VIEW,
    )
    return attachment_response(found, "full")

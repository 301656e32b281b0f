"""候选人联审, for a department: whom it is asked about, one decision a click, the law beside it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.elections.actions import give_opinion
from yukuai.elections.queries.reviews import get_opinion, list_own_opinions, list_signed
from yukuai.elections.standing import Decision, bars_of
from yukuai.elections.states import Body
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import ask_or_act, attempt, looking, typed
from yukuai.workbench.elections.forms import PickForm
from yukuai.workbench.fields import choice, line, select

P = Permission
TONES = {Decision.PASS: "done", Decision.NO_RECORD: "done", Decision.CAUTION: "soon"}
TONES |= {Decision.BAR: "late"}
SEX = {"1": "男", "2": "女"}


@staff(P.ELECTION_REVIEW)
@require_GET
@never_cache
def reviews(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    waiting = list_own_opinions(actor, at=at)
    context = {
        "waiting": [(one, SEX.get(one.screening.sex, "")) for one in waiting],
        "late": sum(one.due_at < at for one in waiting),
        "signed": [(one, TONES[Decision(one.decision)]) for one in list_signed(actor)],
        "laws": _laws([one.screening.election for one in waiting]),
        "now": at,
        "crumbs": [],
    }
    return TemplateResponse(request, "work/reviews/list.html", context)


def _laws(elections: list[Any]) -> list[tuple[str, list[str]]]:
    """Each law that somebody on the list is judged by: its article and whom it bars."""
    found = {one.rules.cite("bar_codes"): list(_bars(one).values()) for one in elections}
    return [(article, bars) for article, bars in found.items() if bars]


def _bars(election: Any) -> dict[str, str]:
    return bars_of(election.rules, village=election.body == Body.VILLAGE)


class OpinionForm(PickForm):
    decision = choice("结论", Decision.choices, "选一个结论。")
    bar_code = select("哪一种情形", (), required=False)
    basis_ref = line(
        "依据的文号", required=False, help="只写文号，不写案情。通过和没有记录的不用写。"
    )


@staff(P.ELECTION_REVIEW)
@ask_or_act
def review(request: Any, opinion_id: int) -> HttpResponse:
    """A pass or no record comes with one click from the list; a bar needs a code and a paper."""
    actor = request.actor
    with looking(request):
        opinion = get_opinion(actor, opinion_id=opinion_id)
        election = opinion.screening.election
    form = OpinionForm(typed(request), initial={"decision": request.GET.get("decision", "")})
    form.offer("bar_code", [("", "不是不得列为候选人的，不选"), *_bars(election).items()])
    if request.method == "POST":
        attempt(
            form,
            lambda: give_opinion(actor, opinion_id=opinion_id, at=clock.now(), **form.cleaned_data),
        )
        if not form.errors:
            messages.success(request, f"{opinion.screening.name}：签好了。")
            return HttpResponseRedirect(reverse("work:reviews"))
    context = {
        "form": form,
        "opinion": opinion,
        "sex": SEX.get(opinion.screening.sex, ""),
        "laws": _laws([election]),
        "now": clock.now(),
        "crumbs": [
            {"label": "候选人联审", "url": reverse("work:reviews")},
            {"label": opinion.screening.name},
        ],
    }
    return TemplateResponse(request, "work/reviews/opinion.html", context, status=form.status)

"""委托投票: who votes for whom, until when it is registered, and who has to be told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.elections import actions
from yukuai.elections.actions.proxies import PROXYING
from yukuai.elections.conditions import last_day
from yukuai.elections.queries import get_election, get_proxy, list_proxies
from yukuai.elections.schedule import Step
from yukuai.elections.standing import Relation
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.workbench.admin.asking import Question, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.asking import confirm as ask_first
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import StepForm, scan
from yukuai.workbench.fields import choice, line

P = Permission
SAME = "有同名的，后面空一格写出生日期。"


class ProxyForm(StepForm):
    voter = line("委托人", "写明委托人的姓名。", help=SAME)
    holder = line("受托人", "写明受托人的姓名。", help=SAME)
    relation = choice("受托人是委托人的", Relation.choices, "选是什么关系。")
    upload = scan("书面委托的扫描件")


@staff(P.ELECTION_VIEW)
@ask_or_act
def proxies(request: Any, number: str) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with looking(request):
        election = get_election(actor, number=number)
    form = ProxyForm(typed(request), request.FILES or None)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.register_proxy(actor, number=election.number, at=at, **form.told()),
        )
        if made is not None:
            messages.success(request, f"登记了：{made.holder.name}受{made.voter.name}委托。")
            return HttpResponseRedirect(_back(election))
    with looking(request):
        context = {"form": form, "now": at} | _shown(actor, election, at)
    return TemplateResponse(request, "work/elections/proxies.html", context, status=form.status)


def _back(election: Any) -> str:
    return reverse("work:election-proxies", args=[election.number])


def _shown(actor: Any, election: Any, at: Any) -> dict[str, Any]:
    closes = last_day(election, Step.PROXIES)
    runs = bool(check(actor, P.ELECTION_RUN, election)) and not election.halted
    rows = list_proxies(actor, election=election)
    return {
        "election": election,
        "rows": rows,
        "holding": sum(one.ended_on is None for one in rows),
        "closes": closes,
        "runs": runs,
        "receives": runs and election.state in PROXYING and today(at) <= closes,
        "law": election.rules.cite("proxy_max"),
        "most": election.rules.whole("proxy_max", silent=0),
        "crumbs": crumbs_of(election, "委托投票"),
    }


@staff(P.ELECTION_RUN)
@ask_or_act
def cancel(request: Any, number: str, proxy_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
        one = get_proxy(actor, election=election, proxy_id=proxy_id)
    question = Question(
        title=f"撤销{one.voter.name}对{one.holder.name}的委托？",
        follows=("撤销以后可以自己投票，也可以另外委托。",),
        yes="撤销",
        no="不撤销",
        back_url=_back(election),
        done="撤销了。",
        crumbs=crumbs_of(election, "委托投票"),
    )

    def act(reason: str) -> object:
        said: dict[str, Any] = {"proxy_id": proxy_id, "why": reason, "at": clock.now()}
        return actions.cancel_proxy(actor, number=election.number, **said)

    return ask_first(request, question, act)


@staff(P.ELECTION_RUN)
@require_POST
def tell(request: Any, number: str, proxy_id: int) -> HttpResponse:
    """The voter was told; the task goes from the day page."""
    said: dict[str, Any] = {"number": number, "proxy_id": proxy_id, "at": clock.now()}
    try:
        actions.tell_of_void(request.actor, **said)
        messages.success(request, "记下了。")
    except Conflict as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("work:election-proxies", args=[number]))

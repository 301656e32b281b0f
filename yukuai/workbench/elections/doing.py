"""The steps of an election: a form that says what follows, and the step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.elections import actions
from yukuai.elections.queries import get_election
from yukuai.elections.states import ELECTION_WORKFLOW
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import Question, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.asking import confirm as ask_first
from yukuai.workbench.elections.forms import (
    CandidatesForm,
    CommitteeForm,
    DayForm,
    GuidanceForm,
    HaltForm,
    NominatingForm,
    PlainForm,
    PlanForm,
    ReasonForm,
    RegistrationForm,
    StepForm,
)

P = Permission


@dataclass(frozen=True)
class Deed:
    """The form of a step, what is said when it is done, and the action."""

    label: str
    form: type[StepForm]
    done: str
    act: Callable[..., object]
    does: str = ""
    danger: bool = False


def _move(name: str, form: type[StepForm], done: str, act: Callable[..., object]) -> Deed:
    move = ELECTION_WORKFLOW.move(name)
    return Deed(move.label, form, done, act, move.does, danger=name == "annul")


DEEDS = {
    "set_guidance": _move(
        "set_guidance", GuidanceForm, "记下了。接着推选选举委员会。", actions.set_guidance
    ),
    "form_committee": _move(
        "form_committee",
        CommitteeForm,
        "选举委员会成立了，公告已经编号，请打印张贴。",
        actions.form_committee,
    ),
    "adopt_plan": _move(
        "adopt_plan", PlanForm, "选举办法记下了，公告已经编号，请打印张贴。", actions.adopt_plan
    ),
    "open_registration": _move(
        "open_registration",
        RegistrationForm,
        "登记开始了。可以从底数带出名单。",
        actions.open_registration,
    ),
    "publish_roll": _move(
        "publish_roll",
        PlainForm,
        "名单公告已经编号。贴出来以后上传照片，申诉期才开始。",
        actions.publish_roll,
    ),
    "finalize_roll": _move(
        "finalize_roll", PlainForm, "名单确定了，人数从此固定。", actions.finalize_roll
    ),
    "open_nominations": _move(
        "open_nominations",
        NominatingForm,
        "提名开始了，公告已经编号，请打印张贴。",
        actions.open_nominations,
    ),
    "submit_nominees": _move(
        "submit_nominees",
        PlainForm,
        "报区县联审了。结果回来以后，这里写通过或者不通过。",
        actions.submit_nominees,
    ),
    "publish_candidates": _move(
        "publish_candidates",
        CandidatesForm,
        "正式候选人确定了，公告已经编号，请打印张贴。",
        actions.publish_candidates,
    ),
    "begin_campaign": _move(
        "begin_campaign", PlainForm, "可以组织见面会了，开过以后记下来。", actions.begin_campaign
    ),
    "close_proxies": _move(
        "close_proxies", PlainForm, "委托名单的公告已经编号，请打印张贴。", actions.close_proxies
    ),
    "annul": _move("annul", ReasonForm, "终止了。重新选举请另建任务。", actions.annul_election),
    "change-day": Deed(
        "改选举日",
        DayForm,
        "改好了，没有办的按新的日子推算。",
        actions.change_day,
        "没有办的节点按新的日子重算，已经办的只核对。办法公布以后改期，会再出一份公告。",
    ),
    "halt": Deed(
        "延期或暂停",
        HaltForm,
        "停下了，时钟也停了。",
        actions.halt_election,
        "时钟停下，什么都不能往下办，直到恢复。",
    ),
    "resume": Deed(
        "恢复", ReasonForm, "恢复了，时钟重新走。", actions.resume_election, "从停下的地方接着办。"
    ),
}


@staff(P.ELECTION_VIEW)
@ask_or_act
def do(request: Any, number: str, name: str) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
    if name not in DEEDS:
        raise NotFound("没有这一步。请从这次选举的页面重新选。")
    deed = DEEDS[name]
    back = reverse("work:election", args=[election.number])
    form = deed.form(typed(request), request.FILES or None, initial=_known(election))
    if request.method == "POST":
        attempt(
            form,
            lambda: deed.act(actor, number=election.number, at=clock.now(), **form.told()),
        )
        if not form.errors:
            messages.success(request, deed.done)
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"{deed.label}：{election.division.name}{election.title}",
        "lead": deed.does,
        "button": deed.label,
        "danger": deed.danger,
        "back_url": back,
        "crumbs": crumbs_of(election, deed.label),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)


def _known(election: Any) -> dict[str, Any]:
    """What is filled in already."""
    day = today(clock.now())
    return {
        "day": election.day,
        "held_on": day,
        "trained_on": day,
        "place": election.place,
        "seats_chair": 1,
        "seats_vice": 1,
        "seats_member": 5 if election.body == "community" else 3,
        "seats_woman": 0,
        "electorate": "VOTERS",
        "extra": 1,
        "kind": "delegates",
    }


def crumbs_of(election: Any, *more: str) -> list[dict[str, str]]:
    here = {"label": f"{election.division.name}{election.title}"}
    if more:
        here["url"] = reverse("work:election", args=[election.number])
    root = {"label": "民主选举", "url": reverse("work:elections")}
    return [root, here, *({"label": one} for one in more)]


@staff(P.ELECTION_RUN)
@ask_or_act
def replace(request: Any, number: str, member_id: int) -> HttpResponse:
    """A member leaves the committee: asked once more, with the reason."""
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
        leaving = election.members.filter(pk=member_id, left_on=None).first()
        reserve = election.members.filter(since=None, left_on=None).order_by("place").first()
    if leaving is None or leaving.since is None:
        raise NotFound("这个人不在选举委员会。请回到这次选举的页面。")
    after = (
        f"{reserve.name}递补为{leaving.get_office_display()}。" if reserve else "没有可以递补的人。"
    )
    question = Question(
        title=f"{leaving.name}退出选举委员会？",
        follows=(after, "会出一份公告，编号接着往下。"),
        yes="退出",
        no="不退出",
        back_url=reverse("work:election", args=[election.number]),
        done="记下了，公告已经编号，请打印张贴。",
        crumbs=crumbs_of(election, "成员退出"),
    )

    def act(reason: str) -> object:
        return actions.replace_member(
            actor, number=election.number, member_id=member_id, why=reason, at=clock.now()
        )

    return ask_first(request, question, act)

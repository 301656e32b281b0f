"""提名: who is nominated for which office, whose kin he is, who withdrew."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.elections import actions
from yukuai.elections.actions.nominating import STANDING
from yukuai.elections.conditions import in_order
from yukuai.elections.queries import (
    get_kin,
    get_nominee,
    get_with_objections,
    list_fields,
    list_kin,
)
from yukuai.elections.standing import Kinship, Nominators, Outcome, least_of, nominators_of
from yukuai.elections.states import ElectionState
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.workbench.admin.asking import Question, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.asking import confirm as ask_first
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import PickForm, scan
from yukuai.workbench.fields import choice, line, number, select, words

P = Permission
TONES = {Outcome.UNSENT: "off", Outcome.PENDING: "wait", Outcome.PASS: "done", Outcome.BAR: "late"}


class NominationForm(PickForm):
    contest_id = select("提名担任什么", (), "选一个职务。")
    name = line("提名谁", "写明姓名。", help="要在选民名单上。有同名的，后面空一格写出生日期。")
    by = choice("谁提名", Nominators.choices, "选谁提名。")
    signers = words(
        "签名的选民，一行一人", required=False, rows=10, help="本人签名的才写。党组织提名的不用写。"
    )
    upload = scan("提名表的扫描件")

    def told(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {
            "contest_id": int(said["contest_id"]),
            "signers": tuple(said["signers"].splitlines()),
        }


def _form(request: Any, election: Any) -> NominationForm:
    form = NominationForm(typed(request), request.FILES or None)
    offices = [(one.pk, f"{one.word}，应选 {one.seats} 人") for one in in_order(election)]
    form.offer("contest_id", [("", "请选择"), *offices])
    form.offer("by", [(one.value, one.label) for one in nominators_of(election.rules)])
    return form


@staff(P.ELECTION_VIEW)
@ask_or_act
def nominees(request: Any, number: str) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with looking(request):
        election = get_with_objections(actor, number=number)
        form = _form(request, election)
    here = reverse("work:election-nominees", args=[election.number])
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.nominate(actor, number=election.number, at=at, **form.told()),
        )
        if made is not None:
            messages.success(request, f"收下了对{made.name}的提名。")
            return HttpResponseRedirect(here)
    with looking(request):
        context = {"form": form, "now": at} | _shown(actor, election, at)
    return TemplateResponse(request, "work/elections/nominees.html", context, status=form.status)


def _shown(actor: Any, election: Any, at: Any) -> dict[str, Any]:
    runs = bool(check(actor, P.ELECTION_RUN, election)) and election.living and not election.halted
    open_now = election.state == ElectionState.NOMINATING and today(at) <= election.nominated_until
    return {
        "election": election,
        "fields": [
            (one.contest, [(row, TONES[Outcome(row.nominee.review)]) for row in one.standing])
            for one in list_fields(actor, election=election)
        ],
        "kin": list_kin(actor, election=election) if runs else [],
        "runs": runs,
        "receives": runs and open_now,
        "withdraws": runs and election.state in STANDING,
        "least": least_of(election.rules),
        "law": election.rules.cite("nominators"),
        "crumbs": crumbs_of(election, "提名"),
    }


@staff(P.ELECTION_RUN)
@ask_or_act
def withdraw(request: Any, number: str, nominee_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_with_objections(actor, number=number)
        nominee = get_nominee(actor, election=election, nominee_id=nominee_id)
    question = Question(
        title=f"{nominee.name}退出？",
        follows=("对他的提名都不再算。", "退出以后不能再提名他。"),
        yes="退出",
        no="不退出",
        back_url=reverse("work:election-nominees", args=[election.number]),
        done=f"{nominee.name}退出了。",
        crumbs=crumbs_of(election, "提名"),
    )

    def act(reason: str) -> object:
        said: dict[str, Any] = {"nominee_id": nominee_id, "why": reason, "at": clock.now()}
        return actions.withdraw_nominee(actor, number=election.number, **said)

    return ask_first(request, question, act)


class KinForm(PickForm):
    who = select("和谁", (), "选一个人。")
    name = line("其他人的姓名", required=False, help="不是委员会成员、也没有被提名的，写在这里。")
    relation = select("他是被提名人的", [("", "请选择"), *Kinship.choices], "选是什么关系。")

    def told(self) -> dict[str, Any]:
        kind, _dot, pk = self.cleaned_data["who"].partition("-")
        said: dict[str, Any] = {
            "relation": self.cleaned_data["relation"],
            "name": self.cleaned_data["name"],
        }
        return said | ({f"{kind}_id": number(pk)} if pk else {})


@staff(P.ELECTION_RUN)
@ask_or_act
def kin(request: Any, number: str, nominee_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_with_objections(actor, number=number)
        nominee = get_nominee(actor, election=election, nominee_id=nominee_id)
        members = [
            (f"member-{one.pk}", f"{one.name}（选举委员会）")
            for one in election.members.filter(left_on=None).order_by("place")
        ]
        others = [
            (f"other-{one.pk}", f"{one.name}（被提名）")
            for one in election.nominees.filter(withdrawn_on=None).order_by("pk")
            if one.pk != nominee.pk
        ]
    form = KinForm(typed(request))
    form.offer("who", [("", "请选择"), *members, *others, ("somebody", "其他人，写在下面")])
    back = reverse("work:election-nominees", args=[election.number])
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.declare_kin(
                actor,
                number=election.number,
                nominee_id=nominee_id,
                at=clock.now(),
                **form.told(),
            ),
        )
        if made is not None:
            messages.success(request, "记下了。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"{nominee.name}的近亲属",
        "lead": "按本人申报。选举委员会的成员是近亲属的要退出，工作人员不能是近亲属。",
        "button": "记下",
        "back_url": back,
        "crumbs": crumbs_of(election, "提名", nominee.name),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)


@staff(P.ELECTION_RUN)
@ask_or_act
def drop_kin(request: Any, number: str, kin_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_with_objections(actor, number=number)
        one = get_kin(actor, election=election, kin_id=kin_id)
    question = Question(
        title=f"删去“{one.nominee.name}—{one.name}（{one.get_relation_display()}）”？",
        follows=("写错的，或者两个人同名的，才删。", "理由留在经过里。"),
        yes="删去",
        no="不删",
        back_url=reverse("work:election-nominees", args=[election.number]),
        done="删去了。",
        crumbs=crumbs_of(election, "提名"),
    )

    def act(reason: str) -> object:
        said: dict[str, Any] = {"kin_id": kin_id, "why": reason, "at": clock.now()}
        return actions.drop_kin(actor, number=election.number, **said)

    return ask_first(request, question, act)

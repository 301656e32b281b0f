"""选民名单: who stands on it, who is to be asked, who objected."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.audit.actions import record
from yukuai.documents.typesetting import make_pdf
from yukuai.elections import actions
from yukuai.elections.actions.roll import MENDABLE
from yukuai.elections.queries import (
    find_in_register,
    get_election,
    get_voter,
    list_groups,
    list_objections,
    list_voters,
    roll_numbers,
)
from yukuai.elections.schedule import said_day
from yukuai.elections.states import Basis, ElectionState, VoterState
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.workbench.admin.asking import AdminForm, Question, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.asking import confirm as ask_first
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import PickForm
from yukuai.workbench.fields import choice, line, select, tidy, words
from yukuai.workbench.fields import number as whole_number

P = Permission
PAGE = 100
TONES = {
    VoterState.PROPOSED: "wait",
    VoterState.LISTED: "done",
    VoterState.ELSEWHERE: "off",
    VoterState.STRUCK: "off",
}


@staff(P.ELECTION_VIEW)
@require_GET
@never_cache
def roll(request: Any, number: str) -> HttpResponse:
    actor = request.actor
    election = get_election(actor, number=number)
    state = request.GET.get("state", "")
    state = state if state in VoterState.values else VoterState.LISTED
    group, name = tidy(request.GET.get("group")), tidy(request.GET.get("name"), most=20)
    rows = list_voters(actor, election=election, state=state, group=group, name=name)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    runs = bool(check(actor, P.ELECTION_RUN, election))
    context = {
        "election": election,
        "page": page,
        "state": state,
        "group": group,
        "name": name,
        "numbers": roll_numbers(actor, election=election),
        "states": [(one.value, one.label) for one in VoterState],
        "groups": list_groups(actor, election=election),
        "mends": runs and election.living and not election.halted and election.state in MENDABLE,
        "opens": election.state == ElectionState.REGISTRATION_OPEN,
        "rows": [(one, TONES[VoterState(one.state)]) for one in page],
        "query": urlencode({"state": state, "group": group, "name": name}),
        "now": clock.now(),
        "crumbs": crumbs_of(election, "选民名单"),
    }
    return TemplateResponse(request, "work/elections/roll.html", context)


@staff(P.ELECTION_VIEW)
@require_safe
def printed(request: Any, number: str) -> HttpResponse:
    """The list as it is posted: names by group."""
    actor, at = request.actor, clock.now()
    election = get_election(actor, number=number)
    rows = list_voters(actor, election=election, state=VoterState.LISTED)
    groups: dict[str, list[str]] = {}
    for group, name in rows.values_list("group", "name"):
        groups.setdefault(group or "其他", []).append(name)
    count = sum(map(len, groups.values()))
    facts = {
        "title": f"{election.division.name}{election.title}选民名单",
        "lead": f"共 {count} 人，按选举日 {said_day(election.day)}年满十八周岁计算",
        "foot": f"{election.committee_name}　{said_day(today(at))}",
        "groups": [{"name": name, "names": names} for name, names in groups.items()],
    }
    record(
        actor,
        act="election.print-roll",
        target=election.number,
        area=election.area,
        at=at,
        purpose=f"打印名单 {count} 人",
    )
    answer = HttpResponse(make_pdf("v1/election-roll.typ", facts), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{election.number}.pdf"'
    return answer


def _back(number: str, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("work:election-roll", args=[number]) + query)


@staff(P.ELECTION_RUN)
@require_POST
def propose(request: Any, number: str) -> HttpResponse:
    try:
        count = actions.propose_roll(request.actor, number=number, at=clock.now())
        messages.success(request, f"从底数带出 {count} 人，逐人核对以后才列入名单。")
    except Conflict as error:
        messages.error(request, error.message)
    return _back(number, "?state=proposed")


@staff(P.ELECTION_RUN)
@require_POST
def confirm(request: Any, number: str) -> HttpResponse:
    """Those whose boxes are ticked were asked and take part."""
    ids = [pk for one in request.POST.getlist("voter") if (pk := whole_number(one)) is not None]
    try:
        if not ids:
            raise InvalidInput("先勾选问过的人。")
        listed, elsewhere = actions.confirm_voters(
            request.actor, number=number, voter_ids=ids, at=clock.now()
        )
        messages.success(request, f"列入 {listed} 人。")
        if elsewhere:
            messages.error(request, f"{elsewhere} 人在全市别处已经登记，没有列入。")
    except (Conflict, InvalidInput) as error:
        messages.error(request, error.message)
    return _back(number, "?state=proposed")


class AddForm(PickForm):
    person_id = choice("是哪一位", (), "选一位。")
    basis = select("登记的依据", (), "选登记的依据。")


@staff(P.ELECTION_RUN)
@ask_or_act
def add(request: Any, number: str) -> HttpResponse:
    """By name out of the register."""
    actor, name = request.actor, tidy(request.GET.get("name"), most=20)
    with looking(request):
        election = get_election(actor, number=number)
        found = find_in_register(actor, election=election, name=name)
        grounds = [
            (one, Basis(one).label)
            for one in election.rules.codes("registration")
            if one in Basis.values
        ]
    form = AddForm(typed(request))
    form.offer("person_id", [(one.person_id, _said(one)) for one in found])
    form.offer("basis", [("", "请选择"), *grounds])
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.add_voter(
                actor,
                number=election.number,
                person_id=int(form.cleaned_data["person_id"]),
                basis=form.cleaned_data["basis"],
                at=clock.now(),
            ),
        )
        if made is not None:
            messages.success(request, f"{made.name}列入名单了。")
            return _back(number)
    context = {
        "form": form,
        "election": election,
        "name": name,
        "found": found,
        "back_url": reverse("work:election-roll", args=[election.number]),
        "crumbs": crumbs_of(election, "选民名单", "补登一位"),
    }
    return TemplateResponse(request, "work/elections/add.html", context, status=form.status)


def _said(one: Any) -> str:
    return f"{one.name}\n{one.birth_date or '没有出生日期'} · {one.home or '没有住址'}"


@staff(P.ELECTION_RUN)
@ask_or_act
def strike(request: Any, number: str, voter_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
        voter = get_voter(actor, election=election, voter_id=voter_id)
    question = Question(
        title=f"把{voter.name}从名单剔除？",
        follows=("理由留在名单上，以后可以恢复。", "名单公布以后剔除的，要更正公告。"),
        yes="剔除",
        no="不剔除",
        back_url=reverse("work:election-roll", args=[election.number]),
        done=f"{voter.name}已经剔除。",
        crumbs=crumbs_of(election, "选民名单"),
    )

    def act(reason: str) -> object:
        return actions.strike_voter(
            actor, number=election.number, voter_id=voter.pk, why=reason, at=clock.now()
        )

    return ask_first(request, question, act)


@staff(P.ELECTION_RUN)
@require_POST
def restore(request: Any, number: str, voter_id: int) -> HttpResponse:
    try:
        voter = actions.restore_voter(
            request.actor, number=number, voter_id=voter_id, at=clock.now()
        )
        messages.success(request, f"{voter.name}回到名单上了。")
    except (Conflict, InvalidInput) as error:
        messages.error(request, error.message)
    return _back(number)


class ObjectionForm(AdminForm):
    by = line("谁提出的", "写明谁提出的。")
    wish = choice("要求", [("add", "列入名单"), ("strike", "从名单剔除")], "选要求列入还是剔除。")
    about = line("说的是谁", "写明姓名。")
    reason = words("理由", "写明理由。", rows=3)


@staff(P.ELECTION_VIEW)
@ask_or_act
def objections(request: Any, number: str) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
        rows = list_objections(actor, election=election)
        runs = bool(check(actor, P.ELECTION_RUN, election))
    form = ObjectionForm(typed(request))
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.object_to_roll(
                actor, number=election.number, at=clock.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, f"收下了，第 {made.serial} 号。")
            return HttpResponseRedirect(reverse("work:election-objections", args=[number]))
    context = {
        "form": form,
        "election": election,
        "objections": rows,
        "runs": runs,
        "receives": runs
        and election.state in (ElectionState.ROLL_PUBLISHED, ElectionState.ROLL_OBJECTION),
        "now": clock.now(),
        "crumbs": crumbs_of(election, "申诉"),
    }
    return TemplateResponse(request, "work/elections/objections.html", context, status=form.status)


class DecisionForm(AdminForm):
    upheld = choice("决定", [("yes", "申诉成立"), ("no", "申诉不成立")], "选成立还是不成立。")
    decision = words("决定的理由", "写明决定的理由。", rows=3, help="会写进名单确定的公告。")


@staff(P.ELECTION_RUN)
@ask_or_act
def decide(request: Any, number: str, serial: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_election(actor, number=number)
        rows = list_objections(actor, election=election)
    one = next((row for row in rows if row.serial == serial), None)
    if one is None:
        raise NotFound("没有这一号申诉。请回到申诉列表。")
    form = DecisionForm(typed(request))
    if request.method == "POST":
        attempt(
            form,
            lambda: actions.decide_objection(
                actor,
                number=election.number,
                serial=serial,
                upheld=form.cleaned_data["upheld"] == "yes",
                decision=form.cleaned_data["decision"],
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, f"第 {serial} 号申诉决定了。")
            return HttpResponseRedirect(reverse("work:election", args=[number]))
    context = {
        "form": form,
        "title": f"申诉第 {serial} 号：{one.get_wish_display()}{one.about}",
        "lead": f"{one.by}提出：{one.reason}",
        "button": "作决定",
        "back_url": reverse("work:election", args=[election.number]),
        "crumbs": crumbs_of(election, "申诉"),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)

"""The joint review: the district asks its departments, each answers for itself, and the committee
learns whether somebody passed. Why, and who said so, stays at the district: the log of the election
and its audit entries, which lie at the community, say nothing of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.accounts.queries import list_departments_at
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.elections.actions._reviewing import due_of, meet_review, start_review
from yukuai.elections.actions._steps import optional, refuse, required
from yukuai.elections.models import Election, Nominee, Opinion, Panelist, Screening
from yukuai.elections.queries import get_election, list_fields
from yukuai.elections.queries.reviews import (
    district_of,
    get_opinion,
    get_screening,
    home_of,
    list_panel,
    newest_opinions,
)
from yukuai.elections.standing import (
    Decision,
    Outcome,
    Settled,
    bars_of,
    faults_of_opinion,
    outcome,
)
from yukuai.elections.states import Body, ElectionState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput

P = Permission
MOST_PANEL = 40


@action
def set_panel(actor: Actor, *, department_ids: Iterable[int], at: datetime) -> int:
    """Which departments of the actor's district are asked from now on."""
    home = get_division(actor, division_id=home_of(actor))
    require(actor, P.ELECTION_LEAD_REVIEW, Panelist(division=home, area=home.path))
    known = {one.pk: one for one in list_departments_at(actor, division_ids=[home.pk])}
    wanted = [known[pk] for pk in dict.fromkeys(department_ids) if pk in known]
    refuse(
        {} if 0 < len(wanted) <= MOST_PANEL else {"departments": f"选 1 到 {MOST_PANEL} 个部门。"}
    )
    Panelist.objects.filter(division=home).delete()
    Panelist.objects.bulk_create(Panelist(division=home, department=one) for one in wanted)
    record(actor, act="election.set-panel", target=home.name, area=home.path, at=at)
    return len(wanted)


@action
def ask_departments(actor: Actor, *, number: str, at: datetime) -> int:
    """Every nominee of an election, to every department of the panel. Returns how many opinions are
    asked for; asking again asks only about whoever was not asked about."""
    election = get_election(actor, number=number, locked=True)
    require(actor, P.ELECTION_LEAD_REVIEW, election)
    _under_review(election)
    home = get_division(actor, division_id=district_of(election))
    panel = list_panel(actor, division_id=home.pk)
    if not panel:
        raise Conflict("还没有参加联审的部门。先选部门。")
    asked = Screening.objects.filter(election=election).values_list("nominee", flat=True)
    people = Nominee.objects.filter(election=election, withdrawn_on=None).exclude(pk__in=asked)
    offices = _offices(actor, election)
    due = due_of(actor, election, at)
    opinions = []
    for nominee in people.select_related("voter").order_by("pk"):
        screening = Screening.objects.create(
            election=election,
            division=home,
            nominee=nominee,
            name=nominee.name,
            sex=nominee.sex,
            birth_date=nominee.voter.birth_date,
            place=f"{election.division.name} {offices.get(nominee.pk, '')}".strip(),
            asked_at=at,
        )
        opinions += [_asked(screening, one, due) for one in panel]
    Opinion.objects.bulk_create(opinions)
    _trace(actor, "ask-departments", election.number, home.path, at)
    return len(opinions)


def _under_review(election: Election) -> None:
    if election.state != ElectionState.JOINT_REVIEW or election.halted:
        raise Conflict("这次选举现在不在联审。")


def _offices(actor: Actor, election: Election) -> dict[int, str]:
    """The offices somebody is nominated for, in words."""
    found: dict[int, list[str]] = {}
    for field in list_fields(actor, election=election):
        for one in field.standing:
            found.setdefault(one.nominee.pk, []).append(field.contest.word)
    return {pk: "、".join(words) for pk, words in found.items()}


def _asked(screening: Screening, department: Any, due: datetime, *, round: int = 1) -> Opinion:
    return Opinion(
        screening=screening,
        division=screening.division,
        unit=screening.division,
        unit_department=department,
        round=round,
        due_at=due,
    )


@action
def give_opinion(
    actor: Actor,
    *,
    opinion_id: int,
    decision: str,
    bar_code: str = "",
    basis_ref: str = "",
    at: datetime,
) -> Opinion:
    """By the department that was asked, once. When it is the last one, the outcome is known."""
    asked = get_opinion(actor, opinion_id=opinion_id)
    screening = _lock(asked.screening_id)
    opinion = Opinion.objects.get(pk=asked.pk)  # as it is behind the lock
    require(actor, P.ELECTION_REVIEW, opinion)
    election = screening.election
    _under_review(election)
    if opinion.decision:
        raise Conflict("这一份意见已经签过了，不能再改。本人申辩的，会再请您反馈一次。")
    basis_ref = optional(basis_ref, field="basis_ref", like="document")
    bars = bars_of(election.rules, village=election.body == Body.VILLAGE)
    refuse(faults_of_opinion(decision, bar_code, basis_ref, bars))
    opinion.decision, opinion.bar_code, opinion.basis_ref = decision, bar_code, basis_ref
    opinion.reviewer, opinion.signed_at = actor.label, at
    opinion.save()
    _trace(actor, "opinion", _named(screening), screening.area, at)
    _conclude(screening, at)
    return opinion


@action
def settle_caution(
    actor: Actor, *, screening_id: int, settled: str, basis_ref: str, at: datetime
) -> Screening:
    """The joint meeting decides where a department wants it to, and no department bars him."""
    screening = _lock_led(actor, screening_id)
    decisions = [one.decision for one in newest_opinions(screening)]
    if outcome(decisions, screening.settled) is not Outcome.PENDING or "" in decisions:
        raise Conflict("现在没有要会商的：部门都反馈了，并且有“需要会商”的，才由联席会议决定。")
    if settled not in Settled.values:
        raise InvalidInput("选通过还是不通过。", fields={"settled": "选通过还是不通过。"})
    screening.settled, screening.settled_at, screening.settled_by = settled, at, actor.label
    screening.settled_ref = required(
        basis_ref, field="basis_ref", sentence="写明会议纪要的文号。", like="document"
    )
    screening.save()
    _trace(actor, "settle", _named(screening), screening.area, at)
    _conclude(screening, at)
    return screening


@action
def state_case(actor: Actor, *, screening_id: int, statement: str, at: datetime) -> Screening:
    """The person states his case once; whoever barred or cautioned answers once more."""
    screening = _lock_led(actor, screening_id)
    if screening.stated_at is not None:
        raise Conflict("本人已经申辩过一次。")
    objected = [
        one
        for one in newest_opinions(screening)
        if one.decision in (Decision.BAR, Decision.CAUTION)
    ]
    if not objected:
        raise Conflict("没有部门提出意见，不用申辩。")
    screening.statement = required(statement, field="statement", sentence="写明申辩的内容。")
    screening.stated_at = at
    screening.settled, screening.settled_ref, screening.settled_by = "", "", ""
    screening.settled_at = None
    screening.save()
    due = due_of(actor, screening.election, at)
    Opinion.objects.bulk_create(
        _asked(screening, one.unit_department, due, round=one.round + 1) for one in objected
    )
    _trace(actor, "state-case", _named(screening), screening.area, at)
    _conclude(screening, at)
    start_review(actor, screening.election, at)
    return screening


def _lock(screening_id: int) -> Screening:
    """Of two departments that answer last at the same moment, one sees the other's answer."""
    rows = Screening.objects.select_for_update(of=("self",))
    packs = ("election__count_pack", "election__law_pack", "election__local_pack")
    return rows.select_related("division", "nominee", "election__division", *packs).get(
        pk=screening_id
    )


def _lock_led(actor: Actor, screening_id: int) -> Screening:
    screening = _lock(get_screening(actor, screening_id=screening_id).pk)
    require(actor, P.ELECTION_LEAD_REVIEW, screening)
    _under_review(screening.election)
    return screening


def _conclude(screening: Screening, at: datetime) -> None:
    """What the committee learns. Nothing else is written where it could read it."""
    said = outcome([one.decision for one in newest_opinions(screening)], screening.settled)
    Nominee.objects.filter(pk=screening.nominee_id).update(review=said)
    meet_review(screening.election, at)


def _named(screening: Screening) -> str:
    return f"{screening.election.number} {screening.name}"


def _trace(actor: Actor, act: str, target: str, area: str, at: datetime) -> None:
    record(actor, act=f"election.{act}", target=target, area=area, at=at)

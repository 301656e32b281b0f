"""Nominations: opened, received one by one, and handed to the joint review."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections import papers
from yukuai.elections.actions._persons import find_on_roll, one_on_roll
from yukuai.elections.actions._reviewing import meet_review, start_review
from yukuai.elections.actions._steps import (
    a_day,
    announce,
    head_of,
    keep_paper,
    lock_going,
    move,
    refuse,
    required,
    trace,
)
from yukuai.elections.conditions import in_order, last_day
from yukuai.elections.models import (
    Contest,
    Election,
    Kin,
    Member,
    Nomination,
    Nominator,
    Nominee,
    Voter,
)
from yukuai.elections.offices import Office
from yukuai.elections.queries import get_nominee
from yukuai.elections.schedule import Step
from yukuai.elections.standing import (
    Given,
    Kinship,
    Nominators,
    Outcome,
    bars_of,
    faults_of_nomination,
    least_of,
    limits_of,
    nominators_of,
    refusal_of_nominator,
)
from yukuai.elections.states import Body, ElectionState, NoticeKind
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import remember

P = Permission
WOMAN = "2"
"""GB/T 2261.1."""
STANDING = frozenset({ElectionState.NOMINATING, ElectionState.JOINT_REVIEW})
"""While it is not settled who stands."""


@action
def open_nominations(actor: Actor, *, number: str, closes: date, at: datetime) -> Election:
    """The announcement says for which posts, under what conditions, and until when."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state != ElectionState.ROLL_FINAL:
        raise Conflict("名单确定以后才能提名。")
    last = last_day(election, Step.CANDIDATES)
    election.nominated_until = a_day(closes, field="closes", after=today(at), before=last)
    move(actor, election, "open_nominations", at=at, closes=str(closes))
    rules = election.rules
    body = papers.nomination(
        head_of(election),
        seats={one.word: one.seats for one in in_order(election)},
        closes=closes,
        by=nominators_of(rules),
        least=least_of(rules),
        bars=list(bars_of(rules, village=election.body == Body.VILLAGE).values()),
        limits=limits_of(rules),
    )
    announce(
        actor,
        election,
        NoticeKind.NOMINATION,
        "关于候选人提名推荐的公告",
        body,
        at=at,
        until=closes,
    )
    return election


@action
def nominate(
    actor: Actor,
    *,
    number: str,
    contest_id: int,
    name: str,
    by: str,
    signers: Sequence[str] = (),
    upload: Any = None,
    at: datetime,
) -> Nominee:
    """One paper: somebody of the roll for an office, by those who signed it themselves."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _still_open(election, at)
    contest = _contest(election, contest_id)
    voter = one_on_roll(election, name, field="name")
    voters = find_on_roll(election, signers, field="signers")
    refuse(faults_of_nomination(by, [one.name for one in voters], election.rules))
    if contest.office == Office.WOMAN and voter.sex != WOMAN:
        raise InvalidInput("妇女委员要提名妇女。", fields={"name": "妇女委员要提名妇女。"})
    nominee = _nominee(election, voter)
    _within_rights(election, contest, nominee, by, voters)
    nomination = Nomination.objects.create(
        election=election,
        division=election.division,
        nominee=nominee,
        contest=contest,
        by=by,
        number=max(1, len(voters)),
        received_on=today(at),
    )
    _sign(nomination, voters)
    keep_paper(actor, election, upload, at=at)
    remember(actor, election, move="nominate", at=at, nominee=nominee.pk, office=contest.office)
    trace(actor, election, "nominate", at=at)
    return nominee


def _still_open(election: Election, at: datetime) -> None:
    until = election.nominated_until
    if election.state != ElectionState.NOMINATING or until is None or today(at) > until:
        raise Conflict("提名公告说的日期以内才收提名。")


def _contest(election: Election, contest_id: int) -> Contest:
    found: Contest | None = next((one for one in in_order(election) if one.pk == contest_id), None)
    if found is None:
        raise InvalidInput("选一个职务。", fields={"contest_id": "选一个职务。"})
    return found


def _nominee(election: Election, voter: Voter) -> Nominee:
    """Made at the first nomination; a member of the committee of this name is taken for him."""
    said = {"division": election.division, "name": voter.name, "sex": voter.sex}
    nominee, made = Nominee.objects.get_or_create(election=election, voter=voter, defaults=said)
    if nominee.withdrawn_on is not None:
        raise Conflict(f"{voter.name}已经退出，不再收对他的提名。")
    members = Member.objects.filter(election=election, left_on=None, name=voter.name)
    if made and (member := members.first()) is not None:
        Kin.objects.create(
            election=election,
            division=election.division,
            nominee=nominee,
            member=member,
            name=member.name,
            relation=Kinship.SELF,
        )
    return nominee


def _within_rights(
    election: Election, contest: Contest, nominee: Nominee, by: str, voters: Sequence[Voter]
) -> None:
    """Not more than there are seats, and nobody for two offices: each nominator, and the party
    organisation, for itself."""
    if by == Nominators.PARTY:
        rows = Nomination.objects.filter(election=election, by=by)
        given: dict[Any, Any] = {
            "": _given(rows.values_list("contest", "nominee", "nominee__withdrawn_on"))
        }
        names: dict[Any, str] = {"": "党组织"}
    else:
        signed = Nominator.objects.filter(voter__in=voters)
        told = signed.values_list("voter", "contest", "nominee", "nominee__withdrawn_on")
        by_voter: dict[Any, list[Any]] = {}
        for voter_id, *rest in told:
            by_voter.setdefault(voter_id, []).append(tuple(rest))
        names = {one.pk: one.name for one in voters}
        given = {pk: _given(by_voter.get(pk, [])) for pk in names}
    refused = [
        said
        for key, name in names.items()
        if (
            said := refusal_of_nominator(
                name, given[key](contest, nominee), contest.seats, election.rules
            )
        )
    ]
    refuse({"signers" if voters else "by": "".join(refused[:5])} if refused else {})


def _given(rows: Iterable[Any]) -> Any:
    living = [(contest, nominee) for contest, nominee, gone in rows if gone is None]

    def towards(contest: Contest, nominee: Nominee) -> Given:
        return Given(
            here=sum(where == contest.pk for where, _who in living),
            same=(contest.pk, nominee.pk) in living,
            elsewhere=any(w != contest.pk and who == nominee.pk for w, who in living),
        )

    return towards


def _sign(nomination: Nomination, voters: Iterable[Voter]) -> None:
    Nominator.objects.bulk_create(
        Nominator(
            nomination=nomination,
            division=nomination.division,
            nominee=nomination.nominee,
            contest=nomination.contest,
            voter=voter,
        )
        for voter in voters
    )


@action
def withdraw_nominee(
    actor: Actor, *, number: str, nominee_id: int, why: str, at: datetime
) -> Nominee:
    """He does not want to stand: as long as the candidates are not published."""
    election = _lock_standing(actor, number, at)
    why = required(why, field="why", sentence="写明为什么退出。", like="why")
    nominee = get_nominee(actor, election=election, nominee_id=nominee_id, locked=True)
    if nominee.withdrawn_on is not None:
        raise Conflict(f"{nominee.name}已经退出了。")
    nominee.withdrawn_on, nominee.withdrawn_why = today(at), why
    nominee.save(update_fields=["withdrawn_on", "withdrawn_why"])
    meet_review(election, at)
    remember(actor, election, move="withdraw", at=at, reason=why, nominee=nominee.pk)
    trace(actor, election, "withdraw", at=at)
    return nominee


@action
def declare_kin(
    actor: Actor,
    *,
    number: str,
    nominee_id: int,
    relation: str,
    member_id: int | None = None,
    other_id: int | None = None,
    name: str = "",
    at: datetime,
) -> Kin:
    """As the nominee declared: a member of the committee, another nominee, or somebody by name."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    nominee = get_nominee(actor, election=election, nominee_id=nominee_id)
    if relation not in Kinship.values:
        raise InvalidInput("选是什么关系。", fields={"relation": "选是什么关系。"})
    member = Member.objects.filter(election=election, pk=member_id or 0, left_on=None).first()
    other = (
        Nominee.objects.filter(election=election, pk=other_id or 0).exclude(pk=nominee.pk).first()
    )
    if relation == Kinship.SELF and member is None:
        said = "“本人”只用于选举委员会的成员。"
        raise InvalidInput(said, fields={"relation": said})
    told = member.name if member else other.name if other else name
    told = required(told, field="name", sentence="写明近亲属是谁。", like="name")
    if Kin.objects.filter(nominee=nominee, name=told).exists():
        raise Conflict(f"{nominee.name}和{told}的关系已经记过了。")
    kin = Kin.objects.create(
        election=election,
        division=election.division,
        nominee=nominee,
        member=member,
        other=None if member else other,
        name=told,
        relation=relation,
    )
    trace(actor, election, "declare-kin", at=at)
    return kin


@action
def drop_kin(actor: Actor, *, number: str, kin_id: int, why: str, at: datetime) -> Election:
    """Entered by mistake, or two persons of one name: why stays in the log."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    why = required(why, field="why", sentence="写明为什么删去。", like="why")
    kin = Kin.objects.filter(Q(election=election), pk=kin_id).first()
    if kin is None:
        raise Conflict("这一条已经删去了。")
    remember(actor, election, move="drop-kin", at=at, reason=why, nominee=kin.nominee_id)
    kin.delete()
    trace(actor, election, "drop-kin", at=at)
    return election


@action
def submit_nominees(actor: Actor, *, number: str, at: datetime) -> Election:
    """Nominating is over; the district has so many days for what its departments say."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    move(actor, election, "submit_nominees", at=at)
    Nominee.objects.filter(election=election, withdrawn_on=None).update(review=Outcome.PENDING)
    start_review(actor, election, at)
    return election


def _lock_standing(actor: Actor, number: str, at: datetime) -> Election:
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state not in STANDING:
        raise Conflict("正式候选人公布以前才能退出。")
    return election

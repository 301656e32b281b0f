"""The roll: proposed from the register, checked one by one, published, settled."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, connection

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections import papers
from yukuai.elections.actions._steps import (
    announce,
    did,
    head_of,
    lock_going,
    move,
    required,
    set_clocks,
    trace,
)
from yukuai.elections.models import Election, Listing, Voter
from yukuai.elections.offices import eighteen_years_before, is_of_age
from yukuai.elections.queries import get_voter, list_groups, list_objections, roll_numbers
from yukuai.elections.schedule import Step
from yukuai.elections.states import Basis, Body, ElectionState, NoticeKind, VoterState
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.registry.queries.enrolling import Enrolled, get_enrolled, list_born_by
from yukuai.registry.states import Living
from yukuai.workflow.actions import remember
from yukuai.workflow.queries import get_calendar

P = Permission
OPEN = frozenset({ElectionState.REGISTRATION_OPEN})
MENDABLE = OPEN | {ElectionState.ROLL_PUBLISHED, ElectionState.ROLL_OBJECTION}
"""As long as the roll is not final; behind that only death, lost rights and doubles mend it."""
ELSEWHERE = "全市已有一处登记"
MOST_AT_ONCE = 5000


@action
def propose_roll(actor: Actor, *, number: str, at: datetime) -> int:
    """Everybody of the register who is 18 on election day and not on the list yet. In a village
    whoever is registered and lives there is listed by law; everybody else waits until somebody has
    asked him. Returns how many came."""
    election = _lock_open(actor, number, at)
    people = list_born_by(
        actor, division_id=election.division_id, day=eighteen_years_before(election.day)
    )
    known = set(Voter.objects.filter(election=election).values_list("person_id", flat=True))
    rows = [_proposed(election, one, at) for one in people if one.person_id not in known]
    Voter.objects.bulk_create(rows, batch_size=2000)
    if election.body == Body.VILLAGE:
        by_law = Basis.HUKOU_RESIDENT
        _list(election, [row.pk for row in rows if row.basis == by_law and row.birth_date], at)
    trace(actor, election, "propose-roll", at=at, purpose=f"从底数带出 {len(rows)} 人")
    return len(rows)


def _proposed(election: Election, one: Enrolled, at: datetime) -> Voter:
    return Voter(
        election=election,
        division=election.division,
        person_id=one.person_id,
        key=one.key,
        name=one.name,
        sex=one.sex,
        birth_date=one.birth_date,
        group=one.compound[:40],
        home=one.home,
        basis=_basis(election, one.living),
        state=VoterState.PROPOSED,
        changed_at=at,
    )


_OF_A_VILLAGE: dict[str, Basis] = {
    Living.HUKOU_RESIDENT: Basis.HUKOU_RESIDENT,
    Living.HUKOU_AWAY: Basis.HUKOU_AWAY_OPTIN,
}


def _basis(election: Election, living: str) -> Basis:
    if election.body == Body.VILLAGE:
        return _OF_A_VILLAGE.get(living, Basis.NON_HUKOU_1Y)
    hukou = living in (Living.HUKOU_RESIDENT, Living.HUKOU_AWAY)
    return Basis.RC_HUKOU if hukou else Basis.RC_RESIDENT


@action
def add_voter(actor: Actor, *, number: str, person_id: int, basis: str, at: datetime) -> Voter:
    """Somebody of the register who came by himself: asked, and listed at once."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _mendable(election)
    person = get_enrolled(actor, division_id=election.division_id, person_id=person_id)
    if person is None:
        raise InvalidInput("底数里没有这个人。先在“人和房屋”里登记，再列入名单。")
    if basis not in election.rules.codes("registration"):
        sentence = f"选登记的依据（{election.rules.cite('registration')}）。"
        raise InvalidInput(sentence, fields={"basis": sentence})
    _of_age(election, person.birth_date)
    voter = _proposed(election, person, at)
    voter.basis = basis
    try:
        voter.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"{person.name}已经在名单里了，请在名单上找到他。") from error
    _list_one(election, voter, at)
    trace(actor, election, "add-voter", at=at)
    return voter


@action
def confirm_voters(
    actor: Actor, *, number: str, voter_ids: Iterable[int], at: datetime
) -> tuple[int, int]:
    """They were asked and take part. Returns how many are listed now, and how many are on another
    roll of the city and therefore are not."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _mendable(election)
    ids = list(voter_ids)[:MOST_AT_ONCE]
    rows = Voter.objects.filter(election=election, pk__in=ids)
    waiting = list(rows.filter(state=VoterState.PROPOSED).select_for_update(of=("self",)))
    young = [one for one in waiting if not is_of_age(one.birth_date, election.day)]
    if young:
        raise InvalidInput(
            f"{'、'.join(one.name for one in young[:5])}没有出生日期或者到选举日不满 18 周岁，"
            "先在底数里核对。"
        )
    listed = _list(election, [one.pk for one in waiting], at)
    trace(actor, election, "confirm-voters", at=at, purpose=f"{listed} 人")
    return listed, len(waiting) - listed


_LIST_EACH = """
    INSERT INTO elections_listing (division_id, area, cycle, key, voter_id)
    SELECT division_id, area, %s, key, id FROM elections_voter WHERE id = ANY(%s) AND key <> ''
    ORDER BY key
    ON CONFLICT (cycle, key) DO NOTHING
    RETURNING voter_id
"""
"""In one order, so that two communities that list at the same moment never wait for each other in
a circle."""


def _list(election: Election, ids: list[int], at: datetime) -> int:
    """Those who stand on no other roll of the cycle; the others are told so."""
    rows = Voter.objects.filter(election=election, state=VoterState.PROPOSED)
    with connection.cursor() as cursor:
        cursor.execute(_LIST_EACH, [election.cycle, ids])
        free = {pk for (pk,) in cursor.fetchall()}
    free |= set(rows.filter(pk__in=ids, key="").values_list("pk", flat=True))
    rest = rows.filter(pk__in=set(ids) - free)
    rest.update(state=VoterState.ELSEWHERE, why=ELSEWHERE, changed_at=at)
    said = {"state": VoterState.LISTED, "why": "", "changed_at": at}
    return rows.filter(pk__in=free).update(**said)


def unlist(voters: Iterable[int]) -> None:
    """They stand on this roll no longer, and may on another."""
    Listing.objects.filter(voter__in=list(voters)).delete()


def _list_one(election: Election, voter: Voter, at: datetime) -> None:
    if not _list(election, [voter.pk], at):
        raise Conflict(
            f"{voter.name}在别处已经登记为选民，全市只能登记一处。请他先在那里退出，再来登记。"
        )
    voter.refresh_from_db()


@action
def strike_voter(actor: Actor, *, number: str, voter_id: int, why: str, at: datetime) -> Voter:
    """Off the list, with the reason; it can be put back."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _mendable(election)
    why = required(why, field="why", sentence="写明为什么剔除。", like="why")
    voter = get_voter(actor, election=election, voter_id=voter_id, locked=True)
    if voter.state not in (VoterState.PROPOSED, VoterState.LISTED):
        raise Conflict(f"{voter.name}已经不在名单上。")
    unlist([voter.pk])
    voter.state, voter.why, voter.changed_at = VoterState.STRUCK, why, at
    voter.save(update_fields=["state", "why", "changed_at"])
    remember(actor, election, move="strike", at=at, reason=why, voter=voter.pk)
    trace(actor, election, "strike", at=at)
    return voter


@action
def restore_voter(actor: Actor, *, number: str, voter_id: int, at: datetime) -> Voter:
    """Back on the list: struck by mistake, or no longer on another roll."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    _mendable(election)
    voter = get_voter(actor, election=election, voter_id=voter_id, locked=True)
    if voter.state not in (VoterState.STRUCK, VoterState.ELSEWHERE):
        raise Conflict(f"{voter.name}现在是“{voter.get_state_display()}”，不用恢复。")
    _of_age(election, voter.birth_date)
    voter.state, voter.why, voter.changed_at = VoterState.PROPOSED, "", at
    voter.save(update_fields=["state", "why", "changed_at"])
    _list_one(election, voter, at)
    remember(actor, election, move="restore", at=at, voter=voter.pk)
    trace(actor, election, "restore", at=at)
    return voter


@action
def publish_roll(actor: Actor, *, number: str, at: datetime) -> Election:
    """Everybody was asked; the roll goes out with its announcement. It is published where it hangs:
    objections begin with the first posting, and count from this day."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    move(actor, election, "publish_roll", at=at)
    did(election, Step.ROLL, today(at))
    groups = list_groups(actor, election=election)
    count = sum(number for _group, number in groups)
    marks = election.marks(get_calendar(actor))
    until = next(m for m in marks if m.step is Step.OBJECTIONS).planned
    body = papers.roll(head_of(election), count, until, election.rules.days("roll_decision"))
    announce(
        actor,
        election,
        NoticeKind.ROLL,
        "关于公布选民名单的公告",
        body,
        at=at,
        table=_table(groups),
        annex="选民名单",
    )
    set_clocks(actor, election, at=at)
    return election


def _table(groups: list[tuple[str, int]]) -> str:
    """How many of each group, eight to a row at most; one group alone needs no table."""
    if not 1 < len(groups) <= 8:
        return ""
    names = [group or "其他" for group, _number in groups]
    counts = [number for _group, number in groups]
    head = "|".join(["分组", *names, "合计"])
    return f"{head}\n{'|'.join(['人数', *map(str, counts), str(sum(counts))])}"


@action
def finalize_roll(actor: Actor, *, number: str, at: datetime) -> Election:
    """The term is over, every objection decided: R is fixed."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    election.roll_size = roll_numbers(actor, election=election).listed
    move(actor, election, "finalize_roll", at=at, size=election.roll_size)
    did(election, Step.OBJECTIONS, today(at))
    decided = [
        f"第{one.serial}号申诉{'成立' if one.upheld else '不成立'}，{one.decision}"
        for one in list_objections(actor, election=election)
    ]
    body = papers.roll_final(head_of(election), election.roll_size, decided)
    announce(actor, election, NoticeKind.ROLL_FINAL, "关于选民名单确定的公告", body, at=at)
    set_clocks(actor, election, at=at)
    return election


def _lock_open(actor: Actor, number: str, at: datetime) -> Election:
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state not in OPEN:
        raise Conflict("登记的时候才能从底数带出名单。")
    return election


def _mendable(election: Election) -> None:
    if election.state not in MENDABLE:
        raise Conflict("登记开始以后、名单确定以前才能改名单。")


def _of_age(election: Election, born: date | None) -> None:
    if not is_of_age(born, election.day):
        raise InvalidInput("到选举日不满 18 周岁，或者底数里没有出生日期。先核对出生日期。")

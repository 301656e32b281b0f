"""The plan a meeting adopted, the day, and the registration."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections import papers
from yukuai.elections.actions._steps import (
    YEAR,
    a_day,
    announce,
    did,
    head_of,
    keep_paper,
    lock_going,
    move,
    refuse,
    required,
    set_clocks,
    trace,
)
from yukuai.elections.actions.starting import Met, note_meeting
from yukuai.elections.models import Contest, Election
from yukuai.elections.offices import Seats, eighteen_years_before, faults_of_seats
from yukuai.elections.schedule import Step, objections_to_day
from yukuai.elections.states import Basis, ElectionState, Electorate, NoticeKind, VoterState
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import remember
from yukuai.workflow.queries import get_calendar

P = Permission


@action
def adopt_plan(
    actor: Actor,
    *,
    number: str,
    met: Met,
    contests: Sequence[Seats],
    electorate: str,
    day: date,
    upload: Any = None,
    at: datetime,
) -> Election:
    """As a meeting adopted it: offices and seats, who votes, the day. The next announcement."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    note_meeting(election, Step.PLAN, met, at=at)
    refuse(faults_of_seats(contests, election.rules))
    if electorate not in election.rules.codes("electorates"):
        sentence = f"这次选举不能用这种方式（{election.rules.cite('electorates')}）。"
        raise InvalidInput(sentence, fields={"electorate": sentence})
    election.electorate, election.day = electorate, _fit_day(actor, election, day, at)
    for rank, one in enumerate(contests, start=1):
        Contest.objects.create(
            election=election,
            division=election.division,
            office=one.office,
            seats=one.seats,
            rank=rank,
        )
    keep_paper(actor, election, upload, at=at)
    did(election, Step.PLAN, today(at))
    move(actor, election, "adopt_plan", at=at, day=str(day))
    seats = {one.word: one.seats for one in election.contests.order_by("rank")}
    body = papers.plan(head_of(election), met.words, Electorate(electorate), seats)
    announce(actor, election, NoticeKind.PLAN, "关于选举办法和选举日的公告", body, at=at)
    set_clocks(actor, election, at=at)
    return election


def _fit_day(actor: Actor, election: Election, day: date, at: datetime) -> date:
    """Raises InvalidInput with what could no longer be done in time."""
    a_day(day, field="day", after=today(at) + timedelta(days=1), before=today(at) + YEAR)
    election.day = day
    found = objections_to_day(day, election.marks(get_calendar(actor)), today(at))
    found += _too_young(election, day)
    refuse({"day": "".join(found)} if found else {})
    return day


def _too_young(election: Election, day: date) -> list[str]:
    """An earlier day makes some of the roll too young; a later one takes nobody off it."""
    born_by = eighteen_years_before(day)
    rows = election.voters.filter(state=VoterState.LISTED, birth_date__gt=born_by)
    count = rows.count()
    if not count:
        return []
    return [f"改到这一天，名单上有 {count} 人不满 18 周岁，先从名单剔除。"]


@action
def change_day(actor: Actor, *, number: str, day: date, reason: str, at: datetime) -> Election:
    """Whatever is not done moves with it; what is done is only checked. Announced, once the day
    itself was."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    reason = required(reason, field="reason", sentence="写明为什么改期。")
    before = election.day
    if day == before:
        raise InvalidInput("还是原来的日子。", fields={"day": "还是原来的日子。"})
    election.day = _fit_day(actor, election, day, at)
    election.changed_at = at
    election.save(update_fields=["day", "changed_at"])
    remember(actor, election, move="change-day", at=at, reason=reason, before=str(before))
    trace(actor, election, "change-day", at=at)
    if election.notices.filter(kind=NoticeKind.PLAN).exists():
        body = papers.day_changed(head_of(election), before, reason)
        announce(actor, election, NoticeKind.DAY, "关于变更选举日的公告", body, at=at)
    set_clocks(actor, election, at=at)
    return election


@action
def open_registration(actor: Actor, *, number: str, closes: date, at: datetime) -> Election:
    """From today until a day before the roll must hang. The next announcement."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if election.state != ElectionState.PLAN_ADOPTED:
        raise Conflict("选举办法公布以后、名单公布以前才能开始登记。")
    roll = next(m for m in election.marks(get_calendar(actor)) if m.step is Step.ROLL)
    assert roll.last is not None
    a_day(closes, field="closes", after=today(at), before=roll.last)
    did(election, Step.REGISTRATION, today(at))
    move(actor, election, "open_registration", at=at, closes=str(closes))
    grounds = [
        Basis(code).label for code in election.rules.codes("registration") if code in Basis.values
    ]
    body = papers.registration(head_of(election), today(at), closes, grounds)
    announce(actor, election, NoticeKind.REGISTRATION, "关于选民登记的公告", body, at=at)
    return election

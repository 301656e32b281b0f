"""What one ballot says, by the rules of §2.5: which rows count, which column is void and why.

People decide what a machine may not (INVALID, DISPUTED, FOREIGN, names). Whether too many were
chosen, or one person for two offices, is arithmetic and is done here anew, whoever judged before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import ILLEGIBLE, Ballot, Column, Kind, Poll, Status
from yukuai.engines.tally.reading import Unreadable

OVERVOTE, TWO_OFFICES = "OVERVOTE", "TWO_OFFICES"


@dataclass(frozen=True)
class Marks:
    """One contest: whom it is for (printed, or written in), against, and rows that are void.
    `unnamed` counts written names nobody has decided about; `illegible` those nobody can read."""

    status: Status
    approved: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()
    void: frozenset[str] = frozenset()
    unnamed: int = 0
    illegible: int = 0
    reason: str = ""

    @property
    def chosen(self) -> frozenset[str]:
        return self.approved | self.written


@dataclass(frozen=True)
class Paper:
    """What a poll's paper carries: the seats and the printed persons of each contest."""

    seats: Mapping[str, int]
    printed: Mapping[str, frozenset[str]]
    one_paper: bool
    overvote_voids_all: bool
    two_offices: str

    @classmethod
    def of(cls, plan: Plan, poll: Poll) -> "Paper":
        contests = [plan.contest(key) for key in poll.contests] or list(plan.contests)
        first = poll.kind is Kind.FIRST
        if not first and not set(poll.persons) <= plan.people.keys():
            raise Unreadable("再次投票或另行选举的候选人不在 people 里")
        return cls(
            seats={c.id: c.seats if first else poll.seats for c in contests},
            printed={c.id: frozenset(c.candidates if first else poll.persons) for c in contests},
            one_paper=len(contests) > 1,
            overvote_voids_all=plan.rules.choice("overvote_scope", silent="CONTEST") == "BALLOT",
            two_offices=plan.rules.choice("two_offices", silent="ROWS"),
        )


@dataclass(frozen=True)
class Judged:
    id: str
    box: str
    status: Status
    marks: Mapping[str, Marks]

    @property
    def open(self) -> bool:
        """Somebody still has to decide."""
        return self.status is Status.DISPUTED or any(one.unnamed for one in self.marks.values())


def judge(plan: Plan, poll: Poll, paper: Paper, ballot: Ballot, box: str) -> Judged:
    """Raises Unreadable for contests and options that are not on the paper."""
    if ballot.status is Status.FOREIGN:
        return Judged(ballot.id, box, Status.FOREIGN, {})
    if not ballot.columns.keys() <= paper.seats.keys():
        raise Unreadable(f"{ballot.id}：有这次投票没有的一栏")
    whole = {Status.INVALID: Status.INVALID, Status.DISPUTED: Status.DISPUTED}.get(ballot.status)
    marks = {
        contest: _voided(whole, "BALLOT")
        if whole
        else _read(plan, poll, paper, ballot, contest, ballot.columns.get(contest))
        for contest in paper.seats
    }
    if paper.overvote_voids_all and any(one.reason == OVERVOTE for one in marks.values()):
        marks = {contest: _voided(Status.INVALID, OVERVOTE) for contest in marks}
    if paper.one_paper:
        marks = _one_office_each(paper, marks)
    return Judged(ballot.id, box, _status(marks), marks)


def _voided(status: Status, reason: str) -> Marks:
    return Marks(status, reason=reason)


def _read(
    plan: Plan, poll: Poll, paper: Paper, ballot: Ballot, contest: str, column: Column | None
) -> Marks:
    if column is None:
        return Marks(Status.BLANK)
    printed = paper.printed[contest]
    if not {*column.approved, *column.against} <= printed:
        raise Unreadable(f"{ballot.id}：有票上没有的候选人")
    if column.status in (Status.INVALID, Status.DISPUTED):
        return _voided(column.status, column.reason or str(column.status))
    persons, unnamed, illegible = _written(plan, poll, ballot, contest, column)
    approved, against = frozenset(column.approved), frozenset(column.against)
    void = (approved | persons) & against  # ○ and × beside one name
    found = Marks(
        Status.VALID,
        approved=approved - void,
        written=persons - approved - void,
        against=against - void,
        void=void,
        unnamed=unnamed,
        illegible=illegible,
    )
    if len(found.chosen) + unnamed > paper.seats[contest]:
        return _voided(Status.INVALID, OVERVOTE)
    empty = not (found.chosen or found.against or found.void or unnamed or illegible)
    return replace(found, status=Status.BLANK) if empty else found


def _written(
    plan: Plan, poll: Poll, ballot: Ballot, contest: str, column: Column
) -> tuple[frozenset[str], int, int]:
    """Whom the rows of 另选他人 are for, how many wait for a decision, how many cannot be read.
    A row with × is for nobody; one without any name and mark is empty."""
    persons: set[str] = set()
    unnamed = illegible = 0
    for one in column.write_ins:
        if one.mark == "against" or (one.mark == "none" and one.name is None):
            continue
        person = poll.names.find(ballot.id, contest, one)
        if person is None and one.name in plan.people:
            person = one.name
        if person is None:
            unnamed += 1
        elif person == ILLEGIBLE:
            illegible += 1
        else:
            persons.add(plan.person(person).id)
    return frozenset(persons), unnamed, illegible


def _one_office_each(paper: Paper, marks: Mapping[str, Marks]) -> dict[str, Marks]:
    """One person chosen for two offices on one paper: by the rules his rows are void, or all."""
    often = Counter(person for one in marks.values() for person in one.chosen)
    twice = frozenset(person for person, times in often.items() if times > 1)
    if not twice or paper.two_offices == "ALLOWED":
        return dict(marks)
    if paper.two_offices == "BALLOT":
        return {contest: _voided(Status.INVALID, TWO_OFFICES) for contest in marks}
    return {
        contest: replace(
            one,
            approved=one.approved - twice,
            written=one.written - twice,
            void=one.void | (one.chosen & twice),
        )
        for contest, one in marks.items()
    }


def _status(marks: Mapping[str, Marks]) -> Status:
    found = {one.status for one in marks.values()}
    if Status.DISPUTED in found:
        return Status.DISPUTED
    if Status.INVALID in found:
        return Status.INVALID if found == {Status.INVALID} else Status.PARTIAL
    return Status.BLANK if found == {Status.BLANK} else Status.VALID


def boxes_of(poll: Poll, ballots: Iterable[Ballot]) -> list[str]:
    """In which box each lay: as it says itself, else by the batch before its number."""
    by_batch = {batch: box.id for box in poll.boxes for batch in (box.batches or (box.id,))}
    known = {box.id for box in poll.boxes}
    found = []
    for ballot in ballots:
        box = ballot.box or by_batch.get(ballot.id.rpartition("-")[0], "")
        if box not in known:
            raise Unreadable(f"{ballot.id[:40]}：不知道是哪个票箱的")
        found.append(box)
    return found

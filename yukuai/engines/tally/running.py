"""The tally while it is called out: after each ballot, in constant time, what a screen shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yukuai.engines.tally.judging import Judged, Paper, boxes_of, judge
from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import Ballot, Poll, Status
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.tallying import Row, Tally


@dataclass(frozen=True)
class Line:
    """A candidate: strokes of 正 in this box, votes in all, whether this ballot gave him one."""

    person: str
    name: str
    box_votes: int
    votes: int
    against: int
    just_now: bool

    @property
    def strokes(self) -> tuple[int, int]:
        """Whole 正, and strokes of the next."""
        return divmod(self.box_votes, 5)


@dataclass(frozen=True)
class Screen:
    """One contest on the wall. `majority` is the least number that wins when all that was
    collected is counted. `others` are written names with their votes, most first."""

    contest: str
    title: str
    seats: int
    box: str
    called_in_box: int
    collected_in_box: int
    lines: tuple[Line, ...]
    written_in_box: int
    written: int
    others: tuple[tuple[str, int], ...]
    majority: int
    issued: int
    collected: int
    called: int
    blank: int
    invalid: int
    disputed: int
    last: str


class Running:
    """Feed it ballots in the order they are called. A ballot that is disputed is set aside and may
    come a second time, decided."""

    def __init__(self, plan: Plan, poll: Poll) -> None:
        self._plan, self._poll = plan, poll
        self._paper = Paper.of(plan, poll)
        self.total = Tally()
        self.boxes = {box.id: Tally() for box in poll.boxes}
        self._seen: set[str] = set()
        self._waiting: dict[str, str] = {}
        self._others: Counter[tuple[str, str]] = Counter()
        self._last: Judged | None = None

    def add(self, ballot: Ballot) -> Judged:
        """Raises Unreadable for one that was called already."""
        if ballot.id in self._seen:
            raise Unreadable(f"选票 {ballot.id[:40]} 已经唱过")
        [box] = boxes_of(self._poll, [ballot])
        judged = judge(self._plan, self._poll, self._paper, ballot, box)
        self._last = judged
        if judged.status is Status.DISPUTED:
            self._waiting[ballot.id] = box
            return judged
        self._waiting.pop(ballot.id, None)
        self._seen.add(ballot.id)
        self.total.add(judged)
        self.boxes[box].add(judged)
        self._note_others(ballot, judged)
        return judged

    def add_all(self, ballots: Iterable[Ballot]) -> None:
        for ballot in ballots:
            self.add(ballot)

    def _note_others(self, ballot: Ballot, judged: Judged) -> None:
        """Names as they are called, whether or not anybody has found out yet who it is."""
        for contest, marks in judged.marks.items():
            for person in marks.written - self._paper.printed[contest]:
                self._others[contest, self._plan.person(person).name] += 1
            if not marks.unnamed:
                continue
            for one in ballot.columns[contest].write_ins:
                if one.mark != "against" and one.name and not self._known(ballot, contest, one):
                    self._others[contest, one.name] += 1

    def _known(self, ballot: Ballot, contest: str, written: Any) -> bool:
        found = self._poll.names.find(ballot.id, contest, written)
        return found is not None or written.name in self._plan.people

    def screen(self, contest: str, box: str = "") -> Screen:
        """Constant in the number of ballots. The box is by default that of the last ballot."""
        shown = box or (self._last.box if self._last else self._poll.boxes[0].id)
        here = self.boxes[shown]
        written = [(name, n) for (key, name), n in self._others.items() if key == contest]
        column = self.total.columns[contest]
        turnout = self._poll.collected
        return Screen(
            contest=contest,
            title=self._plan.contest(contest).title,
            seats=self._paper.seats[contest],
            box=shown,
            called_in_box=here.counted + sum(b == shown for b in self._waiting.values()),
            collected_in_box=next(b.collected for b in self._poll.boxes if b.id == shown),
            lines=tuple(self._line(contest, person, here) for person in self._printed(contest)),
            written_in_box=self._written(here, contest),
            written=self._written(self.total, contest),
            others=tuple(sorted(written, key=lambda one: (-one[1], one[0]))),
            majority=self._plan.rules.share("win").least(turnout),
            issued=self._poll.issued,
            collected=turnout,
            called=self.total.counted + len(self._waiting),
            blank=column[Status.BLANK],
            invalid=column[Status.INVALID],
            disputed=len(self._waiting),
            last=self._last.id if self._last else "",
        )

    def _printed(self, contest: str) -> tuple[str, ...]:
        return self._poll.persons or self._plan.contest(contest).candidates

    def _line(self, contest: str, person: str, here: Tally) -> Line:
        row = self.total.rows.get((contest, person), Row())
        marks = self._last.marks.get(contest) if self._last else None
        return Line(
            person=person,
            name=self._plan.person(person).name,
            box_votes=here.rows.get((contest, person), Row()).votes,
            votes=row.votes,
            against=row.against,
            just_now=marks is not None and person in marks.chosen,
        )

    def _written(self, tally: Tally, contest: str) -> int:
        """Votes for persons who are not on the paper."""
        printed = self._paper.printed[contest]
        known = sum(
            row.written
            for (key, person), row in tally.rows.items()
            if key == contest and person not in printed
        )
        return known + tally.unnamed[contest]

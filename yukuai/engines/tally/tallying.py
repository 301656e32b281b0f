"""Adds judged ballots up, one by one: the same sums for the projector and for the result."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yukuai.engines.tally.judging import Judged
from yukuai.engines.tally.polls import Status


@dataclass
class Row:
    """One person in one contest. Votes are approvals, printed or written in."""

    approved: int = 0
    written: int = 0
    against: int = 0
    void: int = 0

    @property
    def votes(self) -> int:
        return self.approved + self.written


@dataclass
class Tally:
    """Papers by status, columns by status, rows by contest and person; FOREIGN stands apart."""

    papers: Counter[Status] = field(default_factory=Counter)
    columns: defaultdict[str, Counter[Status]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: defaultdict[tuple[str, str], Row] = field(default_factory=lambda: defaultdict(Row))
    illegible: Counter[str] = field(default_factory=Counter)
    unnamed: Counter[str] = field(default_factory=Counter)
    foreign: int = 0

    def add(self, judged: Judged) -> None:
        """As long as the ballot has marks, whatever was added before."""
        if judged.status is Status.FOREIGN:
            self.foreign += 1
            return
        self.papers[judged.status] += 1
        for contest, marks in judged.marks.items():
            self.columns[contest][marks.status] += 1
            if marks.reason:
                self.reasons[contest][marks.reason] += 1
            self.illegible[contest] += marks.illegible
            self.unnamed[contest] += marks.unnamed
            for person in marks.approved:
                self.rows[contest, person].approved += 1
            for person in marks.written:
                self.rows[contest, person].written += 1
            for person in marks.against:
                self.rows[contest, person].against += 1
            for person in marks.void:
                self.rows[contest, person].void += 1

    @property
    def counted(self) -> int:
        """Papers that count among those collected."""
        return self.papers.total()

    def valid_columns(self, contest: str) -> int:
        return self.columns[contest][Status.VALID] + self.columns[contest][Status.BLANK]

    def votes(self, contest: str) -> dict[str, int]:
        return {p: row.votes for (key, p), row in self.rows.items() if key == contest}

    def abstained(self, contest: str, person: str) -> int:
        """Columns that count and say nothing of him."""
        row = self.rows.get((contest, person), Row())
        return self.valid_columns(contest) - row.votes - row.against - row.void

    def as_data(self, contests: Iterable[tuple[str, Iterable[str]]]) -> dict[str, Any]:
        """`contests` with the printed candidates of each."""
        return {
            "papers": {str(key): self.papers[key] for key in sorted(self.papers)},
            "foreign": self.foreign,
            "contests": {key: self._contest(key, printed) for key, printed in contests},
        }

    def _contest(self, contest: str, printed: Iterable[str]) -> dict[str, Any]:
        listed = list(printed)
        others = sorted({p for key, p in self.rows if key == contest} - set(listed))
        return {
            "columns": {str(k): n for k, n in sorted(self.columns[contest].items())},
            "reasons": dict(sorted(self.reasons[contest].items())),
            "illegible": self.illegible[contest],
            "rows": {person: self._row(contest, person) for person in [*listed, *others]},
        }

    def _row(self, contest: str, person: str) -> dict[str, int]:
        row = self.rows.get((contest, person), Row())
        return {
            "votes": row.votes,
            "for": row.approved,
            "written": row.written,
            "against": row.against,
            "abstained": self.abstained(contest, person),
            "void": row.void,
        }

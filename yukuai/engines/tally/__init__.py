"""Counts an election from its judged ballots, says why each seat is whose, and proves it.

Plain Python, whole numbers only: the same ballots in any order and any boxes give the same result.
`docs/tally.md` says what is guaranteed and what is not.
"""

from yukuai.engines.tally.counting import count
from yukuai.engines.tally.log import Entry, ResolutionLog
from yukuai.engines.tally.outcome import (
    Need,
    Needed,
    PollCount,
    Reason,
    Result,
    Seat,
    Standing,
)
from yukuai.engines.tally.packs import Electorate, Layer, Missing, Rules
from yukuai.engines.tally.plan import Contest, Group, Office, Person, Plan, Review
from yukuai.engines.tally.polls import (
    ILLEGIBLE,
    Ballot,
    Box,
    Column,
    Kind,
    Names,
    Poll,
    Status,
    Stock,
    WriteIn,
)
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.running import Line, Running, Screen
from yukuai.engines.tally.shares import Share
from yukuai.engines.tally.validity import same_twice

__all__ = [
    "ILLEGIBLE",
    "Ballot",
    "Box",
    "Column",
    "Contest",
    "Electorate",
    "Entry",
    "Group",
    "Kind",
    "Layer",
    "Line",
    "Missing",
    "Names",
    "Need",
    "Needed",
    "Office",
    "Person",
    "Plan",
    "Poll",
    "PollCount",
    "Reason",
    "ResolutionLog",
    "Result",
    "Review",
    "Rules",
    "Running",
    "Screen",
    "Seat",
    "Share",
    "Standing",
    "Status",
    "Stock",
    "Unreadable",
    "WriteIn",
    "count",
    "same_twice",
]

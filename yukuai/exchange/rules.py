"""Pure arithmetic of the exchange: when to try again, what comes first, what looks alike.

The lengths below are defaults of the product (产品设定), each editable where it is used.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

RETRY_SECONDS = (60, 300, 1800, 7200, 43200)
"""Between the attempts; after the last of them a parcel is a dead letter."""
JITTER_PERCENT = 20
"""So that a system that comes back is not met by everybody in the same second."""
REPLAY_SECONDS = 300
STALE_DAYS = 7
PAUSE_HOURS = 24
WEBHOOK_SECONDS = (10, 30, 120, 600, 1800, 3600)
LEASE = timedelta(minutes=5)
"""How long an attempt may be on its way before the sweep takes it up again."""
PATIENCE = timedelta(minutes=2)
"""How long a word out of order waits for the one before it, while they are being asked."""
ALIKE_DAYS = 7
ALIKE_SHARE = 0.5
MOST_ATTEMPTS = 20


def next_try(
    at: datetime, *, attempts: int, waits: Sequence[int], jitter_percent: int, chance: float
) -> datetime | None:
    """When to try again after `attempts` failed ones; None when that is enough. `chance` lies in
    0…1 and makes the wait up to `jitter_percent` longer."""
    if attempts > len(waits):
        return None
    return at + _stretched(waits[attempts - 1], jitter_percent, chance)


def next_round(at: datetime, *, attempts: int, chance: float) -> datetime:
    """For a webhook, which is tried until it is paused: the last wait goes on."""
    wait = WEBHOOK_SECONDS[min(attempts, len(WEBHOOK_SECONDS)) - 1]
    return at + _stretched(wait, JITTER_PERCENT, chance)


def _stretched(seconds: int, percent: int, chance: float) -> timedelta:
    return timedelta(milliseconds=seconds * 1000 + int(seconds * 10 * percent * chance))


def waits_problem(waits: Sequence[object]) -> str:
    """What is wrong with a list of waits in seconds, as a sentence; ''."""
    if not 1 <= len(waits) <= MOST_ATTEMPTS:
        return f"重试间隔写 1 到 {MOST_ATTEMPTS} 个数字。"
    if not all(type(wait) is int and 1 <= wait <= 7 * 86400 for wait in waits):
        return "重试间隔用秒写，每个在 1 到 604800 之间，例如 60 300 1800。"
    return ""


@dataclass(frozen=True)
class Place:
    """Where a word of theirs stands among those already heard."""

    next: bool = False
    late: bool = False
    gap: bool = False


def place_of(sequence: int, *, last: int, numbered: bool) -> Place:
    """`numbered`: their numbers leave no room, so that a missing one is noticed."""
    if sequence <= last:
        return Place(late=True)
    return Place(gap=True) if numbered and sequence > last + 1 else Place(next=True)


def is_alike(one: str, other: str, *, share: float = ALIKE_SHARE) -> bool:
    """Two subjects, by the pairs of signs they have in common."""
    mine, others = _pairs(one), _pairs(other)
    if not mine or not others:
        return False
    return len(mine & others) >= share * len(mine | others)


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", text).lower()
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


@dataclass(frozen=True)
class Ours:
    """A matter we share with a system, as we know it."""

    link_id: int
    external_id: str
    number: str
    theirs: str
    last_word_at: datetime
    is_open: bool


@dataclass(frozen=True)
class Found:
    kind: str
    link_id: int | None
    external_id: str
    number: str
    ours: str
    theirs: str


def compare(
    ours: Iterable[Ours], theirs: Mapping[str, str], *, at: datetime, stale_days: int
) -> list[Found]:
    """`theirs`: id to state, as they list it. In the order: here missing, there missing, unequal,
    stale; each by id."""
    mine = {one.external_id: one for one in ours if one.external_id}
    unsent = [one for one in ours if not one.external_id]
    found = [
        Found("missing-here", None, external_id, "", "", theirs[external_id])
        for external_id in sorted(theirs.keys() - mine.keys())
    ]
    gone = [*unsent, *(mine[key] for key in sorted(mine.keys() - theirs.keys()))]
    found += [
        Found("missing-there", one.link_id, one.external_id, one.number, one.theirs, "")
        for one in gone
    ]
    both = [mine[key] for key in sorted(mine.keys() & theirs.keys())]
    found += [_found("state", one, theirs) for one in both if one.theirs != theirs[one.external_id]]
    edge = at - timedelta(days=stale_days)
    found += [
        _found("stale", one, theirs) for one in both if one.is_open and one.last_word_at < edge
    ]
    return found


def _found(kind: str, one: Ours, theirs: Mapping[str, str]) -> Found:
    return Found(
        kind, one.link_id, one.external_id, one.number, one.theirs, theirs[one.external_id]
    )


EVENT_TYPES = {
    "yukuai.case.raised.v1": "收到新的事",
    "yukuai.case.moved.v1": "到了下一步",
    "yukuai.case.relocated.v1": "改了地点",
    "yukuai.case.supervised.v1": "开始督办",
    "yukuai.case.supervision-answered.v1": "回复了督办",
}
_OTHER_TYPES = {
    "raise": "yukuai.case.raised.v1",
    "relocate": "yukuai.case.relocated.v1",
    "supervise": "yukuai.case.supervised.v1",
    "answer-supervision": "yukuai.case.supervision-answered.v1",
}


def event_type(move: str, *, is_move: bool) -> str:
    """Of a line of the log; '' where outsiders are not told (notes)."""
    return _OTHER_TYPES.get(move) or ("yukuai.case.moved.v1" if is_move else "")

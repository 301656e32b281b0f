"""What lies on the ground and follows its lines: registered by whoever has things with points.

A lower app cannot know them: `flows` registers them, one call a kind (README.md says how).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yukuai.accounts.policy import Actor


@dataclass(frozen=True)
class Ground:
    """An area that changed hands, as WKB in degrees of EPSG:4490."""

    before_id: int | None
    after_id: int | None
    geom: bytes


@dataclass(frozen=True)
class Batch:
    """What one batch did. `after` is the id of the last thing looked at, None when none is left;
    `moved` counts by (from, to); `kept` are those that their own rules keep where they are, `left`
    says of some of them why. `along` counts by label what went with the things."""

    after: int | None
    moved: Counter[tuple[int, int]] = field(default_factory=Counter)
    kept: int = 0
    along: Counter[str] = field(default_factory=Counter)
    left: Sequence[tuple[str, str]] = ()


Count = Callable[[Actor, Sequence[Ground]], int]
Move = Callable[[Actor, Sequence[Ground], str, int, datetime], Batch]


@dataclass(frozen=True)
class Movable:
    """`count(actor, grounds)` says how many things lie there; `move(actor, grounds, why, after,
    at)` is a step: it takes the next few in the order of their ids, and finds what it moved before
    already moved; without it they go along with other things, or a person has to see to them, and
    there is no receipt. `layer` is the layer whose lines decide where they lie."""

    name: str
    label: str
    layer: str
    count: Count
    move: Move | None
    unit: str = "件"


_REGISTERED: dict[str, Movable] = {}


def register(movable: Movable) -> None:
    _REGISTERED[movable.name] = movable


def registered(layer: str) -> list[Movable]:
    return [one for one in _REGISTERED.values() if one.layer == layer]


def find(name: str) -> Movable | None:
    return _REGISTERED.get(name)


def unit_of(name: str) -> str:
    """The measure word of a kind of things."""
    kind = find(name)
    return kind.unit if kind is not None else "件"

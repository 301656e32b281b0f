"""Step 8: what the ink in a box means. When in doubt, a person decides."""

from dataclasses import dataclass
from enum import StrEnum

from yukuai.engines.ballots.ink import Ink


class Decision(StrEnum):
    EMPTY = "empty"
    MARGINAL = "marginal"
    DEFINITE = "definite"


@dataclass(frozen=True)
class Thresholds:
    """Product defaults (产品设定); areas in mm², lengths in millimetres.

    Below `dot_*` a pen merely rested; from `mark_*` on somebody drew something. `filled` is the
    share of a box from which a mark may be a mark struck out, as are more than `loops` enclosed
    parts or outlines of more than `strokes` extents. Of a mark that leaves the box, `own` must lie
    in it; with less than `spilt` it is the neighbour's.
    """

    dot_area: float = 1.1
    dot_extent: float = 2.2
    mark_area: float = 1.3
    mark_extent: float = 3.0
    filled: float = 0.62
    loops: int = 3
    strokes: float = 7.0
    own: float = 0.55
    spilt: float = 0.35
    faint: float = 0.08
    full_score: float = 6.0


USUAL = Thresholds()


def decide(ink: Ink, limits: Thresholds = USUAL) -> Decision:
    """What leaves the box is judged by whose it is; then by size; then whether it was undone."""
    if ink.own < limits.spilt:
        return Decision.EMPTY
    if ink.area < limits.dot_area and ink.extent < limits.dot_extent:
        return Decision.EMPTY
    if ink.area < limits.mark_area or ink.extent < limits.mark_extent:
        return Decision.MARGINAL
    undone = ink.cover > limits.filled or ink.loops >= limits.loops or ink.strokes > limits.strokes
    if undone or ink.own < limits.own or ink.contrast < limits.faint:
        return Decision.MARGINAL
    return Decision.DEFINITE


def score(ink: Ink, limits: Thresholds = USUAL) -> float:
    """0 to 1: the ink, where a small ring by a ball pen is 1."""
    return round(min(1.0, ink.area / limits.full_score), 3)

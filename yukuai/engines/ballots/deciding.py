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

    Up to `dot_*` a pen rested; up to `slip` from an edge it slipped. From `mark_*` on somebody drew
    something. A mark of more than `loops` white parts or with outlines of more than `strokes`
    extents may have been struck out, unless it is as dense as a box filled in. What leaves the box:
    with `own` of it inside it is this box's, with less than `spilt`, no deeper than `spill`, the
    neighbour's; where marks run into each other, each that reaches `deep` is its box's. A part no
    deeper than `shallow` is nothing, nor is a `pale` line that leads through the box: a fold.
    """

    dot_area: float = 0.9
    dot_extent: float = 1.8
    slip: float = 2.3
    mark_area: float = 0.55
    mark_extent: float = 2.5
    dense: float = 0.5
    loops: int = 3
    strokes: float = 6.5
    own: float = 0.6
    spilt: float = 0.35
    spill: float = 2.0
    shallow: float = 1.0
    deep: float = 3.0
    faint: float = 0.11
    pale: float = 0.14
    full_score: float = 6.0


USUAL = Thresholds()


def decide(ink: Ink, limits: Thresholds = USUAL) -> Decision:
    """By whose the ink is, then by its size, then by whether it is plain."""
    if _nobodys(ink, limits) or _too_small(ink, limits):
        return Decision.EMPTY
    small = ink.area < limits.mark_area or ink.extent < limits.mark_extent
    if small or _undone(ink, limits) or ink.straight or ink.contrast < limits.faint:
        return Decision.MARGINAL
    return Decision.DEFINITE if _own(ink, limits) else Decision.MARGINAL


def _nobodys(ink: Ink, limits: Thresholds) -> bool:
    if not ink.edge:
        return False
    if ink.own < limits.spilt and ink.depth < limits.spill:
        return True
    if ink.straight and ink.through and ink.contrast < limits.pale:
        return True
    return ink.depth < limits.shallow or max(ink.extent, ink.depth) < limits.slip


def _too_small(ink: Ink, limits: Thresholds) -> bool:
    return ink.area < limits.dot_area and ink.extent < limits.dot_extent


def _undone(ink: Ink, limits: Thresholds) -> bool:
    much = ink.loops >= limits.loops or ink.strokes > limits.strokes
    return much and ink.density < limits.dense


def _own(ink: Ink, limits: Thresholds) -> bool:
    """Of marks that run into each other each box that holds one has its own."""
    return ink.own >= limits.own or (ink.depth >= limits.deep and not ink.single)


def score(ink: Ink, limits: Thresholds = USUAL) -> float:
    """0 to 1: the ink, where a small ring by a ball pen is 1."""
    return round(min(1.0, ink.area / limits.full_score), 3)

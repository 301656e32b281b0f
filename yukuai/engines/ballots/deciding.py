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

    Up to `dot_*`, or `trace_area`, a pen rested; up to `slip` from an edge it slipped. From
    `mark_*` on somebody drew something. A `solid` spot up to `blot` is one; outlines of less than
    `broken` extents are those of dust. A mark of `loops` white parts, or with outlines of more than
    `strokes` extents, may have been struck out, unless it is as `dense` as a box filled in.

    What leaves the box: with `own` of it inside it is this box's; with less than `spilt`, no deeper
    than `spill`, it is the neighbour's, and so it is with less than `faded` of what the neighbour
    has, no deeper than `long_spill`. Where marks run into each other, each that reaches `deep` and
    is at least `equal` to the others is its box's. A straight line that leads through a box and
    lies in it by less than `passing` is no mark. A `slight` part no deeper than `shallow` is
    nothing, nor is a `pale` line that leads through: a fold.
    """

    dot_area: float = 0.9
    dot_extent: float = 1.8
    trace_area: float = 0.4
    slip: float = 2.3
    mark_area: float = 0.55
    mark_extent: float = 2.5
    mark_depth: float = 2.0
    blot: float = 3.3
    solid: float = 0.88
    round: float = 1.6
    broken: float = 0.7
    dense: float = 0.5
    loops: int = 3
    strokes: float = 6.5
    own: float = 0.6
    spilt: float = 0.35
    spill: float = 2.0
    shallow: float = 1.0
    deep: float = 3.0
    faded: float = 0.2
    long_spill: float = 3.6
    equal: float = 0.4
    slight: float = 2.0
    passing: float = 0.7
    faint: float = 0.11
    pale: float = 0.14
    full_score: float = 6.0


USUAL = Thresholds()


def decide(ink: Ink, limits: Thresholds = USUAL) -> Decision:
    """By whose the ink is, then by its size, then by whether it is plain."""
    if _nobodys(ink, limits) or _too_small(ink, limits):
        return Decision.EMPTY
    plain = not (_small(ink, limits) or _undone(ink, limits) or _only_a_line(ink, limits))
    if not plain or ink.contrast < limits.faint:
        return Decision.MARGINAL
    return Decision.DEFINITE if _own(ink, limits) else Decision.MARGINAL


def _nobodys(ink: Ink, limits: Thresholds) -> bool:
    if not ink.edge:
        return False
    if ink.own < limits.spilt and ink.depth < limits.spill:
        return True
    if ink.rival < limits.faded and ink.depth < limits.long_spill:
        return True
    if ink.straight and ink.through and ink.contrast < limits.pale:
        return True
    shallow = ink.depth < limits.shallow and (ink.straight or ink.area < limits.slight)
    return shallow or max(ink.extent, ink.depth) < limits.slip


def _too_small(ink: Ink, limits: Thresholds) -> bool:
    if ink.contrast < limits.faint and ink.extent < limits.mark_extent:
        return True
    trace = ink.area < limits.trace_area and ink.extent < limits.mark_extent
    return trace or (ink.area < limits.dot_area and ink.extent < limits.dot_extent)


def _small(ink: Ink, limits: Thresholds) -> bool:
    large = ink.area >= limits.mark_area and ink.extent >= limits.mark_extent
    if not large or ink.depth < limits.mark_depth:
        return True
    spot = ink.extent < limits.blot and ink.density > limits.solid and ink.strokes < limits.round
    return spot or ink.strokes < limits.broken


def _only_a_line(ink: Ink, limits: Thresholds) -> bool:
    """One straight stroke, or one that passes through; where a mark touches the edge, the rest of
    it may lie under the rule."""
    if not ink.edge:
        return ink.straight
    return ink.straight and ink.through and ink.own < limits.passing


def _undone(ink: Ink, limits: Thresholds) -> bool:
    much = ink.loops >= limits.loops or ink.strokes > limits.strokes
    return much and ink.density < limits.dense


def _own(ink: Ink, limits: Thresholds) -> bool:
    """Of marks that run into each other each box that holds one has its own."""
    among_many = not ink.single and ink.depth >= limits.deep and ink.rival >= limits.equal
    return ink.own >= limits.own or among_many


def score(ink: Ink, limits: Thresholds = USUAL) -> float:
    """0 to 1: the ink, where a small ring by a ball pen is 1."""
    return round(min(1.0, ink.area / limits.full_score), 3)

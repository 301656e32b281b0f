"""What the map can be coloured by, and what can be laid over it, as data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Colouring:
    """`legend` says what is counted, with its unit."""

    measure: str
    label: str
    legend: str


SHARE = "a_thousand"
"""Of matters in hand by the households of the register."""
COLOURINGS = (
    Colouring("open", "在办诉求", "在办诉求，件"),
    Colouring("late", "超期诉求", "超期没答复的诉求，件"),
    Colouring("lately", "近 30 天收到", "近 30 天收到的诉求，件"),
    Colouring(SHARE, "在办诉求每千户", "在办诉求，件 / 千户"),
)
MEASURES = {one.measure: one for one in COLOURINGS}
STEPS = 6


def bounds(values: Mapping[int, int]) -> list[int]:
    """Where each class of the ramp begins: nothing, and of the rest as many areas in each class as
    can be, at whole numbers. Fewer classes where there are not so many different numbers."""
    some = sorted(value for value in values.values() if value > 0)
    different = sorted(set(some))
    if len(different) < STEPS:
        return [0, *different]
    wanted = (some[len(some) * step // (STEPS - 1)] for step in range(STEPS - 1))
    return [0, *sorted({1, *wanted} - {0})][:STEPS]

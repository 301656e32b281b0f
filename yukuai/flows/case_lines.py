"""Matters follow the line of their community: those with a point that no unit has yet.

What somebody already handles stays with him: a line on a map takes no work out of anybody's hands.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.boundaries.movable import Batch, Ground, Movable, register
from yukuai.cases.actions import relocate_case
from yukuai.cases.placed import list_open_within
from yukuai.divisions.lines import locate
from yukuai.kernel.actions import as_step
from yukuai.kernel.errors import Conflict

AT_ONCE = 50


def count_matters(actor: Actor, grounds: Sequence[Ground]) -> int:
    return list_open_within(actor, grounds=[one.geom for one in grounds]).count()


def move_matters(
    actor: Actor, grounds: Sequence[Ground], why: str, after: int, at: datetime
) -> Batch:
    """A step of `move_batch`. Each goes where its point lies now, by the way on which an officer
    corrects a place: with its clocks, its log and a word to whoever raised it."""
    rows = list_open_within(actor, grounds=[one.geom for one in grounds]).filter(pk__gt=after)
    cases = list(rows[:AT_ONCE])
    moved: Counter[tuple[int, int]] = Counter()
    kept = 0
    for case in cases:
        lon, lat = case.lon or 0.0, case.lat or 0.0
        there = locate(actor, lon=lon, lat=lat, kinds=["community"])
        if there is None or there.pk == case.division_id:
            continue
        before = case.division_id
        try:
            as_step(relocate_case)(actor, case_id=case.pk, division_id=there.pk, reason=why, at=at)
        except Conflict:
            kept += 1
        else:
            moved[(before, there.pk)] += 1
    last = cases[-1].pk if len(cases) == AT_ONCE else None
    return Batch(after=last, moved=moved, kept=kept)


register(Movable("case", "没有办完的诉求", "community", count_matters, move_matters))

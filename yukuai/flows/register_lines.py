"""The register follows the line of its community: what is told before the approval, kind by kind,
and what is moved afterwards. A building takes along all that is behind its doors."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.boundaries import movable
from yukuai.boundaries.movable import Ground, Movable, register
from yukuai.divisions.lines import count_cells_on
from yukuai.registry import relocating

LAYER = "community"


def _count(kind: str, actor: Actor, grounds: Sequence[Ground]) -> int:
    return relocating.count_on(actor, kind=kind, areas=[one.geom for one in grounds])


def _move(
    step: Callable[..., relocating.Batch],
    actor: Actor,
    grounds: Sequence[Ground],
    why: str,
    after: int,
    at: datetime,
) -> movable.Batch:
    """A step of `move_batch`."""
    givers = sorted({one.before_id for one in grounds if one.before_id is not None})
    ground = relocating.Ground([one.geom for one in grounds], givers)
    done = step(actor, ground=ground, why=why, after=after, at=at)
    return movable.Batch(done.after, done.moved, done.kept, done.along, tuple(done.left))


def _count_grids(actor: Actor, grounds: Sequence[Ground]) -> int:
    return count_cells_on(actor, kind="grid", areas=[one.geom for one in grounds])


def _register(name: str, label: str, unit: str, step: Any = None) -> None:
    move = partial(_move, step) if step is not None else None
    register(Movable(name, label, LAYER, partial(_count, name), move, unit))


_register("building", "楼栋", "栋", relocating.move_buildings)
_register("dwelling", "房屋", "套")
_register("household", "户", "户")
_register("person", "住在里面的人", "人")
_register("organisation", "单位", "家", relocating.move_organisations)
_register("facility", "设施", "处", relocating.move_facilities)
register(Movable("grid", "网格（界线要由社区重画）", LAYER, _count_grids, None, "个"))

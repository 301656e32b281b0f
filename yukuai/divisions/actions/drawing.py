"""An administrator puts lines in effect that were approved elsewhere, or that a seed brings."""

from collections.abc import Mapping
from datetime import date, datetime

from yukuai.divisions.lining import (
    Grounds,
    Layer,
    Outcome,
    put_in_effect,
    put_layers_in_effect,
)
from yukuai.divisions.steps import MANAGE, Manages, living, lock_tree
from yukuai.engines.partition import Area
from yukuai.kernel.actions import action


@action
def put_lines_in_effect(
    actor: Manages,
    *,
    parent_id: int | None,
    lines: Mapping[int, Area],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> list[int]:
    """As `lining.put_in_effect`, by whoever may rearrange what lies below the parent."""
    lock_tree()
    divisions = living(sorted(lines), "lines")
    parent = None if parent_id is None else living([parent_id], "parent_id")[0]
    actor.require(MANAGE, parent or divisions[0])
    return put_in_effect(
        actor,
        parent=parent,
        divisions=divisions,
        lines=lines,
        grounds=grounds,
        effective=effective,
        at=at,
    )


@action
def put_level_in_effect(
    actor: Manages,
    *,
    lines_below: Mapping[int | None, Mapping[int, Area]],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> list[Outcome]:
    """`put_lines_in_effect` below many parents of one level at once, by the id of each; the
    outcomes in the same order (`lining.put_layers_in_effect`)."""
    lock_tree()
    ids = [pk for lines in lines_below.values() for pk in lines]
    parent_ids = [pk for pk in lines_below if pk is not None]
    divisions = {one.pk: one for one in living(ids, "lines")}
    parents = {one.pk: one for one in living(parent_ids, "parent_id")} if parent_ids else {}
    layers = []
    for parent_id, lines in lines_below.items():
        if not lines:
            living([], "lines")  # refuses
        parent = None if parent_id is None else parents[parent_id]
        below = [divisions[pk] for pk in sorted(lines)]
        actor.require(MANAGE, parent or below[0])
        layers.append(Layer(parent, below, lines))
    return put_layers_in_effect(actor, layers=layers, grounds=grounds, effective=effective, at=at)

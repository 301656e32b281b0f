"""An administrator puts lines in effect that were approved elsewhere, or that a seed brings."""

from collections.abc import Mapping
from datetime import date, datetime

from yukuai.divisions.lining import Grounds, put_in_effect
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

"""The step by which a draft becomes the lines in effect: its siblings together, vertices into every
ring on the way, and on record what no longer fits below and what is to follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely

from yukuai.accounts.policy import Actor
from yukuai.boundaries import movable
from yukuai.boundaries.actions._steps import (
    areas_of,
    current_lines,
    keep_grounds,
    move,
    parent_line,
)
from yukuai.boundaries.checking import lie_within, with_vertices
from yukuai.boundaries.events import LinesTookEffect
from yukuai.boundaries.models import LineDraft, LineReview, Receipt
from yukuai.boundaries.queries import list_children, list_grounds, list_shapes, needs_review
from yukuai.boundaries.rules import LAYERS, tiles_parent
from yukuai.divisions.lining import Grounds, put_in_effect, take_up
from yukuai.divisions.steps import lock_tree
from yukuai.engines.partition import Area, Point, tiles
from yukuai.engines.partition.grid import keys, shapes, unkey
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.kernel.outbox import publish

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

MOVED_ON = "上级的界线或下级的区划已经变了，这份草案对不上了。请退回，重新检查再提交。"
ON_LINE = 1.5
"""Steps: a vertex that rounding put on a line lies within one of it."""


def take_effect(actor: Actor, draft: LineDraft, *, at: datetime) -> None:
    """Raises Conflict, and changes nothing, where it does not fit any more."""
    lock_tree()
    children = {
        one.pk: one for one in list_children(actor, parent=draft.division, layer=draft.layer)
    }
    after = areas_of(list_shapes(draft))
    before = current_lines(actor, list(children))
    brought = _check_fit(actor, draft, children, after)
    keep_grounds(actor, draft, after)
    draft.took_effect_at, draft.trouble = at, ""
    move(actor, draft, "take_effect", at=at)
    divisions = [children[pk] for pk in after]
    staying = _new_on_old_lines(before, after) if tiles_parent(draft.layer) else []
    take_up(
        actor,
        points=[*brought, *staying],
        besides=divisions,
        basis=draft.basis,
        effective=today(at),
        at=at,
    )
    changed = put_in_effect(
        actor,
        parent=draft.division,
        divisions=divisions,
        lines=after,
        grounds=_grounds(draft),
        effective=today(at),
        at=at,
    )
    _review(actor, draft, [children[pk] for pk in changed], at)
    if _give_receipts(draft, at):
        publish(LinesTookEffect(draft_id=draft.pk))


def _check_fit(
    actor: Actor, draft: LineDraft, children: Mapping[int, "Division"], after: Mapping[int, Area]
) -> list[Point]:
    """The vertices the line above lacks."""
    parent = parent_line(actor, draft)
    if not tiles_parent(draft.layer):
        if not after or after.keys() - children.keys() or not lie_within(parent, [*after.values()]):
            raise Conflict(MOVED_ON)
        return []
    brought = [(x, y) for x, y in draft.brought]
    if after.keys() != children.keys() or not tiles(
        with_vertices(parent, brought), list(after.values())
    ):
        raise Conflict(MOVED_ON)
    return brought


def _new_on_old_lines(before: Mapping[int, Area], after: Mapping[int, Area]) -> list[Point]:
    """Vertices that come into lines that stay: where a border moved along a third child's line,
    that child's ground is the same, and so is what lies below it."""
    known = [area.xy for area in before.values()]
    if not known:
        return []
    new = np.concatenate([area.xy for area in after.values()])
    fresh = np.setdiff1d(keys(new), keys(np.concatenate(known)))
    points = unkey(fresh)
    lines = shapely.union_all(shapely.boundary(shapes(list(before.values()))))
    near = shapely.dwithin(lines, shapely.points(points.astype(float)), ON_LINE)
    return [(int(x), int(y)) for x, y in points[near].tolist()]


def _grounds(draft: LineDraft) -> Grounds:
    return Grounds(
        basis=draft.basis,
        source=f"{draft.number}，{draft.drawn_by}",
        approved_by=draft.approved_by,
        illustrative=draft.illustrative,
    )


def _review(actor: Actor, draft: LineDraft, changed: list["Division"], at: datetime) -> None:
    """This layer fits again; what lies below a line that is another perhaps does not."""
    done = LineReview.objects.filter(division=draft.division, layer=draft.layer, cleared_at=None)
    done.update(cleared_at=at)
    for child in changed:
        for layer in LAYERS.get(child.kind, ()):
            wrong = needs_review(actor, parent=child, layer=layer)
            known = LineReview.objects.filter(division=child, layer=layer, cleared_at=None)
            if not wrong:
                known.update(cleared_at=at)
            elif not known.exists():
                LineReview.objects.create(
                    division=child, layer=layer, because=draft.number, since=at
                )


def _give_receipts(draft: LineDraft, at: datetime) -> int:
    """One for each kind of things that is moved."""
    if not list_grounds(draft):
        return 0
    kinds = [one for one in movable.registered(draft.layer) if one.move is not None]
    for one in kinds:
        Receipt.objects.create(
            draft=draft, division=draft.division, thing=one.name, label=one.label, started_at=at
        )
    return len(kinds)

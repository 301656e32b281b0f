"""Steps that several actions are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.boundaries import movable
from yukuai.boundaries.checking import Drawing, check
from yukuai.boundaries.events import LinesMoved
from yukuai.boundaries.models import DraftShape, GroundChange, LineDraft
from yukuai.boundaries.queries import get_draft, list_children, list_shapes
from yukuai.boundaries.states import EDITED, drawn_here
from yukuai.divisions.lines import list_lines
from yukuai.engines.partition import Area, canonical, changed, from_geojson, from_wkb, to_wkb
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance

LENGTHS = {"basis": 200, "reason": 400}
STALE = "别人刚改过这份草案，您看到的已经不是最新的。请重新打开，再改一次。"
NO_PARENT = "“{name}”自己还没有界线，请上级先画。"


class Stale(Conflict):
    """Somebody saved in between; nothing was changed."""

    code = "stale"


def lock_to_edit(actor: Actor, number: str, version: int | None, at: datetime) -> LineDraft:
    """For writing by whoever draws here. Raises NotFound, NotPermitted, Stale, Conflict."""
    draft = get_draft(actor, number=number, locked=True)
    if objection := drawn_here(actor, draft, at):
        raise NotPermitted(objection)
    if version is not None and version != draft.version:
        raise Stale(STALE)
    if draft.state not in EDITED:
        raise Conflict(f"现在是“{draft.get_state_display()}”，不能再画。")
    return draft


def touched(actor: Actor, draft: LineDraft, at: datetime) -> None:
    """The drawing is another now, by this hand."""
    draft.version += 1
    draft.changed_at = at
    if actor.user_id is not None and actor.user_id not in draft.drawers:
        draft.drawers = [*draft.drawers, actor.user_id]


def current_lines(actor: Actor, ids: Sequence[int]) -> dict[int, Area]:
    lines = list_lines(actor, division_ids=ids)
    return {line.division_id: canonical(from_wkb(line.geom)) for line in lines}


def parent_line(actor: Actor, draft: LineDraft) -> Area:
    """Raises Conflict where the parent itself has none."""
    line = current_lines(actor, [draft.division_id]).get(draft.division_id)
    if line is None:
        raise Conflict(NO_PARENT.format(name=draft.division.name))
    return line


def drawn_of(shapes: Mapping[int, DraftShape]) -> dict[int, Any]:
    return {pk: shape.drawn for pk, shape in shapes.items()}


def recheck(actor: Actor, draft: LineDraft) -> None:
    """Findings, proposal, and what changes hands: kept beside the drawing. Saves the draft."""
    shapes = _living_shapes(actor, draft)
    found = check(
        Drawing(
            layer=draft.layer,
            parent=parent_line(actor, draft),
            children=drawn_of(shapes),
            declared=[pk for pk, shape in shapes.items() if shape.declared_exclave],
            brought=[(x, y) for x, y in draft.brought],
        )
    )
    for pk, shape in shapes.items():
        area = found.proposal.get(pk)
        shape.proposal = to_wkb(area) if area is not None else None
    DraftShape.objects.bulk_update(shapes.values(), ["proposal"], batch_size=200)
    draft.accepted, draft.reason = found.accepted, found.reason[: LENGTHS["reason"]]
    draft.findings, draft.brought = list(found.findings), [list(one) for one in found.brought]
    keep_grounds(actor, draft, found.proposal if found.accepted else {})
    draft.save()


def _living_shapes(actor: Actor, draft: LineDraft) -> dict[int, DraftShape]:
    """A division founded meanwhile has to be drawn too; one that ended has no ground any more."""
    children = {one.pk for one in list_children(actor, parent=draft.division, layer=draft.layer)}
    shapes = list_shapes(draft)
    DraftShape.objects.filter(draft=draft).exclude(child_id__in=children).delete()
    new = [
        DraftShape(draft=draft, division=draft.division, child_id=pk)
        for pk in sorted(children - shapes.keys())
    ]
    for one in new:
        one.save(force_insert=True)
    return {pk: one for pk, one in list_shapes(draft).items() if pk in children}


def keep_grounds(actor: Actor, draft: LineDraft, after: Mapping[int, Area]) -> None:
    """What changes hands between the lines in effect and these, and how many things lie there. Of
    a layer drawn for the first time nothing does."""
    GroundChange.objects.filter(draft=draft).delete()
    before = current_lines(actor, list(after))
    rows = []
    if before:
        moved = changed(_named(before), _named(after))
        rows = [
            GroundChange(
                draft=draft,
                division=draft.division,
                before_id=int(one.before) if one.before else None,
                after_id=int(one.after) if one.after else None,
                m2=one.m2,
                geom=to_wkb(one.area),
            )
            for one in moved
            if one.m2 > 0
        ]
        for row in rows:
            row.save(force_insert=True)
    grounds = [movable.Ground(row.before_id, row.after_id, row.geom) for row in rows]
    draft.counts = [
        {
            "name": one.name,
            "label": one.label,
            "count": one.count(actor, grounds),
            "unit": one.unit,
        }
        for one in (movable.registered(draft.layer) if grounds else ())
    ]


def _named(areas: Mapping[int, Area]) -> dict[str, Area]:
    return {str(pk): area for pk, area in areas.items()}


def areas_of(shapes: Mapping[int, DraftShape]) -> dict[int, Area]:
    """As they were drawn, once they are accepted."""
    return {pk: canonical(from_geojson(one.drawn)) for pk, one in shapes.items() if one.drawn}


def move(
    actor: Actor, draft: LineDraft, name: str, *, at: datetime, reason: str = "", **data: Any
) -> None:
    draft.changed_at = at
    change = advance(actor, draft, name, at=at, reason=reason, **data)
    trace(actor, draft, name, at=at)
    publish(LinesMoved(draft_id=draft.pk, change_id=change.pk, move=name))


def trace(actor: Actor, draft: LineDraft, act: str, *, at: datetime, **said: Any) -> None:
    record(actor, act=f"line.{act}", target=draft.number, area=draft.area, at=at, **said)


def required(text: str, *, field: str, sentence: str) -> str:
    """Tidied. Raises InvalidInput when it is missing or too long."""
    text = text.replace("\x00", "").strip()
    limit = LENGTHS[field]
    if len(text) > limit:
        sentence = f"写得太长了，最多 {limit} 字，现在 {len(text)} 字。"
    elif text:
        return text
    raise InvalidInput(sentence, fields={field: sentence})

"""Checked, put right at one place or everywhere, and pieces apart declared."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.boundaries.actions._steps import drawn_of, lock_to_edit, recheck, touched, trace
from yukuai.boundaries.fixing import fixed
from yukuai.boundaries.models import LineDraft
from yukuai.boundaries.queries import list_shapes
from yukuai.engines.partition import from_wkb, to_geojson
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput

NOTHING_MADE = "现在整理不出界线：{reason}"
NO_SUCH = "这一处已经没有了，可能刚修过。请看最新的清单。"
NOTHING_TO_FIX = "这一处要在图上改，不能自动修：{fix}"


@action
def check_draft(actor: Actor, *, number: str, at: datetime) -> LineDraft:
    """Once more, as the line above is now; the drawing stays as it is."""
    draft = lock_to_edit(actor, number, None, at)
    recheck(actor, draft)
    return draft


@action
def adopt_proposal(actor: Actor, *, number: str, version: int, at: datetime) -> LineDraft:
    """Fix all: the drawing becomes what the engine made of it."""
    draft = lock_to_edit(actor, number, version, at)
    shapes = list_shapes(draft)
    made = {pk: shape for pk, shape in shapes.items() if shape.proposal is not None}
    if not made:
        raise Conflict(NOTHING_MADE.format(reason=draft.reason))
    for shape in made.values():
        shape.drawn = to_geojson(from_wkb(shape.proposal))
        shape.save(update_fields=["drawn"])
    touched(actor, draft, at)
    recheck(actor, draft)
    trace(actor, draft, "adopt", at=at)
    return draft


@action
def fix_finding(
    actor: Actor, *, number: str, version: int, key: str, owner: int | None = None, at: datetime
) -> LineDraft:
    """At the place of one finding alone: as the engine decided, or to the child named."""
    draft = lock_to_edit(actor, number, version, at)
    finding = next((one for one in draft.findings if one["key"] == key), None)
    if finding is None:
        raise Conflict(NO_SUCH)
    shapes = list_shapes(draft)
    if owner is not None and owner not in shapes:
        raise InvalidInput("选一个下级，这一块归它。", fields={"owner": "选一个下级。"})
    if finding["check"] == "exclave" and owner is None:
        raise InvalidInput("选这一块归哪一方，或者申报飞地。", fields={"owner": "选一个下级。"})
    changed = fixed(drawn_of(shapes), finding, owner=owner)
    if not changed:
        raise Conflict(NOTHING_TO_FIX.format(fix=finding["fix"]))
    for pk, drawn in changed.items():
        shapes[pk].drawn = drawn
        shapes[pk].save(update_fields=["drawn"])
    touched(actor, draft, at)
    recheck(actor, draft)
    trace(actor, draft, "fix", at=at, check=finding["check"], owner=owner)
    return draft


@action
def declare_exclave(
    actor: Actor, *, number: str, version: int, child: int, declared: bool, at: datetime
) -> LineDraft:
    """This child really lies in several pieces, or does not."""
    draft = lock_to_edit(actor, number, version, at)
    shape = list_shapes(draft).get(child)
    if shape is None:
        raise InvalidInput("这份草案里没有这个下级。")
    shape.declared_exclave = declared
    shape.save(update_fields=["declared_exclave"])
    touched(actor, draft, at)
    recheck(actor, draft)
    trace(actor, draft, "exclave", at=at, child=child, declared=declared)
    return draft

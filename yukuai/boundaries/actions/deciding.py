"""Submitted, returned, approved by another, and in effect on its day."""

from datetime import date, datetime, timedelta
from typing import Any

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.boundaries.actions._steps import (
    lock_to_edit,
    move,
    recheck,
    required,
)
from yukuai.boundaries.actions.effecting import take_effect
from yukuai.boundaries.models import LineDraft
from yukuai.boundaries.queries import get_draft, get_draft_by_id
from yukuai.boundaries.states import LineState, drawn_here, due, four_eyes
from yukuai.documents.actions import store_file
from yukuai.documents.kinds import AttachmentKind
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted

FARTHEST = timedelta(days=366)


@action
def submit_draft(
    actor: Actor,
    *,
    number: str,
    basis: str,
    effective: date,
    illustrative: bool = True,
    upload: Any = None,
    at: datetime,
) -> LineDraft:
    """With the document it rests on and the day it is to take effect; checked once more."""
    draft = lock_to_edit(actor, number, None, at)
    draft.basis = required(basis, field="basis", sentence="写明依据哪份文件。")
    draft.effective, draft.illustrative = _day(effective, at), illustrative
    if actor.user_id is not None and actor.user_id not in draft.drawers:
        draft.drawers = [*draft.drawers, actor.user_id]
    recheck(actor, draft)
    draft.submitted_at, draft.trouble = at, ""
    if upload is not None:
        store_file(
            actor,
            place_of=draft,
            subject="line",
            object_id=draft.pk,
            upload=upload,
            kind=AttachmentKind.FILE,
            at=at,
        )
    move(actor, draft, "submit", at=at, basis=draft.basis, effective=str(draft.effective))
    return draft


def _day(effective: date, at: datetime) -> date:
    if not today(at) <= effective <= today(at) + FARTHEST:
        sentence = "生效日期选今天或以后，一年以内。"
        raise InvalidInput(sentence, fields={"effective": sentence})
    return effective


@action
def return_draft(actor: Actor, *, number: str, reason: str, at: datetime) -> LineDraft:
    draft = _lock_to_decide(actor, number, at)
    reason = required(reason, field="reason", sentence="写明哪里要改。")
    draft.approved_by, draft.trouble = "", ""
    move(actor, draft, "return", at=at, reason=reason)
    return draft


@action
def approve_draft(actor: Actor, *, number: str, at: datetime) -> LineDraft:
    """By the level above, by another than who drew. What is due takes effect in the same breath;
    what cannot is not approved either."""
    draft = _lock_to_decide(actor, number, at)
    draft.approved_by = actor.label
    move(actor, draft, "approve", at=at)
    if not due(actor, draft, at):
        take_effect(actor, draft, at=at)
    return draft


def _lock_to_decide(actor: Actor, number: str, at: datetime) -> LineDraft:
    draft = get_draft(actor, number=number, locked=True)
    require(actor, Permission.BOUNDARY_APPROVE, draft)
    if objection := four_eyes(actor, draft, at):
        raise NotPermitted(objection)
    return draft


@action
def withdraw_draft(actor: Actor, *, number: str, at: datetime) -> LineDraft:
    """The lines in effect stay as they are."""
    draft = get_draft(actor, number=number, locked=True)
    if objection := drawn_here(actor, draft, at):
        raise NotPermitted(objection)
    move(actor, draft, "withdraw", at=at)
    return draft


@action
def put_draft_in_effect(actor: Actor, *, draft_id: int, at: datetime) -> LineDraft:
    """On its day, by the system or whoever may approve it. Raises Conflict, where the lines above
    are others by now."""
    draft = get_draft_by_id(actor, draft_id=draft_id, locked=True)
    if draft.state == LineState.EFFECTIVE:
        return draft
    take_effect(actor, draft, at=at)
    return draft


@action
def put_in_effect_by_hand(actor: Actor, *, number: str, at: datetime) -> LineDraft:
    """The same by whoever may approve it, where the round had to leave it."""
    draft = _lock_to_decide(actor, number, at)
    take_effect(actor, draft, at=at)
    return draft


@action
def note_trouble(actor: Actor, *, draft_id: int, sentence: str, at: datetime) -> None:
    """Why it could not take effect: for those who approved it, and who drew it."""
    draft = get_draft_by_id(actor, draft_id=draft_id, locked=True)
    if draft.state != LineState.APPROVED:
        raise Conflict("已经不等生效了。")
    draft.trouble = sentence[:400]
    draft.save(update_fields=["trouble"])

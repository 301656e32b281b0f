"""Handing a report in, exactly once, and holding its receipt in this browser."""

from datetime import datetime
from typing import Any
from uuid import UUID

from yukuai.accounts.access import reading, remember_ticket
from yukuai.accounts.policy import ANYBODY, Actor
from yukuai.cases import tickets
from yukuai.cases.actions import raise_case
from yukuai.cases.actions.intake import AlreadyReceived, Receipt, Told
from yukuai.cases.public import find_receipt
from yukuai.portal.raising import pages
from yukuai.portal.raising.draft import Draft, note_sent
from yukuai.portal.raising.limits import count_report
from yukuai.portal.raising.where import Known


def submit(request: Any, draft: Draft, facts: Known, *, at: datetime) -> Receipt:
    """Raises what `raise_case` refuses with, and TooMany."""
    assert facts.community is not None
    told = Told(
        client_uuid=draft.uuid,
        division_id=facts.community.id,
        body=draft.body,
        place_text=draft.place_text,
        category_id=draft.category_id,
        anonymous=not draft.named,
        name=draft.name or (facts.me.name if facts.me else ""),
        phone=pages.phone_of(draft, facts.me),
        drafts=tuple(draft.photos),
        draft_session=draft.photo_secret,
    )
    receipt = send(request, told, at=at)
    hold(request, receipt, client_uuid=draft.uuid)
    return receipt


def send(request: Any, told: Told, *, at: datetime) -> Receipt:
    """A report that came in before gets the receipt it had, uncounted."""
    with reading(request):
        earlier = find_receipt(request.actor, client_uuid=told.client_uuid)
    if earlier is not None:
        return earlier
    count_report(request, at=at)
    try:
        return raise_case(author(request.actor, unnamed=told.anonymous), told=told, at=at)
    except AlreadyReceived:  # the same form, sent twice at once
        with reading(request):
            received = find_receipt(request.actor, client_uuid=told.client_uuid)
        assert received is not None
        return received


def author(actor: Actor, *, unnamed: bool) -> Actor:
    """Who raises it. Without a name it is nobody, in the audit log as well; an officer who
    uses the residents' pages is a resident there."""
    return actor if actor.kind == "resident" and not unnamed else ANYBODY


def find_earlier(request: Any, *, client_uuid: UUID) -> bool:
    """Whether this very form was received before; if so, its receipt is held here again."""
    with reading(request):
        receipt = find_receipt(request.actor, client_uuid=client_uuid)
    if receipt is not None:
        hold(request, receipt, client_uuid=client_uuid)
    return receipt is not None


def hold(request: Any, receipt: Receipt, *, client_uuid: UUID) -> None:
    remember_ticket(request, tickets.key(receipt.number, receipt.code))
    note_sent(request, client_uuid)

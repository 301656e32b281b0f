"""From the outbox to the gateway: claim, send, note. Nothing is sent inside a transaction.

A worker may die between sending and noting. Then the lease runs out, the sweep has the text sent
again under the same reference, and a gateway that knows references does not send it twice. One
that does not know them may: at least once is what can be promised without its help.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Unavailable
from yukuai.kernel.outbox import publish
from yukuai.messaging.actions import SIGN_IN_CODE, find_template, new_delivery, open_call
from yukuai.messaging.events import SmsQueued
from yukuai.messaging.gateways.sms import GatewayReceipt, sms_gateway
from yukuai.messaging.models import CallReason, Channel, Delivery, DeliveryState
from yukuai.messaging.queries import get_night
from yukuai.messaging.rules import BACKOFF, LEASE, next_slot, next_try, render

SWEEP_BATCH = 500
NOT_NOTED = "发送时系统中断，重试次数已用完。"
CODE_NOT_SENT = "短信现在发不出去，验证码没有发出。请过几分钟再试，或者给社区打电话。"


@dataclass(frozen=True)
class Outgoing:
    delivery_id: int
    phone: str
    text: str
    reference: UUID


def deliver_sms(*, delivery_id: int, attempt: int, at: datetime) -> None:
    """One attempt. Harmless when it comes twice, late, or for a text that is gone."""
    outgoing = claim_delivery(SYSTEM, delivery_id=delivery_id, attempt=attempt, at=at)
    if outgoing is None:
        return
    try:
        receipt = _send(outgoing)
    except Unavailable as error:
        note_failure(SYSTEM, delivery_id=delivery_id, error=error.message, at=at)
    else:
        note_sent(SYSTEM, delivery_id=delivery_id, receipt=receipt, at=at)


def send_code_now(*, phone: str, code: str, at: datetime) -> None:
    """A sign-in code, while the person waits: one attempt, now or not at all. Raises Unavailable.

    The words are not kept; the row only says that a code went out.
    """
    outgoing = note_code(SYSTEM, phone=phone, code=code, at=at)
    try:
        receipt = _send(outgoing)
    except Unavailable as error:
        note_failure(SYSTEM, delivery_id=outgoing.delivery_id, error=error.message, at=at)
        raise Unavailable(CODE_NOT_SENT) from error
    note_sent(SYSTEM, delivery_id=outgoing.delivery_id, receipt=receipt, at=at)


def _send(outgoing: Outgoing) -> GatewayReceipt:
    return sms_gateway().send(
        phone=outgoing.phone, text=outgoing.text, reference=outgoing.reference
    )


@action
def claim_delivery(
    actor: Actor, *, delivery_id: int, attempt: int, at: datetime
) -> Outgoing | None:
    """Take the attempt with this number: None when another job has it, or it came too late."""
    rows = Delivery.objects.select_for_update().filter(pk=delivery_id, attempts=attempt)
    delivery = rows.filter(state=DeliveryState.QUEUED).first()
    if delivery is None:
        return None
    if attempt > len(BACKOFF):
        stop(delivery, DeliveryState.FAILED, NOT_NOTED, at=at)
        return None
    slot = next_slot(at, urgent=delivery.urgent, night=get_night(actor, at=at))
    delivery.next_try_at = at + LEASE if slot == at else slot
    delivery.attempts += slot == at
    delivery.save(update_fields=["next_try_at", "attempts"])
    if slot != at:  # a job that waited until night; the sweep takes it up in the morning
        return None
    return Outgoing(delivery.pk, delivery.phone, delivery.text, delivery.reference)


@action
def note_code(actor: Actor, *, phone: str, code: str, at: datetime) -> Outgoing:
    words = find_template(SIGN_IN_CODE, Channel.SMS)
    delivery = new_delivery(phone=phone, words=words, dedupe=f"code:{uuid4()}", at=at)
    delivery.attempts = 1
    delivery.save(force_insert=True)
    text = render(words.text, {"code": code})
    return Outgoing(delivery.pk, phone, text, delivery.reference)


@action
def note_sent(actor: Actor, *, delivery_id: int, receipt: GatewayReceipt, at: datetime) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if not receipt.spooled:
        mark_sent(delivery, gateway_id=receipt.gateway_id, at=at)
    elif delivery.state == DeliveryState.QUEUED:  # the process at the gateway goes on with it
        delivery.next_try_at = None
        delivery.save(update_fields=["next_try_at"])


@action
def note_failure(actor: Actor, *, delivery_id: int, error: str, at: datetime) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    mark_failed(actor, delivery, error=error, at=at)


@action
def record_receipt(
    actor: Actor, *, reference: UUID, delivered: bool, error: str = "", at: datetime
) -> bool:
    """What the network says became of a text. False when we do not know it; twice is harmless."""
    delivery = Delivery.objects.select_for_update().filter(reference=reference).first()
    if delivery is None:
        return False
    mark_receipt(delivery, delivered=delivered, error=error, at=at)
    return True


def mark_sent(delivery: Delivery, *, gateway_id: str, at: datetime) -> None:
    """A step. A receipt may have overtaken us: it knows better."""
    delivery.sent_at, delivery.gateway_id = at, gateway_id
    if delivery.state == DeliveryState.QUEUED:
        delivery.state, delivery.next_try_at, delivery.error = DeliveryState.SENT, None, ""
    delivery.save()


def mark_failed(
    actor: Actor, delivery: Delivery, *, error: str, at: datetime, final: bool = False
) -> None:
    """A step: try again later; a code, whatever failed too often, and what is `final`, has failed
    for good."""
    if delivery.state != DeliveryState.QUEUED:
        return
    again = next_try(
        at, attempts=delivery.attempts, urgent=delivery.urgent, night=get_night(actor, at=at)
    )
    if final or again is None or delivery.template == SIGN_IN_CODE:
        stop(delivery, DeliveryState.FAILED, error, at=at)
    else:
        delivery.next_try_at, delivery.error = again, error[:200]
        delivery.save()


def mark_receipt(delivery: Delivery, *, delivered: bool, error: str, at: datetime) -> None:
    """A step."""
    if delivery.state in (DeliveryState.QUEUED, DeliveryState.SENT):
        delivery.receipt_at = at
        state = DeliveryState.DELIVERED if delivered else DeliveryState.FAILED
        stop(delivery, state, "" if delivered else error or "运营商说没有送达。", at=at)


def stop(delivery: Delivery, state: DeliveryState, error: str, *, at: datetime) -> None:
    """A step: it is over. What did not arrive is said on the telephone."""
    delivery.state, delivery.next_try_at, delivery.error = state, None, error[:200]
    delivery.save()
    if state == DeliveryState.FAILED:
        open_call(delivery, reason=CallReason.FAILED, detail=error, at=at)


@action
def requeue_due(actor: Actor, *, at: datetime) -> int:
    """Publish an attempt for every text whose time has come, or whose worker was never heard of
    again. Returns how many."""
    due = Delivery.objects.filter(next_try_at__lte=at).order_by("next_try_at", "pk")
    rows = list(due.select_for_update(skip_locked=True)[:SWEEP_BATCH])
    for delivery in rows:
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=at + LEASE)
        publish(SmsQueued(delivery_id=delivery.pk, attempt=delivery.attempts))
    return len(rows)

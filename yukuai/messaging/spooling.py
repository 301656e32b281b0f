"""The queue of parts, as the process at the gateway works it off. Each step is committed before
or after the network speaks, never while.

A part is `on-way` from before it is written until its answer was noted. Whoever takes over after a
`kill -9` or a cut finds it so: nobody knows what became of it, and it goes out once more under the
same reference. A second time nobody knows, somebody telephones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.messaging.gateways.smpp.queue import NAME
from yukuai.messaging.gateways.smpp.receipts import Receipt
from yukuai.messaging.models import Delivery, DeliveryState, GatewayLink, PartState, SmsPart
from yukuai.messaging.parts import Alphabet, Part
from yukuai.messaging.queries import get_night
from yukuai.messaging.rules import is_quiet
from yukuai.messaging.sending import mark_failed, mark_receipt, mark_sent

SURE_TRIES = 2
AGAIN_AFTER = timedelta(seconds=1)
SWEPT = 500
UNSURE = "短信中心两次都没有回应，不知道发出去没有。"
EXPIRED = "短信网关一直没有连上短信中心，过了时间。"
BAD_NUMBER = "短信中心说没有这个号码。"
_ENDED = (PartState.DELIVERED, PartState.UNDELIVERED)
_HAS_IT = (PartState.ACCEPTED, *_ENDED)


@dataclass(frozen=True)
class OutgoingPart:
    """What the wire needs. `reference` is the same for all parts of a text, and in every try."""

    id: int
    phone: str
    part: Part
    reference: int


@action
def claim_parts(actor: Actor, *, limit: int, at: datetime) -> list[OutgoingPart]:
    """The next ones that may go, codes and emergencies first; at night nothing else."""
    rows = SmsPart.objects.filter(state=PartState.WAITING, not_before__lte=at, expires_at__gt=at)
    rows = rows.filter(delivery__state=DeliveryState.QUEUED)
    if is_quiet(at, get_night(actor, at=at)):
        rows = rows.filter(urgent=True)
    rows = rows.select_related("delivery").order_by("-urgent", "pk")
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:limit])
    SmsPart.objects.filter(pk__in=[part.pk for part in found]).update(
        state=PartState.ON_WAY, submits=F("submits") + 1, submitted_at=at
    )
    return [_outgoing(part) for part in found]


def _outgoing(part: SmsPart) -> OutgoingPart:
    piece = Part(part.text, part.number, part.total, Alphabet(part.alphabet))
    return OutgoingPart(part.pk, part.delivery.phone, piece, part.delivery_id & 0xFFFF)


@action
def release_part(actor: Actor, *, part_id: int, at: datetime) -> None:
    """It was never written: as if it had not been claimed."""
    rows = SmsPart.objects.filter(pk=part_id, state=PartState.ON_WAY)
    rows.update(state=PartState.WAITING, submits=F("submits") - 1)


@action
def delay_part(actor: Actor, *, part_id: int, at: datetime) -> None:
    """The SMS centre has too much to do: refused for certain, and due again in a moment."""
    rows = SmsPart.objects.filter(pk=part_id, state=PartState.ON_WAY)
    rows.update(state=PartState.WAITING, not_before=at + AGAIN_AFTER)


@action
def note_accepted(actor: Actor, *, part_id: int, message_id: str, at: datetime) -> None:
    """The SMS centre has it. The text is sent when it has all parts."""
    part = _lock(part_id)
    if part is None or part.state != PartState.ON_WAY:
        return
    part.state, part.message_id, part.accepted_at = PartState.ACCEPTED, message_id, at
    part.text, part.error = "", ""
    part.save()
    mine = SmsPart.objects.filter(delivery=part.delivery)
    if not mine.exclude(state__in=_HAS_IT).exists():
        first = mine.get(number=1)
        mark_sent(part.delivery, gateway_id=first.message_id, at=at)


@action
def note_refused(actor: Actor, *, part_id: int, status: int, hopeless: bool, at: datetime) -> None:
    """For certain not sent. The text is tried again later, or, where it is hopeless, told by
    telephone."""
    part = _lock(part_id)
    if part is None or part.state != PartState.ON_WAY:
        return
    error = BAD_NUMBER if hopeless else f"短信中心没有收下（代码 {status:#x}）。"
    part.state, part.error = PartState.REFUSED, error
    part.save()
    mark_failed(actor, part.delivery, error=error, at=at, final=hopeless)
    _tidy(part.delivery)


@action
def note_cut(actor: Actor, *, part_id: int, at: datetime) -> None:
    """It went out and nobody answered."""
    part = _lock(part_id)
    if part is not None and part.state == PartState.ON_WAY:
        _wonder(actor, part, at)


@action
def recover_parts(actor: Actor, *, at: datetime) -> int:
    """For whoever takes over the gateway, alone: what the one before left on its way."""
    left = SmsPart.objects.filter(state=PartState.ON_WAY).order_by("pk")
    for part_id in list(left.values_list("pk", flat=True)[:SWEPT]):
        if (part := _lock(part_id)) is not None:
            _wonder(actor, part, at)
    return left.count()


def _wonder(actor: Actor, part: SmsPart, at: datetime) -> None:
    part.unsure += 1
    if part.unsure < SURE_TRIES:
        part.state, part.not_before = PartState.WAITING, at
        part.save()
        return
    part.state, part.error = PartState.UNSURE, UNSURE
    part.save()
    mark_failed(actor, part.delivery, error=UNSURE, at=at, final=True)
    _tidy(part.delivery)


@action
def note_part_receipt(actor: Actor, *, receipt: Receipt, at: datetime) -> bool:
    """What became of a part. False when no part has this id (yet). The text has arrived when all
    of its parts have, and has failed with the first that did not."""
    rows = SmsPart.objects.filter(message_id=receipt.message_id).order_by("-pk")
    found = rows.values_list("pk", flat=True).first()
    part = _lock(found) if found is not None else None
    if part is None:
        return False
    if part.state != PartState.ACCEPTED or not receipt.is_final:
        return True
    part.state = PartState.DELIVERED if receipt.delivered else PartState.UNDELIVERED
    part.receipt_at, part.error = at, receipt.sentence[:200]
    part.save()
    others = SmsPart.objects.filter(delivery=part.delivery).exclude(state=PartState.DELIVERED)
    if not receipt.delivered or not others.exists():
        delivered, said = receipt.delivered, receipt.sentence
        mark_receipt(part.delivery, delivered=delivered, error=said, at=at)
        _tidy(part.delivery)
    return True


@action
def expire_parts(actor: Actor, *, at: datetime) -> int:
    """What waited too long, because nobody was bound: a code is void, a text told by telephone."""
    old = SmsPart.objects.filter(state=PartState.WAITING, expires_at__lte=at).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:SWEPT])
    for part_id in ids:
        part = _lock(part_id)
        if part is None or part.state != PartState.WAITING:
            continue
        part.state, part.error = PartState.REFUSED, EXPIRED
        part.save()
        mark_failed(actor, part.delivery, error=EXPIRED, at=at, final=True)
        _tidy(part.delivery)
    return len(ids)


@action
def note_link(actor: Actor, *, bound: bool, rate: float, error: str = "", at: datetime) -> None:
    values = {"bound": bound, "seen_at": at, "rate": rate, "error": error[:200]}
    GatewayLink.objects.update_or_create(name=NAME, defaults=values)


def _lock(part_id: int) -> SmsPart | None:
    """The text first, then its part: everybody in this order."""
    parts: QuerySet[SmsPart] = SmsPart.objects.filter(pk=part_id)
    wanted: Iterable[int] = list(parts.values_list("delivery_id", flat=True))
    delivery = Delivery.objects.select_for_update().filter(pk__in=wanted).first()
    part = parts.select_for_update().first()
    if part is not None and delivery is not None:
        part.delivery = delivery
    return part


def _tidy(delivery: Delivery) -> None:
    """A text that is over sends nothing more, and its words are not kept here."""
    if delivery.state == DeliveryState.QUEUED:
        return
    mine = SmsPart.objects.filter(delivery=delivery)
    mine.filter(state=PartState.WAITING).update(state=PartState.REFUSED)
    mine.exclude(text="").update(text="")

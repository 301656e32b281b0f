"""Telling people: steps that other apps' actions are made of, and what readers do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from yukuai.accounts.actors import phone_hash, user_key
from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.messaging.actions.calls import open_call
from yukuai.messaging.events import SmsQueued
from yukuai.messaging.models import (
    CallReason,
    Channel,
    Delivery,
    DeliveryState,
    Message,
    MessageTemplate,
)
from yukuai.messaging.queries import get_night, has_refused
from yukuai.messaging.rules import (
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    Night,
    Traffic,
    find_excess,
    next_slot,
    render,
)

SIGN_IN_CODE = "sign-in-code"
REFUSED = "这个号码退订了短信，改打电话。"
ESSENTIAL = frozenset({"sms-refused"})
"""What is sent although texts are not wanted, besides what is urgent."""
SECRETS = frozenset({"code"})
"""Placeholders that only the person himself may read: never said on the telephone."""
UNSAID = "（不在电话里说）"
_LOCK_PHONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True)
class About:
    """The matter a text speaks of, and where it lies: there somebody telephones when the text
    does not arrive."""

    division_id: int
    subject: str
    object_id: int
    number: str


def notify_users(
    actor: Actor,
    *,
    user_ids: Iterable[int],
    template: str,
    values: Mapping[str, object],
    link: str = "",
    subject: str = "",
    object_id: int | None = None,
    dedupe: str,
    at: datetime,
) -> None:
    """A step: put a message into these users' inboxes, once for each `dedupe`."""
    assert connection.in_atomic_block, "notify_users() is a step of an @action"
    words = find_template(template, Channel.INBOX)
    messages = [
        Message(
            recipient_id=user_id,
            holders=[user_key(user_id)],
            kind=template,
            title=render(words.title, values),
            body=render(words.text, values),
            link=link,
            subject=subject,
            object_id=object_id,
            dedupe=dedupe,
            created_at=at,
        )
        for user_id in sorted(set(user_ids))
    ]
    with widened(EVERYWHERE):
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def queue_sms(
    actor: Actor,
    *,
    phone: str,
    template: str,
    values: Mapping[str, object],
    dedupe: str,
    at: datetime,
    about: About | None = None,
) -> Delivery:
    """A step: have a text sent after the commit, once for each `dedupe`. At night it waits for
    the morning unless its template is urgent; too many to one telephone are noted as dropped, and
    so is one to a telephone that wants none, which becomes a call."""
    assert connection.in_atomic_block, "queue_sms() is a step of an @action"
    words = find_template(template, Channel.SMS)
    number = phone_hash(phone)
    with connection.cursor() as cursor:  # so that two at once count each other
        cursor.execute(_LOCK_PHONE, [f"messaging.sms:{number}"])
    with widened(EVERYWHERE):
        if known := Delivery.objects.filter(dedupe=dedupe).first():
            return known
        delivery = new_delivery(phone=phone, words=words, dedupe=dedupe, at=at)
        delivery.text = render(words.text, values)
        if about is not None:
            _note_about(delivery, about, words, values)
        essential = words.urgent or template in ESSENTIAL
        refused = not essential and has_refused(actor, phone_hash=number)
        excess = REFUSED if refused else find_excess(_traffic(number, template, at))
        _schedule(delivery, excess=excess, at=at, night=get_night(actor, at=at))
        delivery.save(force_insert=True)
        if refused:
            open_call(delivery, reason=CallReason.REFUSED, detail="", at=at)
    if delivery.next_try_at == at + LEASE:
        publish(SmsQueued(delivery_id=delivery.pk, attempt=0))
    return delivery


def new_delivery(*, phone: str, words: MessageTemplate, dedupe: str, at: datetime) -> Delivery:
    number = phone_hash(phone)
    return Delivery(
        holders=[f"phone:{number}"],
        phone=phone,
        phone_hash=number,
        template=words.code,
        urgent=words.urgent,
        dedupe=dedupe,
        created_at=at,
    )


def _note_about(
    delivery: Delivery, about: About, words: MessageTemplate, values: Mapping[str, object]
) -> None:
    delivery.about_id, delivery.subject = about.division_id, about.subject
    delivery.object_id, delivery.number = about.object_id, about.number
    delivery.spoken = render(words.text, {**values, **dict.fromkeys(SECRETS, UNSAID)})


def _schedule(delivery: Delivery, *, excess: str, at: datetime, night: Night) -> None:
    """Now (a job is published, and the sweep looks after it), in the morning, or never."""
    slot = next_slot(at, urgent=delivery.urgent, night=night)
    delivery.next_try_at = at + LEASE if slot == at else slot
    if excess:
        delivery.state, delivery.error = DeliveryState.DROPPED, excess
        delivery.next_try_at = None


def _traffic(number: str, template: str, at: datetime) -> Traffic:
    """Sign-in codes have limits of their own, in accounts."""
    rows = Delivery.objects.filter(phone_hash=number, created_at__gt=at - DAY)
    rows = rows.exclude(state=DeliveryState.DROPPED).exclude(template=SIGN_IN_CODE)
    counted: dict[str, Any] = rows.aggregate(
        same_in_minute=Count("pk", Q(template=template, created_at__gt=at - MINUTE)),
        in_hour=Count("pk", Q(created_at__gt=at - HOUR)),
        in_day=Count("pk"),
    )
    return Traffic(**counted)


def find_template(code: str, channel: Channel) -> MessageTemplate:
    template = MessageTemplate.objects.filter(code=code, channel=channel).first()
    if template is None:
        raise Unavailable(f"还没有装入“{code}”的{channel.label}模板，请系统管理员先装入。")
    return template


@action
def mark_read(actor: Actor, *, message_id: int, at: datetime) -> Message:
    """The recipient has seen it; the first time counts."""
    rows = Message.objects.filter(pk=message_id, recipient_id=actor.user_id)
    message = rows.select_for_update().first()
    if actor.user_id is None or message is None:
        raise NotFound("这条消息不在了。请回到消息列表。")
    if message.read_at is None:
        message.read_at = max(at, message.created_at)
        message.save(update_fields=["read_at"])
    return message


@action
def mark_all_read(actor: Actor, *, until_id: int, at: datetime) -> int:
    """Everything up to `until_id`, the newest one that stood on the page: what came since then
    has not been seen."""
    if actor.user_id is None:
        return 0
    rows = Message.objects.filter(recipient_id=actor.user_id, read_at=None, pk__lte=until_id)
    return rows.filter(created_at__lte=at).update(read_at=at)

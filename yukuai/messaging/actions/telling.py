"""Telling people: steps that other apps' actions are made of, and what readers do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from yukuai.accounts.actors import phone_hash, user_key
from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.locks import hold
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.kernel.together import insert_many
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
from yukuai.messaging.queries import get_night, list_refused
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


@dataclass(frozen=True)
class About:
    """The matter a text speaks of, and where it lies: there somebody telephones when the text
    does not arrive."""

    division_id: int
    subject: str
    object_id: int
    number: str


@dataclass(frozen=True)
class Letter:
    """A message for the inboxes of these users; each has it once for each `dedupe`."""

    user_ids: Iterable[int]
    template: str
    values: Mapping[str, object]
    dedupe: str
    link: str = ""
    subject: str = ""
    object_id: int | None = None


@dataclass(frozen=True)
class Text:
    """A short message to one telephone, sent once for each `dedupe`."""

    phone: str
    template: str
    values: Mapping[str, object]
    dedupe: str
    about: About | None = None


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
    """A step: put one letter into the inboxes."""
    letter = Letter(user_ids, template, values, dedupe, link, subject, object_id)
    post_letters(actor, [letter], at=at)


def post_letters(actor: Actor, letters: Sequence[Letter], *, at: datetime) -> None:
    """A step: as many statements for a hundred letters as for one of each template."""
    assert connection.in_atomic_block, "post_letters() is a step of an @action"
    codes = {letter.template for letter in letters}
    words = {code: find_template(code, Channel.INBOX) for code in sorted(codes)}
    messages = [
        message for letter in letters for message in _messages(letter, words[letter.template], at)
    ]
    with widened(EVERYWHERE):
        insert_many(messages, known_stay=True)


def _messages(letter: Letter, words: MessageTemplate, at: datetime) -> Iterator[Message]:
    title, body = render(words.title, letter.values), render(words.text, letter.values)
    for user_id in sorted(set(letter.user_ids)):
        yield Message(
            recipient_id=user_id,
            holders=[user_key(user_id)],
            kind=letter.template,
            title=title,
            body=body,
            link=letter.link,
            subject=letter.subject,
            object_id=letter.object_id,
            dedupe=letter.dedupe,
            created_at=at,
        )


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
    """A step: have one text sent after the commit. Returns it, or the one sent before."""
    return queue_texts(actor, [Text(phone, template, values, dedupe, about)], at=at)[dedupe]


def queue_texts(actor: Actor, texts: Sequence[Text], *, at: datetime) -> dict[str, Delivery]:
    """A step: have texts sent after the commit, each once for its `dedupe`; as many statements for
    a hundred as for one of each template. At night a text waits for the morning unless its
    template is urgent; too many to one telephone are noted as dropped, and so is one to a
    telephone that wants none, which becomes a call."""
    assert connection.in_atomic_block, "queue_texts() is a step of an @action"
    words = {code: find_template(code, Channel.SMS) for code in sorted({t.template for t in texts})}
    hashes = {text.phone: phone_hash(text.phone) for text in texts}
    hold(*(f"messaging.sms:{number}" for number in hashes.values()))  # two at once count each other
    with widened(EVERYWHERE):
        known = Delivery.objects.filter(dedupe__in=[text.dedupe for text in texts])
        queued = {delivery.dedupe: delivery for delivery in known}
        if all(text.dedupe in queued for text in texts):
            return queued
        desk = _Desk(actor, set(hashes.values()), at)
        made = []
        for text in texts:
            if text.dedupe not in queued:
                made.append(desk.write(text, words[text.template]))
                queued[text.dedupe] = made[-1]
        insert_many(made)
        for delivery in made:
            if delivery.error == REFUSED:
                open_call(delivery, reason=CallReason.REFUSED, detail="", at=at)
    publish(*(SmsQueued(d.pk, attempt=0) for d in made if d.next_try_at == at + LEASE))
    return queued


class _Desk:
    """Who wants no texts, who has had too many, whether it is night: asked once for all."""

    def __init__(self, actor: Actor, numbers: set[str], at: datetime) -> None:
        self.at = at
        self.night = get_night(actor, at=at)
        self.refused = list_refused(actor, phone_hashes=numbers)
        self.traffic = _traffic(numbers, at)

    def write(self, text: Text, words: MessageTemplate) -> Delivery:
        delivery = new_delivery(phone=text.phone, words=words, dedupe=text.dedupe, at=self.at)
        delivery.text = render(words.text, text.values)
        if text.about is not None:
            _note_about(delivery, text.about, words, text.values)
        sent = self.traffic[delivery.phone_hash]
        essential = words.urgent or text.template in ESSENTIAL
        excess = find_excess(sent.of(text.template))
        if delivery.phone_hash in self.refused and not essential:
            excess = REFUSED
        _schedule(delivery, excess=excess, at=self.at, night=self.night)
        if not excess:
            sent.note(text.template)
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


class _Sent:
    """What one telephone was sent lately, and is being sent now."""

    def __init__(self) -> None:
        self.in_minute: Counter[str] = Counter()
        self.in_hour = self.in_day = 0

    def of(self, template: str) -> Traffic:
        return Traffic(self.in_minute[template], self.in_hour, self.in_day)

    def note(self, template: str, in_minute: int = 1, in_hour: int = 1, in_day: int = 1) -> None:
        self.in_minute[template] += in_minute
        self.in_hour += in_hour
        self.in_day += in_day


def _traffic(numbers: set[str], at: datetime) -> dict[str, _Sent]:
    """Sign-in codes have limits of their own, in accounts."""
    rows = Delivery.objects.filter(phone_hash__in=numbers, created_at__gt=at - DAY)
    rows = rows.exclude(state=DeliveryState.DROPPED).exclude(template=SIGN_IN_CODE)
    counted: Any = rows.order_by().values_list("phone_hash", "template")
    counted = counted.annotate(
        in_minute=Count("pk", Q(created_at__gt=at - MINUTE)),
        in_hour=Count("pk", Q(created_at__gt=at - HOUR)),
        in_day=Count("pk"),
    )
    sent = {number: _Sent() for number in numbers}
    for number, template, *times in counted:
        sent[number].note(template, *times)
    return sent


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

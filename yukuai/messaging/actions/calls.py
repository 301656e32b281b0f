"""改打电话: a text that did not arrive, or was not wanted, is said on the telephone."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.messaging.models import CallReason, Delivery, PhoneTask
from yukuai.messaging.queries import get_call

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

PURPOSES = {"tell": "告诉他短信里的内容", "ask": "他回了短信，问清楚什么事"}
TAIL = 4


@dataclass(frozen=True)
class Call:
    """Shown once; the next look is another look."""

    phone: str
    words: str


def open_call(delivery: Delivery, *, reason: CallReason, detail: str, at: datetime) -> None:
    """A step: somebody has to telephone, where the matter lies. Nothing for a text about none,
    and once for each text."""
    assert connection.in_atomic_block, "open_call() is a step of an @action"
    if delivery.about_id is None or delivery.object_id is None:
        return
    PhoneTask.objects.bulk_create(
        [
            PhoneTask(
                delivery=delivery,
                division=delivery.about,
                holders=delivery.holders,
                reason=reason,
                detail=detail[:200],
                phone=delivery.phone,
                phone_tail=delivery.phone[-TAIL:],
                words=delivery.spoken,
                subject=delivery.subject,
                object_id=delivery.object_id,
                number=delivery.number,
                template=delivery.template,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )


@action
def reveal_call(actor: Actor, *, call_id: int, purpose: str, at: datetime) -> Call:
    """Open number and words: with a purpose, on record, once. The person concerned reads the
    entry under “谁看过我的信息”."""
    call = get_call(actor, call_id=call_id, locked=True)
    words = PURPOSES.get(purpose, "")
    if not words:
        raise InvalidInput("选一个看电话的用途。", fields={"purpose": "选一个看电话的用途。"})
    if call.done_at is not None:
        raise Conflict("这个电话已经有人打过了，不用再看号码。要重打，先放回“还没打”。")
    _remember(actor, call, act="call.reveal", purpose=words, at=at)
    return Call(call.phone, call.words)


@action
def finish_call(actor: Actor, *, call_id: int, at: datetime) -> PhoneTask:
    """Said on the telephone. Twice is once: the first who did it stays."""
    call = get_call(actor, call_id=call_id, locked=True)
    if call.done_at is None:
        call.done_at, call.done_by, call.done_by_id = at, actor.label[:120], actor.user_id
        call.save(update_fields=["done_at", "done_by", "done_by_id"])
        _remember(actor, call, act="call.finish", at=at)
    return call


@action
def reopen_call(actor: Actor, *, call_id: int, at: datetime) -> PhoneTask:
    """It was not said after all."""
    call = get_call(actor, call_id=call_id, locked=True)
    if call.done_at is not None:
        call.done_at, call.done_by, call.done_by_id = None, "", None
        call.save(update_fields=["done_at", "done_by", "done_by_id"])
        _remember(actor, call, act="call.reopen", at=at)
    return call


def relocate_texts(actor: Actor, *, subject: str, object_id: int, division: "Division") -> None:
    """A step: the matter lies elsewhere now, and so does who telephones about it."""
    assert connection.in_atomic_block, "relocate_texts() is a step of an @action"
    about = {"subject": subject, "object_id": object_id}
    with widened(EVERYWHERE):
        Delivery.objects.filter(**about).update(about=division)
        PhoneTask.objects.filter(**about).update(division=division, area=division.path)


def _remember(actor: Actor, call: PhoneTask, *, act: str, at: datetime, purpose: str = "") -> None:
    record(
        actor,
        act=act,
        target=call.number,
        area=call.area,
        at=at,
        purpose=purpose,
        holders=call.holders,
        fields=["电话", "要说的话"] if purpose else [],
    )

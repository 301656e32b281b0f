from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.kernel.web import NOT_FOUND
from yukuai.kernel.wording import tail4
from yukuai.messaging.models import (
    Delivery,
    DeliveryState,
    DevelopmentSms,
    Message,
    PhoneTask,
    SmsConsent,
)
from yukuai.messaging.parts import count_parts
from yukuai.messaging.rules import NIGHT, Night, night_of
from yukuai.messaging.templates import require_city_wide
from yukuai.workflow.queries import get_rule_pack

UNREAD_CAP = 99
PAGE = 50
STOPPED_SHOWN = 200
TEXTS_SHOWN = 50


def list_messages(actor: Actor, *, unread_only: bool = False) -> QuerySet[Message]:
    """The actor's own inbox, newest first."""
    if actor.user_id is None:
        return Message.objects.none()
    rows = Message.objects.filter(recipient_id=actor.user_id).order_by("-pk")
    return rows.filter(read_at=None) if unread_only else rows


def unread_rows(actor: Actor) -> QuerySet[Message]:
    """To be counted to 100 and no further, together with others."""
    return list_messages(actor, unread_only=True).only("pk")[: UNREAD_CAP + 1]


def count_unread(actor: Actor) -> int:
    """Counted to 100 and no further: 100 is said as “99+”."""
    return len(list_messages(actor, unread_only=True).values_list("pk")[: UNREAD_CAP + 1])


@dataclass(frozen=True)
class InboxPage:
    """`older_than` is what to ask for next, None on the last page; `newest_id` is what “mark all”
    goes up to."""

    messages: Sequence[Message]
    older_than: int | None
    newest_id: int | None


def get_inbox_page(actor: Actor, *, unread_only: bool, before: int | None = None) -> InboxPage:
    """Fifty messages older than `before`, newest first."""
    rows = list_messages(actor, unread_only=unread_only)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return InboxPage(
        messages=shown,
        older_than=shown[-1].pk if len(found) > PAGE else None,
        newest_id=shown[0].pk if shown else None,
    )


@dataclass(frozen=True)
class StoppedDelivery:
    """A text that did not arrive, without its words: the telephone's last digits and the reason."""

    template: str
    phone_tail: str
    state: str
    attempts: int
    error: str
    created_at: datetime


def list_failed_deliveries(actor: Actor) -> Sequence[StoppedDelivery]:
    """The newest texts that failed or were dropped, for the city's administrator."""
    require_city_wide(actor)
    stopped = (DeliveryState.FAILED, DeliveryState.DROPPED)
    with widened(EVERYWHERE):
        rows = Delivery.objects.filter(state__in=stopped).order_by("-created_at", "-pk")
        return [
            StoppedDelivery(
                template=row.template,
                phone_tail=tail4(row.phone),
                state=row.get_state_display(),
                attempts=row.attempts,
                error=row.error,
                created_at=row.created_at,
            )
            for row in rows[:STOPPED_SHOWN]
        ]


@dataclass(frozen=True)
class DevelopmentText:
    phone_tail: str
    text: str
    parts: int
    characters: int
    received_at: datetime


def list_development_texts(actor: Actor) -> Sequence[DevelopmentText]:
    """The newest texts of the development gateway: exists in demo mode only."""
    if not settings.DEMO:
        raise NotFound(NOT_FOUND)
    with widened(EVERYWHERE):
        rows = DevelopmentSms.objects.order_by("-received_at", "-pk")[:TEXTS_SHOWN]
        return [
            DevelopmentText(
                phone_tail=tail4(row.phone),
                text=row.text,
                parts=count_parts(row.text),
                characters=len(row.text),
                received_at=row.received_at,
            )
            for row in rows
        ]


def get_night(actor: Actor, *, at: datetime) -> Night:
    """When telephones are left alone: of the rule pack “message” in force, else 22:00 to 7:00."""
    try:
        pack = get_rule_pack(actor, subject="message", area="", at=at)
    except Unavailable:
        return NIGHT
    return night_of(pack.params.get("limits", {}))


def list_refused(actor: Actor, *, phone_hashes: Collection[str]) -> set[str]:
    """Which of these telephones want no texts: seen by the platform and by the holder."""
    rows = SmsConsent.objects.filter(phone_hash__in=phone_hashes, refused=True)
    return set(rows.values_list("phone_hash", flat=True))


def find_consent(actor: Actor, *, phone_hash: str) -> SmsConsent | None:
    return SmsConsent.objects.filter(phone_hash=phone_hash).first()


def list_calls(actor: Actor, *, done: bool = False) -> QuerySet[PhoneTask]:
    """Whom to telephone in the actor's area because a text did not do, the newest first."""
    rows = policy.visible(actor, Permission.CASE_VISIT, PhoneTask.objects.all())
    rows = rows.filter(done_at__isnull=not done).select_related("division")
    return rows.order_by("-created_at", "-pk")


def get_call(actor: Actor, *, call_id: int, locked: bool = False) -> PhoneTask:
    rows = policy.visible(actor, Permission.CASE_VISIT, PhoneTask.objects.filter(pk=call_id))
    rows = rows.select_for_update(of=("self",)) if locked else rows
    found = rows.select_related("division").first()
    if found is None:
        raise NotFound("没有这条电话任务。可能不在您的范围，请回到列表重新选。")
    return found

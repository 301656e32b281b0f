"""退订: who wants no texts is asked no more than once, and told once that it is so."""

from datetime import datetime

from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.accounts.queries import get_me
from yukuai.audit.actions import record
from yukuai.divisions.queries import list_children
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.kernel.locks import hold
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.messaging.actions.telling import queue_sms
from yukuai.messaging.models import CallReason, Delivery, IncomingSms, PhoneTask, SmsConsent
from yukuai.messaging.rules import is_refusal

CONFIRMATION = "sms-refused"
MOST_WORDS = 1000
"""Of what somebody may write while nobody has called back yet."""


@action
def receive_sms(actor: Actor, *, phone: str, text: str, digest: str, at: datetime) -> bool:
    """A text that a telephone sent us. False when we have it already.

    A refusal stops what is not urgent and is confirmed once; any other reply about a matter asks
    somebody to call back.
    """
    refusal = is_refusal(text)
    incoming = IncomingSms(
        holders=[phone_key(phone)],
        phone=phone,
        phone_hash=phone_hash(phone),
        text=text,
        is_refusal=refusal,
        digest=digest,
        received_at=at,
    )
    if IncomingSms.objects.filter(digest=digest).exists():
        return False
    incoming.save(force_insert=True)
    if refusal:
        _refuse(actor, phone, SmsConsent.Said.BY_TEXT, at)
    else:
        _call_back(incoming, at)
    return True


@action
def choose_texts(actor: Actor, *, wanted: bool, at: datetime) -> None:
    """The switch in “我的”: for the telephone that the resident has proved to be his."""
    phone = get_me(actor).phone
    if not phone:
        raise Conflict("您的账户没有绑定手机号，本来就收不到短信。")
    with widened(EVERYWHERE):
        if wanted:
            _note(phone, refused=False, said=SmsConsent.Said.ON_PAGE, at=at)
        else:
            _refuse(actor, phone, SmsConsent.Said.ON_PAGE, at)
    roots = list_children(SYSTEM)
    record(
        actor,
        act="resident.want-texts" if wanted else "resident.refuse-texts",
        target=user_key(actor.user_id or 0),
        area=roots[0].path if roots else "",
        at=at,
        holders=[phone_key(phone)],
    )


def _refuse(actor: Actor, phone: str, said: str, at: datetime) -> None:
    """Confirmed by a text when it was said by one, and only the first time."""
    if _note(phone, refused=True, said=said, at=at) and said == SmsConsent.Said.BY_TEXT:
        once = f"refused:{phone_hash(phone)}:{int(at.timestamp())}"
        queue_sms(actor, phone=phone, template=CONFIRMATION, values={}, dedupe=once, at=at)


def _note(phone: str, *, refused: bool, said: str, at: datetime) -> bool:
    """Whether it is news."""
    number = phone_hash(phone)
    hold(f"texts:{number}")
    known = SmsConsent.objects.filter(phone_hash=number).first()
    if known is not None and known.refused == refused:
        return False
    SmsConsent.objects.update_or_create(
        phone_hash=number,
        defaults={
            "holders": [phone_key(phone)],
            "refused": refused,
            "said": said,
            "said_at": at,
        },
    )
    return True


def _call_back(incoming: IncomingSms, at: datetime) -> None:
    """Where the last text to this telephone was about a matter, its desk reads the answer."""
    rows = Delivery.objects.filter(phone_hash=incoming.phone_hash, about__isnull=False)
    last = rows.select_related("about").order_by("-created_at", "-pk").first()
    if last is None or last.about is None or last.object_id is None:
        return
    waiting = PhoneTask.objects.filter(
        done_at=None, reason=CallReason.REPLIED, subject=last.subject, object_id=last.object_id
    )
    if known := waiting.filter(holders=last.holders).select_for_update().first():
        known.words = f"{known.words}\n{incoming.text}"[:MOST_WORDS]
        known.save(update_fields=["words"])
        return
    PhoneTask.objects.create(
        division=last.about,
        holders=last.holders,
        reason=CallReason.REPLIED,
        phone=incoming.phone,
        phone_tail=incoming.phone[-4:],
        words=incoming.text,
        subject=last.subject,
        object_id=last.object_id,
        number=last.number,
        template=last.template,
        created_at=at,
    )

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, connection

from yukuai.accounts import policy
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import recording
from yukuai.cases import tickets
from yukuai.cases.actions._steps import due, first_clock, lock, move, required, start_clock
from yukuai.cases.events import CaseRaised, UrgentRaised
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.persons import name_hash
from yukuai.cases.queries import find_category, get_active_category, list_urgent_words
from yukuai.cases.rejections import REJECTIONS
from yukuai.cases.rules import BODY_LENGTH, find_urgent, title_of
from yukuai.cases.states import Source
from yukuai.divisions.known import get_bearer_today, get_known
from yukuai.documents.actions import store_image, take_pending
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.outbox import deferring
from yukuai.kernel.scope import widened
from yukuai.kernel.together import Follower, insert_together
from yukuai.workflow.actions import drop_deadlines, line_of_log, meet_deadlines
from yukuai.workflow.queries import get_rule_pack

if TYPE_CHECKING:
    from yukuai.cases.models import Category
    from yukuai.divisions.models import Division

PHOTOS = 3
STAFF_BODY_LENGTH = 2000
OUTSIDE_BODY_LENGTH = 6000
"""Open311 allows 4000 signs of description; the answers to its questions stand below them."""
PLACING = "定位"
DOORS = ("district", "zone")
"""Where a matter may wait that nobody has placed yet; its first clock is then called PLACING."""


@dataclass(frozen=True)
class Told:
    """What somebody says, as it was typed, and where it is (degrees, CGCS2000). Outside systems
    name place and category by code, of any year. Photos are file-likes, or tokens of a draft (with
    the secret of the browser that made it).

    `to_place`: an outside system knows the point or the address but not the community, so the place
    is a district, where a person finds it."""

    client_uuid: UUID
    body: str
    division_id: int = 0
    division_code: str = ""
    place_text: str = ""
    lon: float | None = None
    lat: float | None = None
    to_place: bool = False
    wanted: str = ""
    category_id: int | None = None
    category_code: str = ""
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    urgent: bool = False
    photos: tuple[Any, ...] = ()
    drafts: tuple[str, ...] = field(default=(), repr=False)
    draft_session: str = field(default="", repr=False)


@dataclass(frozen=True)
class Receipt:
    """Number and code: with both anybody may follow the matter, with one nobody."""

    case_id: int
    number: str
    code: str


class AlreadyReceived(Conflict):
    """The same `client_uuid` was received before; nothing was written again."""

    code = "already-received"


@action
def raise_case(actor: Actor, *, told: Told, at: datetime) -> Receipt:
    """A resident raises a matter in any community, by name or anonymously.

    Raises AlreadyReceived when this very report came in before.
    """
    policy.require_anywhere(actor, Permission.CASE_RAISE)
    return _receive(actor, told, _place_of(actor, told), Source.APP, BODY_LENGTH, at)


@action
def register_case(actor: Actor, *, told: Told, source: str, at: datetime) -> Receipt:
    """An officer writes down what somebody said at the counter, on the telephone, or elsewhere."""
    if source not in (Source.COUNTER, Source.PHONE, Source.API):
        raise InvalidInput("请选来访还是来电。", fields={"source": "请选来访还是来电。"})
    place = _place_of(actor, told)
    policy.require(actor, Permission.CASE_REGISTER, place)
    limit = OUTSIDE_BODY_LENGTH if source == Source.API else STAFF_BODY_LENGTH
    return _receive(actor, told, place, Source(source), limit, at)


def _receive(
    actor: Actor, told: Told, place: "Division", source: Source, limit: int, at: datetime
) -> Receipt:
    body = required(told.body, field="body", sentence="写一句话，说说是什么事。", limit=limit)
    _check_photos(told)
    code = tickets.code_for(told.client_uuid, length=tickets.LENGTH)
    number = _next_number(at)
    own = actor.user_id if actor.kind == "resident" else None
    holders = [tickets.key(number, code)]
    if own is not None and not told.anonymous:
        holders.append(user_key(own))
    if told.phone and not told.anonymous:
        holders.append(phone_key(told.phone))
    case = _new_case(actor, told, place, body, source, number, holders, at)
    case.reporter_id = own if not told.anonymous else None
    with _keys_in_hand(actor, case):
        _write(actor, case, told, at)
        _keep_photos(actor, case, told, at)
    return Receipt(case.pk, number, code)


def _keys_in_hand(actor: Actor, case: Case) -> AbstractContextManager[None]:
    """The keys of the matter come into being here: only a desk of the place sees it without."""
    if any(case.division.path.startswith(area) for area in actor.areas):
        return nullcontext()
    return widened(actor.areas, [*actor.holders, *case.holders])


def _new_case(
    actor: Actor,
    told: Told,
    division: "Division",
    body: str,
    source: Source,
    number: str,
    holders: list[str],
    at: datetime,
) -> Case:
    _check_division(told, division, source)
    calls = find_urgent(body, list_urgent_words(actor))
    return Case(
        division=division,
        holders=holders,
        number=number,
        client_uuid=told.client_uuid,
        source=source,
        anonymous=told.anonymous,
        urgent=told.urgent or bool(calls),
        title=title_of(body),
        body=body,
        wanted=told.wanted.replace("\x00", "").strip()[:200],
        place_text=told.place_text.replace("\x00", "").strip()[:120],
        to_place=told.to_place,
        lon=told.lon,
        lat=told.lat,
        category=_category_of(actor, told),
        rule_pack=get_rule_pack(actor, subject="case", area=division.path, at=at),
        received_at=at,
        changed_at=at,
        phone_hash="" if told.anonymous or not told.phone else phone_hash(told.phone),
        ticket_digest=holders[0].removeprefix("ticket:"),
    )


def _check_division(told: Told, division: Any, source: Source) -> None:
    lives = division.valid_to is None
    if lives and division.kind == "community" and not told.to_place:
        return
    findable = told.lon is not None or bool(told.place_text.strip())
    if lives and division.kind in DOORS and told.to_place and source == Source.API:
        if findable:
            return
        sentence = "没有村或社区的，要有坐标或地址，不然找不到是哪里。"
        raise InvalidInput(sentence, fields={"place_text": sentence})
    sentence = "请选一个村或社区。找不到时，可以选街道里最近的社区。"
    raise InvalidInput(sentence, fields={"division": sentence})


def _place_of(actor: Actor, told: Told) -> "Division":
    if not told.division_code:
        return get_known(actor, division_id=told.division_id)
    try:
        return get_bearer_today(actor, code=told.division_code)
    except NotFound:
        sentence = f"没有这个区划代码：{told.division_code[:20]}。"
        raise InvalidInput(sentence, fields={"division_code": sentence}) from None


def _category_of(actor: Actor, told: Told) -> "Category | None":
    if not told.category_code:
        return get_active_category(actor, category_id=told.category_id)
    found = find_category(actor, code=told.category_code)
    if found is None:
        sentence = f"没有这个类别：{told.category_code[:20]}。先查 /api/v1/categories。"
        raise InvalidInput(sentence, fields={"category_code": sentence})
    return found


def _write(actor: Actor, case: Case, told: Told, at: datetime) -> None:
    """The matter, its contact, its first clocks, the first line of its log, the entry of the audit
    and the first word to the world: one statement, for a whole city comes in by this door.

    The unique client_uuid decides; no savepoint on the way that nearly always goes through.
    """
    change = line_of_log(actor, case, move="raise", at=at, said="您提交了。")
    clocks = [first_clock(actor, case, name, at=at) for name in _first_clocks(case)]
    if case.to_place:
        clocks[0].label = PLACING
    rows = [Follower(change, "object_id"), *(Follower(clock, "object_id") for clock in clocks)]
    if not told.anonymous and (told.name or told.phone or told.email):
        rows.append(Follower(_contact(case, told), "case_id"))
    also = [recording(actor, act="case.raise", target=case.number, area=case.division.path, at=at)]
    for event in (CaseRaised, UrgentRaised) if case.urgent else (CaseRaised,):
        also += deferring(event, "jsonb_build_object('case_id', {first}, 'change_id', {n1})")
    try:
        insert_together(case, rows, also)
    except IntegrityError as error:
        if "client_uuid" not in str(error):
            raise
        raise AlreadyReceived("这件事已经收到过了，不会重复。") from error


def _first_clocks(case: Case) -> tuple[str, ...]:
    return ("accept", "urgent") if case.urgent else ("accept",)


def _contact(case: Case, told: Told) -> CaseContact:
    name = told.name.replace("\x00", "").strip()[:40]
    return CaseContact(
        case=case,
        division=case.division,
        holders=case.holders,
        name=name,
        name_hash=name_hash(name),
        phone=told.phone,
        email=told.email,
    )


def _check_photos(told: Told) -> None:
    if len(told.photos) + len(told.drafts) > PHOTOS:
        sentence = f"照片最多 {PHOTOS} 张。去掉几张再提交。"
        raise InvalidInput(sentence, fields={"photos": sentence})


def _keep_photos(actor: Actor, case: Case, told: Told, at: datetime) -> None:
    store = partial(
        store_image, actor, place_of=case, subject="case", object_id=case.pk, kind="scene", at=at
    )
    for upload in told.photos:
        store(upload=upload)
    if told.drafts:
        take_pending(
            actor,
            place_of=case,
            subject="case",
            object_id=case.pk,
            tokens=told.drafts,
            session=told.draft_session,
            kind="scene",
            at=at,
        )


def _next_number(at: datetime) -> str:
    """ZT-YYMM-nnnnnn: from a sequence, so that intakes do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        (serial,) = cursor.fetchone()
    return f"ZT-{at.astimezone(SHANGHAI):%y%m}-{serial:06d}"


@action
def accept_case(actor: Actor, *, case_id: int, at: datetime) -> Case:
    case = lock(actor, case_id)
    said = f"收下了。{case.rules().term('triage')}内告诉您归谁办。"
    move(actor, case, "accept", at=at, said=said)
    meet_deadlines(case, "accept", "urgent", at=at)
    start_clock(actor, case, "triage", owner=case.division, at=at)
    case.promised_at = due(actor, case, case.rules().term("major"), case.received_at)
    case.save(update_fields=["promised_at"])
    return case


@action
def reject_case(actor: Actor, *, case_id: int, reason: str, channel: str, at: datetime) -> Case:
    """不受理: with the reason (a code of `rejections`) and the right address, always both."""
    case = lock(actor, case_id)
    if reason not in REJECTIONS:
        raise InvalidInput("选一个不受理的理由。", fields={"reason": "选一个不受理的理由。"})
    case.rejection = reason
    case.rejection_channel = required(
        channel, field="channel", sentence="告诉居民该找哪里，写清单位、电话或地址。"
    )
    grounds = REJECTIONS[reason]
    said = f"这件事不能在这里办：{grounds.plain}。{case.rejection_channel}"
    move(actor, case, "reject", at=at, reason=grounds.label, said=said, law=grounds.law)
    drop_deadlines(case, at=at)
    return case

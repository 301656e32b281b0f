"""A quarrel is written down: who with whom, about what, where. Two sides, one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from yukuai.accounts import policy
from yukuai.accounts.actors import phone_key
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.rules import name_problem, phone_problem, tidy_name, tidy_phone
from yukuai.disputes.actions._steps import TEXT_LENGTH, required, start_clock, tidy, trace
from yukuai.disputes.events import DisputeRegistered
from yukuai.disputes.models import Dispute, DisputeKind, Particulars, Party
from yukuai.disputes.rules import MOST_FEN
from yukuai.disputes.states import Origin, Side
from yukuai.divisions.queries import get_division, list_ancestors
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import widened
from yukuai.workflow.actions import remember
from yukuai.workflow.queries import get_rule_pack

MOST_PARTIES = 10


@dataclass(frozen=True)
class Person:
    """One party as he was named. A number where it was left; never an identity number."""

    side: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Quarrel:
    """What is registered. `consent` says who agreed to mediation and how; `source_key` what it was
    made from, once (`case:17`)."""

    client_uuid: UUID
    division_id: int
    kind: str
    about: str
    parties: Sequence[Person]
    wanted: str = ""
    amount_fen: int | None = None
    origin: str = Origin.COUNTER
    consent: str = ""
    source_key: str = ""


class AlreadyRegistered(Conflict):
    """The same form, or the same matter, was registered before; nothing was written again."""

    code = "already-registered"


@action
def register_dispute(actor: Actor, *, quarrel: Quarrel, at: datetime) -> Dispute:
    """At a counter, from a grid, on referral. Raises AlreadyRegistered for the same form."""
    return receive(actor, quarrel=quarrel, at=at)


def receive(actor: Actor, *, quarrel: Quarrel, at: datetime) -> Dispute:
    """The step of `register_dispute`, for flows that register within an action of their own."""
    division = get_division(actor, division_id=quarrel.division_id)
    policy.require(actor, Permission.DISPUTE_REGISTER, division)
    if division.kind != "community" or division.valid_to is not None:
        raise InvalidInput("请选一个村或社区。", fields={"division": "请选一个村或社区。"})
    if quarrel.origin not in Origin.values:
        raise InvalidInput("选怎么来的。", fields={"origin": "选怎么来的。"})
    people = _checked(quarrel.parties)
    particulars = _particulars(quarrel)
    dispute = Dispute(
        number=_next_number(at),
        client_uuid=quarrel.client_uuid,
        kind=_kind(quarrel.kind),
        origin=quarrel.origin,
        source_key=quarrel.source_key,
        division=division,
        office=_office(actor, division),
        rule_pack=get_rule_pack(actor, subject="dispute", area=division.path, at=at),
        registered_by_id=actor.user_id,
        registered_at=at,
        changed_at=at,
        party_keys=sorted({phone_key(one.phone) for one in people if one.phone}),
    )
    dispute.rekey()
    with widened(actor.areas, [*actor.holders, dispute.ring]):
        _insert(dispute)
        Particulars.inside(dispute, **particulars).save()
        for one in people:
            _keep_party(dispute, one)
        _start(actor, dispute, at)
    return dispute


def _insert(dispute: Dispute) -> None:
    """Unique columns decide between two hands; no look before, which would see nothing anyway."""
    try:
        dispute.save(force_insert=True)
    except IntegrityError as error:
        if "client_uuid" not in str(error) and "dispute_made_once" not in str(error):
            raise
        raise AlreadyRegistered("这件纠纷已经登记过了，不会重复。") from error


def _keep_party(dispute: Dispute, one: Person) -> None:
    party = Party.inside(dispute, side=one.side, name=one.name, phone=one.phone)
    if one.phone:
        party.holders = [*party.holders, phone_key(one.phone)]
    party.save()


def _start(actor: Actor, dispute: Dispute, at: datetime) -> None:
    start_clock(actor, dispute, "assign", owner=dispute.office, at=at, since=at)
    change = remember(actor, dispute, move="register", at=at)
    trace(actor, dispute, "dispute.register", at=at)
    publish(DisputeRegistered(dispute_id=dispute.pk, change_id=change.pk))


def _checked(people: Sequence[Person]) -> list[Person]:
    if len(people) > MOST_PARTIES:
        raise InvalidInput(f"当事人最多写 {MOST_PARTIES} 个，其余的写在事情经过里。")
    tidied = [
        Person(one.side, tidy_name(one.name), tidy_phone(one.phone))
        for one in people
        if one.name.strip() or one.phone.strip()
    ]
    for side in Side:
        if not any(one.side == side for one in tidied):
            sentence = f"写上{side.label}的姓名。"
            raise InvalidInput(sentence, fields={f"{side}_name": sentence})
    for one in tidied:
        _check_person(one)
    _check_phones(tidied)
    return tidied


def _check_person(one: Person) -> None:
    if problem := name_problem(one.name):
        raise InvalidInput(problem, fields={f"{one.side}_name": problem})
    if one.phone and (problem := phone_problem(one.phone)):
        raise InvalidInput(problem, fields={f"{one.side}_phone": problem})


def _check_phones(people: Sequence[Person]) -> None:
    """One telephone on both sides would show each what is the other's."""
    sides: dict[str, str] = {}
    for one in people:
        if one.phone and sides.setdefault(one.phone, one.side) != one.side:
            sentence = "两边写的是同一个手机号，请核对。没有对方的号码可以不写。"
            raise InvalidInput(sentence, fields={f"{one.side}_phone": sentence})


def _particulars(quarrel: Quarrel) -> dict[str, object]:
    amount = quarrel.amount_fen
    if amount is not None and not 0 <= amount <= MOST_FEN:
        sentence = "金额写元，例如 1200 或 1200.50；不涉及钱就不写。"
        raise InvalidInput(sentence, fields={"amount": sentence})
    about = required(
        quarrel.about, field="about", sentence="写明双方争的是什么。", limit=TEXT_LENGTH
    )
    if quarrel.origin == Origin.CASE and not quarrel.consent.strip():
        sentence = "先问过反映人，他同意了才能转调解。"
        raise InvalidInput(sentence, fields={"consent": sentence})
    return {
        "about": about,
        "wanted": tidy(quarrel.wanted, field="wanted"),
        "amount_fen": amount,
        "consent": tidy(quarrel.consent, field="consent", limit=200),
    }


def _kind(code: str) -> DisputeKind:
    found = DisputeKind.objects.filter(code=code, active=True).first()
    if found is None:
        raise InvalidInput("选一个纠纷类型。", fields={"kind": "选一个纠纷类型。"})
    return found


def _office(actor: Actor, division: Any) -> Any:
    """The judicial office of the township; above a community without one, whatever is above."""
    above = list_ancestors(actor, division=division)
    return next((one for one in reversed(above) if one.kind == "township"), above[-1])


def _next_number(at: datetime) -> str:
    """JF-YYMM-nnnnnn: from a sequence, so that registrations do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('disputes_number')")
        (serial,) = cursor.fetchone()
    return f"JF-{at.astimezone(SHANGHAI):%y%m}-{serial:06d}"

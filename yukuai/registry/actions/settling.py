"""Statements that compete, and corrections a person asks for: somebody settles them."""

from datetime import datetime
from typing import Any

from yukuai.accounts.actions.residents import take_key
from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import Actor, Permission, require
from yukuai.accounts.queries.residents import get_me
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.registry.catalogue import field_of
from yukuai.registry.columns import digest_of, person_key, read_form, text_of, texts_of
from yukuai.registry.events import CorrectionSettled
from yukuai.registry.keeping import (
    Said,
    evidence_for,
    holders_of,
    is_person_key,
    lock_record,
    remember,
    write_values,
)
from yukuai.registry.models import Claim, Person
from yukuai.registry.numbers import tidy_number
from yukuai.registry.provenance import write
from yukuai.registry.states import Kind, Standing

SELF = "self"
"""The source of what a person says of himself (`seed/registry/sources.csv`)."""
NOT_YOURS = "没有找到与您的姓名、证件号码和手机号都对得上的登记。请带证件到社区窗口核对。"
BOUND = frozenset({"id_type", "id_no"})
"""Papers are corrected at the window, where they can be seen."""


@action
def prove_own(actor: Actor, *, name: str, number: str, at: datetime) -> int:
    """A resident finds his records: name, number and verified telephone all agree. Returns how many
    there are; from then on they are his to read. The view counts tries first.
    """
    phone = get_me(actor).phone
    if not phone:
        raise Conflict("请先用手机号登录，再查本人的登记。")
    with widened(EVERYWHERE):
        rows = list(
            Person.objects.filter(
                person_key=person_key("", tidy_number(number)),
                phone_hash=phone_hash(phone),
                ended_on=None,
            )
            .exclude(person_key="")
            .select_related("division")
        )
    own = [row for row in rows if row.name == "".join(name.split())]
    if not own:
        raise NotFound(NOT_YOURS)
    for row in own:
        for key in row.holders:  # with those of records that became part of this one
            if is_person_key(key):
                take_key(actor, key=key)
        remember(actor, row, act="person.proved", at=at)
    return len(own)


@action
def ask_correction(
    actor: Actor, *, person_id: int, field: str, value: str, why: str, at: datetime
) -> Claim:
    """The person himself says that something is wrong; a new wish takes the place of the last."""
    row = Person.objects.filter(pk=person_id).select_related("division").first()
    if row is None:
        raise NotFound("没有这条登记。")
    require(actor, Permission.REGISTRY_OWN, row)
    if field in BOUND:
        raise InvalidInput("证件要带原件到社区窗口更正。")
    wanted = read_form(Kind.PERSON, {field: value}, today=today(at), known=texts_of(row))
    if field not in wanted or wanted[field] == text_of(row, field_of(Kind.PERSON, field)):
        raise InvalidInput("和现在登记的一样，不用更正。", fields={"value": "和现在登记的一样。"})
    evidence = evidence_for(actor, Said(SELF, today(at)), at)
    asked = Claim.objects.filter(
        kind=Kind.PERSON, subject_id=row.pk, field=field, standing=Standing.ASKED
    )
    asked.delete()
    claim = Claim.objects.create(
        kind=Kind.PERSON,
        subject_id=row.pk,
        field=field,
        value=wanted[field],
        digest=digest_of(field, wanted[field]),
        evidence=write(evidence),
        standing=Standing.ASKED,
        why=why.strip()[:200],
        claimed_at=at,
        division=row.division,
        holders=holders_of(row),
    )
    remember(actor, row, act="person.ask-correction", at=at, fields=[_label(claim)])
    return claim


@action
def settle_correction(
    actor: Actor, *, claim_id: int, accepted: bool, answer: str, at: datetime
) -> Claim:
    """Whoever keeps the record decides; both values and the answer stay in its history."""
    claim, row = _lock(actor, claim_id, Standing.ASKED)
    if not accepted and not answer.strip():
        raise InvalidInput("请写明为什么不采纳。", fields={"answer": "请写明为什么不采纳。"})
    claim.standing = Standing.TAKEN if accepted else Standing.REFUSED
    claim.settled_at, claim.settled_by, claim.answer = at, actor.label, answer.strip()[:200]
    claim.save(update_fields=["standing", "settled_at", "settled_by", "answer"])
    if accepted:
        _take(row, claim, claim.grounds.confirmed(on=today(at), by=actor.label), at)
    remember(
        actor, row, act="person.settle-correction", at=at, fields=[_label(claim)], accepted=accepted
    )
    publish(CorrectionSettled(claim_id=claim.pk))
    return claim


@action
def choose_claim(actor: Actor, *, claim_id: int, at: datetime) -> None:
    """Another source's statement is the right one after all: somebody has seen to it."""
    claim, row = _lock(actor, claim_id, Standing.OTHER)
    claim.delete()
    _take(row, claim, claim.grounds.confirmed(on=today(at), by=actor.label), at)
    remember(actor, row, act=f"{row.kind}.choose", at=at, fields=[_label(claim)])


def _take(row: Any, claim: Claim, evidence: Any, at: datetime) -> None:
    read_form(
        row.kind, {claim.field: claim.value}, today=today(at), known=texts_of(row)
    )  # what it stands beside may have changed since
    write_values(row, {claim.field: claim.value}, evidence, at=at, decided=True)


def _lock(actor: Actor, claim_id: int, standing: Standing) -> tuple[Claim, Any]:
    claim = Claim.objects.select_for_update().filter(pk=claim_id).first()
    if claim is None or claim.standing != standing:
        raise NotFound("这条说法已经处理过，或者不在您的社区。")
    return claim, lock_record(actor, claim.kind, claim.subject_id)


def _label(claim: Claim) -> str:
    return field_of(claim.kind, claim.field).label

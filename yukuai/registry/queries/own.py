"""What the register holds of the person who asks: his record, his home, what he asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.registry.catalogue import FIELDS, Field, field_of
from yukuai.registry.codes import label_of
from yukuai.registry.columns import shown
from yukuai.registry.models import CareTag, Claim, Membership, Occupancy, Person
from yukuai.registry.saying import door_of, source_label, words_of
from yukuai.registry.states import Kind, Living, Standing

NO_RECORD = "没有这条登记。"
MINE = "record:"


@dataclass(frozen=True)
class OwnFact:
    field: Field
    text: str
    source: str
    collected_on: Any
    confirmed_on: Any
    asked: bool


@dataclass(frozen=True)
class OwnHome:
    place: str
    living: str
    since: Any


@dataclass(frozen=True)
class Wish:
    """A correction that was asked for, and what became of it."""

    claim: Claim
    label: str
    wanted: str
    state: str


@dataclass(frozen=True)
class OwnRecord:
    person: Person
    facts: Sequence[OwnFact]
    homes: Sequence[OwnHome]
    relation: str
    services: Sequence[str]
    wishes: Sequence[Wish]


def has_record(actor: Actor) -> bool:
    """Has he shown who he is? By his keys alone: nothing is asked."""
    return any(key.startswith(MINE) for key in actor.holders)


def list_own_ids(actor: Actor) -> list[int]:
    """The records he has shown to be his."""
    return list(_own(actor).order_by("pk").values_list("pk", flat=True))


def list_own_records(actor: Actor) -> Sequence[OwnRecord]:
    rows = list(_own(actor).select_related("division").order_by("pk"))
    ids = [row.pk for row in rows]
    claims: dict[int, list[Claim]] = {pk: [] for pk in ids}
    standing = (Standing.ASKED, Standing.TAKEN, Standing.REFUSED)
    asked = Claim.objects.filter(kind=Kind.PERSON, subject_id__in=ids, standing__in=standing)
    for claim in visible(actor, Permission.REGISTRY_OWN, asked).order_by("-claimed_at", "-pk"):
        claims[claim.subject_id].append(claim)
    around = _around(ids)
    return [_record(row, claims[row.pk], around) for row in rows]


def get_own_record(actor: Actor, *, person_id: int) -> Person:
    row: Person | None = _own(actor).select_related("division").filter(pk=person_id).first()
    if row is None:
        raise NotFound(NO_RECORD)
    return row


def _own(actor: Actor) -> Any:
    rows = Person.objects.filter(ended_on=None)
    return visible(actor, Permission.REGISTRY_OWN, rows)


def _around(ids: Sequence[int]) -> Mapping[str, Any]:
    """Rows that lie in the community and not with him: of his own record, nothing more of them."""
    if not ids:
        return {"homes": (), "members": (), "care": ()}
    with widened(EVERYWHERE):
        homes = Occupancy.objects.filter(person__in=ids, until=None)
        care = CareTag.objects.filter(person__in=ids, until=None)
        members = Membership.objects.filter(person__in=ids, until=None)
        along = ("dwelling__building", "dwelling__entrance")
        return {
            "homes": list(homes.select_related(*along).order_by(F("since").desc(), "pk")),
            "members": list(members.order_by("pk")),
            "care": list(care.order_by("pk")),
        }


def _record(row: Person, claims: Sequence[Claim], around: Mapping[str, Any]) -> OwnRecord:
    waiting = {claim.field for claim in claims if claim.standing == Standing.ASKED}
    member = next((one for one in around["members"] if one.person_id == row.pk), None)
    return OwnRecord(
        person=row,
        facts=[_fact(row, field, waiting) for field in FIELDS[Kind.PERSON]],
        homes=[_home(one) for one in around["homes"] if one.person_id == row.pk],
        relation=label_of("relation", member.relation) if member and member.relation else "",
        services=[label_of("care", one.code) for one in around["care"] if one.person_id == row.pk],
        wishes=[_wish(claim) for claim in claims],
    )


def _fact(row: Person, field: Field, waiting: set[str]) -> OwnFact:
    evidence = row.evidence(field.name)
    return OwnFact(
        field,
        shown(row, field),
        source_label(evidence.source),
        evidence.collected_on,
        evidence.confirmed_on,
        field.name in waiting,
    )


def _home(one: Occupancy) -> OwnHome:
    return OwnHome(door_of(one.dwelling), Living(one.living).label, one.since)


def _wish(claim: Claim) -> Wish:
    field = field_of(claim.kind, claim.field)
    return Wish(claim, field.label, words_of(claim, field), claim.standing)

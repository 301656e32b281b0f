"""One record as those read it who keep it: its values, on what each rests, what else was said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.kernel.errors import NotFound
from yukuai.registry.catalogue import FIELDS, Field
from yukuai.registry.columns import shown
from yukuai.registry.keeping import NOT_HERE, readable
from yukuai.registry.models import MODELS, Claim, Membership
from yukuai.registry.provenance import Evidence, judge
from yukuai.registry.saying import source_label, words_of
from yukuai.registry.states import Kind, Standing

_ALONG: dict[str, tuple[str, ...]] = {
    Kind.DWELLING: ("building", "entrance"),
    Kind.HOUSEHOLD: ("dwelling__building", "dwelling__entrance"),
    Kind.BUILDING: ("compound", "group", "grid"),
    Kind.ORGANISATION: ("dwelling__building", "dwelling__entrance"),
    Kind.OFFICE_HOLDER: ("person",),
}
"""What a record is shown with."""
ONLY = "只有这一种说法"
SETTLED = "由经办人选定"


@dataclass(frozen=True)
class Statement:
    """Something that was said and is not shown; `text` as anybody may read it."""

    id: int
    text: str
    source: str
    evidence: Evidence
    why: str


@dataclass(frozen=True)
class Fact:
    """One field of a record; `text` is empty where nothing is known. `why` it is the one shown."""

    field: Field
    text: str
    source: str
    evidence: Evidence
    why: str
    due: bool
    others: Sequence[Statement]
    former: Sequence[Statement]
    asked: Sequence[Statement]

    @property
    def is_told(self) -> bool:
        return bool(self.text or self.others or self.former or self.asked)


def get_record(actor: Actor, *, kind: str, record_id: int) -> Any:
    """With what it is shown with; a person also with `household_now` and his `relation_now` in it.
    Raises NotFound, also for other communities."""
    model = MODELS.get(kind)
    if model is None:
        raise NotFound(NOT_HERE)
    rows = readable(actor, model).select_related("division", *_ALONG.get(kind, ()))
    if kind == Kind.PERSON:
        now = Membership.objects.filter(person=OuterRef("pk"), until=None)
        rows = rows.annotate(
            household_now=now.values("household"), relation_now=now.values("relation")
        )
    row = rows.filter(pk=record_id).first()
    if row is None:
        raise NotFound(NOT_HERE)
    return row


def get_claim(actor: Actor, *, claim_id: int) -> Claim:
    """Any statement about a record the actor reads. Raises NotFound."""
    rows = visible(actor, Permission.REGISTRY_VIEW, Claim.objects.filter(pk=claim_id))
    found = rows.first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def list_facts(actor: Actor, *, row: Any, on: date) -> Sequence[Fact]:
    """Field by field, in the order of the catalogue. `on` is today."""
    rows = Claim.objects.filter(kind=row.kind, subject_id=row.pk).order_by("-claimed_at", "-pk")
    claims: dict[str, list[Claim]] = {}
    for claim in visible(actor, Permission.REGISTRY_VIEW, rows):
        claims.setdefault(claim.field, []).append(claim)
    return [_fact(row, one, claims.get(one.name, ()), on) for one in FIELDS[row.kind]]


def _fact(row: Any, field: Field, claims: Iterable[Claim], on: date) -> Fact:
    evidence = row.evidence(field.name)
    said: dict[str, list[Statement]] = {standing: [] for standing in Standing.values}
    others = []
    for claim in claims:
        verdict = judge(claim.grounds, evidence, on=on)
        why = verdict.why if claim.standing == Standing.OTHER else claim.why
        said[claim.standing].append(_statement(claim, field, why))
        if claim.standing == Standing.OTHER:
            others.append(verdict)
    return Fact(
        field,
        shown(row, field),
        source_label(evidence.source),
        evidence,
        _why(evidence, others, on),
        not evidence.holds(on),
        said[Standing.OTHER],
        said[Standing.FORMER],
        said[Standing.ASKED],
    )


def _why(evidence: Evidence, others: Sequence[Any], on: date) -> str:
    """Of several statements: what decided between the one shown and the newest of the others."""
    if not others:
        return ONLY
    return SETTLED if others[0].prevails else str(others[0].why)


def _statement(claim: Claim, field: Field, why: str) -> Statement:
    grounds = claim.grounds
    return Statement(claim.pk, words_of(claim, field), source_label(grounds.source), grounds, why)

"""What a community holds, and what waits there for somebody: corrections, competing statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor, Permission, check, visible
from yukuai.kernel.counting import Counts, compile_counts
from yukuai.kernel.errors import NotFound
from yukuai.registry.catalogue import Field, field_of
from yukuai.registry.columns import in_words, shown
from yukuai.registry.keeping import NOT_HERE
from yukuai.registry.models import MODELS, Claim, Person
from yukuai.registry.queries.listing import Here, due
from yukuai.registry.states import Kind, Standing

DUE = (Kind.PERSON, Kind.HOUSEHOLD, Kind.DWELLING, Kind.ORGANISATION)
"""What somebody goes and sees once a year."""
CAP = 1000
DECIDED = (Standing.TAKEN, Standing.REFUSED)
VIEW, COUNT = Permission.REGISTRY_VIEW, Permission.REGISTRY_COUNT


@dataclass(frozen=True)
class Overview:
    """Numbers of a community. What waits is there for those who may read, and counted to 1000."""

    counts: Mapping[str, int]
    asked: int
    competing: int
    due: Mapping[str, int]


@dataclass(frozen=True)
class Correction:
    """What a resident wants to have changed; `now` and `wanted` as somebody who decides reads
    them: in full, for he gave it for this."""

    claim: Claim
    person: Person
    field: Field
    now: str
    wanted: str


def get_overview(actor: Actor, *, area: str, on: date) -> Overview:
    """One statement."""
    counted = _compiled(actor, area, on).ask()
    kinds = {kind: counted[kind] for kind in MODELS}
    late: dict[str, int] = {
        kind: counted[f"due-{kind}"] for kind in DUE if f"due-{kind}" in counted
    }
    return Overview(kinds, counted.get("asked", 0), counted.get("competing", 0), late)


@lru_cache(maxsize=1024)
def _compiled(actor: Actor, area: str, on: date) -> Counts:
    rows: dict[str, QuerySet[Any]] = {}
    for kind, model in MODELS.items():
        every: Any = model._default_manager
        rows[kind] = visible(actor, COUNT, every.filter(area__within=area, ended_on=None))
    if check(actor, VIEW, Here(area)):
        rows["asked"] = asked_rows(actor, area=area)
        rows["competing"] = list_competing(actor, area=area).order_by()[: CAP + 1]
        rows |= {f"due-{kind}": due(rows[kind], on=on)[: CAP + 1] for kind in DUE}
    return compile_counts(**rows)


def asked_rows(actor: Actor, *, area: str = "") -> QuerySet[Claim]:
    """Corrections nobody has decided yet, where the actor keeps the register."""
    rows = Claim.objects.filter(standing=Standing.ASKED)
    if area:
        rows = rows.filter(area__within=area)
    return visible(actor, VIEW if area else Permission.REGISTRY_EDIT, rows)


def list_competing(actor: Actor, *, area: str) -> QuerySet[Claim]:
    """Statements beside the one shown, the newest first."""
    rows = Claim.objects.filter(standing=Standing.OTHER, area__within=area)
    return visible(actor, VIEW, rows).order_by("-claimed_at", "-pk")


def list_corrections(actor: Actor, *, area: str, most: int) -> Sequence[tuple[Claim, Person, str]]:
    """Who asks for what, the oldest first: the longest has waited the longest."""
    claims = list(asked_rows(actor, area=area).order_by("claimed_at", "pk")[:most])
    ids = [one.subject_id for one in claims]
    people = visible(actor, VIEW, Person.objects.filter(pk__in=ids)).in_bulk()
    return [
        (one, people[one.subject_id], field_of(one.kind, one.field).label)
        for one in claims
        if one.subject_id in people
    ]


def get_correction(actor: Actor, *, claim_id: int) -> Correction:
    """Raises NotFound, also when it has been decided."""
    claim = asked_rows(actor, area="").filter(pk=claim_id).first()
    rows = visible(actor, VIEW, Person.objects.select_related("division"))
    person = rows.filter(pk=claim.subject_id).first() if claim else None
    if claim is None or person is None:
        raise NotFound(NOT_HERE)
    field = field_of(claim.kind, claim.field)
    return Correction(claim, person, field, shown(person, field), in_words(field, claim.value))


def get_settled(actor: Actor, *, claim_id: int) -> tuple[Claim, Person, str]:
    """For the worker: a correction that has been decided, whose it is, and of which field."""
    claim = Claim.objects.filter(pk=claim_id, standing__in=DECIDED).first()
    person = Person.objects.filter(pk=claim.subject_id if claim else 0).first()
    if claim is None or person is None:
        raise NotFound(NOT_HERE)
    return claim, person, field_of(claim.kind, claim.field).label

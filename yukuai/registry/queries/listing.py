"""Records of one kind in one place, a page at a time; what they are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat

from yukuai.accounts.policy import Actor, Permission, check, visible
from yukuai.divisions.queries import get_division
from yukuai.divisions.states import DivisionKind
from yukuai.kernel.errors import NotFound
from yukuai.registry.catalogue import FIELDS
from yukuai.registry.keeping import NOT_HERE, readable
from yukuai.registry.models import MODELS, Occupancy
from yukuai.registry.provenance import DEFAULT, held_since
from yukuai.registry.saying import CARE, LIVING, narrowings
from yukuai.registry.states import Kind

NAMED = ("name", "pk")
ORDER: Mapping[str, tuple[str, ...]] = {
    Kind.HOUSEHOLD: ("pk",),
    Kind.COMPOUND: ("pk",),
    Kind.DWELLING: ("building_id", "floor", "room", "pk"),
}
"""All others are ordered by their names."""
_ALONG: Mapping[str, tuple[str, ...]] = {
    Kind.DWELLING: ("building", "entrance"),
    Kind.HOUSEHOLD: ("dwelling__building", "dwelling__entrance"),
    Kind.COMPOUND: ("division",),
}


@dataclass(frozen=True)
class Here:
    """A place, for the policy."""

    area: str


def get_community(actor: Actor, *, division_id: int) -> Any:
    """A community the actor may at least count in. Raises NotFound for every other place."""
    division = get_division(actor, division_id=division_id)
    counted = check(actor, Permission.REGISTRY_COUNT, Here(division.path))
    if not counted or division.kind != DivisionKind.COMMUNITY:
        raise NotFound(NOT_HERE)
    return division


def list_records(
    actor: Actor,
    *,
    kind: str,
    area: str,
    ended: bool = False,
    due_on: date | None = None,
    **wanted: str,
) -> QuerySet[Any]:
    """`due_on`: those that on this day want to be confirmed; `wanted`: codes by filter."""
    rows = readable(actor, MODELS[kind]).filter(area__within=area, ended_on__isnull=not ended)
    known = narrowings(kind)
    for name, code in wanted.items():
        if name in known and code in known[name][1]:
            rows = rows.filter(_narrowed(name, code))
    if due_on is not None:
        rows = due(rows, on=due_on)
    along = _ALONG.get(kind, ())
    narrowed: QuerySet[Any] = rows.select_related(*along) if along else rows
    return narrowed.order_by(*ORDER.get(kind, NAMED))


def due(rows: Any, *, on: date) -> Any:
    """Those whose evidence nobody has confirmed within a year."""
    key = KeyTextTransform("4", KeyTransform(DEFAULT, "facts"))
    seen = Coalesce(key, Value(""), output_field=TextField())
    return rows.alias(seen_on=seen).filter(seen_on__lt=held_since(on).isoformat())


def homes_of(actor: Actor, *, person_ids: Iterable[int]) -> dict[int, list[Occupancy]]:
    """Where each of them lives or is registered now."""
    rows = Occupancy.objects.filter(person__in=list(person_ids), until=None)
    found: dict[int, list[Occupancy]] = {}
    rows = visible(actor, Permission.REGISTRY_VIEW, rows)
    for one in rows.select_related("dwelling__building", "dwelling__entrance").order_by("pk"):
        found.setdefault(one.person_id, []).append(one)
    return found


def titles_of(actor: Actor, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What these records are called: one statement, whatever their kinds."""
    ids: dict[str, list[int]] = {}
    for kind, pk in wanted:
        ids.setdefault(kind, []).append(pk)
    parts = [_titles(actor, kind, pks) for kind, pks in ids.items()]
    if not parts:
        return {}
    first, *rest = parts
    return {(kind, pk): title for kind, pk, title in (first.union(*rest) if rest else first)}


def _titles(actor: Actor, kind: str, ids: list[int]) -> Any:
    blank = Value(" ")
    title: Any = Cast(F("name"), CharField()) if _has_name(kind) else None
    if kind == Kind.DWELLING:
        title = Concat("building__name", blank, "room", output_field=CharField())
    elif kind == Kind.COMPOUND:
        title = Cast(F("division__name"), CharField())
    elif title is None:
        title = Concat(Value("户 "), Cast("pk", CharField()), output_field=CharField())
    rows = readable(actor, MODELS[kind]).filter(pk__in=ids).order_by()
    return rows.annotate(said=Value(kind), title=title).values_list("said", "pk", "title")


def _has_name(kind: str) -> bool:
    return any(one.name == "name" for one in FIELDS[kind])


def _narrowed(name: str, code: str) -> Q:
    if name == LIVING:
        here = Occupancy.objects.filter(until=None, living=code)
        return Q(pk__in=here.values("person"))
    if name == CARE:
        return Q(care_tags__code=code, care_tags__until=None)
    return Q(**{name: code})

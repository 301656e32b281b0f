"""What of the register stands on the map: one thing at its point, and houses and facilities by
name or address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from yukuai.accounts.policy import Actor, Permission, check, visible
from yukuai.kernel.errors import NotFound
from yukuai.registry.addresses import house_words, joined
from yukuai.registry.codes import label_of
from yukuai.registry.keeping import NOT_HERE
from yukuai.registry.models import Building, Facility, Organisation, counted
from yukuai.registry.queries.facilities import get_facility
from yukuai.registry.questions import Question, Sort, stands_in
from yukuai.registry.states import Kind

LOOKED_AT = 100
"""So many houses are looked at for a word like `1栋`, of which each compound has one."""
P = Permission


@dataclass(frozen=True)
class Spot:
    """`facts` are labels and words, of what is public or the actor reads; `sort` is the category
    in words. `counts`: he may see the plan of a house; `reads`: he may open the record."""

    kind: Kind
    id: int
    name: str
    sort: str
    division_id: int
    lon: float | None
    lat: float | None
    facts: Sequence[tuple[str, str]]
    phone: str
    counts: bool
    reads: bool


@dataclass(frozen=True)
class FoundSpot:
    kind: Kind
    id: int
    name: str
    place: str


def get_spot(actor: Actor, *, kind: str, spot_id: int, at: datetime) -> Spot:
    """Raises NotFound, also for what there is elsewhere and is not public."""
    found = _LOOKS.get(kind)
    if found is None:
        raise NotFound(NOT_HERE)
    model, tell = found
    rows: QuerySet[Any] = model._default_manager.filter(counted(), pk=spot_id)
    if model is Organisation:
        rows = visible(actor, P.REGISTRY_VIEW, rows)
    along = ("division", "compound") if model is Building else ("division",)
    row = rows.select_related(*along).first()
    if row is None:
        raise NotFound(NOT_HERE)
    sort, facts, phone = tell(actor, row, at)
    return Spot(
        Kind(kind),
        row.pk,
        house_words(row) if model is Building else row.name,
        sort,
        row.division_id,
        row.lon,
        row.lat,
        [(label, words) for label, words in facts if words],
        phone,
        bool(check(actor, P.REGISTRY_COUNT, row)),
        bool(check(actor, P.REGISTRY_VIEW, row)),
    )


Told = tuple[str, list[tuple[str, str]], str]


def _facility(actor: Actor, row: Facility, at: datetime) -> Told:
    one = get_facility(actor, facility_id=row.pk, at=at)
    access = {True: "有", False: "没有无障碍设施", None: "没有登记"}[one.accessible]
    facts = [
        ("现在", one.now_said),
        ("开放时间", one.hours),
        ("在哪里", one.address),
        ("无障碍", "，".join(filter(None, (access, one.access_note)))),
        ("可容纳", f"{one.capacity} 人" if one.capacity is not None else ""),
        ("谁管", one.maintainer),
    ]
    return one.category_label, facts, one.phone


def _building(actor: Actor, row: Building, at: datetime) -> Told:
    lift = {True: "有", False: "没有", None: ""}[row.elevator]
    facts = [
        ("楼层", f"{row.floors} 层" if row.floors else ""),
        ("建成", f"{row.built_year} 年" if row.built_year else ""),
        ("电梯", lift),
    ]
    return Kind.BUILDING.label, facts, ""


def _organisation(actor: Actor, row: Organisation, at: datetime) -> Told:
    sort = label_of("organisation", row.org_type) if row.org_type else Kind.ORGANISATION.label
    return sort, [("在哪里", row.address)], ""


_LOOKS: dict[str, tuple[Any, Any]] = {
    Kind.FACILITY: (Facility, _facility),
    Kind.BUILDING: (Building, _building),
    Kind.ORGANISATION: (Organisation, _organisation),
}


def find_spots(actor: Actor, *, question: Question, most: int) -> Sequence[FoundSpot]:
    """Facilities wherever they are, one's own first, and houses where the actor may count; of
    each so many at most."""
    words = question.words if question.sort is Sort.PLACE else (question.text,)
    if question.sort not in (Sort.NAME, Sort.PLACE) or not any(words):
        return ()
    return [*_buildings(actor, words, most), *_facilities(actor, words, most)]


def _facilities(actor: Actor, words: Sequence[str], most: int) -> list[FoundSpot]:
    rows = _called(Facility.objects.filter(counted(), lon__isnull=False), words)
    near = [When(area__within=path, then=0) for path in actor.paths_for(P.MAP_VIEW)]
    rows = rows.order_by(Case(*near, default=1), "name", "pk")
    return [
        FoundSpot(Kind.FACILITY, row.pk, row.name, joined(row.division.name, row.address))
        for row in rows[:LOOKED_AT]
        if _is_called(row.called, words)
    ][:most]


def _buildings(actor: Actor, words: Sequence[str], most: int) -> list[FoundSpot]:
    houses = Building.objects.filter(counted(), lon__isnull=False).select_related("compound")
    seen = visible(actor, P.REGISTRY_COUNT, houses)
    rows = _called(seen, words, F("compound__name"), Value(" "))
    return [
        FoundSpot(
            Kind.BUILDING,
            row.pk,
            house_words(row),
            row.division.name,
        )
        for row in rows.order_by("area", "name", "pk")[:LOOKED_AT]
        if _is_called(row.called, words)
    ][:most]


def _called(rows: QuerySet[Any], words: Sequence[str], *more: Any) -> Any:
    """Those in whose name and address every word stands somewhere."""
    called = Concat(*more, F("address"), Value(" "), F("name"))
    asked = reduce(and_, (Q(called__icontains=word) for word in words))
    return rows.annotate(called=called).filter(asked).select_related("division").defer("facts")


def _is_called(called: str, words: Sequence[str]) -> bool:
    """Numbers only whole."""
    return all(stands_in(word, called) for word in words)

"""A report that counts: how many records meet its conditions, by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.located import TOWNSHIP, Step
from yukuai.divisions.queries import list_names
from yukuai.kernel.clock import today
from yukuai.registry.codes import all_labels
from yukuai.registry.models import MODELS, Building, Dwelling, counted
from yukuai.registry.narrowing import homes_of, narrowed
from yukuai.registry.reporting import BY, NOBODY, Shape, column_of, is_narrow, uses_care

P = Permission
MOST_PLACES = 2000


@dataclass(frozen=True)
class Line:
    place: str
    numbers: Sequence[int]
    """One a part, the sum last."""


@dataclass(frozen=True)
class Summary:
    head: Sequence[str]
    lines: Sequence[Line]
    total: Sequence[int]

    @property
    def cells(self) -> int:
        return len(self.lines) * len(self.head)


def sum_report(actor: Actor, *, shape: Shape, at: datetime) -> Summary:
    """Counts only; who may not read the records counts by what is wide enough to hide them."""
    policy.require_anywhere(actor, P.REPORT_USE)
    if is_narrow(shape) or uses_care(shape):
        policy.require_anywhere(actor, P.REGISTRY_VIEW)
    model: Any = MODELS[shape.kind]
    rows = policy.visible(actor, P.REGISTRY_COUNT, model._default_manager.filter(counted()))
    rows = narrowed(homes_of(rows, shape.kind), shape, day=today(at)).order_by()
    rows = rows.annotate(place_id=_place(shape), part=_part(shape))
    found = list(rows.values("place_id", "part").annotate(number=Count("pk")))
    return _table(actor, shape, found)


def _part(shape: Shape) -> Any:
    column = column_of(shape.kind, shape.split) if shape.split else None
    return F(column.field.name) if column else F("ended_why")


def _place(shape: Shape) -> Any:
    if shape.by == "community":
        return F("division__parent_id") if shape.kind == "compound" else F("division_id")
    if shape.by == "township":
        return Step("area", depth=TOWNSHIP)
    name = f"{shape.by}_id"
    if shape.kind in ("dwelling", "building"):
        return F(name)
    return Subquery(Dwelling.objects.filter(pk=OuterRef("home_id")).values(name)[:1])


def _table(actor: Actor, shape: Shape, found: Sequence[dict[str, Any]]) -> Summary:
    parts = _parts(shape, {row["part"] for row in found})
    names = _names(actor, shape, {row["place_id"] for row in found if row["place_id"]})
    counts: dict[Any, dict[str, int]] = {}
    for row in found:
        of_place = counts.setdefault(row["place_id"], {})
        part = row["part"] if shape.split else ""
        of_place[part] = of_place.get(part, 0) + row["number"]
    lines = [
        Line(names.get(place, NOBODY), _numbers(counts[place], parts))
        for place in sorted(counts, key=lambda pk: (pk is None, list(names).index(pk) if pk else 0))
    ][:MOST_PLACES]
    total = [sum(column) for column in zip(*(line.numbers for line in lines), strict=True)]
    head = [BY[shape.by], *(label for _code, label in parts if shape.split), "合计"]
    return Summary(head, lines, total)


def _numbers(of_place: dict[str, int], parts: Sequence[tuple[str, str]]) -> list[int]:
    numbers = [of_place.get(code, 0) for code, _label in parts]
    return numbers if parts == [("", "")] else [*numbers, sum(of_place.values())]


def _parts(shape: Shape, there: set[Any]) -> list[tuple[str, str]]:
    """Codes in the order of their set; those without one last, where there are any."""
    if not shape.split:
        return [("", "")]
    labels = all_labels()[column_of(shape.kind, shape.split).field.codes]
    known = [(code, label) for code, label in labels.items() if code in there]
    strange = sorted(code for code in there if code and code not in labels)
    empty = [("", NOBODY)] if "" in there else []
    return [*known, *((code, code) for code in strange), *empty]


def _names(actor: Actor, shape: Shape, ids: set[int]) -> dict[int, str]:
    """In the order in which places are read: by code, never by number."""
    if shape.by == "building":
        rows = Building.objects.filter(pk__in=ids).order_by("area", "name", "pk")
        return dict(rows.values_list("pk", "name"))
    return list_names(actor, division_ids=ids)

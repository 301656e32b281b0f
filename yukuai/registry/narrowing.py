"""The conditions and the order of a report as the database understands them; steps of the queries
that fill and count."""

from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from yukuai.registry.columns import to_column
from yukuai.registry.models import (
    CareTag,
    Dwelling,
    Household,
    Membership,
    Occupancy,
)
from yukuai.registry.reporting import (
    DERIVED,
    IN_HOMES,
    PLACE,
    SPELL,
    WITHOUT_VALUE,
    Column,
    Filter,
    Shape,
    born_by,
    column_of,
)
from yukuai.registry.states import Living

_LOOKUPS = {"is": "", "has": "__icontains", "least": "__gte", "most": "__lte"}
_LOOKUPS |= {"from": "__gte", "until": "__lte"}


def homes_of(rows: Any, kind: str) -> Any:
    """Each row with `home_id`: of a person the dwelling he lives in now, one from which he is away
    only where there is no other."""
    if kind == "person":
        away = Case(When(living=Living.HUKOU_AWAY, then=Value(1)), default=Value(0))
        spells = Occupancy.objects.filter(person=OuterRef("pk"), until=None)
        first = spells.order_by(away, F("since").desc(nulls_last=True), "pk").values("dwelling_id")
        return rows.annotate(home_id=Subquery(first[:1]))
    if kind == "dwelling":
        return rows.annotate(home_id=F("pk"))
    return rows.annotate(home_id=F("dwelling_id")) if kind in IN_HOMES else rows


def narrowed(rows: Any, shape: Shape, *, day: date) -> Any:
    """The rows that meet all conditions."""
    for one in shape.filters:
        column = column_of(shape.kind, one.column)
        rows = rows.filter(_condition(shape.kind, column, one, day))
    return rows


def ordered(rows: Any, shape: Shape) -> Any:
    if not shape.order:
        return rows.order_by("pk")
    column = column_of(shape.kind, shape.order)
    path = _path(shape.kind, column)
    if shape.kind in IN_HOMES and column.source != shape.kind and column.field.name != "community":
        home = Dwelling.objects.filter(pk=OuterRef("home_id")).values(path)[:1]
        rows = rows.annotate(sorted_by=Subquery(home))
        path = "sorted_by"
    return rows.order_by(F(path).asc(nulls_last=True), "pk")


def _condition(kind: str, column: Column, one: Filter, day: date) -> Q:
    if column.source == DERIVED:
        return _age(one, day)
    if column.source == SPELL:
        return _spell(column.field.name, one, day)
    test = _test(_path(kind, column), column, one)
    if column.source == "household" and kind != "household":
        households = Household.objects.filter(test)
        members = Membership.objects.filter(until=None, household__in=households)
        return Q(pk__in=members.values("person_id"))
    if column.source == kind or kind not in IN_HOMES or column.field.name == "community":
        return test
    return Q(home_id__in=Dwelling.objects.filter(test).values("pk"))


def _path(kind: str, column: Column) -> str:
    """From the row, or from its dwelling, to the column."""
    name = column.field.name
    if column.source == PLACE:
        if kind == "compound":
            return "division__name" if name == "compound" else "division__parent__name"
        return "division__name" if name == "community" else f"{name}__name"
    if column.source == "building" and kind != "building":
        return f"building__{name}"
    return name


def _test(path: str, column: Column, one: Filter) -> Q:
    blank = Q(**{f"{path}__isnull": True})
    if column.source == PLACE or column.field.name in _texts(column):
        blank |= Q(**{path: ""})
    if one.how in WITHOUT_VALUE:
        return blank if one.how == "empty" else ~blank
    value = (
        one.value if column.source == PLACE else to_column(column.source, column.field, one.value)
    )
    if one.how == "not":
        return ~Q(**{path: value}) | blank
    return Q(**{f"{path}{_LOOKUPS[one.how]}": value})


def _texts(column: Column) -> tuple[str, ...]:
    """Of a column that is empty as a text."""
    return (column.field.name,) if column.field.sort.value in TEXTS else ()


TEXTS = frozenset({"text", "code", "paper", "phone", "uscc"})


def _age(one: Filter, day: date) -> Q:
    if one.how in WITHOUT_VALUE:
        return Q(birth_date__isnull=one.how == "empty")
    years = int(one.value)
    old_enough, older = Q(birth_date__lte=born_by(day, years)), born_by(day, years + 1)
    if one.how == "least":
        return old_enough
    young_enough = Q(birth_date__gt=older)
    return young_enough if one.how == "most" else old_enough & young_enough


def cared_for(day: date) -> Any:
    """A tag holds until the day it says."""
    return CareTag.objects.filter(Q(until=None) | Q(until__gt=day))


def _spell(name: str, one: Filter, day: date) -> Q:
    running: Any = cared_for(day)
    if name != "care":
        model: Any = {"living": Occupancy, "relation": Membership}[name]
        running = model.objects.filter(until=None)
    column = "code" if name == "care" else name
    if one.how == "is":
        return Q(pk__in=running.filter(**{column: one.value}).values("person_id"))
    if one.how == "not":
        return ~Q(pk__in=running.filter(**{column: one.value}).values("person_id"))
    known = Q(pk__in=running.exclude(**{column: ""}).values("person_id"))
    return known if one.how == "known" else ~known

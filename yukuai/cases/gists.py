"""The public gist of matters, as Open311 lists them: which kind, where, how far.

Never a word of what was said, never who said it; somebody's own affair (私事) stands in no list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Case, Category
from yukuai.cases.queries import list_cases
from yukuai.cases.states import Triage
from yukuai.divisions.queries import list_places
from yukuai.kernel.scope import EVERYWHERE, widened

PRIVATE = Q(triage=Triage.PRIVATE) | Q(triage="", category__triage=Triage.PRIVATE)


@dataclass(frozen=True)
class Gist:
    number: str
    state: str
    to_place: bool
    category_code: str
    category_name: str
    division_code: str
    place: str
    """Root first: 重庆市 › 渝中区 › 大溪沟街道 › 人民村社区."""
    unit: str
    received_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    promised_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """Of a list: every field narrows. `areas` are paths of divisions, none is everywhere."""

    since: datetime
    until: datetime
    areas: tuple[str, ...] = ()
    category_codes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


_FIELDS = (
    "number",
    "state",
    "to_place",
    "triage",
    "category__triage",
    "category__code",
    "category__name",
    "division_id",
    "division__code",
    "unit__name",
    "unit_department__name",
    "received_at",
    "changed_at",
    "closed_at",
    "promised_at",
)


def list_gists(actor: Actor, *, wanted: Wanted, offset: int, limit: int) -> list[Gist]:
    """The newest first."""
    rows = Case.objects.filter(received_at__gte=wanted.since, received_at__lte=wanted.until)
    rows = rows.exclude(PRIVATE)
    if wanted.category_codes:
        rows = rows.filter(category__code__in=wanted.category_codes)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.areas:
        within = Q()
        for area in wanted.areas:
            within |= Q(area__within=area)
        rows = rows.filter(within)
    rows = rows.order_by("-received_at", "-pk")[offset : offset + limit]
    return _gists(actor, rows, wanted.areas or EVERYWHERE)


def find_gists(actor: Actor, *, numbers: Iterable[str]) -> list[Gist]:
    """Those that there are, the newest first: whoever knows a number may ask how far it is."""
    wanted = [number.strip().upper() for number in numbers]
    rows = Case.objects.filter(number__in=wanted).order_by("-received_at", "-pk")
    return _gists(actor, rows, EVERYWHERE)


def _gists(actor: Actor, rows: QuerySet[Case], areas: Sequence[str]) -> list[Gist]:
    with widened(areas):
        found = list(rows.values(*_FIELDS))
    places = list_places(actor, division_ids={row["division_id"] for row in found})
    return [_gist(row, places) for row in found]


def _gist(row: dict[str, Any], places: dict[int, str]) -> Gist:
    is_private = (row["triage"] or row["category__triage"]) == Triage.PRIVATE
    return Gist(
        number=row["number"],
        state=row["state"],
        to_place=row["to_place"],
        category_code="" if is_private else row["category__code"] or "",
        category_name="" if is_private else row["category__name"] or "",
        division_code=row["division__code"],
        place=places[row["division_id"]],
        unit=row["unit_department__name"] or row["unit__name"] or "",
        received_at=row["received_at"],
        changed_at=row["changed_at"],
        closed_at=row["closed_at"],
        promised_at=row["promised_at"],
    )


def list_whole_cases(actor: Actor, *, numbers: Iterable[str]) -> QuerySet[Case]:
    """With their content, for an actor who may look there: the caller keeps the record."""
    return list_cases(actor).defer(None).filter(number__in=list(numbers))


def find_number(actor: Actor, *, client_uuid: UUID) -> str:
    """Of a report that an outside system handed in; '' when there is none."""
    with widened(EVERYWHERE):
        rows = Case.objects.filter(client_uuid=client_uuid, source="api")
        return rows.values_list("number", flat=True).first() or ""


def catalogue_changed_at(actor: Actor) -> datetime | None:
    """When a category, or what is asked about it, was last changed."""
    moment: datetime | None = Category.objects.aggregate(last=Max("changed_at"))["last"]
    return moment

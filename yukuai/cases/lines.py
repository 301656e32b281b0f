"""Matters as a list says them: the words of a line, without an object behind each. Fifty a page,
hundreds of pages a second: a page of objects costs more to build than to find and to write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries.departments import names_of_departments
from yukuai.cases.models import Case, Category
from yukuai.cases.states import OPEN, CaseState
from yukuai.divisions.known import names_of_divisions
from yukuai.kernel.reference import Reference

COLUMNS = (
    "pk", "number", "state", "source", "urgent", "to_place", "title", "triage",
    "received_at", "promised_at", "replied_at", "lon", "lat",
)  # fmt: skip
NAMED = ("division_id", "category_id", "unit_id", "unit_department_id")
"""What a line says by name; the names are kept in the process and not joined (ADR 10)."""
TEXTS = ("body", "wanted", "place_text", "answer")
STATES: dict[str, str] = {state.value: str(state.label) for state in CaseState}


@dataclass(frozen=True, slots=True)
class Line:
    """One matter. The texts are there only where they were asked for."""

    pk: int
    number: str
    state: str
    source: str
    urgent: bool
    to_place: bool
    title: str
    triage: str
    received_at: datetime
    promised_at: datetime | None
    replied_at: datetime | None
    lon: float | None
    lat: float | None
    place: str
    category: str | None
    unit_place: str | None
    unit_department: str | None
    body: str = ""
    wanted: str = ""
    place_text: str = ""
    answer: str = ""

    @property
    def unit(self) -> str:
        """Who has it; '' for nobody."""
        return self.unit_department or self.unit_place or ""

    @property
    def is_running(self) -> bool:
        """Whether what was promised is still to come."""
        return self.promised_at is not None and self.state in OPEN and not self.replied_at

    @property
    def state_label(self) -> str:
        return STATES[self.state]


def list_lines(actor: Actor, *, rows: QuerySet[Case], texts: bool = False) -> list[Line]:
    """Of a query that knows whose eyes it serves."""
    return _lines(actor, rows.values_list(*_columns(texts)))


def list_counted_lines(
    actor: Actor, *, rows: QuerySet[Case], total: str, texts: bool = False
) -> tuple[list[Line], int]:
    """The same of a query with a column that holds the number of all; 0 where nothing is found."""
    found = list(rows.values_list(*_columns(texts), total))
    return _lines(actor, (values[:-1] for values in found)), found[0][-1] if found else 0


def lines_of(actor: Actor, *, cases: Iterable[Case]) -> list[Line]:
    """Of matters read already."""
    columns = _columns(texts=False)
    return _lines(actor, (tuple(getattr(case, name) for name in columns) for case in cases))


def _columns(texts: bool) -> tuple[str, ...]:
    return (*COLUMNS, *NAMED, *TEXTS) if texts else (*COLUMNS, *NAMED)


def _lines(actor: Actor, found: Iterable[Sequence[Any]]) -> list[Line]:
    places, departments = names_of_divisions(actor), names_of_departments(actor)
    categories, plain, named = _CATEGORIES.get(), len(COLUMNS), len(COLUMNS) + len(NAMED)
    lines = []
    for values in found:
        place, category, unit, department = values[plain:named]
        names = (places[place], categories.get(category), places.get(unit))
        said = (*values[:plain], *names, departments.get(department), *values[named:])
        lines.append(Line(*said))
    return lines


_CATEGORIES: Reference[dict[int, str]] = Reference(
    lambda: dict(Category.objects.values_list("pk", "name"))
)

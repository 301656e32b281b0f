"""Matters as a list says them: the words of a line, without an object behind each. Fifty a page,
hundreds of pages a second: a page of objects costs more to build than to find and to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yukuai.cases.models import Case
from yukuai.cases.states import OPEN, CaseState

COLUMNS = (
    "pk", "number", "state", "source", "urgent", "to_place", "title", "triage",
    "received_at", "promised_at", "replied_at", "lon", "lat",
    "division__name", "category__name", "unit__name", "unit_department__name",
)  # fmt: skip
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


def list_lines(rows: QuerySet[Case], *, texts: bool = False) -> list[Line]:
    """Of a query that knows whose eyes it serves."""
    columns = (*COLUMNS, *TEXTS) if texts else COLUMNS
    return [Line(*values) for values in rows.values_list(*columns)]


def list_counted_lines(
    rows: QuerySet[Case], *, total: str, texts: bool = False
) -> tuple[list[Line], int]:
    """The same of a query with a column that holds the number of all; 0 where nothing is found."""
    columns = (total, *COLUMNS, *TEXTS) if texts else (total, *COLUMNS)
    found = list(rows.values_list(*columns))
    return [Line(*values[1:]) for values in found], found[0][0] if found else 0


def lines_of(cases: Iterable[Case]) -> list[Line]:
    """Of matters read already."""
    return [_line_of(case) for case in cases]


def _line_of(case: Case) -> Line:
    plain = [getattr(case, name) for name in COLUMNS if "__" not in name]
    joined = (case.division, case.category, case.unit, case.unit_department)
    return Line(*plain, *(one.name if one else None for one in joined))

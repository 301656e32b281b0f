"""What a list of matters is narrowed by: a description that can be kept, and the rows it leaves.

Every condition is a plain column, a range or an operator marked leakproof, so that an index serves
it under row-level security (docs/adr/0007-full-text.md).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.cases.lying import lying_within
from yukuai.cases.models import Case, Visit
from yukuai.cases.queries import counted_once, list_cases
from yukuai.cases.rules import tidy_number
from yukuai.cases.states import OPEN
from yukuai.documents.queries import having_attachments
from yukuai.kernel import fulltext

TEXT_LENGTH = 60
PROBE, OFTEN = 500, 5
"""Of so many of the newest matters so many say it: then the newest are read until enough do."""
PARTS = {"title": "A", "place": "B", "body": "C", "answer": "D"}
"""In which of its texts a word stands: the weights of `Case.words`."""
MOMENTS = ("received_from", "received_before", "due_before", "overdue_at")


@dataclass(frozen=True)
class Filter:
    """Every field narrows, an empty one does not.

    `text` is a number, or words that must all stand in the matter, in `part` of it where that is
    named. `units` are paths, each with `:` and perhaps a department (`1.7.:31`). Moments are aware,
    and `…_before` is not included; `due_before` and `overdue_at` look at what was promised and not
    yet answered.
    """

    states: tuple[str, ...] = ()
    triage: str = ""
    category_id: int | None = None
    within: str = ""
    text: str = ""
    part: str = ""
    source: str = ""
    units: tuple[str, ...] = ()
    urgent: bool = False
    to_place: bool = False
    parts: bool = False
    reopened: bool = False
    photos: bool = False
    visited: bool | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what narrows."""
        said = {name: value for name, value in asdict(self).items() if value not in ("", (), None)}
        said = {
            name: value for name, value in said.items() if value is not False or name == "visited"
        }
        return {name: _plain(value) for name, value in said.items()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Filter":
        """What is no longer known narrows nothing."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in said.items() if name in known}
        for name in MOMENTS:
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        for name in ("states", "units"):
            if name in values:
                values[name] = tuple(values[name])
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def filter_cases(actor: Actor, *, wanted: Filter) -> QuerySet[Case]:
    """What the officer may look at and asks for, newest first."""
    rows = list_cases(actor).filter(_columns(wanted), _clocks(wanted))
    if wanted.units:
        rows = rows.filter(_units(wanted.units))
    if wanted.photos:
        rows = rows.filter(having_attachments(actor, subject="case"))
    if wanted.visited is not None:
        seen = Exists(Visit.objects.filter(case=OuterRef("pk")))
        rows = rows.filter(seen if wanted.visited else ~seen)
    if not wanted.parts:
        once = counted_once(actor)
        rows = rows.filter(once | Q(number=tidy_number(wanted.text)) if wanted.text else once)
    return _saying(rows, wanted) if wanted.text.strip() else rows


def is_said_often(actor: Actor, *, wanted: Filter) -> bool:
    """Whether a passage stands in one matter of a hundred or more. The planner takes its pairs of
    signs for strangers: of one that stands in every eighth matter it expects a handful, and would
    gather a hundred thousand of them to show the newest twenty."""
    asking = _question(wanted)
    if tidy_number(wanted.text) or " & " not in asking:
        return False
    newest = filter_cases(actor, wanted=replace(wanted, text="", part=""))
    says = ExpressionWrapper(Q(words__asked=asking), output_field=BooleanField())
    return sum(newest.annotate(says=says).values_list("says", flat=True)[:PROBE]) >= OFTEN


def _columns(wanted: Filter) -> Q:
    lookups: dict[str, Any] = {
        "state__in": wanted.states,
        "triage": wanted.triage,
        "category_id": wanted.category_id,
        "source": wanted.source,
        "urgent": wanted.urgent or None,
        "to_place": wanted.to_place or None,
        "reopened__gt": 0 if wanted.reopened else None,
        "received_at__gte": wanted.received_from,
        "received_at__lt": wanted.received_before,
    }
    said = Q(**{lookup: value for lookup, value in lookups.items() if value or value == 0})
    return said & lying_within(wanted.within) if wanted.within else said


def _clocks(wanted: Filter) -> Q:
    """Running promises only: what was answered is due no more."""
    ends = [moment for moment in (wanted.due_before, wanted.overdue_at) if moment is not None]
    if not ends:
        return Q()
    return Q(promised_at__lt=min(ends), replied_at=None, state__in=sorted(OPEN))


def _units(units: tuple[str, ...]) -> Q:
    found = Q(pk__in=())
    for unit in units:
        path, _, department = unit.partition(":")
        if department:
            found |= Q(unit_area=path, unit_department=int(department))
        else:
            found |= Q(unit_area=path, unit_department=None)
    return found


def _saying(rows: QuerySet[Case], wanted: Filter) -> QuerySet[Case]:
    """By number, or by words, with the texts in which they are then shown."""
    if number := tidy_number(wanted.text):
        return rows.filter(number=number)
    asking = _question(wanted)
    if not asking:
        return rows.none()
    return rows.filter(words__asked=asking).defer(None).defer("words")


def _question(wanted: Filter) -> str:
    return fulltext.question(wanted.text[:TEXT_LENGTH], weights=PARTS.get(wanted.part, ""))

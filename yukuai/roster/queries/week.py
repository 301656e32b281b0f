"""A week as a table: days down, shifts across, a gap where nobody was assigned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import list_posts_for
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.roster.models import Assignment, Shift
from yukuai.roster.queries.desks import NO_WINDOW, Desk, may_read
from yukuai.roster.rules import COMING_DAYS, week_of
from yukuai.workflow.queries import list_special_days

GONE = "值班表里没有这一格。可能已经换过了，请回到值班表重新看。"


@dataclass(frozen=True)
class Cell:
    """A shift of a day. `runs`: the shift comes on this weekday at all."""

    day: date
    shift: Shift
    runs: bool
    people: Sequence[Assignment]
    over: bool

    @property
    def gap(self) -> bool:
        return self.runs and not self.people and not self.over


@dataclass(frozen=True)
class Row:
    """A day. `holiday` is what the calendar calls it, where it is out of the plain week."""

    day: date
    holiday: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Gap:
    day: date
    shift: Shift


def list_shifts(actor: Actor, *, desk: Desk) -> QuerySet[Shift]:
    """The shifts of a window the actor may read, by their beginning."""
    rows = Shift.objects.filter(**desk.found_by, ended_at=None)
    return rows.order_by("starts", "pk") if may_read(actor, desk=desk) else rows.none()


def get_shift(actor: Actor, *, shift_id: int, locked: bool = False) -> Shift:
    """One that is in use, with its window. NotFound where the actor may not read the roster."""
    rows = Shift.objects.filter(pk=shift_id, ended_at=None)
    rows = rows.select_for_update(of=("self",)) if locked else rows
    found = rows.select_related("division", "department").first()
    if found is None or not may_read(actor, desk=_desk(found)):
        raise NotFound(NO_WINDOW)
    return found


def get_assignment(actor: Actor, *, assignment_id: int, locked: bool = False) -> Assignment:
    rows = Assignment.objects.filter(pk=assignment_id, ended_at=None)
    rows = rows.select_for_update(of=("self",)) if locked else rows
    found = rows.select_related("division", "department", "shift", "post__user").first()
    if found is None or not may_read(actor, desk=_desk(found)):
        raise NotFound(GONE)
    return found


def _desk(row: Any) -> Desk:
    """The window a row belongs to."""
    return Desk(row.division, row.department)


def list_assigned(
    actor: Actor, *, desk: Desk, since: date, until: date, ended: bool = False
) -> QuerySet[Assignment]:
    """Who was assigned from a day to a day, both included."""
    rows = Assignment.objects.filter(**desk.found_by, day__range=(since, until))
    if not may_read(actor, desk=desk):
        return rows.none()
    rows = rows.filter(ended_at__isnull=not ended).select_related("shift", "post__user")
    return rows.order_by("starts_at", "pk")


def list_history(actor: Actor, *, desk: Desk) -> QuerySet[Assignment]:
    """Every line of a window's roster, also those taken back, the last written first."""
    rows = Assignment.objects.filter(**desk.found_by).select_related("shift", "post__user")
    rows = rows.order_by("-made_at", "-pk")
    return rows if may_read(actor, desk=desk) else rows.none()


def list_candidates(actor: Actor, *, desk: Desk, at: datetime) -> list[Any]:
    """Whoever holds a post at the window that handles matters, by name."""
    rows = list_posts_for(
        actor, **_ids(desk), permission=Permission.CASE_HANDLE, at=at
    ).select_related("user")
    return list(rows.order_by("user__display_name", "pk"))


def _ids(desk: Desk) -> dict[str, Any]:
    return {"division_id": desk.division.pk, "department_id": desk.department_id}


def list_rows(actor: Actor, *, desk: Desk, monday: date, at: datetime) -> list[Row]:
    """The week that begins on a Monday; three statements. No rows where there are no shifts."""
    days = week_of(monday)
    shifts = list(list_shifts(actor, desk=desk))
    if not shifts:
        return []
    taken = _by_cell(list_assigned(actor, desk=desk, since=days[0], until=days[-1]))
    special = {one.day: _said(one) for one in list_special_days(actor, days=days)}
    return [
        Row(day, special.get(day, ""), [_cell(shift, day, taken, at) for shift in shifts])
        for day in days
    ]


def _said(special: Any) -> str:
    return f"{special.name}{'上班' if special.working else '放假'}"


def _cell(
    shift: Shift, day: date, taken: Mapping[tuple[int, date], list[Assignment]], at: datetime
) -> Cell:
    people = taken.get((shift.pk, day), [])
    runs = day.isoweekday() in shift.weekdays
    return Cell(day, shift, runs, people, over=shift.span(day).ends_at <= at)


def _by_cell(rows: Iterable[Assignment]) -> dict[tuple[int, date], list[Assignment]]:
    cells: dict[tuple[int, date], list[Assignment]] = {}
    for row in rows:
        cells.setdefault((row.shift_id, row.day), []).append(row)
    return cells


def list_gaps(actor: Actor, *, desk: Desk, at: datetime) -> list[Gap]:
    """Shifts of the coming days for which nobody is assigned; a window without shifts has none."""
    first = today(at)
    days = [first + timedelta(days=n) for n in range(COMING_DAYS)]
    shifts = list(list_shifts(actor, desk=desk))
    if not shifts:
        return []
    taken = _by_cell(list_assigned(actor, desk=desk, since=first, until=days[-1]))
    cells = [_cell(shift, day, taken, at) for day in days for shift in shifts]
    return [Gap(cell.day, cell.shift) for cell in cells if cell.gap]

"""A report fills itself: its rows from the register, cell by cell, in the actor's scope.

Masked like every page; only `rows_opened` opens what is sealed, for a file that was approved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.conf import settings

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotPermitted
from yukuai.registry.catalogue import Field
from yukuai.registry.codes import all_labels
from yukuai.registry.columns import in_words, shown, text_of
from yukuai.registry.keeping import holders_of
from yukuai.registry.models import MODELS, Dwelling, Membership, Occupancy, counted
from yukuai.registry.narrowing import cared_for, homes_of, narrowed, ordered
from yukuai.registry.reporting import (
    CHILD,
    DERIVED,
    IN_HOMES,
    SPELL,
    Column,
    Shape,
    age_on,
    born_by,
    column_of,
    uses_care,
)
from yukuai.registry.states import Kind

CHUNK = 500
PREVIEW = 50
P = Permission


@dataclass(frozen=True)
class Cell:
    """`subject` is the record that bears the value and may be asked for it: kind, id, field; None
    where there is none or the value is reckoned."""

    column: Column
    text: str
    subject: tuple[str, int, str] | None = None

    @property
    def key(self) -> str:
        """Its name in a form."""
        return "-".join(map(str, self.subject)) if self.subject else ""


@dataclass(frozen=True)
class Row:
    target: str
    area: str
    holders: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Filled:
    rows: Sequence[Row]
    total: int

    @property
    def known(self) -> int:
        """Cells that filled themselves, of the rows shown."""
        return sum(bool(cell.text) for row in self.rows for cell in row.cells)

    @property
    def cells(self) -> int:
        return sum(len(row.cells) for row in self.rows)


def require_rows(actor: Actor, shape: Shape) -> None:
    """Names are for those who keep them: above the community there are counts (domain.md §1.6)."""
    policy.require_anywhere(actor, P.REPORT_USE)
    if not actor.may(P.REGISTRY_EXPORT):
        raise NotPermitted("逐条的表由村（社区）来填。您这一级可以按村（社区）汇总件数。")
    if uses_care(shape):
        policy.require_anywhere(actor, P.REGISTRY_VIEW)


def preview_report(actor: Actor, *, shape: Shape, at: datetime, empty_only: bool = False) -> Filled:
    """The first rows, and how many there are in all. `empty_only`: those that want something."""
    require_rows(actor, shape)
    rows = _rows_of(actor, shape, at)
    if not empty_only:
        first = _read(list(rows[:PREVIEW]), shape, at, opened=False)
        return Filled(first, rows.count())
    wanting = (row for row in _chunks(rows, shape, at, opened=False) if _wants(row))
    return Filled(list(islice(wanting, PREVIEW)), rows.count())


@dataclass(frozen=True)
class Leaving:
    """How many rows may leave in a file, and how many stay because they are of children."""

    rows: int
    children: int


def count_leaving(actor: Actor, *, shape: Shape, at: datetime) -> Leaving:
    require_rows(actor, shape)
    rows = _rows_of(actor, shape, at)
    leaving = int(_without_children(rows, shape, at).count())
    return Leaving(leaving, int(rows.count()) - leaving if _keeps_children(shape) else 0)


def rows_opened(actor: Actor, *, shape: Shape, at: datetime, most: int) -> Iterator[Row]:
    """A step of writing a file: sealed values as they are, of those who may leave."""
    require_rows(actor, shape)
    rows = _without_children(_rows_of(actor, shape, at), shape, at)
    return islice(_chunks(rows, shape, at, opened=True), most)


def _keeps_children(shape: Shape) -> bool:
    """All that is known of a child stays inside, as the fields of level L4 do."""
    return shape.kind == Kind.PERSON and not settings.REPORTS["sensitive"]


def _without_children(rows: Any, shape: Shape, at: datetime) -> Any:
    if not _keeps_children(shape):
        return rows
    return rows.exclude(birth_date__gt=born_by(today(at), CHILD))


def _wants(row: Row) -> bool:
    return any(cell.subject and not cell.text for cell in row.cells)


def _rows_of(actor: Actor, shape: Shape, at: datetime) -> Any:
    model = MODELS[shape.kind]
    rows = policy.visible(actor, P.REGISTRY_EXPORT, model._default_manager.filter(counted()))
    rows = narrowed(homes_of(rows, shape.kind), shape, day=today(at))
    return ordered(rows.select_related("division"), shape)


def _chunks(rows: Any, shape: Shape, at: datetime, *, opened: bool) -> Iterator[Row]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield from _read(chunk, shape, at, opened=opened)


@dataclass(frozen=True)
class _Around:
    """What the rows of a chunk are joined to."""

    homes: Mapping[int, Dwelling]
    members: Mapping[int, Membership]
    living: Mapping[int, str]
    care: Mapping[int, Sequence[str]]


def _read(chunk: Sequence[Any], shape: Shape, at: datetime, *, opened: bool) -> list[Row]:
    columns = [column_of(shape.kind, name) for name in shape.columns]
    around = _look_around(chunk, {one.source for one in columns}, shape.kind, today(at))
    sets = all_labels()
    reader = _Reader(shape.kind, around, sets, at, opened)
    return [
        Row(
            row.target,
            row.area,
            tuple(holders_of(row)),
            tuple(reader.cell(row, one) for one in columns),
        )
        for row in chunk
    ]


def _look_around(chunk: Sequence[Any], sources: set[str], kind: str, day: date) -> _Around:
    ids = [row.pk for row in chunk]
    wanted = {row.home_id for row in chunk} if kind in IN_HOMES else set()
    homes = Dwelling.objects.select_related("building", "entrance", "compound", "group", "grid")
    found = homes.in_bulk([pk for pk in wanted if pk]) if sources - {kind} else {}
    if kind != "person":
        return _Around(found, {}, {}, {})
    members, living, care = {}, {}, {}
    if sources & {"household", SPELL}:
        rows = Membership.objects.filter(person__in=ids, until=None).select_related("household")
        members = {row.person_id: row for row in rows}
    if SPELL in sources:
        spells = Occupancy.objects.filter(person__in=ids, until=None).order_by("-pk")
        at_home = {(row.person_id, row.dwelling_id): row.get_living_display() for row in spells}
        living = {row.pk: at_home.get((row.pk, row.home_id), "") for row in chunk}
        care = _care_of(ids, day)
    return _Around(found, members, living, care)


def _care_of(ids: Sequence[int], day: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    tags = cared_for(day).filter(person__in=ids).order_by("code")
    for person_id, code in tags.values_list("person_id", "code"):
        found.setdefault(person_id, []).append(code)
    return found


class _Reader:
    """Cells of one kind of rows."""

    def __init__(
        self,
        kind: str,
        around: _Around,
        sets: Mapping[str, Mapping[str, str]],
        at: datetime,
        opened: bool,
    ) -> None:
        self.kind, self.around, self.sets, self.opened = kind, around, sets, opened
        self.today = today(at)

    def cell(self, row: Any, column: Column) -> Cell:
        record = self._record(row, column.source)
        if column.source in MODELS:
            if record is None:
                return Cell(column, "")
            text = self._text(record, column.field)
            return Cell(column, text, (column.source, record.pk, column.field.name))
        if column.source == DERIVED:
            return Cell(column, str(age_on(row.birth_date, self.today)) if row.birth_date else "")
        if column.source == SPELL:
            return Cell(column, self._spell(row, column.field.name))
        return Cell(column, self._place(row, column.field.name))

    def _text(self, record: Any, field: Field) -> str:
        return in_words(field, text_of(record, field)) if self.opened else shown(record, field)

    def _record(self, row: Any, source: str) -> Any:
        if source == self.kind:
            return row
        if source == "household":
            member = self.around.members.get(row.pk)
            return member.household if member else None
        home = self._home(row)
        if source == "dwelling" or home is None:
            return home
        return home.building

    def _home(self, row: Any) -> Any:
        if self.kind == "dwelling":
            return self.around.homes.get(row.pk)
        return self.around.homes.get(row.home_id) if self.kind in IN_HOMES else None

    def _spell(self, row: Any, name: str) -> str:
        if name == "living":
            return self.around.living.get(row.pk, "")
        if name == "relation":
            member = self.around.members.get(row.pk)
            return self.sets["relation"].get(member.relation, "") if member else ""
        codes = self.around.care.get(row.pk, ())
        return "、".join(self.sets["care"].get(code, code) for code in codes)

    def _place(self, row: Any, name: str) -> str:
        if name == "community":
            own = row.division
            return str(own.parent if self.kind == "compound" else own)
        if self.kind == "compound":
            return str(row.division)
        place = self._home(row) if self.kind in IN_HOMES else row
        found = getattr(place, name, None) if place is not None else None
        return found.name if found is not None else ""

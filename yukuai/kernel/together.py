"""Rows that come into being together, in one statement: for the paths a whole city hurries down.

What `save()` of each would write, in one prepared statement instead of six: two thirds of such an
insert is the way to the database and back. Each row travels as one JSON object, which the database
reads by the types of its own columns; a text that is too long is refused, never cut. Columns come
from the models, so a new column is written here the day it is added. Nothing of `save()` is called,
and defaults of the database stay the database's.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)
from django.db.models.expressions import DatabaseDefault
from psycopg.types.json import Json, Jsonb


class _Encoder(json.JSONEncoder):
    """To the microsecond, which Django's own cuts to the millisecond."""

    def default(self, o: Any) -> Any:
        if isinstance(o, date):  # and datetime
            return o.isoformat()
        return str(o) if isinstance(o, UUID | Decimal) else super().default(o)


_encode = _Encoder(ensure_ascii=False).encode
_PLAIN: dict[type, tuple[type, ...]] = {
    CharField: (str,),
    TextField: (str,),
    BooleanField: (bool,),
    IntegerField: (int, type(None)),
    BigIntegerField: (int, type(None)),
    FloatField: (float, type(None)),
    DateTimeField: (datetime, type(None)),
    UUIDField: (UUID,),
}
"""Types of values that travel as they are, by exactly these kinds of fields."""


@dataclass(frozen=True)
class Follower:
    """A row whose column `link` (its attname) takes the id of the first one."""

    row: Model
    link: str


@dataclass(frozen=True)
class Statement:
    """Another statement of the same breath; `{first}` and `{n1}`, `{n2}` … stand for the ids of the
    first row and of the followers. Its parameters come last."""

    sql: str
    params: tuple[Any, ...] = ()
    is_query: bool = False
    """It is a SELECT that does something."""


def insert_together(
    first: Model, followers: Sequence[Follower], also: Sequence[Statement] = ()
) -> None:
    """Insert all, and give each instance its id. Raises IntegrityError as `save()` would."""
    assert connection.in_atomic_block, "insert_together() is a step of an @action"
    columns, values = _values(first)
    parts, params = [f"r0 AS ({_insert(type(first), columns, '')} RETURNING id)"], [values]
    for place, follower in enumerate(followers, start=1):
        columns, values = _values(follower.row, without=follower.link)
        insert = _insert(type(follower.row), columns, follower.link)
        parts.append(f"r{place} AS ({insert} RETURNING id)")
        params.append(values)
    for place, statement in enumerate(also):
        parts.append(f"s{place} AS ({_fill(statement.sql, len(followers))})")
        params += statement.params
    wanted = [f"(SELECT id FROM r{place})" for place in range(len(followers) + 1)]
    # what nobody asks for is not run, unless it writes
    wanted += [f"(SELECT count(*) FROM s{place})" for place, s in enumerate(also) if s.is_query]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(wanted)}", params)
        found = cursor.fetchone()
    for instance, pk in zip([first, *(f.row for f in followers)], found, strict=False):
        _is_kept(instance, pk)
    for follower in followers:
        setattr(follower.row, follower.link, first.pk)


def insert_many(rows: Iterable[Model], *, known_stay: bool = False) -> None:
    """Rows of one kind: what `bulk_create` would write, in a statement whose text is the same for
    any number of them. `known_stay`: what breaks a unique key is left out, and no row is given an
    id; otherwise each is, or IntegrityError is raised."""
    assert connection.in_atomic_block, "insert_many() is a step of an @action"
    alike: dict[tuple[str, ...], list[tuple[Model, str]]] = {}
    for row in rows:
        columns, values = _values(row)
        alike.setdefault(columns, []).append((row, values))
    for columns, pairs in alike.items():
        insert = _insert(type(pairs[0][0]), columns, "", many=True)
        tail = " ON CONFLICT DO NOTHING" if known_stay else " RETURNING id"
        with connection.cursor() as cursor:
            cursor.execute(insert + tail, [f"[{','.join(values for _row, values in pairs)}]"])
            ids = [] if known_stay else [pk for (pk,) in cursor.fetchall()]
        for (row, _values_of), pk in zip(pairs, ids, strict=False):
            _is_kept(row, pk)


def _is_kept(row: Model, pk: int) -> None:
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias


def _values(row: Model, *, without: str = "") -> tuple[tuple[str, ...], Any]:
    """The columns to be written, and their values as one JSON object."""
    values: dict[str, Any] = {}
    given = row.__dict__
    for field, attname, column, plain in _columns(type(row)):
        if attname == without:
            continue
        value = given.get(attname)
        if value.__class__ not in plain:  # neither text nor number as it is: the field knows how
            value = field.pre_save(row, True)
            if isinstance(value, DatabaseDefault):
                continue
            value = field.get_db_prep_save(value, connection)
            value = value.obj if isinstance(value, Json | Jsonb) else value
        values[column] = value
    return tuple(values), _encode(values)


@cache
def _columns(model: type[Model]) -> "list[tuple[Field[Any, Any], str, str, tuple[type, ...]]]":
    """Field, attribute, column, and the types of values that go to the database as they are."""
    return [(f, f.attname, str(f.column), _as_they_are(f)) for f in _fields(model)]


def _as_they_are(field: "Field[Any, Any]") -> tuple[type, ...]:
    """Only of fields that change nothing on the way: a sealed text is a TextField and does."""
    if isinstance(field, ForeignKey):
        return (int, type(None))
    if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add):
        return ()
    return next((types for kind, types in _PLAIN.items() if type(field) is kind), ())


@cache
def _fields(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    written = (f for f in model._meta.concrete_fields if not f.generated)
    return tuple(f for f in written if not isinstance(f, AutoField))


@cache
def _insert(model: type[Model], columns: tuple[str, ...], link: str, *, many: bool = False) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    taken = [quote(column) for column in columns]
    function = "json_populate_recordset" if many else "json_populate_record"
    source = f"{function}(NULL::{table}, %s) AS given"
    names, values = [*taken], [f"given.{name}" for name in taken]
    if link:
        names.append(_column(model, link))
        values.append("r0.id")
        source = f"r0, {source}"
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"


def _column(model: type[Model], attname: str) -> str:
    field = next(f for f in _fields(model) if f.attname == attname)
    return str(connection.ops.quote_name(str(field.column)))


def _fill(sql: str, followers: int) -> str:
    ids = {"first": "(SELECT id FROM r0)"}
    ids |= {f"n{place}": f"(SELECT id FROM r{place})" for place in range(1, followers + 1)}
    return sql.format(**ids)

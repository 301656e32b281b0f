"""Seal anew, with the key in use, what lies sealed with a former one: every SealedField there is.

As the owner of the tables: some may not be rewritten by anybody else, and its fences are taken down
for the length of a batch. Nothing is noted of how far it came: a text names its key, so whoever
begins again goes on where it stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from psycopg import sql

from yukuai.kernel import crypto
from yukuai.kernel.fields import SealedField

BATCH = 500
OWNER = "owner"
_EVERYWHERE = (
    "SELECT set_config('yukuai.areas', '{\"\"}', true), set_config('lock_timeout', '5s', true)"
)
_FENCED = """
    SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal
        AND tgtype & 16 <> 0)
"""


@dataclass(frozen=True)
class Sealed:
    """A table and its sealed columns, each with its purpose."""

    table: str
    key: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Left:
    """How many texts of a table are sealed with another key, and how many nobody can open."""

    table: str
    former: int
    broken: int


def list_sealed() -> Iterator[Sealed]:
    for model in apps.get_models():
        columns = {
            str(field.column): field.purpose
            for field in model._meta.local_fields
            if isinstance(field, SealedField)
        }
        if columns and not model._meta.proxy:
            yield Sealed(model._meta.db_table, _key_of(model), columns)


def reseal(sealed: Sealed, *, after: int) -> tuple[int, int]:
    """The next batch: how many texts were sealed anew, and the last row looked at (0: the end).

    What cannot be opened stays as it is, and is counted by `find_left`.
    """
    with transaction.atomic(using=OWNER, durable=True), connections[OWNER].cursor() as cursor:
        cursor.execute(_EVERYWHERE)
        cursor.execute(_FENCED, [sealed.table])
        [fenced] = cursor.fetchone()
        with _open_fence(cursor, sealed.table) if fenced else transaction.atomic(using=OWNER):
            rows = _rows(cursor, sealed, after)
            done = sum(_write(cursor, sealed, *row) for row in rows)
        return done, rows[-1][0] if rows else 0


def find_left(sealed: Sealed) -> Left:
    """Reads and opens all that is not sealed with the key in use."""
    former = broken = after = 0
    with transaction.atomic(using=OWNER, durable=True), connections[OWNER].cursor() as cursor:
        cursor.execute(_EVERYWHERE)
        while rows := _rows(cursor, sealed, after):
            after = rows[-1][0]
            for _key, *texts in rows:
                for text, purpose in zip(texts, sealed.columns.values(), strict=True):
                    former += _is_former(text)
                    broken += _is_former(text) and _anew(text, purpose) is None
    return Left(sealed.table, former, broken)


class _open_fence:
    """Without the table's own triggers; they are back at the end of the transaction, whatever
    happens: taking them down is undone with it."""

    def __init__(self, cursor: Any, table: str) -> None:
        self.cursor, self.table = cursor, sql.Identifier(table)

    def __enter__(self) -> None:
        self._say("DISABLE")

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._say("ENABLE")

    def _say(self, verb: str) -> None:
        words = sql.SQL("ALTER TABLE {} " + verb + " TRIGGER USER")
        self.cursor.execute(words.format(self.table))


def _key_of(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _rows(cursor: Any, sealed: Sealed, after: int) -> list[tuple[Any, ...]]:
    former = sql.SQL(" OR ").join(
        sql.SQL("{0} <> '' AND NOT starts_with({0}, {1})").format(
            sql.Identifier(column), sql.Literal(crypto.seal_prefix())
        )
        for column in sealed.columns
    )
    names = sql.SQL(", ").join(map(sql.Identifier, [sealed.key, *sealed.columns]))
    query = sql.SQL(
        "SELECT {names} FROM {table} WHERE {key} > {after} AND ({former})"
        " ORDER BY {key} LIMIT {batch} FOR UPDATE"
    ).format(
        names=names,
        table=sql.Identifier(sealed.table),
        key=sql.Identifier(sealed.key),
        after=sql.Literal(after),
        former=former,
        batch=sql.Literal(BATCH),
    )
    cursor.execute(query)
    return list(cursor.fetchall())


def _write(cursor: Any, sealed: Sealed, key: int, *texts: str | None) -> int:
    anew = {
        column: fresh
        for (column, purpose), text in zip(sealed.columns.items(), texts, strict=True)
        if _is_former(text) and (fresh := _anew(str(text), purpose)) is not None
    }
    if anew:
        given = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(text))
            for name, text in anew.items()
        )
        cursor.execute(
            sql.SQL("UPDATE {} SET {} WHERE {} = {}").format(
                sql.Identifier(sealed.table), given, sql.Identifier(sealed.key), sql.Literal(key)
            )
        )
    return len(anew)


def _is_former(text: str | None) -> bool:
    return bool(text) and not str(text).startswith(crypto.seal_prefix())


def _anew(text: str, purpose: str) -> str | None:
    """None: no key of ours opens it."""
    try:
        return crypto.seal(crypto.unseal(text, purpose=purpose), purpose=purpose)
    except crypto.BrokenSeal:
        return None

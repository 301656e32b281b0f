"""What seldom changes (categories, rule packs, holidays, the tree): read once a version.

One row says in which version reference data is; a trigger on each of its tables moves it on
(`constraints.BumpsReference`). A transaction learns the version in the statement that opens its
scope, so what is kept is never older than the transaction that uses it. What an action itself has
just changed it reads from the tables, not from here.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
MOST_KEYS = 20_000

version: ContextVar[int | None] = ContextVar("reference_version", default=None)
"""Of the running transaction; None where there is none, or none is known: nothing is kept then."""


def read_version() -> int:
    """As it is now, for what needs no transaction: whether something kept is still true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM kernel_referenceversion")
        return int(cursor.fetchone()[0])


class Reference(Generic[T]):
    """A value made by `load`, kept until the version moves on."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._kept: tuple[int, T] | None = None

    def get(self) -> T:
        now, kept = version.get(), self._kept
        if now is not None and kept is not None and kept[0] == now:
            return kept[1]
        value = self._load()
        self._kept = None if now is None else (now, value)
        return value


class ReferenceMap(Generic[K, V]):
    """Values by key, each loaded when it is first asked for. What `load` raises is not kept."""

    def __init__(self, load: Callable[[K], V]) -> None:
        self._load = load
        self._rooms: Reference[dict[K, V]] = Reference(dict)

    def get(self, key: K) -> V:
        if version.get() is None:
            return self._load(key)
        room = self._rooms.get()
        if key not in room:
            if len(room) >= MOST_KEYS:
                room.clear()
            room[key] = self._load(key)
        return room[key]

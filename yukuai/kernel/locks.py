"""Locks by name, for what has no row of its own to be locked."""

from django.db import connection

_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key"
_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def hold(*keys: str) -> None:
    """A step: one at a time, until the transaction ends. All keys in one statement and in one
    order, so that two who take several never wait for each other."""
    assert connection.in_atomic_block, "hold() is a step of an @action"
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(set(keys))])


def hold_if_free(key: str) -> bool:
    """The same without waiting: False where another one holds it."""
    assert connection.in_atomic_block, "hold_if_free() is a step of an @action"
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [key])
        return bool(cursor.fetchone()[0])

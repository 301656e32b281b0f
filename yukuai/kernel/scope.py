"""What a transaction may see: read by row-level security. No transaction, no rows.

Two settings, both only ever transaction-local: `yukuai.areas`, the subtrees an officer works in,
and `yukuai.holders`, the keys by which a person holds rows of his own wherever they lie
(`user:17`, `phone:<hash>`, `ticket:<hash>`).
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from yukuai.kernel import reference

EVERYWHERE = ("",)
"""The empty prefix: for jobs and commands that act for the platform itself."""

log = logging.getLogger("yukuai.scope")
_undo: ContextVar[list[Callable[[], None]] | None] = ContextVar("undo", default=None)


@contextmanager
def scope(
    areas: Iterable[str], holders: Iterable[str] = (), *, by_value: bool = False
) -> Iterator[None]:
    """Open the transaction and say for whom; both end together.

    `by_value`: each statement is planned with its values. A prepared statement run often enough is
    otherwise planned once for all values: for how rare a word is, and how small a place, that plan
    is blind. For lists and searches; what writes knows its rows.
    """
    within_a_test = connection.in_atomic_block
    with _undoing(), transaction.atomic(durable=True):
        known = reference.version.set(_set(areas, holders, by_value))
        try:
            yield
        finally:
            reference.version.reset(known)
        if within_a_test:  # a released savepoint would keep the setting
            _set((), ())


def on_rollback(undo: Callable[[], None]) -> None:
    """A step that also wrote outside the database: what to do should the transaction fail.

    Not called when the connection was lost or the process killed: the transaction may have been
    committed all the same. Whoever registers a clean-up also sweeps.
    """
    steps = _undo.get()
    assert steps is not None, "on_rollback() is a step of an @action"
    steps.append(undo)


@contextmanager
def _undoing() -> Iterator[None]:
    steps: list[Callable[[], None]] = []
    token = _undo.set(steps)
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        for undo in reversed(steps):
            try:
                undo()
            except Exception:  # the refusal itself must reach the person
                log.exception("undoing after a rollback")
        raise
    finally:
        _undo.reset(token)


@contextmanager
def widened(areas: Iterable[str], holders: Iterable[str] = ()) -> Iterator[None]:
    """A step that must see more than its actor may: counts without content, a key to be claimed.

    Ends with the block, whatever happens in it.
    """
    assert connection.in_atomic_block, "widened() is a step of an action or a reading"
    with connection.cursor() as cursor:
        cursor.execute(_WIDEN, [list(areas), list(holders)])
        before = cursor.fetchone()[:2]
    try:
        yield
    finally:
        if not _is_aborted():  # nothing can be said any more, and nothing seen
            _restore(before)


# The list is evaluated from left to right: what was, then what shall be.
_WIDEN = """
    SELECT current_setting('yukuai.areas', true), current_setting('yukuai.holders', true),
        set_config('yukuai.areas', %s::text[]::text, true),
        set_config('yukuai.holders', %s::text[]::text, true)
"""


@contextmanager
def in_order_of_index() -> Iterator[None]:
    """What is asked within is read in the order of an index until enough is found, and not
    gathered first: for whoever knows better than the planner how much there is."""
    with connection.cursor() as cursor:
        cursor.execute(_GATHER, ["off"])
    try:
        yield
    finally:
        if not _is_aborted():
            with connection.cursor() as cursor:
                cursor.execute(_GATHER, ["on"])


_GATHER = "SELECT set_config('enable_bitmapscan', %s, true)"


def _is_aborted() -> bool:
    status = connection.connection.info.transaction_status
    return connection.needs_rollback or status == TransactionStatus.INERROR


def _set(areas: Iterable[str], holders: Iterable[str], by_value: bool = False) -> int | None:
    """A pooled connection goes back without it. Returns the version of reference data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('yukuai.areas', %s::text[]::text, true),"
            " set_config('yukuai.holders', %s::text[]::text, true),"
            " set_config('plan_cache_mode', %s, true),"
            " (SELECT version FROM kernel_referenceversion)",
            [list(areas), list(holders), "force_custom_plan" if by_value else "auto"],
        )
        found = cursor.fetchone()[3]
        return None if found is None else int(found)


def _restore(settings: tuple[str | None, str | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('yukuai.areas', %s, true), set_config('yukuai.holders', %s, true)",
            [setting or "" for setting in settings],
        )

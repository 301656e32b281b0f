from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from yukuai.kernel.together import Statement

# Without RETURNING: whoever may append need not be allowed to read.
_APPEND = """
    INSERT INTO audit_auditentry
        (happened_at, actor, user_id, act, target, area, purpose, holders, details)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s::varchar[], %s)
"""

_APPEND_EACH = """
    INSERT INTO audit_auditentry
        (happened_at, actor, user_id, act, target, area, purpose, holders, details)
    SELECT %s, %s, %s, %s, thing.target, thing.area, %s, thing.holders, %s
    FROM jsonb_to_recordset(%s) AS thing (target text, area text, holders text[])
"""


def record(
    actor: Any,
    *,
    act: str,
    target: str,
    area: str,
    at: datetime,
    purpose: str = "",
    holders: Iterable[str] = (),
    **details: object,
) -> None:
    """A step of an action or a reading: remember it in the same transaction.

    `holders` names whose personal data was seen or changed; that person can read the entry.
    """
    assert connection.in_atomic_block, "record() is a step of an @action"
    entry = recording(
        actor,
        act=act,
        target=target,
        area=area,
        at=at,
        purpose=purpose,
        holders=holders,
        **details,
    )
    with connection.cursor() as cursor:
        cursor.execute(entry.sql, entry.params)


def recording(
    actor: Any,
    *,
    act: str,
    target: str,
    area: str,
    at: datetime,
    purpose: str = "",
    holders: Iterable[str] = (),
    **details: object,
) -> Statement:
    """What `record` would write, as a part of another statement."""
    values = (at, actor.label, actor.user_id, act, target, area, purpose, list(holders))
    return Statement(_APPEND, (*values, Jsonb(details)))


def record_each(
    actor: Any,
    *,
    act: str,
    things: Iterable[tuple[str, str, Iterable[str]]],
    at: datetime,
    purpose: str = "",
    **details: object,
) -> None:
    """The same of many rows in one statement: each thing is (target, area, holders), so that each
    person concerned reads an entry of his own."""
    assert connection.in_atomic_block, "record_each() is a step of an @action"
    rows = [
        {"target": target, "area": area, "holders": list(holders)}
        for target, area, holders in things
    ]
    values: list[Any] = [at, actor.label, actor.user_id, act, purpose, Jsonb(details), Jsonb(rows)]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_EACH, values)

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

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

# Without RETURNING: whoever may append need not be allowed to read.
_APPEND = """
    INSERT INTO audit_auditentry
        (happened_at, actor, user_id, act, target, area, purpose, holders, details)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
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
    values: list[Any] = [at, actor.label, actor.user_id, act, target, area, purpose, list(holders)]
    values.append(Jsonb(details))
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)

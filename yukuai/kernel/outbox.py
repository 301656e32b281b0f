"""Facts that other apps react to, written in the transaction of the fact.

A subscriber gets a job of its own. What a whole city writes hundreds of times a second is gathered
instead: one short row, which the next round of its kind takes together with the others. Events are
frozen dataclasses of ids and plain values, so that both can carry them as JSON.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar

from django.db import connection

from yukuai.kernel.models import Gathered
from yukuai.kernel.together import Statement

E = TypeVar("E")

SUBSCRIBERS: dict[type, list[Any]] = defaultdict(list)
GATHERED: set[type] = set()
"""Events that a round takes."""

_TAKE = """
    DELETE FROM kernel_gathered WHERE id IN (
        SELECT id FROM kernel_gathered WHERE topic = %s ORDER BY id LIMIT %s
        FOR UPDATE SKIP LOCKED
    ) RETURNING id, facts
"""


def publish(*events: Any) -> None:
    """All of one kind; as many statements for a hundred as for one."""
    assert connection.in_atomic_block, "publish() is a step of an @action"
    facts = [asdict(event) for event in events]
    for kind in {type(event) for event in events}:
        for task in SUBSCRIBERS[kind]:
            task.batch_defer(*facts)
        if kind in GATHERED:
            rows = [Gathered(topic=kind.__name__, facts=fact) for fact in facts]
            Gathered.objects.bulk_create(rows)


def deferring(event: type, args: str) -> list[Statement]:
    """What `publish` would write, as parts of another statement. `args` is the SQL of a jsonb
    object with the fields of the event; [] when nobody listens."""
    statements = []
    if tasks := SUBSCRIBERS[event]:
        jobs = [(f"ROW(%s, %s, %s, NULL, NULL, {args}, NULL)", task) for task in tasks]
        sql = ", ".join(f"{row}::procrastinate_job_to_defer_v1" for row, _task in jobs)
        params = [value for _row, t in jobs for value in (t.queue, t.name, t.priority)]
        sql = f"SELECT procrastinate_defer_jobs_v1(ARRAY[{sql}])"
        statements.append(Statement(sql, tuple(params), is_query=True))
    if event in GATHERED:
        sql = f"INSERT INTO kernel_gathered (topic, facts) VALUES (%s, {args})"
        statements.append(Statement(sql, (event.__name__,)))
    return statements


def take(event: type[E], *, most: int) -> list[E]:
    """A step: what was gathered, the oldest first. It is gone when the transaction holds, and back
    when it fails; two rounds at once never have the same."""
    assert connection.in_atomic_block, "take() is a step of an @action"
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [event.__name__, most])
        rows = sorted(cursor.fetchall())
    return [event(**json.loads(facts)) for _id, facts in rows]


@contextmanager
def muted() -> Iterator[None]:
    """Play history without telling anybody: for imports and demonstrations."""
    before = {event: list(tasks) for event, tasks in SUBSCRIBERS.items()}
    gathered = set(GATHERED)
    SUBSCRIBERS.clear()
    GATHERED.clear()
    try:
        yield
    finally:
        SUBSCRIBERS.update(before)
        GATHERED.update(gathered)

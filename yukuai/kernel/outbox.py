"""Facts that other apps react to: one job row per subscriber, in the transaction of the fact.

Events are frozen dataclasses of ids and plain values, so that a job can carry them as JSON.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.db import connection

from yukuai.kernel.together import Statement

SUBSCRIBERS: dict[type, list[Any]] = defaultdict(list)


def publish(event: Any) -> None:
    assert connection.in_atomic_block, "publish() is a step of an @action"
    for task in SUBSCRIBERS[type(event)]:
        task.defer(**asdict(event))


def deferring(event: type, args: str) -> Statement | None:
    """What `publish` would write, as a part of another statement. `args` is the SQL of a jsonb
    object with the fields of the event; None when nobody subscribes."""
    tasks = SUBSCRIBERS[event]
    if not tasks:
        return None
    jobs = [(f"ROW(%s, %s, %s, NULL, NULL, {args}, NULL)", task) for task in tasks]
    sql = ", ".join(f"{row}::procrastinate_job_to_defer_v1" for row, _task in jobs)
    params = [value for _row, t in jobs for value in (t.queue, t.name, t.priority)]
    return Statement(
        f"SELECT procrastinate_defer_jobs_v1(ARRAY[{sql}])", tuple(params), is_query=True
    )


@contextmanager
def muted() -> Iterator[None]:
    """Play history without telling anybody: for imports and demonstrations."""
    before = {event: list(tasks) for event, tasks in SUBSCRIBERS.items()}
    SUBSCRIBERS.clear()
    try:
        yield
    finally:
        SUBSCRIBERS.update(before)

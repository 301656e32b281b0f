"""Facts that other apps react to: one job row per subscriber, in the transaction of the fact.

Events are frozen dataclasses of ids and plain values, so that a job can carry them as JSON.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.db import connection

SUBSCRIBERS: dict[type, list[Any]] = defaultdict(list)


def publish(event: Any) -> None:
    assert connection.in_atomic_block, "publish() is a step of an @action"
    for task in SUBSCRIBERS[type(event)]:
        task.defer(**asdict(event))


@contextmanager
def muted() -> Iterator[None]:
    """Play history without telling anybody: for imports and demonstrations."""
    before = {event: list(tasks) for event, tasks in SUBSCRIBERS.items()}
    SUBSCRIBERS.clear()
    try:
        yield
    finally:
        SUBSCRIBERS.update(before)

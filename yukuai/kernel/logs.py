"""Lines that say whence they come: the request's number, or the job's. Never whose they are.

What a person typed is not logged anywhere; this is the last sieve. A telephone number is blotted
out, and the row that the database shows beside an error (`DETAIL:`) is cut off.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from procrastinate import App, JobContext

log = logging.getLogger("yukuai.jobs")
_whence: ContextVar[dict[str, Any] | None] = ContextVar("whence", default=None)
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])")
_ROW = re.compile(r"^(?:DETAIL|CONTEXT|HINT):.*(?:\n(?![A-Z][a-z]+Error|Traceback|\n).*)*", re.M)
FIELDS = ("route", "method", "status", "milliseconds", "task", "outcome")
"""What a line may say besides its words (`extra=`)."""


@contextmanager
def whence(**said: Any) -> Iterator[None]:
    """Every line within says this too: `whence(request="3FK-9QT")`."""
    token = _whence.set({**(_whence.get() or {}), **said})
    try:
        yield
    finally:
        _whence.reset(token)


class Within(logging.Filter):
    """Drops what Django says of an answer once it has left us, with its address and without its
    number: `yukuai.requests` has said it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return _whence.get() is not None


class Lines(logging.Formatter):
    """To read: `2026-03-02 12:00:00,000 INFO yukuai.web [request 3FK-9QT] …`."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{whence}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        said = (_whence.get() or {}).items()
        record.whence = " ".join(f"{name} {value}" for name, value in said) or "-"
        return sieved(super().format(record))


class JsonLines(logging.Formatter):
    """To collect: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            **(_whence.get() or {}),
            **{name: vars(record)[name] for name in FIELDS if name in vars(record)},
            "message": sieved(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = sieved(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def sieved(text: str) -> str:
    """Without rows of the database and without telephone numbers."""
    return _PHONE.sub("1**********", _ROW.sub("DETAIL: …", text))


def number_jobs(app: App) -> None:
    """Said in PROCRASTINATE_ON_APP_READY: jobs run within `job_numbered`."""
    app.worker_defaults["worker_middleware"] = [job_numbered]


async def job_numbered(run: Callable[[], Awaitable[Any]], context: JobContext, _worker: Any) -> Any:
    """Every line of a job names it, and each job ends with a line. Arguments are not said."""
    job = context.job
    with whence(job=job.id):
        said = {"task": job.task_name, "outcome": "failed"}
        try:
            result = await run()
            said["outcome"] = "done"
        finally:
            log.info("%(task)s %(outcome)s", said, extra=said)
        return result

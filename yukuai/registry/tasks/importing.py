"""The worker's part: imports are tried, written and taken back in portions; files whose time is
over go."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.actors import find_officer
from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, Unavailable
from yukuai.kernel.outbox import SUBSCRIBERS
from yukuai.kernel.scope import scope
from yukuai.registry.actions.importing import fail_import, sweep_imports
from yukuai.registry.actions.importing_back import finish_undo, undo_portion
from yukuai.registry.actions.importing_run import (
    begin,
    finish_check,
    finish_import,
    try_lines,
    write_portion,
)
from yukuai.registry.events import ImportAsked
from yukuai.registry.intake.files import BadFile, Row, Table
from yukuai.registry.intake.judging import Judged
from yukuai.registry.intake.writing import Moved
from yukuai.registry.queries.importing import get_import, open_table
from yukuai.registry.states import Stage

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)
PORTION = 2500
TRIES = 3
POST_ENDED = "您的岗位有变动，后台不能替您做了。请用现在的岗位再来。"
CROWDED = "导入时别人一直在改同一批记录。请过一会儿接着做。"


@app.task(retry=AGAIN)
def work_on_import(batch_id: int) -> None:
    """With the rights of the officer who asked, as they are now. Twice is once."""
    at = clock.now()
    with scope(SYSTEM.areas):
        batch = get_import(SYSTEM, batch_id=batch_id)
    officer = find_officer(user_id=batch.user_id, post_id=batch.post_id, at=at)
    step = STEPS.get(Stage(batch.stage))
    if step is None:
        return
    if officer is None:
        fail_import(SYSTEM, batch_id=batch_id, because=POST_ENDED, at=at)
        return
    try:
        step(officer, batch_id, at)
    except Unavailable:
        raise
    except (DomainError, BadFile) as error:
        fail_import(SYSTEM, batch_id=batch_id, because=str(error), at=at)


def check_import(officer: Actor, batch_id: int, at: datetime) -> None:
    batch, judge = begin(officer, batch_id=batch_id, stage=Stage.CHECKING, at=at)
    table = open_table(officer, batch=batch)
    judged: list[Judged] = []
    for rows in _portions(table, batch.head + 1):
        judged += try_lines(officer, batch_id=batch_id, judge=judge, rows=rows, at=at)
    finish_check(officer, batch_id=batch_id, table=table, judged=judged, at=at)


def run_import(officer: Actor, batch_id: int, at: datetime) -> None:
    batch, judge = begin(officer, batch_id=batch_id, stage=Stage.RUNNING, at=at)
    table = open_table(officer, batch=batch)
    upto, tries = batch.upto, 0
    while rows := table.rows[batch.head + 1 + upto :][:PORTION]:
        try:
            write_portion(officer, batch_id=batch_id, judge=judge, rows=rows, upto=upto, at=at)
        except (IntegrityError, Moved):
            tries += 1
            if tries == TRIES:
                fail_import(SYSTEM, batch_id=batch_id, because=CROWDED, at=at)
                return
            _batch, judge = begin(officer, batch_id=batch_id, stage=Stage.RUNNING, at=at)
            continue
        upto, tries = upto + len(rows), 0
    finish_import(officer, batch_id=batch_id, at=at)


def undo_import(officer: Actor, batch_id: int, at: datetime) -> None:
    while undo_portion(officer, batch_id=batch_id, at=at):
        pass
    finish_undo(officer, batch_id=batch_id, at=at)


STEPS = {
    Stage.CHECKING: check_import,
    Stage.RUNNING: run_import,
    Stage.UNDOING: undo_import,
}


def _portions(table: Table, start: int) -> Iterator[Sequence[Row]]:
    for place in range(start, len(table.rows), PORTION):
        yield table.rows[place : place + PORTION]


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="registry.imports")
def sweep(timestamp: int) -> None:
    sweep_imports(SYSTEM, at=clock.now())


SUBSCRIBERS[ImportAsked].append(work_on_import)

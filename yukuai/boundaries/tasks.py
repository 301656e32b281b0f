"""Jobs. Each may run twice."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.boundaries.actions import move_batch, put_draft_in_effect
from yukuai.boundaries.actions.deciding import note_trouble
from yukuai.boundaries.events import LinesTookEffect
from yukuai.boundaries.queries import list_due, list_unfinished
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.kernel.outbox import SUBSCRIBERS
from yukuai.kernel.scope import EVERYWHERE, scope

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="1 * * * *")
@app.task(queueing_lock="boundaries.effect")
def put_due_in_effect(timestamp: int) -> None:
    """What was approved and whose day has come; also what a killed worker left half followed."""
    at = clock.now()
    with scope(EVERYWHERE):
        due = list_due(SYSTEM, on=today(at))
        unfinished = list_unfinished(SYSTEM)
    for draft_id in due:
        try:
            put_draft_in_effect(SYSTEM, draft_id=draft_id, at=at)
        except Conflict as error:
            note_trouble(SYSTEM, draft_id=draft_id, sentence=error.message, at=at)
    for draft_id in unfinished:
        move_things(draft_id)


@app.task(retry=AGAIN)
def move_things(draft_id: int) -> None:
    while move_batch(SYSTEM, draft_id=draft_id, at=clock.now()):
        pass


SUBSCRIBERS[LinesTookEffect].append(move_things)

"""The worker's clock: what rests when nobody answers, and what older rows still lack."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import archive_due
from yukuai.cases.actions.filling import fill_name_hashes, fill_words
from yukuai.kernel import clock


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.archive")
def archive(timestamp: int) -> None:
    while archive_due(SYSTEM, at=clock.now()):
        pass


BATCHES = 40
"""In one turn: half a minute of work at most, and nothing once all is filled."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.fill")
def fill(timestamp: int) -> None:
    for one in (fill_words, fill_name_hashes):
        for _batch in range(BATCHES):
            if not one(SYSTEM, at=clock.now()):
                break

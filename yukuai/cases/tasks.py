"""The worker's clock: what rests when nobody answers."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import archive_due
from yukuai.cases.tallies import refresh_tallies
from yukuai.kernel import clock
from yukuai.workflow.horizon import advance_horizon


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.archive")
def archive(timestamp: int) -> None:
    while archive_due(SYSTEM, at=clock.now()):
        pass


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="cases.tally", pass_context=False)
def tally(timestamp: int) -> None:
    """Every ten seconds: the boards add up what has moved."""
    at = clock.now()
    until = advance_horizon(SYSTEM, at=at)
    while refresh_tallies(SYSTEM, until=until, at=at):
        pass

"""Once an hour: what nobody came back for."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.documents import actions
from yukuai.kernel import clock


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="documents.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    at = clock.now()
    while actions.sweep_pending(SYSTEM, at=at):
        pass
    actions.sweep_orphans(SYSTEM, at=at)

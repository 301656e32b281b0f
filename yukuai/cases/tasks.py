"""The worker's clock: what rests when nobody answers."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import archive_due
from yukuai.kernel import clock


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.archive")
def archive(timestamp: int) -> None:
    while archive_due(SYSTEM, at=clock.now()):
        pass

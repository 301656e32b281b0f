"""The worker's clock: once a minute, what is due."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.workflow.actions import remind_of_deadlines


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="workflow.remind", pass_context=False)
def remind(timestamp: int) -> None:
    while remind_of_deadlines(SYSTEM, at=clock.now()):
        pass

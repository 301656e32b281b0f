"""The worker's clock: files of outputs whose time is over go."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.registry.actions.exporting import sweep_outputs


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="registry.outputs")
def sweep(timestamp: int) -> None:
    sweep_outputs(SYSTEM, at=clock.now())

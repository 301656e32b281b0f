from procrastinate import App, JobContext
from procrastinate.contrib.django import app

from yukuai.kernel import clock, stalled
from yukuai.kernel.limits import forget_limits


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="kernel.limits")
def forget(timestamp: int) -> None:
    forget_limits(before=clock.now())


@app.periodic(cron="* * * * * */10")
@app.task(pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Without a queueing lock: a round that died with its worker must not keep out the next."""
    assert isinstance(context.app, App)
    await stalled.revive(context.app)

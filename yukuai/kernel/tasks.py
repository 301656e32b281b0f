from procrastinate import App, JobContext
from procrastinate.contrib.django import app

from yukuai.kernel import clock, stalled
from yukuai.kernel.limits import forget_limits

KEPT_HOURS = 72


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


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="kernel.jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Done three days ago; what failed stays until somebody has looked."""
    assert isinstance(context.app, App)
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)

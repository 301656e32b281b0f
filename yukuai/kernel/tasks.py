from procrastinate.contrib.django import app

from yukuai.kernel import clock
from yukuai.kernel.limits import forget_limits


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="kernel.limits")
def forget(timestamp: int) -> None:
    forget_limits(before=clock.now())

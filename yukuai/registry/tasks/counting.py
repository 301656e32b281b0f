"""The worker's clock: how much of everything each community has."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.events import DivisionsChanged
from yukuai.kernel import clock
from yukuai.kernel.outbox import GATHERED, SUBSCRIBERS
from yukuai.registry.actions import count_touched, recount
from yukuai.registry.events import RecordsTouched

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="* * * * * */10")
@app.task(lock="registry.count", queueing_lock="registry.count")
def count(timestamp: int) -> None:
    while count_touched(SYSTEM, at=clock.now()):
        pass


@app.periodic(cron="40 2 * * *")
@app.task(lock="registry.count", queueing_lock="registry.recount")
def count_daily(timestamp: int) -> None:
    recount(SYSTEM, at=clock.now())


@app.task(lock="registry.count", retry=AGAIN)
def count_after_change(change_id: int) -> None:
    recount(SYSTEM, at=clock.now())


GATHERED.add(RecordsTouched)
SUBSCRIBERS[DivisionsChanged].append(count_after_change)

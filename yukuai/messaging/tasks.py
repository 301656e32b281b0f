"""Jobs of the outbox. Each may run twice."""

from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.messaging.sending import deliver_sms, requeue_due
from yukuai.messaging.spooling import expire_parts


@app.task(queue="sms")
def deliver(delivery_id: int, attempt: int) -> None:
    deliver_sms(delivery_id=delivery_id, attempt=attempt, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="messaging.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    while requeue_due(SYSTEM, at=clock.now()):
        pass
    while expire_parts(SYSTEM, at=clock.now()):
        pass

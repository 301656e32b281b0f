"""Jobs. Each may run twice."""

from datetime import date, timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.policy import SYSTEM
from yukuai.exchange import carrying, feeding
from yukuai.exchange.actions.receiving import forget_nonces, settle_matter
from yukuai.exchange.actions.sending import follow_case, requeue_parcels
from yukuai.exchange.actions.subscriptions import forget_tries
from yukuai.exchange.queries.matters import list_overdue_matters, list_with_news
from yukuai.exchange.queries.systems import list_active
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.horizon import advance_horizon

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)
SWEPT = 200


@app.task(queue="exchange", retry=AGAIN)
def follow(case_id: int, change_id: int, move: str) -> None:
    follow_case(SYSTEM, case_id=case_id, at=clock.now())


@app.task(queue="exchange", retry=AGAIN)
def follow_supervision(case_id: int, change_id: int) -> None:
    follow_case(SYSTEM, case_id=case_id, at=clock.now())


@app.task(queue="exchange")
def deliver(parcel_id: int, attempt: int) -> None:
    carrying.deliver(parcel_id=parcel_id, attempt=attempt, at=clock.now())


@app.task(queue="exchange", retry=AGAIN)
def settle(system_id: int, external_id: str) -> None:
    settle_matter(system_id=system_id, external_id=external_id, at=clock.now())


@app.task(queue="exchange", retry=AGAIN)
def ask_about(system_id: int, external_id: str) -> None:
    carrying.ask_about(system_id=system_id, external_id=external_id, at=clock.now())


@app.task(queue="exchange", retry=AGAIN)
def reconcile(system_id: int, day: str) -> None:
    carrying.reconcile(system_id=system_id, day=date.fromisoformat(day), at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="exchange", queueing_lock="exchange.pull")
def pull(timestamp: int) -> None:
    for system_id in _active():
        carrying.pull(system_id=system_id, at=clock.now())


@app.periodic(cron="30 2 * * *")
@app.task(queue="exchange", queueing_lock="exchange.reconcile")
def reconcile_yesterday(timestamp: int) -> None:
    at = clock.now()
    for system_id in _active():
        carrying.reconcile(system_id=system_id, day=today(at) - timedelta(days=1), at=at)


@app.periodic(cron="* * * * *")
@app.task(queue="exchange", queueing_lock="exchange.sweep")
def sweep(timestamp: int) -> None:
    """What a lost job left behind, what no event announced, what waited long enough."""
    at = clock.now()
    while requeue_parcels(SYSTEM, at=at):
        pass
    with scope(EVERYWHERE):
        cases = list_with_news(SYSTEM, limit=SWEPT)
        matters = list_overdue_matters(SYSTEM, at=at, limit=SWEPT)
    for case_id in cases:
        follow_case(SYSTEM, case_id=case_id, at=at)
    for system_id, external_id in matters:
        settle_matter(system_id=system_id, external_id=external_id, patient=False, at=at)


@app.periodic(cron="* * * * * */10")
@app.task(queue="webhooks", queueing_lock="exchange.feed")
def feed(timestamp: int) -> None:
    """New lines of the log to everybody who subscribed, by batch from each one's mark."""
    at = clock.now()
    horizon = advance_horizon(SYSTEM, at=at)
    for subscription_id in feeding.list_due(horizon=horizon, at=at):
        feed_one.defer(subscription_id=subscription_id)


@app.task(queue="webhooks")
def feed_one(subscription_id: int) -> None:
    """So that one slow receiver keeps nobody else waiting."""
    while feeding.feed(subscription_id=subscription_id, at=clock.now()):
        pass


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="exchange.forget")
def forget(timestamp: int) -> None:
    forget_nonces(SYSTEM, at=clock.now())
    forget_tries(SYSTEM, at=clock.now())


def _active() -> list[int]:
    with scope(EVERYWHERE):
        return [system.pk for system in list_active(SYSTEM)]

"""The worker's clock: what rests when nobody answers; rules whose unit is gone."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.events import DepartmentChanged
from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import archive_due, check_rules
from yukuai.cases.tallies import refresh_tallies
from yukuai.divisions.events import DivisionsChanged
from yukuai.kernel import clock
from yukuai.kernel.outbox import SUBSCRIBERS
from yukuai.workflow.horizon import advance_horizon

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.archive")
def archive(timestamp: int) -> None:
    while archive_due(SYSTEM, at=clock.now()):
        pass


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="cases.tally", pass_context=False)
def tally(timestamp: int) -> None:
    """Every ten seconds: the boards add up what has moved."""
    at = clock.now()
    until = advance_horizon(SYSTEM, at=at)
    while refresh_tallies(SYSTEM, until=until, at=at):
        pass


@app.task(retry=AGAIN)
def check_rules_of_department(department_id: int) -> None:
    """Whatever changed, a rule may send to it by name or as the nearest of its kind: all of them
    are looked at, which costs less than finding out which."""
    check_rules(SYSTEM, at=clock.now())


@app.task(retry=AGAIN)
def check_rules_of_divisions(change_id: int) -> None:
    check_rules(SYSTEM, at=clock.now())


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="cases.rules")
def check_rules_daily(timestamp: int) -> None:
    """For what no event told of: a table loaded, an import."""
    check_rules(SYSTEM, at=clock.now())


SUBSCRIBERS[DepartmentChanged].append(check_rules_of_department)
SUBSCRIBERS[DivisionsChanged].append(check_rules_of_divisions)

"""The worker's clock: what rests when nobody answers, rules whose unit is gone, daily counts, and
what older rows still lack."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.actors import find_officer
from yukuai.accounts.events import DepartmentChanged
from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import archive_due, check_rules
from yukuai.cases.actions.exporting import fail_export, sweep_exports, write_export
from yukuai.cases.actions.filling import fill_name_hashes, fill_words
from yukuai.cases.events import ExportAsked
from yukuai.cases.exports import get_export
from yukuai.cases.standing import refresh_standing
from yukuai.cases.tallies import refresh_tallies
from yukuai.divisions.events import DivisionsChanged
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.outbox import SUBSCRIBERS
from yukuai.kernel.scope import scope
from yukuai.workflow.horizon import advance_horizon

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)
BATCHES = 40
"""In one turn: half a minute of work at most, and nothing once all is filled."""


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.archive")
def archive(timestamp: int) -> None:
    while archive_due(SYSTEM, at=clock.now()):
        pass


@app.periodic(cron="* * * * * */10")
@app.task(lock="cases.tally", queueing_lock="cases.tally")
def tally(timestamp: int) -> None:
    """Every ten seconds: the boards add up what has moved. While a round lasts the next one waits
    in the queue, where it keeps no other job from running."""
    at = clock.now()
    until = advance_horizon(SYSTEM, at=at)
    while refresh_tallies(SYSTEM, until=until, at=at):
        pass


@app.periodic(cron="* * * * * */10")
@app.task(lock="cases.stand", queueing_lock="cases.stand")
def stand(timestamp: int) -> None:
    """Beside the tallies, which may take minutes: how things stand is written down."""
    at = clock.now()
    refresh_standing(SYSTEM, until=advance_horizon(SYSTEM, at=at), at=at)


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


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.fill")
def fill(timestamp: int) -> None:
    for one in (fill_words, fill_name_hashes):
        for _batch in range(BATCHES):
            if not one(SYSTEM, at=clock.now()):
                break


@app.task(retry=AGAIN)
def export(export_id: int) -> None:
    """With the rights of the officer who asked, as they are now."""
    at = clock.now()
    with scope(SYSTEM.areas):
        asked = get_export(SYSTEM, export_id=export_id)
    officer = find_officer(user_id=asked.user_id, post_id=asked.post_id, at=at)
    try:
        if officer is None:
            raise NotFound("岗位已经结束")
        write_export(officer, number=asked.number, at=at)
    except NotFound:
        because = "您的岗位有变动，现在不能导出这些。请用现在的岗位再导出一次。"
        fail_export(SYSTEM, export_id=export_id, because=because, at=at)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="cases.exports")
def sweep(timestamp: int) -> None:
    sweep_exports(SYSTEM, at=clock.now())


SUBSCRIBERS[DepartmentChanged].append(check_rules_of_department)
SUBSCRIBERS[DivisionsChanged].append(check_rules_of_divisions)
SUBSCRIBERS[ExportAsked].append(export)

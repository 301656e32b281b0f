"""The round of the tallies as a job: one at a time, and those that wait take nobody's place."""

import pytest
from django.db import connection

from yukuai.cases.tasks import tally


def fetch():
    """What a worker would begin now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
            " SELECT job.id FROM worker, procrastinate_fetch_job_v2(NULL, worker.id) job"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_round_waits_in_the_queue_while_another_one_runs():
    running = tally.defer(timestamp=1)
    assert fetch() == running
    tally.defer(timestamp=2)
    assert fetch() is None

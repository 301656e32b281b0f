"""The horizon: a line that is committed late is never skipped by a reader with a mark."""

from threading import Event

from django.db import connection

from tests.conftest import NOON
from tests.db.test_workflow_reminders import in_another_connection
from tests.places import make_places
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.models import Division
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.horizon import advance_horizon, find_horizon
from yukuai.workflow.models import StateChange


def line(number):
    """A line of the log, written after its matter, as every action does."""
    with connection.cursor() as cursor:  # the lock of the matter: it brings the transaction's id
        cursor.execute("SELECT pg_current_xact_id()")
    return StateChange.objects.create(
        division=Division.objects.get(pk=112),
        workflow="case",
        object_id=number,
        move="accept",
        source="submitted",
        target="accepted",
        actor="test",
        happened_at=NOON,
    ).pk


def test_a_line_that_is_committed_late_is_never_skipped(real_commits):
    make_places()
    advance_horizon(SYSTEM, at=NOON)
    before = find_horizon(SYSTEM)

    def commit_another():
        with scope(EVERYWHERE):
            return line(2)

    with scope(EVERYWHERE):
        late = line(1)  # its id is given out, and not committed yet
        newer = in_another_connection(commit_another)
        assert newer > late
        seen = in_another_connection(lambda: advance_horizon(SYSTEM, at=NOON))
        again = in_another_connection(lambda: advance_horizon(SYSTEM, at=NOON))
        assert seen == again == before
    # other tests' transactions delay it, some for long; the first that passes `newer` sees both
    for _ in range(2400):
        if advance_horizon(SYSTEM, at=NOON) >= newer:
            break
        Event().wait(0.05)
    assert find_horizon(SYSTEM) >= newer
    with scope(EVERYWHERE):
        passed = StateChange.objects.filter(pk__gt=before, pk__lte=find_horizon(SYSTEM))
        assert set(passed.values_list("pk", flat=True)) >= {late, newer}

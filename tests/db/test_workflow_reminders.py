"""50, 80 and 100 per cent of a term are announced once each, however many workers there are."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.db.test_workflow_engine import Errand, start
from tests.places import make_places
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import outbox
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.actions import drop_deadlines, meet_deadlines, remind_of_deadlines
from yukuai.workflow.events import DeadlineNear
from yukuai.workflow.models import Deadline

LENGTH = timedelta(hours=10)
DUE = NOON + LENGTH


class Listener:
    """Stands where a task stands: notes what it is given, in the publishing transaction."""

    def __init__(self):
        self.heard = []

    def batch_defer(self, *jobs):
        self.heard += [(job["deadline_id"], job["percent"]) for job in jobs]


@pytest.fixture
def heard(monkeypatch):
    listener = Listener()
    monkeypatch.setitem(outbox.SUBSCRIBERS, DeadlineNear, [listener])
    return listener.heard


@pytest.fixture
def errand(db):
    with scope(EVERYWHERE):
        return Errand(make_places()[112])


@pytest.fixture
def clock(errand):
    with scope(EVERYWHERE):
        return start(errand, due_at=DUE)


def after(percent: int, *, seconds: int = 0):
    return NOON + LENGTH * percent // 100 + timedelta(seconds=seconds)


def test_each_share_is_announced_once(clock, heard):
    for percent in (50, 80, 100):
        assert remind_of_deadlines(SYSTEM, at=after(percent, seconds=-1)) == 0
        assert remind_of_deadlines(SYSTEM, at=after(percent)) == 1
        assert remind_of_deadlines(SYSTEM, at=after(percent, seconds=30)) == 0
    assert remind_of_deadlines(SYSTEM, at=after(300)) == 0
    assert heard == [(clock.pk, 50), (clock.pk, 80), (clock.pk, 100)]
    with scope(EVERYWHERE):
        clock.refresh_from_db()
    assert (clock.reminded, clock.next_reminder_at, clock.met_at) == (100, None, None)


@pytest.mark.parametrize(("woke", "announced"), [(60, 50), (90, 80), (500, 100)])
def test_a_worker_that_slept_announces_only_the_highest_share(clock, heard, woke, announced):
    assert remind_of_deadlines(SYSTEM, at=after(woke)) == 1
    assert remind_of_deadlines(SYSTEM, at=after(woke)) == 0
    assert heard == [(clock.pk, announced)]


def test_after_the_sleep_the_later_shares_still_come(clock, heard):
    remind_of_deadlines(SYSTEM, at=after(90))
    remind_of_deadlines(SYSTEM, at=after(100))
    assert heard == [(clock.pk, 80), (clock.pk, 100)]


@pytest.mark.parametrize("end", [meet_deadlines, drop_deadlines])
def test_a_clock_that_stopped_is_silent(errand, clock, heard, end):
    with scope(EVERYWHERE):
        end(errand, at=after(40))
    assert remind_of_deadlines(SYSTEM, at=after(500)) == 0
    assert heard == []


@pytest.fixture
def three_clocks(real_commits):
    with scope(EVERYWHERE):
        south = make_places()[112]
        return [start(Errand(south, pk=n), due_at=DUE).pk for n in (1, 2, 3)]


def in_another_connection(work):
    """Run `work` to its end in a thread, which has a connection of its own."""
    result = []

    def run():
        try:
            result.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive(), "it waited for a lock"
    return result[0]


def test_two_workers_share_the_work_and_neither_waits(three_clocks, heard):
    with scope(EVERYWHERE):
        Deadline.objects.select_for_update().get(pk=three_clocks[0])  # the first one's
        assert in_another_connection(lambda: remind_of_deadlines(SYSTEM, at=DUE)) == 2
    assert sorted(heard) == [(pk, 100) for pk in three_clocks[1:]]
    assert remind_of_deadlines(SYSTEM, at=DUE) == 1
    assert sorted(heard) == [(pk, 100) for pk in three_clocks]


def test_an_announcement_that_fails_is_made_again(three_clocks, heard, monkeypatch):
    class Broken:
        def batch_defer(self, *_jobs):
            raise RuntimeError("the queue is full")

    with monkeypatch.context() as patch:
        patch.setitem(outbox.SUBSCRIBERS, DeadlineNear, [Broken()])
        with pytest.raises(RuntimeError, match="full"):
            remind_of_deadlines(SYSTEM, at=DUE)
    assert remind_of_deadlines(SYSTEM, at=DUE) == 3
    assert len(heard) == 3

"""Locks by name: the numbers everybody computes, in one order, until the transaction ends."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from tests.db.test_workflow_reminders import in_another_connection
from yukuai.kernel.locks import hold, hold_if_free
from yukuai.kernel.scope import EVERYWHERE, scope

_ADVISORY = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


def count(more: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ADVISORY} AND database = (SELECT oid FROM pg_database"
            f" WHERE datname = current_database()) AND {more}",
            params,
        )
        return int(cursor.fetchone()[0])


def is_free(key: str) -> bool:
    try:
        with scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '100ms', true)")
            hold(key)
    except OperationalError as error:
        assert "lock timeout" in str(error)  # noqa: PT017
        return False
    return True


@pytest.mark.django_db
def test_the_number_of_a_name_is_the_one_the_release_before_took():
    with scope(EVERYWHERE):
        hold("cases.tallies")
        number = "(classid::bigint << 32) | objid::bigint = hashtextextended(%s, 0)"
        assert (count(number, "cases.tallies"), count("granted")) == (1, 1)


def test_what_is_held_is_held_until_the_transaction_ends(real_commits: None):
    with scope(EVERYWHERE):
        hold("one", "two", "one")
        free = [in_another_connection(lambda k=key: is_free(k)) for key in ("one", "two", "three")]
    assert free == [False, False, True]
    assert is_free("one")


def test_two_who_take_the_same_in_another_order_never_wait_for_each_other(real_commits: None):
    def take_both() -> None:
        with scope(EVERYWHERE):
            hold("b", "a")

    other = threading.Thread(target=lambda: in_another_connection(take_both))
    with scope(EVERYWHERE):
        hold("a")
        other.start()
        end = time.monotonic() + 10
        while not count("NOT granted"):
            assert time.monotonic() < end, "it does not wait"
        hold("b")  # a deadlock, had the other begun with it
    other.join()
    assert is_free("b")


def test_whoever_does_not_wait_is_told_that_it_is_held(real_commits: None):
    def try_both() -> list[bool]:
        with scope(EVERYWHERE):
            return [hold_if_free(key) for key in ("one", "two")]

    with scope(EVERYWHERE):
        hold("one")
        assert in_another_connection(try_both) == [False, True]
    assert in_another_connection(try_both) == [True, True]

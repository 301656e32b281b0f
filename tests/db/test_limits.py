"""Rate limits: exact, forgotten with their window, one key apart from another."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from tests.conftest import NOON
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import TooMany
from yukuai.kernel.limits import address_of, forget_limits, hit
from yukuai.kernel.models import RateWindow
from yukuai.kernel.scope import scope


def tries(key, count, at=NOON, limit=3):
    for _ in range(count):
        hit(key, limit=limit, per_seconds=60, at=at)


def test_the_one_after_the_limit_is_refused_with_the_time_to_wait(db):
    tries("a", 3)
    with pytest.raises(TooMany) as caught:
        hit("a", limit=3, per_seconds=60, at=NOON + timedelta(seconds=15))
    assert caught.value.retry_after == 45
    assert caught.value.message == "试得太快了。请过 45 秒再试；着急就打电话。"


def test_minutes_are_rounded_up(db):
    with pytest.raises(TooMany) as caught:
        hit("a", limit=0, per_seconds=600, at=NOON + timedelta(seconds=61))
    assert caught.value.message == "试得太快了。请过 9 分钟再试；着急就打电话。"


def test_a_new_window_begins_anew(db):
    tries("a", 3)
    tries("a", 3, at=NOON + timedelta(seconds=60))


def test_keys_count_apart(db):
    tries("a", 3)
    tries("b", 3)


def test_the_key_itself_is_not_kept(db):
    hit("code:19900000417", limit=3, per_seconds=60, at=NOON)
    [kept] = RateWindow.objects.values_list("key", flat=True)
    assert kept == keyed_hash("code:19900000417:60", purpose="limit")


def test_windows_that_have_ended_are_forgotten(db):
    tries("a", 1)
    tries("b", 1, at=NOON + timedelta(seconds=60))
    assert forget_limits(before=NOON + timedelta(seconds=61)) == 1
    assert RateWindow.objects.count() == 1


def test_a_refusal_in_a_reading_changes_nothing(db):
    tries("a", 3)
    for _ in range(2):
        with pytest.raises(TooMany), scope(()):
            hit("a", limit=3, per_seconds=60, at=NOON)


def test_many_at_once_are_counted_to_the_last(real_commits):
    let_through = []

    def work():
        for _ in range(10):
            try:
                hit("a", limit=25, per_seconds=60, at=NOON)
                let_through.append(1)
            except TooMany:
                pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(let_through) == 25


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "counted"),
    [
        (0, "", "203.0.113.5", "203.0.113.5"),
        (0, "198.51.100.1", "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (1, "", "10.0.0.1", "unknown"),
        (0, "", "", "unknown"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_whom_a_request_is_counted_for(settings, proxies, forwarded, remote, counted):
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    assert address_of(request) == counted

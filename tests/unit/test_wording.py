from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.kernel import wording
from yukuai.kernel.clock import SHANGHAI


def at(month, day, hour=0, minute=0, second=0, *, year=2026):
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


NOW = at(11, 23, 10, 20)
SPAN = {"min_value": datetime(2020, 1, 1), "max_value": datetime(2030, 1, 1)}  # noqa: DTZ001
moments = st.datetimes(timezones=st.just(SHANGHAI), **SPAN)


def test_a_day_of_this_year_is_said_without_the_year():
    assert wording.day(at(11, 26), now=NOW) == "11月26日"
    assert wording.day(date(2026, 3, 1), now=NOW) == "3月1日"


def test_a_day_of_another_year_is_said_with_it():
    assert wording.day(date(2025, 11, 6), now=NOW) == "2025年11月6日"


def test_days_are_days_of_chongqing_not_of_greenwich():
    late_evening = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert wording.day(late_evening, now=NOW) == "11月23日"
    assert wording.moment(late_evening, now=NOW) == "今天 1:00"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (at(11, 23, 10, 18), "今天 10:18"),
        (at(11, 22, 16, 20), "昨天 16:20"),
        (at(11, 24, 9, 0), "明天 9:00"),
        (at(11, 21, 9, 12), "11月21日 9:12"),
        (at(12, 31, 23, 5, year=2025), "2025年12月31日 23:05"),
    ],
)
def test_a_moment_is_said_by_its_nearest_day_and_hour(value, words):
    assert wording.moment(value, now=NOW) == words


def test_the_weekday_is_said_in_full():
    assert wording.weekday(NOW) == "星期一"
    assert wording.weekday(date(2026, 11, 29)) == "星期日"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(11, 27), "11月26日 24:00 前"),
        (at(11, 26, 23, 59, 59), "11月26日 24:00 前"),
        (date(2026, 11, 26), "11月26日 24:00 前"),
        (at(11, 23, 12, 0), "今天 12:00 前"),
        (at(11, 24), "今天 24:00 前"),
        (at(11, 24, 9, 30), "明天 9:30 前"),
        (at(1, 1, year=2027), "12月31日 24:00 前"),
    ],
)
def test_a_deadline_is_said_as_the_last_hour_of_its_day(due, words):
    assert wording.deadline(due, now=NOW) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(11, 27), "还剩 3 天"),
        (date(2026, 11, 26), "还剩 3 天"),
        (at(11, 24, 10, 20), "还剩 1 天"),
        (at(11, 24, 10, 19), "还剩 23 小时"),
        (at(11, 23, 12, 0), "还剩 1 小时 40 分"),
        (at(11, 23, 12, 20), "还剩 2 小时"),
        (at(11, 23, 10, 59), "还剩 39 分"),
        (at(11, 23, 10, 20, 30), "还剩不到 1 分"),
        (NOW, "还剩不到 1 分"),
        (at(11, 23, 10, 19, 30), "超不到 1 分"),
        (at(11, 23, 10, 0), "超 20 分"),
        (at(11, 23, 8, 0), "超 2 小时"),
        (at(11, 23, 4, 0), "超 6 小时"),
        (at(11, 22, 9, 0), "超 1 天"),
    ],
)
def test_what_is_left_is_said_as_exactly_as_it_matters(due, words):
    assert wording.left(due, now=NOW) == words


def test_a_bar_is_as_long_as_the_time_that_is_gone():
    assert wording.percent_used(at(11, 23, 2, 20), at(11, 23, 12, 20), now=NOW) == 80
    assert wording.percent_used(NOW, at(11, 27), now=NOW) == 0
    assert wording.percent_used(at(11, 1), at(11, 20), now=NOW) == 100
    assert wording.percent_used(NOW, NOW, now=NOW) == 100


@given(starts=moments, due=moments, now=moments)
def test_a_bar_never_leaves_its_frame(starts, due, now):
    assert 0 <= wording.percent_used(starts, due, now=now) <= 100


@given(starts=moments, due=moments, now=moments)
def test_the_words_and_the_bar_agree_on_what_is_late(starts, due, now):
    is_late = wording.tone(starts, due, now=now) == "late"
    assert wording.left(due, now=now).startswith("超") == is_late
    assert (wording.due_words(due, now=now)[0] == "late") == is_late


@pytest.mark.parametrize(
    ("starts", "due", "tone"),
    [
        (at(11, 20), at(12, 20), "run"),
        (at(11, 1), at(11, 27), "soon"),
        (at(11, 23, 10), at(11, 24), "soon"),
        (at(11, 1), at(11, 23, 10, 19), "late"),
    ],
)
def test_a_deadline_is_soon_on_its_last_day_and_from_four_fifths_on(starts, due, tone):
    assert wording.tone(starts, due, now=NOW) == tone


@pytest.mark.parametrize(
    ("due", "chip"),
    [
        (at(11, 23, 4, 0), ("late", "超 6 小时")),
        (at(11, 23, 12, 0), ("soon", "12:00 前")),
        (at(11, 24), ("soon", "今天")),
        (at(11, 25), ("run", "11月24日")),
        (at(11, 27), ("off", "11月26日")),
    ],
)
def test_a_row_says_its_deadline_in_a_chip(due, chip):
    assert wording.due_words(due, now=NOW) == chip


def test_a_promise_kept_or_broken_is_said_in_days():
    promised = at(11, 24)
    assert wording.outcome(promised, at(11, 22, 16), now=NOW) == "11月22日办完，提前 1 天"
    assert wording.outcome(promised, at(11, 23, 9), now=NOW) == "11月23日办完，按时"
    assert wording.outcome(at(11, 21), at(11, 22, 9), now=NOW) == "11月22日办完，晚了 1 天"


def test_a_telephone_number_is_shown_by_its_tail_only():
    assert wording.tail4("19900000417") == "尾号 0417"
    assert wording.tail4("+86 199 0000 0417") == "尾号 0417"
    assert wording.tail4("110") == ""


def test_a_mobile_number_is_grouped_for_reading_aloud():
    assert wording.phone_groups("19900000417") == "199 0000 0417"
    assert wording.phone_groups("023-63850000") == "023-63850000"


def test_a_count_that_is_not_counted_to_the_end_says_so():
    assert wording.capped(1000) == "1000"
    assert wording.capped(1001) == "1000+"


def test_a_length_is_the_same_before_and_after():
    assert wording.length(timedelta(hours=-3, minutes=-5)) == "3 小时 5 分"
    assert wording.length(timedelta(hours=3, minutes=5)) == "3 小时 5 分"

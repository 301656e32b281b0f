"""Working days and terms. 2026: 春节 off 15–23 Feb, worked 14 and 28 Feb; 国庆 off 1–7 Oct, worked
20 Sep and 10 Oct; 中秋 off 25–27 Sep (国办发明电〔2025〕7号)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import BASE
from yukuai.kernel.clock import SHANGHAI
from yukuai.workflow.calendar import (
    REMINDERS,
    Calendar,
    Term,
    end_of_day,
    next_reminder,
    reminder_at,
    share_reached,
)
from yukuai.workflow.loading import read_special_days

REAL = Calendar({d.day: d.working for d in read_special_days(BASE / "seed/special_days.csv")})
PLAIN = Calendar()
DAYS = st.dates(date(2024, 1, 1), date(2026, 10, 31))
COUNTS = st.integers(1, 40)


def shanghai(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@given(DAYS, COUNTS)
def test_adding_working_days_and_counting_them_are_inverse(day, count):
    assert REAL.working_days_between(day, REAL.add_working_days(day, count)) == count


@given(DAYS, COUNTS)
def test_a_term_ends_on_a_working_day_after_its_beginning(day, count):
    end = REAL.add_working_days(day, count)
    assert REAL.is_working(end)
    assert end > day


@given(DAYS, COUNTS, COUNTS)
def test_terms_add_up(day, first, second):
    end = REAL.add_working_days(REAL.add_working_days(day, first), second)
    assert end == REAL.add_working_days(day, first + second)


@given(DAYS, COUNTS)
def test_a_later_beginning_never_ends_earlier(day, count):
    later = REAL.add_working_days(day + timedelta(days=1), count)
    assert later >= REAL.add_working_days(day, count)


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        # Friday before 春节: the Saturday 14 Feb is worked, then nothing until the 24th.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        # In the middle of it.
        (date(2026, 2, 18), 1, date(2026, 2, 24)),
        # Before 国庆: Wednesday 30 Sep, then the 8th, 9th and the worked Saturday 10th.
        (date(2026, 9, 29), 1, date(2026, 9, 30)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        # The worked Sunday 20 Sep, and 中秋 on the Friday after it.
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 18), 6, date(2026, 9, 28)),
    ],
)
def test_the_real_holidays_of_2026(day, count, end):
    assert REAL.add_working_days(day, count) == end


def test_without_special_days_the_plain_week_counts():
    friday = date(2026, 3, 6)
    assert PLAIN.add_working_days(friday, 1) == date(2026, 3, 9)
    assert PLAIN.working_days_between(friday, date(2026, 3, 16)) == 6
    assert PLAIN.next_working(date(2026, 3, 7)) == date(2026, 3, 9)
    assert PLAIN.next_working(friday) == friday


def test_the_day_ends_at_midnight_in_chongqing():
    assert end_of_day(date(2026, 3, 2)) == datetime(2026, 3, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("term", "start", "due"),
    [
        # The first day does not count (民法典 201); 23:59 and 00:01 are two days.
        (Term(working_days=1), shanghai(2026, 3, 2, 9), shanghai(2026, 3, 4)),
        (Term(working_days=1), shanghai(2026, 3, 2, 23, 59), shanghai(2026, 3, 4)),
        (Term(working_days=1), shanghai(2026, 3, 3, 0, 1), shanghai(2026, 3, 5)),
        # 16:30 UTC is already tomorrow in Chongqing.
        (
            Term(working_days=1),
            datetime(2026, 3, 2, 16, 30, tzinfo=UTC),
            shanghai(2026, 3, 5),
        ),
        # By days: a last day that is a holiday moves behind it (民法典 203).
        (Term(days=7), shanghai(2026, 3, 2, 9), shanghai(2026, 3, 10)),
        (Term(days=5), shanghai(2026, 2, 12, 9), shanghai(2026, 2, 25)),
        (Term(days=3), shanghai(2026, 9, 29, 9), shanghai(2026, 10, 9)),
        # By hours: to the minute, holidays or not.
        (Term(hours=2), shanghai(2026, 2, 17, 23), shanghai(2026, 2, 18, 1)),
    ],
)
def test_when_a_term_ends(term, start, due):
    assert term.due(start, REAL) == due


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term(working_days=5), "5 个工作日"),
        (Term(days=7), "7 天"),
        (Term(hours=2), "2 小时"),
    ],
)
def test_a_term_says_its_length(term, words):
    assert str(term) == words


@pytest.mark.parametrize("lengths", [{}, {"days": 1, "hours": 1}, {"working_days": 0}])
def test_a_term_has_exactly_one_length(lengths):
    with pytest.raises(ValueError, match="working days, or days, or hours"):
        Term(**lengths)


START, DUE = shanghai(2026, 3, 2, 9), shanghai(2026, 3, 2, 19)


def test_reminders_stand_at_their_share_of_the_term():
    assert [reminder_at(START, DUE, p) for p in REMINDERS] == [
        shanghai(2026, 3, 2, 14),
        shanghai(2026, 3, 2, 17),
        DUE,
    ]


@pytest.mark.parametrize(
    ("announced", "then"),
    [
        (0, shanghai(2026, 3, 2, 14)),
        (50, shanghai(2026, 3, 2, 17)),
        (80, DUE),
        (100, None),
    ],
)
def test_the_next_reminder_is_the_first_share_not_yet_announced(announced, then):
    assert next_reminder(START, DUE, announced) == then


@pytest.mark.parametrize(
    ("at", "share"),
    [
        (START, 0),
        (shanghai(2026, 3, 2, 13, 59), 0),
        (shanghai(2026, 3, 2, 14), 50),
        (shanghai(2026, 3, 2, 16, 59), 50),
        (shanghai(2026, 3, 2, 17), 80),
        (DUE, 100),
        (DUE + timedelta(days=30), 100),
    ],
)
def test_the_share_reached_counts_from_its_very_moment(at, share):
    assert share_reached(START, DUE, at) == share


@given(
    st.integers(1, 10**6),
    st.integers(-(10**6), 2 * 10**6),
)
def test_after_an_announcement_the_next_one_lies_ahead(length, passed):
    due, at = START + timedelta(seconds=length), START + timedelta(seconds=passed)
    ahead = next_reminder(START, due, share_reached(START, due, at))
    assert ahead is None or ahead > at

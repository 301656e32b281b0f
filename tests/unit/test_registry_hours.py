"""Opening hours as people write them: open or shut, and when it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.hours import DAY, read_hours, say_now

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def at(hour, minute=0):
    return hour * 60 + minute


@pytest.mark.parametrize(
    ("text", "weekday", "minute", "said"),
    [
        ("周一至周五 9:00-18:00", MONDAY, at(9), "现在开着，18:00 关"),
        ("周一至周五 9:00-18:00", MONDAY, at(18), "已关门，明天 9:00 开"),
        ("周一至周五 9:00-18:00", SATURDAY, at(12), "已关门，周一 9:00 开"),
        ("周一到周五9：00—18：00", MONDAY, at(8, 59), "还没开门，今天 9:00 开"),
        ("周一至周五 9:00-18:00；周六 9:00-12:00", SATURDAY, at(11), "现在开着，12:00 关"),
        ("每天 8:30-12:00，14:00-18:00", SUNDAY, at(13), "还没开门，今天 14:00 开"),
        ("上午 9:00-11:30 下午 2:00-5:00", SUNDAY, at(15), "现在开着，17:00 关"),
        ("周一闭馆；周二至周日 9:00-17:00", MONDAY, at(10), "已关门，明天 9:00 开"),
        ("每天 9:00-17:00；周一闭馆", MONDAY, at(10), "已关门，明天 9:00 开"),
        ("周六、日 9:00~12:00", SUNDAY, at(9, 30), "现在开着，12:00 关"),
        ("工作日 9点-17点", MONDAY, at(16, 59), "现在开着，17:00 关"),
        ("20:00-2:00", MONDAY, at(1), "现在开着，2:00 关"),
        ("周六 20:00-2:00", SUNDAY, at(1), "现在开着，2:00 关"),
        ("全天开放", SUNDAY, at(3), "现在开着，全天开放"),
        ("24 小时", SUNDAY, at(3), "现在开着，全天开放"),
    ],
)
def test_what_is_written_says_whether_it_is_open(text, weekday, minute, said):
    hours = read_hours(text)
    assert hours is not None
    shown = say_now(hours, weekday, minute)
    assert shown == (said.startswith("现在开着"), said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "看情况",
        "周一至周五 9:00-18:00（节假日除外）",
        "9:00-25:00",
        "9:70-12:00",
        "周一至周五",
        "闭馆",
        "详询 9:00-12:00",
    ],
)
def test_what_does_not_read_wholly_stays_a_text(text):
    assert read_hours(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    hours = read_hours(text)
    if hours:
        assert say_now(hours, 3, 700)[1]


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, DAY - 1), st.integers(0, DAY - 1))
def test_it_is_open_for_as_long_as_it_says(hour, minute, length, later):
    opens = at(hour, minute)
    closes = (opens + length) % DAY
    hours = read_hours(f"{hour}:{minute:02d}-{closes // 60}:{closes % 60:02d}")
    assert hours is not None
    now = (opens + later) % DAY
    assert hours.is_open(2, now) == (later < length)

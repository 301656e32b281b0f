"""How a stretch of days is called in a table: as people say it, with the year only where needed."""

from datetime import date

import pytest

from yukuai.cases.breakdowns import Days
from yukuai.oversight.statistics import days_said

SPRING = Days(date(2026, 3, 1), date(2026, 4, 30))
WINTER = Days(date(2025, 12, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("first", "last", "step", "asked", "said"),
    [
        ("2026-03-02", "2026-03-02", "day", SPRING, "3月2日"),
        ("2026-03-02", "2026-03-08", "week", SPRING, "3月2日至8日"),
        ("2026-03-30", "2026-04-05", "week", SPRING, "3月30日至4月5日"),
        ("2026-03-01", "2026-03-01", "week", SPRING, "3月1日"),
        ("2026-03-01", "2026-03-31", "month", SPRING, "2026年3月"),
        ("2025-12-29", "2026-01-04", "week", WINTER, "2025年12月29日至1月4日"),
        ("2026-01-05", "2026-01-05", "day", WINTER, "2026年1月5日"),
    ],
)
def test_days_are_called_as_people_say_them(first, last, step, asked, said):
    shown = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert days_said(shown, step, asked) == said

"""The labels of the clock rail: in their row, on the sheet, and not on each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from yukuai.elections.schedule import Mark, Step
from yukuai.workbench.elections.rail import WIDTH, lay, wide_of

D = date(2026, 12, 3)
BEFORE = (
    (Step.COMMITTEE, 58, ""),
    (Step.PLAN, 56, ""),
    (Step.REGISTRATION, 55, ""),
    (Step.ROLL, 40, "D-21，最晚 D-20"),
    (Step.OBJECTIONS, 20, "公布后 5 日"),
    (Step.CANDIDATES, 6, "最晚 D-5"),
    (Step.PROXIES, 3, "最晚 D-3"),
    (Step.PROXY_LIST, 2, "最晚 D-2"),
    (Step.POLLING, 0, ""),
    (Step.HANDOVER, -11, "10 日内"),
)


@pytest.mark.parametrize("today", [58, 30, 10, 2, 0, -5, -11])
def test_no_label_lies_on_another_or_off_the_sheet(today):
    marks = [Mark(s, D - timedelta(days=n), None, None, said, "") for s, n, said in BEFORE]
    rail = lay(marks, D - timedelta(days=today), None)
    rows: dict[object, list[tuple[float, float]]] = {}
    for one in rail.labels:
        end = one.text_x + wide_of(one.words, one.note)
        rows.setdefault(one.lines, []).append((one.text_x, end))
    for row in rows.values():
        assert row == sorted(row)
        assert row[0][0] >= 0
        assert row[-1][1] <= WIDTH
        assert all(end <= start for (_, end), (start, _) in pairwise(row))

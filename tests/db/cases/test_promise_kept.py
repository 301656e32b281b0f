"""An answer keeps its promise or breaks it when it is given; nothing later changes that."""

from datetime import timedelta
from typing import Any

import pytest

from tests.casework import CLERK, TOWN, read
from tests.conftest import NOON
from yukuai.cases import actions
from yukuai.cases.happenings import COUNTED
from yukuai.cases.public import count_since
from yukuai.cases.statistics import Span, counting, list_happened
from yukuai.kernel.scope import scope

pytestmark = pytest.mark.django_db
TO_CLOSED = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")
LATE = timedelta(days=60)


def on_time(division: Any, at: Any) -> tuple[int, int]:
    """Answered, and of these in time, on the board of the township."""
    with scope(TOWN.areas, TOWN.holders), counting(TOWN, within=division) as subtree:
        span = Span(NOON - LATE, at + timedelta(days=1))
        rows = list_happened(subtree, span=span, since=span.since)
    replied, timely = COUNTED.index("replied"), COUNTED.index("on_time")
    return sum(row.counts[replied] for row in rows), sum(row.counts[timely] for row in rows)


def test_a_matter_answered_in_time_stays_so_when_it_is_reopened(raised, steps, places):
    case = raised()
    for name in (*TO_CLOSED, "reopen"):
        steps[name](case)
    assert read(case.pk).promised_at is None
    assert on_time(places[12], NOON) == (1, 1)


def test_a_late_answer_does_not_become_timely_by_the_promise_of_a_second_round(
    raised, steps, places, squad, enforcement
):
    case = raised()
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](case)
    at = NOON + LATE
    actions.reply_case(squad, case_id=case.pk, answer="换了灯。", outcome="solved", at=at)
    for name in ("review", "visit", "close", "reopen"):
        steps[name](case)
    where = {"unit_id": 12, "department_id": enforcement.pk}
    actions.dispatch_case(CLERK, case_id=case.pk, **where, at=at)
    assert read(case.pk).promised_at > at
    assert on_time(places[12], at) == (1, 0)


def test_the_portal_counts_a_late_answer_as_late(raised, steps, squad):
    case = raised()
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](case)
    late = NOON + LATE
    actions.reply_case(squad, case_id=case.pk, answer="换了灯。", outcome="solved", at=late)
    for name in ("review", "visit", "close"):
        steps[name](case)
    with scope(TOWN.areas):
        figures = count_since(TOWN, area="1.2.", since=NOON - LATE)
    assert (figures.promised, figures.kept) == (1, 0)

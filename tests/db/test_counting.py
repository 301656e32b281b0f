"""Counts are compiled once; the moment is given when they are asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.casework import CLERK, pack, places, raised
from tests.conftest import NOON
from yukuai.cases.models import Case
from yukuai.kernel.counting import EachOnce, compile_counts
from yukuai.kernel.prepared import THEN
from yukuai.kernel.scope import scope

__all__ = ["pack", "places", "raised"]
pytestmark = pytest.mark.django_db


def test_the_moment_is_the_one_of_the_asking(raised: Any) -> None:
    for days in (0, 1, 2):
        raised(at=NOON + timedelta(days=days))
    whole = Case.objects.all()
    counts = compile_counts(
        before=whole.filter(received_at__lt=THEN),
        soon=whole.filter(received_at__lt=THEN + timedelta(days=1)),
        capped=whole.order_by()[:2],
        none=whole.none(),
    )
    with scope(CLERK.areas, CLERK.holders):
        asked = counts.ask(at=NOON + timedelta(hours=1))
        later = counts.ask(at=NOON + timedelta(days=9))
    assert asked == {"before": 1, "soon": 2, "capped": 2, "none": 0}
    assert later == {"before": 3, "soon": 3, "capped": 2, "none": 0}


def test_what_is_counted_once_is_counted_by_its_values(raised: Any) -> None:
    for day in (0, 0, 1):
        raised(at=NOON + timedelta(days=day))
    newest = Case.objects.order_by("-received_at").values("received_at")
    counts = compile_counts(
        days=EachOnce(newest, "received_at"),
        of_two=EachOnce(newest[:2], "received_at"),
        of_one=EachOnce(newest[:1], "received_at"),
        none=EachOnce(newest.none(), "received_at"),
    )
    with scope(CLERK.areas, CLERK.holders):
        assert counts.ask() == {"days": 2, "of_two": 2, "of_one": 1, "none": 0}


def test_a_query_that_knows_a_real_moment_is_refused() -> None:
    with pytest.raises(AssertionError):
        compile_counts(before=Case.objects.filter(received_at__lt=NOON))


def test_nothing_to_ask_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert compile_counts(none=Case.objects.none()).ask() == {"none": 0}

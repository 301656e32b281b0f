"""A passage that stands in many matters is read newest first; the answer is the same either way."""

from typing import Any

import pytest
from django.db import connection

from tests.casework import CLERK, pack, places, raised
from yukuai.cases import filters
from yukuai.cases.filters import Filter, filter_cases, is_said_often
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.scope import in_order_of_index, scope

__all__ = ["pack", "places", "raised"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "PROBE", 4)
    monkeypatch.setattr(filters, "OFTEN", 2)


def often(text: str, **wanted: Any) -> bool:
    with scope(CLERK.areas, CLERK.holders):
        return is_said_often(CLERK, wanted=Filter(text=text, **wanted))


def gathers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_bitmapscan")
        return str(cursor.fetchone()[0])


def test_what_many_of_the_newest_say_is_said_often(few: None, raised: Any) -> None:
    for body in (
        "井盖松了。",
        "井盖松了。",
        "井盖响。",
        "楼道灯坏了。",
        "路面坏了。",
        "灯坏了两盏。",
    ):
        raised(body=body)
    assert often("灯坏了")
    assert not often("井盖松了"), "two of all, but none of the newest four"
    assert not often("路面坏")
    assert not often("灯"), "of a single sign the planner knows how often it stands"
    assert not often("灯坏了", part="answer")
    assert not often("灯坏了", within="1.3.")


def test_a_number_and_nothing_are_no_passage(few: None, raised: Any) -> None:
    case = raised()
    assert not often(case.number)
    assert not often("")
    assert not often("，。")


def test_read_in_order_the_answer_is_the_same_and_the_plan_is_given_back(raised: Any) -> None:
    mine = [raised(body="楼道灯坏了。") for _ in range(3)]
    raised(body="井盖松了。")
    with scope(CLERK.areas, CLERK.holders):
        rows = filter_cases(CLERK, wanted=Filter(text="灯坏了"))
        plain = [case.pk for case in rows]
        with in_order_of_index():
            assert gathers() == "off"
            assert [case.pk for case in rows.all()] == plain
        assert gathers() == "on"
        with pytest.raises(InvalidInput), in_order_of_index():
            raise InvalidInput("换个写法。")
        assert gathers() == "on"
    assert sorted(plain) == sorted(case.pk for case in mine)

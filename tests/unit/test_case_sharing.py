"""Who may object and who may rule, how many parts a matter has: no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.cases.arbitration import (
    Step,
    is_ruled,
    judges_himself,
    last_of,
    refuse_objection,
    this_round,
)
from yukuai.cases.rules import MOST_PARTS, part_number, parts_allowed

HERE, THERE = (12, 71), (2, None)
ONCE = "这一轮已经提过一次异议，以裁决为准。"
EARLY = "先申请退单。退单没有同意，或者退了又派回来，才能提异议。"


def step(move, door=HERE, user_id=None):
    return Step(move, user_id, {"unit_id": door[0], "department_id": door[1]})


@pytest.mark.parametrize(
    ("past", "said"),
    [
        ([], EARLY),
        (["dispatch"], EARLY),
        (["dispatch", "request_return"], EARLY),
        (["dispatch", "request_return", "refuse_return"], ""),
        (["refuse_return", "dispatch"], EARLY),
        (["dispatch", "request_return", "grant_return", "dispatch"], ""),
        (["dispatch", "refuse_return", "object", "uphold"], ONCE),
        (["dispatch", "refuse_return", "object", "redirect"], ONCE),
    ],
)
def test_a_unit_objects_after_a_refusal_or_when_it_comes_back_and_once(past, said):
    assert refuse_objection([step(move) for move in past], door=HERE) == said


def test_what_came_back_from_another_unit_is_no_ground():
    past = [step("dispatch"), step("grant_return", THERE), step("dispatch")]
    assert refuse_objection(past, door=HERE) == EARLY
    assert refuse_objection(past, door=THERE) == ""


def test_a_reopened_matter_is_a_new_round():
    past = [step(m) for m in ("dispatch", "refuse_return", "object", "uphold", "reopen")]
    assert this_round([*past, step("dispatch")]) == [step("dispatch")]
    assert is_ruled(past)
    assert not is_ruled(this_round(past))


def test_nobody_rules_on_his_own_dispatch_or_refusal():
    past = [step("dispatch", user_id=5), step("refuse_return", user_id=6), step("object")]
    assert [judges_himself(past, user_id=one) for one in (5, 6, 7, None)] == [
        True, True, False, False,
    ]  # fmt: skip


def test_an_earlier_dispatcher_is_not_the_last_one():
    past = [step("dispatch", user_id=5), step("grant_return"), step("dispatch", user_id=6)]
    assert not judges_himself(past, user_id=5)
    assert last_of(past, "dispatch").user_id == 6
    assert last_of(past, "object") is None


@pytest.mark.parametrize(
    ("live", "running", "allowed"),
    [(0, 0, (2, 6)), (2, 2, (1, 4)), (2, 0, (1, 6)), (6, 6, (1, 0)), (1, 1, (1, 5))],
)
def test_two_to_six_parts_and_one_more_beside_those_there_are(live, running, allowed):
    assert parts_allowed(live=live, running=running) == allowed


@given(st.integers(0, MOST_PARTS), st.integers(0, 40))
def test_there_are_never_more_than_six_at_once(running, done):
    _least, most = parts_allowed(live=running + done, running=running)
    assert running + most == MOST_PARTS


def test_the_number_of_a_part_fits_the_column():
    assert part_number("ZT-2603-000012", 1) == "ZT-2603-000012-1"
    assert len(part_number("ZT-2603-12345678", 999)) == 20

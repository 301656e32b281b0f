"""Who stands, by rules alone: how the joint review ends, who is taken, who may nominate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.elections.standing import (
    Decision,
    Given,
    Outcome,
    bars_of,
    faults_of_opinion,
    formal,
    limits_of,
    more_than,
    outcome,
    refusal_of_nominator,
    short,
)
from yukuai.engines.tally.packs import Layer, Rules


def rules(**limits):
    said = {name: {"value": value, "article": f"第{name}条"} for name, value in limits.items()}
    return Rules.of([Layer("TEST", 1, {"limits": said})])


STRICT = rules(nomination_most=True, nomination_two_offices=False, more_candidates=True)


@pytest.mark.parametrize(
    ("decisions", "settled", "expected"),
    [
        ([], "", Outcome.PENDING),
        (["PASS", "NO_RECORD"], "", Outcome.PASS),
        (["PASS", ""], "", Outcome.PENDING),
        (["BAR", ""], "", Outcome.PENDING),
        (["PASS", "BAR"], "", Outcome.BAR),
        (["CAUTION", "BAR"], "PASS", Outcome.BAR),
        (["CAUTION", "PASS"], "", Outcome.PENDING),
        (["CAUTION", "PASS"], "PASS", Outcome.PASS),
        (["CAUTION", "PASS"], "BAR", Outcome.BAR),
        (["CAUTION", ""], "PASS", Outcome.PENDING),
    ],
)
def test_how_a_review_ends(decisions, settled, expected):
    assert outcome(decisions, settled) is expected


@given(
    st.lists(st.sampled_from([*Decision.values, ""]), max_size=15), st.sampled_from(["", "PASS"])
)
def test_nobody_passes_by_silence_or_against_a_bar(decisions, settled):
    if outcome(decisions, settled) is Outcome.PASS:
        assert decisions
        assert "" not in decisions
        assert "BAR" not in decisions


@pytest.mark.parametrize(
    ("numbers", "most", "expected"),
    [
        ({1: 10, 2: 12, 3: 1}, 2, [2, 1]),
        ({1: 10, 2: 10, 3: 10}, 2, [1, 2, 3]),
        ({1: 3, 2: 10, 3: 3, 4: 1}, 2, [2, 1, 3]),
        ({1: 3}, 2, [1]),
        ({}, 2, []),
    ],
)
def test_the_most_nominated_stand_and_equals_together(numbers, most, expected):
    assert formal(numbers, most) == expected


@given(st.dictionaries(st.integers(1, 50), st.integers(1, 9), max_size=20), st.integers(1, 9))
def test_nobody_left_out_was_nominated_as_often_as_somebody_taken(numbers, most):
    taken = formal(numbers, most)
    rest = [numbers[one] for one in numbers if one not in taken]
    assert len(taken) >= min(most, len(numbers))
    assert not rest or max(rest) < min(numbers[one] for one in taken)


@pytest.mark.parametrize(
    ("before", "seats", "words"),
    [
        (Given(), 1, ""),
        (Given(here=1), 1, "不能多于应选的 1 人（第nomination_most条）"),
        (Given(here=1), 2, ""),
        (Given(same=True), 9, "已经提名过这个人"),
        (Given(elsewhere=True), 9, "不能提名两个职务（第nomination_two_offices条）"),
    ],
)
def test_what_a_nominator_may_not_do(before, seats, words):
    said = refusal_of_nominator("风满楼", before, seats, STRICT)
    assert words in said
    assert bool(said) == bool(words)


def test_where_the_law_is_silent_nothing_is_made_up():
    silent = rules()
    assert refusal_of_nominator("风满楼", Given(here=5, elsewhere=True), 1, silent) == ""
    assert more_than(silent, 3) == 3
    assert bars_of(silent, village=True) == {}


def test_a_contest_needs_one_more_than_its_seats():
    said = short([("主任", 1, 1), ("委员", 4, 5)], STRICT, "通过")
    assert said == ["主任应选 1 人，通过 1 人，至少要 2 人（第more_candidates条）"]


def test_the_paper_says_what_a_nominator_may_not_do_under_these_rules_and_nothing_else():
    strict = rules(nomination_most=True, nomination_two_offices=False, nomination_proxy=False)
    assert len(limits_of(strict)) == 3
    loose = rules(nomination_most=False, nomination_two_offices=True, nomination_proxy=False)
    assert limits_of(loose) == ("不得委托别人提名",)
    assert limits_of(rules()) == ()


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        (("BAR", "", ""), {"bar_code", "basis_ref"}),
        (("BAR", "CRIMINAL_PENALTY", "1号"), set()),
        (("BAR", "OTHER", "1号"), {"bar_code"}),
        (("CAUTION", "", ""), {"basis_ref"}),
        (("PASS", "CRIMINAL_PENALTY", "1号"), {"bar_code", "basis_ref"}),
        (("NO_RECORD", "", ""), set()),
        (("?", "", ""), {"decision"}),
    ],
)
def test_everything_an_opinion_lacks_is_said_at_once(said, faults):
    assert faults_of_opinion(*said, ("CRIMINAL_PENALTY",)).keys() == faults

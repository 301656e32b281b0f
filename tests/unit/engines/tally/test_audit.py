"""Hand checks: the published numbers, and that errors are not passed over.

The vectors are those of Stark's super-simple tool as github.com/votingworks/arlo keeps them in its
tests: five contests, 10 % risk, γ = 1.03905.
"""

from dataclasses import replace
from fractions import Fraction as F
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.tally.elections import apart, ballots, contest, plan, poll, rerun, rules
from tests.unit.engines.tally.test_laws import draw as random_election
from yukuai.engines.tally import Office, Reason, Rules, count
from yukuai.engines.tally.audit import (
    assess,
    claims,
    differing,
    draw_box,
    draw_papers,
    draws_needed,
    hand_check_size,
    records,
    tickets,
)
from yukuai.engines.tally.comparing import (
    Assertion,
    Compared,
    Errors,
    margin,
    measured,
    p_value,
    sample_size,
)
from yukuai.engines.tally.logarithms import ln

RISK = F(1, 10)
few = settings(max_examples=40, deadline=None)
CONTESTS = {
    "A": ({"winner": 60000, "loser": 40000}, 1, 100000),
    "B": ({"winner": 30000, "loser": 24000}, 1, 60000),
    "C": ({"winner": 18000, "loser": 12600}, 1, 36000),
    "D": ({"winner": 8000, "loser": 6000}, 1, 15000),
    "E": ({"winner": 10000, "loser": 0}, 1, 10000),
    "F": ({"winner": 10, "loser": 4}, 1, 15),
    "two": ({"winner1": 600, "winner2": 300, "loser": 100}, 2, 1000),
}
# sizes at first, after one ballot of one vote too many, of two; P-values after the first sample
SIZES = {
    "A": (27, 38, 100000),
    "B": (54, 76, 60000),
    "C": (36, 51, 36000),
    "D": (40, 57, 15000),
    "E": (6, 7, 33),
    "F": (14, 15, 15),
    "two": (27, 38, 1000),
}
RISKS = {
    "A": ("0.06507", "0.12534", "1"),
    "B": ("0.06973", "0.13441", "1"),
    "C": ("0.06740", "0.12992", "1"),
    "D": ("0.07048", "0.13585", "1"),
    "E": ("0.01950", "0.03758", "0.51877"),
    "two": ("0.06508", "0.12534", "1"),
}


@pytest.mark.parametrize("name", CONTESTS)
def test_the_published_sample_sizes_hold(name):
    votes, seats, papers = CONTESTS[name]
    lead = margin(votes, seats, papers)
    first = sample_size(RISK, lead, papers)
    one = sample_size(RISK, lead, papers, Errors(one_over=F(1)), first)
    two = sample_size(RISK, lead, papers, Errors(two_over=F(1)), first)
    assert (first, one, two) == SIZES[name]


@pytest.mark.parametrize("name", RISKS)
def test_the_published_p_values_hold(name):
    votes, seats, papers = CONTESTS[name]
    lead, drawn = margin(votes, seats, papers), SIZES[name][0]
    clean, one, two = (F(wanted) for wanted in RISKS[name])
    assert abs(p_value(lead, [], drawn) - clean) < F(2, 100_000)
    # theirs are compared to a thousandth: 0.12534 should be 0.12543
    assert abs(p_value(lead, [1], drawn) - one) < F(1, 1000)
    assert abs(p_value(lead, [2], drawn) - two) < F(1, 1000)


def test_a_tie_takes_all_papers_and_proves_nothing_before():
    lead = margin({"a": 500, "b": 500}, 1, 1000)
    assert (lead, sample_size(RISK, lead, 1000), p_value(lead, [], 999)) == (0, 1000, 1)
    assert margin({"a": 500}, 1, 1000) == 1


@few
@given(st.fractions(F(1, 10**6), 10**6), st.sampled_from([8, 64, 256]))
def test_a_logarithm_lies_between_its_bounds_and_these_are_near(number, bits):
    found = ln(number, bits)
    float_ = F(log(number))
    slack = F(1, 10**12)
    assert found.low - slack <= float_ <= found.high + slack
    assert found.high - found.low < F(200 + 10 * bits, 1 << (bits + 8))
    finer = ln(number, 2 * bits)
    assert found.low <= finer.low <= finer.high <= found.high


# Claims as means


def share(numerator, denominator, **more):
    return Assertion("", share=F(numerator, denominator), **more)


@few
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_claim_is_true_just_when_its_mean_is_above_a_half(a, b, rest):
    papers = [frozenset("A")] * a + [frozenset("B")] * b + [frozenset()] * rest
    total = len(papers)
    assert (Assertion("", "A", "B").mean(papers) > F(1, 2)) is (a > b)
    for n, d in ((1, 2), (1, 3), (2, 3)):
        assert (share(n, d, winner="A").mean(papers) > F(1, 2)) is (d * a > n * total)
        below = share(n, d, loser="A", below=True)
        assert (below.mean(papers) > F(1, 2)) is (d * a < n * total)
        assert 0 <= below.value(frozenset("A")) <= below.value(frozenset()) == below.most
        assert share(n, d, winner="A").value(None) == 0


def test_the_third_is_confirmed_by_as_many_draws_as_its_margin_asks():
    claim = share(1, 3, winner="A")
    papers = [frozenset("A")] * 250 + [frozenset()] * 310
    same = Compared(frozenset("A"), frozenset("A"))
    mean = claim.mean(papers)
    values = [measured(claim, mean, [same] * n) for n in range(80)]
    assert values == sorted(values, reverse=True)
    assert next(n for n, value in enumerate(values) if value <= RISK) == 23
    worse = measured(claim, mean, [Compared(frozenset("A"), None)] + [same] * 22)
    assert worse > RISK


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 40), st.integers(0, 2**32))
def test_a_false_claim_is_hardly_ever_confirmed(papers, seed):
    """All outcomes of one draw, weighed: the mean of 1/P is at most 1 (the martingale)."""
    claim = Assertion("", "A", "B")
    truth = [frozenset("A")] * (papers // 2) + [frozenset("B")] * (papers - papers // 2)
    recorded = [frozenset("A")] * papers
    recorded[: seed % papers] = truth[: seed % papers]
    mean = claim.mean(recorded)
    values = []
    for one, other in zip(recorded, truth, strict=True):
        over = claim.value(one) - claim.value(other)
        seen = (1 - over) / (2 - (2 * mean - 1))
        values.append((seen + F(1, 10)) / (F(1, 2) + F(1, 10)))
    assert sum(values) / papers <= 1


# An election


def audited():
    method = plan(contest("m", 2, "ABCD"), registered=600, rules=rules(women_seat_mode="NONE"))
    first = poll(apart("m", 400, A=300, B=190, C=120, D=60))
    return method, [first, rerun("m", "BC", apart("m", 380, B=200, C=150))]


def test_the_claims_are_all_that_makes_the_seats():
    method, polls = audited()
    made = claims(method, polls, count(method, polls))
    assert [(one.poll, one.assertion.sentence) for one in made] == [
        (0, "A某得票达到过半数"),
        (0, "C某得票没有达到过半数"),
        (0, "D某得票没有达到过半数"),
        (1, "B某得票达到三分之一以上"),
        (1, "B某得票多于C某"),
    ]


def test_readings_like_the_record_confirm_the_election_at_the_size_foretold():
    method, polls = audited()
    result = count(method, polls)
    for place, held in enumerate(polls):
        made = [one for one in claims(method, polls, result) if one.poll == place]
        size = draws_needed(method, held, made, RISK)
        known = records(method, held)
        read = [(one.paper, known[one.paper]) for one in tickets(held, "271828", size)]
        assert all(one.confirmed for one in assess(method, held, made, read, RISK))
        fewer = assess(method, held, made, read[:-1], RISK)
        assert not all(one.confirmed for one in fewer)
        at = next(
            n for n, (_p, said) in enumerate(read) if said["m"] & {*"AB"} and "C" not in said["m"]
        )
        lost = [*read[:at], (read[at][0], None), *read[at + 1 :]]
        assert not all(one.confirmed for one in assess(method, held, made, lost, RISK))


def test_a_result_that_waits_for_a_vote_is_not_checked():
    method = plan(contest("m", 1, "AB"), rules=rules(women_seat_mode="NONE"))
    tied = plan(contest("m", 2, "ABC"), registered=600, rules=method.rules)
    polls = [poll(apart("m", 400, A=300, B=220, C=220))]
    with pytest.raises(ValueError, match="再次投票"):
        claims(tied, polls, count(tied, polls))


@few
@given(st.integers(0, 2**32))
def test_every_claim_about_a_true_record_is_true_or_a_dead_heat(seed):
    method, held = random_election(seed)
    result = count(method, [held])
    if any(why in (Reason.TIED, Reason.WAITING) for why in result.reasons.values()):
        return
    known = records(method, held)
    for one in claims(method, [held], result):
        mean = one.assertion.mean([record[one.contest] for record in known.values()])
        assert mean >= F(1, 2)
        if not one.assertion.below:
            assert mean > F(1, 2)


def test_the_womans_seat_is_claimed_against_women_alone():
    offices = [contest("c", 1, "X", Office.CHAIR), contest("m", 3, "ABCDF")]
    method = plan(*offices, registered=900)
    given_ = apart("m", 600, A=400, B=380, C=370, D=310, F=305)
    given_ = [
        replace(b, columns={**b.columns, **ballots((1, {"c": "X"}))[0].columns}) for b in given_
    ]
    polls = [poll(given_)]
    result = count(method, polls)
    assert result.seated("m") == ("A", "B", "D")
    said = [one.assertion.sentence for one in claims(method, polls, result) if one.contest == "m"]
    assert "D某得票多于F某" in said
    assert "A某得票多于C某" in said
    assert "D某得票多于C某" not in said


# The simple check after the machine


@pytest.mark.parametrize(
    ("collected", "size"), [(30, 30), (50, 50), (51, 50), (2500, 50), (2501, 51), (10_000, 200)]
)
def test_the_hand_check_takes_fifty_or_two_in_a_hundred(collected, size):
    assert hand_check_size(rules(), collected) == size


def test_papers_and_boxes_are_drawn_by_the_seed_and_one_difference_is_told():
    method, polls = audited()
    known = records(method, polls[0])
    papers = draw_papers(known, "31415926", 50)
    assert len(set(papers)) == 50
    read = {paper: dict(known[paper]) for paper in papers}
    assert differing(known, read) == ()
    read[papers[3]]["m"] = frozenset("D") if known[papers[3]]["m"] != {"D"} else frozenset("A")
    assert differing(known, read) == (papers[3],)
    boxes = poll(ballots((3, {"m": "A"})) + ballots((3, {"m": "A"}), box="2")).boxes
    assert {draw_box(boxes, str(seed)) for seed in range(20)} == {"1", "2"}
    empty = (replace(boxes[0], collected=0), boxes[1])
    assert {draw_box(empty, str(seed)) for seed in range(20)} == {"2"}


def test_the_sizes_come_from_the_pack():
    packs = rules().as_data()
    packs[0]["params"]["limits"]["hand_check_min"] = {"value": 80}
    assert hand_check_size(Rules.read(packs), 1000) == 80

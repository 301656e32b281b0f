"""Which of two statements is shown, and that it is the same whichever comes first."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.provenance import (
    DEFAULT,
    Evidence,
    all_confirmed,
    evidence_of,
    judge,
    read,
    with_evidence,
    write,
)

DAY = date(2026, 3, 2)
POLICE = Evidence("police", 90, date(2025, 6, 1))
VISIT = Evidence("visit", 50, date(2026, 2, 1))


def test_the_stronger_source_prevails_over_the_later_day():
    assert judge(POLICE, VISIT, on=DAY).prevails
    assert not judge(VISIT, POLICE, on=DAY).prevails
    assert judge(POLICE, VISIT, on=DAY).why == "来源更权威"


def test_what_somebody_has_seen_prevails_for_a_year():
    seen = VISIT.confirmed(on=date(2026, 2, 1), by="社区干部")
    assert judge(seen, POLICE, on=DAY).prevails
    assert "2026-02-01" in judge(POLICE, seen, on=DAY).why
    assert seen.holds(date(2027, 2, 1))
    assert not seen.holds(date(2027, 2, 2))
    assert judge(POLICE, seen, on=date(2027, 3, 1)).prevails


def test_of_one_source_the_later_day_and_then_the_surer():
    later = Evidence("visit", 50, date(2026, 2, 2), confidence=10)
    assert judge(later, VISIT, on=DAY).prevails
    surer = Evidence("visit", 50, date(2026, 2, 1), confidence=100)
    unsure = Evidence("visit", 50, date(2026, 2, 1), confidence=60)
    assert judge(surer, unsure, on=DAY).prevails
    assert judge(VISIT, VISIT, on=DAY).prevails
    other = Evidence("window", 50, date(2026, 2, 1))
    assert not judge(other, VISIT, on=DAY).prevails
    assert judge(
        other.confirmed(on=DAY, by="张"), VISIT.confirmed(on=DAY, by="李"), on=DAY
    ).prevails


evidence = st.builds(
    Evidence,
    source=st.sampled_from(["police", "visit"]),
    rank=st.sampled_from([50, 90]),
    collected_on=st.integers(0, 900).map(lambda n: DAY - timedelta(days=n)),
    confidence=st.sampled_from([50, 100]),
    confirmed_on=st.none() | st.integers(0, 900).map(lambda n: DAY - timedelta(days=n)),
    by=st.just("张"),
)


def weight(one):
    return one.holds(DAY), one.confirmed_on if one.holds(DAY) else None


@given(evidence, evidence)
def test_only_equals_prevail_over_each_other(one, other):
    if judge(one, other, on=DAY).prevails and judge(other, one, on=DAY).prevails:
        assert weight(one) == weight(other)


@given(evidence, evidence, evidence)
def test_the_order_is_one(a, b, c):
    if judge(a, b, on=DAY).prevails and judge(b, c, on=DAY).prevails:
        assert judge(a, c, on=DAY).prevails


@given(evidence)
def test_it_comes_back_as_it_was_kept(one):
    assert read(write(one)) == one


def test_a_row_says_nothing_twice():
    facts = {DEFAULT: write(POLICE)}
    other = with_evidence(facts, "phone", VISIT)
    assert evidence_of(other, "phone") == VISIT
    assert evidence_of(other, "name") == POLICE
    assert with_evidence(other, "phone", POLICE) == facts
    seen = all_confirmed(other, on=DAY, by="李")
    assert evidence_of(seen, "phone").confirmed_on == DAY
    assert evidence_of(seen, "name") == POLICE.confirmed(on=DAY, by="李")

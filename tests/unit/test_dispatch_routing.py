"""Which rule speaks: the laws hold for any rules and any matter."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yukuai.cases.routing import Book, Facts, Rule, chain, decide, fit, nearest

HERE = "1.2.12.112."
PLACES = {"1.": "某市", "1.2.": "南区", "1.2.12.": "南街", HERE: "南社区", "1.11.": "北区"}
WORDS = ("油烟", "烧烤", "垃圾")


def rule(pk=1, **said):
    area = said.pop("area", "1.2.12.")
    return Rule(id=pk, name=f"规则{pk}", area=area, place=PLACES[area], **said)


FACTS = Facts(HERE, (4, 41), "楼下烧烤，油烟很大", "major")
areas = st.sampled_from(sorted(PLACES))
rules = st.builds(
    lambda pk, area, category, words, every, triage, urgent, order: rule(
        pk,
        area=area,
        category_id=category,
        category="" if category is None else "某类",
        words=tuple(words),
        every=every,
        triage=triage,
        urgent=urgent,
        order=order,
    ),
    st.integers(1, 10_000),
    areas,
    st.sampled_from([None, 4, 41, 5]),
    st.lists(st.sampled_from(WORDS), unique=True, max_size=3),
    st.booleans(),
    st.sampled_from(["", "major", "minor"]),
    st.sampled_from([None, True, False]),
    st.integers(0, 3),
)
fitting = st.builds(
    lambda area, category, words, every, triage, urgent, order: rule(
        area=area,
        category_id=category,
        category="" if category is None else "某类",
        words=tuple(words),
        every=every,
        triage=triage,
        urgent=urgent,
        order=order,
    ),
    st.sampled_from(chain(HERE)),
    st.sampled_from([None, 4, 41]),
    st.lists(st.sampled_from(WORDS[:2]), unique=True, max_size=2),
    st.booleans(),
    st.sampled_from(["", "major"]),
    st.sampled_from([None, False]),
    st.integers(0, 3),
)
"""All of these fit FACTS."""
books = st.lists(rules, max_size=8, unique_by=lambda one: one.id)
facts = st.builds(
    Facts,
    area=st.sampled_from([HERE, "1.11.111.1111.", "1.2.12.113."]),
    categories=st.sampled_from([(), (4,), (4, 41), (5,)]),
    text=st.sampled_from(["", "油烟", "油烟和烧烤", "垃圾、油烟、烧烤"]),
    triage=st.sampled_from(["", "major", "minor"]),
    urgent=st.booleans(),
)


@given(facts, books, st.randoms())
def test_the_order_in_which_rules_are_read_changes_nothing(matter, book, chance):
    shuffled = list(book)
    chance.shuffle(shuffled)
    assert decide(matter, book) == decide(matter, shuffled)


@given(facts, books)
def test_whoever_wins_fits_and_nobody_who_fits_is_left_out(matter, book):
    fitting = {one.id for one in book if fit(one, matter)}
    found = decide(matter, book)
    named = {found.winner.rule.id, *(o.hit.rule.id for o in found.others)} if found else set()
    assert named == fitting


@given(facts, books, rules)
def test_a_rule_that_does_not_fit_changes_nothing(matter, book, other):
    assume(fit(other, matter) is None and other.id not in {one.id for one in book})
    assert decide(matter, [*book, other]) == decide(matter, book)


@given(fitting, fitting, st.data())
def test_a_narrower_place_never_loses_to_a_wider_one(wide, narrow, data):
    above = chain(narrow.area)[:-1]
    assume(above)
    wide = replace(wide, id=2, area=data.draw(st.sampled_from(above)), order=-1)
    assert decide(FACTS, [wide, narrow]).winner.rule == narrow


@given(fitting, st.sampled_from([None, 4]), st.integers(-9, 9))
def test_a_deeper_category_never_loses_in_the_same_place(one, wider, order):
    deep = replace(one, id=2, category_id=41, category="细类")
    wide = replace(one, category_id=wider, category="粗类", order=order)
    assert decide(FACTS, [wide, deep]).winner.rule == deep


@given(st.lists(fitting, min_size=2, max_size=6))
def test_taking_the_winner_away_leaves_the_order_of_the_rest(book):
    book = [replace(one, id=pk) for pk, one in enumerate(book)]
    found = decide(FACTS, book)
    rest = decide(FACTS, [one for one in book if one != found.winner.rule])
    assert [rest.winner, *(o.hit for o in rest.others)] == [o.hit for o in found.others]


@given(st.lists(facts, max_size=4), books)
def test_the_book_answers_what_one_by_one_would(matters, book):
    quick = Book(book)
    for matter in [*matters, FACTS]:
        found = decide(matter, book)
        assert quick.find_winner(matter) == (found.winner if found else None)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({}, True),
        ({"area": "1.11."}, False),
        ({"category_id": 4}, True),
        ({"category_id": 41}, True),
        ({"category_id": 5}, False),
        ({"words": ("油烟", "垃圾")}, True),
        ({"words": ("油烟", "垃圾"), "every": True}, False),
        ({"words": ("油烟", "烧烤"), "every": True}, True),
        ({"words": ("垃圾",)}, False),
        ({"triage": "minor"}, False),
        ({"triage": "major"}, True),
        ({"urgent": False}, True),
        ({"urgent": True}, False),
    ],
)
def test_each_condition_asks_for_what_it_says(said, fits):
    assert (fit(rule(**said), FACTS) is not None) == fits


def test_a_place_is_no_place_that_merely_begins_alike():
    assert fit(Rule(1, "甲", "1.1.", "某区"), Facts("1.11.111.")) is None


def test_the_reason_names_all_it_rests_on():
    wanted = rule(
        category_id=41, category="油烟", words=("油烟", "烧烤"), triage="major", urgent=False
    )
    found = decide(FACTS, [wanted])
    said = "因为：地点在南街；类别是油烟；说到“油烟”“烧烤”；定的是大事；不是紧急的事。"
    assert found.winner.because == said


@pytest.mark.parametrize(
    ("winner", "loser", "why"),
    [
        ({"area": HERE}, {"area": "1.2."}, "“规则1”管的地方更小，先用它。"),
        ({"category_id": 41}, {"category_id": 4}, "“规则1”的类别更细，先用它。"),
        (
            {"words": ("油烟", "烧烤")},
            {"words": ("油烟",), "order": -1},
            "话里说到“规则1”的词更多。",
        ),
        ({"order": 1}, {"order": 2}, "排在“规则1”后面。"),
        ({}, {}, "别的都一样，“规则1”建得早。"),
    ],
)
def test_each_that_loses_hears_why(winner, loser, why):
    found = decide(FACTS, [rule(2, **loser), rule(1, **winner)])
    assert found.winner.rule.id == 1
    assert [one.why for one in found.others] == [why]


def test_no_rule_no_word():
    assert decide(FACTS, []) is None


def test_the_nearest_office_is_the_lowest_above_the_place():
    offices = {"1.": 10, "1.2.": 20, "1.11.": 30}
    assert nearest(HERE, offices) == 20
    assert nearest("1.11.111.", offices) == 30
    assert nearest("2.", offices) is None


def test_a_place_and_all_above_it():
    assert chain(HERE) == ["1.", "1.2.", "1.2.12.", HERE]

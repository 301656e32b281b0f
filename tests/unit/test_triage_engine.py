"""The learned suggestion: laws of the engine, then figures on wordings that were never counted."""

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import complaints, demo_texts, free_texts
from yukuai.cases.rules import CategoryRule, suggest
from yukuai.engines.triage import (
    Corpus,
    Example,
    Guess,
    Model,
    Settings,
    grams,
    judge,
    measure,
    train,
)
from yukuai.engines.triage.calibration import Curve, choose, fit
from yukuai.engines.triage.texts import JUDGE, LEARN

HEADS = ("category", "triage")
SEEN = st.lists(st.tuples(st.integers(-9000, 9000), st.booleans()), max_size=60)


def taught(examples: list[Example], **settings: int) -> Model:
    chosen = Settings(**settings)
    return train(
        Corpus.read(examples, least_origins=chosen.least_origins), heads=HEADS, settings=chosen
    )


@cache
def model() -> Model:
    return taught(complaints())


def test_grams_are_signs_and_pairs_each_once_and_never_a_number():
    assert grams("路灯，灯坏 13812345678") == ["路", "灯", "路灯", "坏", "灯坏"]


@given(st.text())
def test_no_digit_is_ever_a_gram(text):
    assert not any(sign.isdigit() for gram in grams(text) for sign in gram)


@given(SEEN, st.integers(-10_000, 10_000), st.integers(0, 500))
def test_a_curve_stays_between_never_and_certain_and_never_falls(seen, score, unclear):
    curve = fit(seen, unclear=unclear)
    assert 0 <= curve.at(score) < 1000
    assert curve.at(score) <= curve.at(score + 1)


@given(SEEN, st.randoms(use_true_random=False))
def test_a_curve_does_not_depend_on_the_order(seen, dice):
    shuffled = list(seen)
    dice.shuffle(shuffled)
    assert fit(shuffled) == fit(seen)


def test_neighbours_that_contradict_each_other_share_a_step():
    seen = [(1, False), (2, True), (3, False), (4, True), (5, True)]
    assert fit(seen) == Curve((1, 2, 4), (333, 500, 750))


@given(SEEN.map(lambda seen: [(abs(score) // 9, right) for score, right in seen]))
def test_from_a_threshold_on_nine_of_ten_are_right(seen):
    threshold = choose(seen, precision=900, least=5)
    said = [right for chance, right in seen if threshold is not None and chance >= threshold]
    assert threshold is None or (len(said) >= 5 and 10 * sum(said) >= 9 * len(said))


def test_too_few_texts_make_no_threshold():
    assert choose([(900, True)] * 4, precision=900, least=5) is None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_texts_changes_nothing(seed):
    shuffled = complaints(each=2)
    random.Random(seed).shuffle(shuffled)
    assert taught(shuffled).dump() == taught(complaints(each=2)).dump()


def test_what_is_written_down_speaks_as_before():
    read = Model.load(model().dump())
    assert read == model()
    assert read.ask("category", "楼道灯不亮") == model().ask("category", "楼道灯不亮")


@given(st.text(alphabet="路灯不亮坏物业漏水的老人建议abc 。", max_size=60))
def test_a_chance_is_never_certain_and_the_answer_is_always_the_same(text):
    guess = model().ask("category", text)
    assert 0 <= guess.chance < 1000
    assert guess == model().ask("category", text)
    assert set(guess.because) <= set(grams(text))


@pytest.mark.parametrize(
    "text", ["", "12345678", "？！。", "鼋鼍蹴鞠", "hello world", "鼋鼍路灯蹴鞠魑魅魍魉饕餮"]
)
def test_what_it_does_not_know_meets_silence(text):
    assert model().ask("category", text).label == ""


def test_it_says_what_it_rests_on():
    guess = model().ask("category", "3 栋楼道灯不亮了，麻烦派人来看看。")
    assert guess.label == "05"
    assert guess.because == ("道灯", "不亮")


def test_what_fewer_than_five_people_said_is_in_no_model():
    often = [Example(f"路灯不亮了{i}", {"category": "05"}, f"p{i}") for i in range(400)]
    named = [
        Example("路灯不亮了，欧阳锦绣", {"category": "05"}, f"one{i % 4}", f"g{i}")
        for i in range(99)
    ]
    other = [Example(f"垃圾没有人收{i}", {"category": "04"}, f"q{i}") for i in range(400)]
    assert sum(one.part == LEARN for one in named) > 20
    known = taught([*often, *named, *other]).grams
    assert {"路灯", "垃圾"} <= known
    assert not set("欧阳锦绣") & set("".join(known))


def test_a_label_with_few_texts_is_silent():
    often = [Example("路灯不亮了", {"category": "05"}, f"p{i}") for i in range(400)]
    rare = [Example("垃圾没有人收", {"category": "04"}, f"q{i}") for i in range(20)]
    other = [Example("老鼠晚上到处跑", {"category": "12"}, f"r{i}") for i in range(400)]
    head = taught([*often, *rare, *other]).heads["category"]
    assert head.labels == ("05", "12")
    assert head.ask("垃圾没有人收").label == ""


def test_one_label_without_anything_else_is_not_learned():
    alike = [Example("路灯不亮了", {"category": "05"}, f"p{i}") for i in range(400)]
    assert taught(alike).heads["category"].labels == ()


def test_where_decisions_contradict_each_other_it_is_silent():
    texts = [Example("路灯不亮了", {"category": f"0{i % 2}"}, f"p{i}") for i in range(600)]
    assert taught(texts).ask("category", "路灯不亮了").label == ""


def test_texts_of_a_group_serve_for_the_same_thing():
    parts = {Example(f"话{i}", {}, f"p{i}", "同一件").part for i in range(50)}
    assert len(parts) == 1


def test_the_measure_counts_silence_as_a_miss_and_chatter_as_a_fault():
    said = [
        ("05", Guess("05", 950)),
        ("05", Guess()),
        ("04", Guess("05", 900)),
        ("", Guess("05", 900)),
    ]
    figures = measure(said)
    assert (figures.texts, figures.coverage, figures.precision, figures.recall) == (
        3,
        666,
        333,
        333,
    )
    assert (figures.outside, figures.outside_silent, figures.silent) == (1, 0, 334)
    assert figures.labels["05"] == {
        "texts": 2,
        "said": 3,
        "precision": 333,
        "recall": 500,
        "f1": 400,
    }


# Figures: the fixed synthetic split, and texts written on their own


def word_rules() -> list[CategoryRule]:
    from tests.complaints import _rows

    rows = sorted(_rows("categories.csv"), key=lambda row: (int(row["order"]), row["code"]))
    return [
        CategoryRule(int(r["code"]), r["name"], tuple(r["words"].split()), r["triage"], r["why"])
        for r in rows
    ]


@pytest.mark.parametrize(("head", "coverage", "f1"), [("category", 800, 900), ("triage", 800, 900)])
def test_on_wordings_never_counted_nine_of_ten_are_right_and_few_are_passed_over(
    head, coverage, f1
):
    figures = judge(model(), head, complaints())
    assert figures.texts > 1000
    assert figures.precision >= 950
    assert figures.coverage >= coverage
    assert figures.macro_f1 >= f1
    assert figures.calibration_error <= 60
    assert min(row["precision"] for row in figures.labels.values()) >= 850


def test_it_is_better_than_the_word_rules_on_the_same_texts():
    judged = [(e.labels["category"], e.text) for e in complaints() if e.part == JUDGE]
    rules = word_rules()
    ruled = []
    for decided, text in judged:
        found = suggest(text, rules)
        said = Guess(f"{found.category_id:02}") if found.category_id else Guess()
        ruled.append((decided, said))
    learned = measure([(decided, model().ask("category", text)) for decided, text in judged])
    by_words = measure(ruled)
    assert learned.precision > by_words.precision + 200
    assert learned.macro_f1 > by_words.macro_f1 + 200


@pytest.mark.parametrize("texts", [free_texts, demo_texts])
def test_on_texts_of_another_hand_it_is_right_or_silent(texts):
    judged = [(labels["category"], model().ask("category", text)) for text, labels in texts()]
    figures = measure(judged)
    assert figures.precision >= 900
    assert figures.coverage >= 600
    assert figures.outside == 0 or figures.outside_silent >= 900

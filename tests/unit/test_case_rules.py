import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.cases.rules import (
    NOTHING,
    TITLE_LENGTH,
    CategoryRule,
    Rules,
    find_urgent,
    resolve_term,
    suggest,
    title_of,
)

LAMPS = CategoryRule(1, "公共设施损坏", ("路灯", "楼道灯"), "minor", "由社区牵头办。")
STREET = CategoryRule(2, "市容环卫", ("油烟", "垃圾"), "major", "属于市容执法。")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("楼道灯不亮。晚上看不清。", "楼道灯不亮"),
        ("  路灯坏了\n请修", "路灯坏了"),
        ("9 号院围墙裂了一条手掌宽的缝，旁边就是孩子上学的路。", "9 号院围墙裂了一条手掌宽的缝"),
        ("我" * 40, "我" * 23 + "…"),
        ("急，" + "我" * 40, "急，" + "我" * 21 + "…"),
    ],
)
def test_a_title_is_the_first_sentence_or_what_was_said_before_a_pause(body, title):
    assert title_of(body) == title


@given(st.text(max_size=200))
def test_a_title_is_never_longer_than_a_list_can_show(body):
    assert len(title_of(body)) <= TITLE_LENGTH


def test_the_category_with_most_of_its_words_is_suggested_with_the_words():
    found = suggest("楼道灯和路灯都不亮，还有垃圾。", [STREET, LAMPS])
    assert (found.category_id, found.triage) == (1, "minor")
    assert "“路灯”“楼道灯”" in found.reason


def test_where_no_word_fits_nothing_is_suggested():
    assert suggest("今天天气好。", [LAMPS, STREET]) == NOTHING


def test_words_of_danger_call_for_their_numbers():
    words = {"起火": "119", "受伤": "120", "打架": "110"}
    assert find_urgent("楼道起火，有人受伤。", words) == {"119": ["起火"], "120": ["受伤"]}
    assert find_urgent("楼道灯不亮。", words) == {}


def test_a_consultation_has_its_own_term_whatever_its_triage():
    assert resolve_term(triage="minor", consultation=True) == "consult"
    assert resolve_term(triage="minor", consultation=False) == "minor"
    assert resolve_term(triage="", consultation=False) == "major"


def test_an_extension_is_a_share_of_its_term_and_at_least_a_day():
    params = {
        "terms": {"minor": {"working_days": 5}, "consult": {"working_days": 1}},
        "limits": {"extension_percent": {"value": 50}},
    }
    assert Rules(params).extension_days("minor") == 2
    assert Rules(params).extension_days("consult") == 1

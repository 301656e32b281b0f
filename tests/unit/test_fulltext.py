"""Single signs and pairs: what a text is found by, and what is marked in it."""

from hypothesis import given
from hypothesis import strategies as st

from yukuai.kernel import fulltext

HAN = st.text("路灯不亮的楼道井盖坏了國體々〇𠮷", min_size=1, max_size=6)
WORDS = st.text("abcXYZａｂ0129０１é", min_size=1, max_size=5)
GAPS = st.sampled_from(["", "", " ", "，", "。", "\n", "（", "-", "　"])
PARTS = st.lists(st.tuples(st.one_of(HAN, WORDS), GAPS), min_size=1, max_size=8)


def joined(parts):
    """Words of letters do not touch: `ab` beside `cd` would be one word."""
    text = ""
    for words, gap in parts:
        touching = text and words[0].isalnum() and text[-1].isascii() and text[-1].isalnum()
        text += (" " if touching else "") + words + gap
    return text


@given(st.text())
def test_folding_twice_is_folding_once(text):
    once = fulltext.fold(text)
    assert fulltext.fold(once) == once


@given(st.text(), st.text())
def test_a_part_of_a_text_folds_to_a_part_of_it(before, after):
    assert fulltext.fold(before + after) == fulltext.fold(before) + fulltext.fold(after)


@given(st.text("路灯不亮的楼道井盖坏，。 國𠮷", min_size=2), st.data())
def test_any_two_signs_of_a_chinese_text_or_more_find_it(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    passage = text[start:end]
    assert fulltext.matches(text, passage) or not fulltext.asked(passage)


@given(PARTS, st.data())
def test_any_passage_that_cuts_no_word_finds_its_text(parts, data):
    start = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(start + 1, len(parts)))
    passage = joined(parts[start:end])
    assert fulltext.matches(
        f"头，{joined(parts[:start])}，{passage}，{joined(parts[end:])}", passage
    )


@given(PARTS, PARTS)
def test_what_is_marked_is_the_text_itself(parts, asking):
    text = joined(parts)
    assert "".join(words for words, _found in fulltext.mark(text, joined(asking))) == text


@given(PARTS)
def test_a_text_that_asks_for_itself_has_all_its_units_marked(parts):
    text = joined(parts)
    left = "".join(words for words, found in fulltext.mark(text, text) if not found)
    assert fulltext.asked(left) == []


def test_case_and_width_do_not_matter_but_traditional_signs_do():
    assert fulltext.matches("楼下的ＬＥＤ灯坏了", "led灯")
    assert fulltext.matches("Led灯", "ＬＥＤ")
    assert not fulltext.matches("路灯", "路燈")


def test_a_number_is_found_whole_and_with_its_neighbour():
    assert fulltext.matches("13号楼的灯", "13号楼")
    assert not fulltext.matches("13号楼的灯", "3号楼")
    assert not fulltext.matches("3栋在2号楼旁", "3号")


def test_two_words_must_both_stand_in_the_text_in_any_order():
    assert fulltext.matches("学校门口的断头路", "断头路 学校")
    assert not fulltext.matches("学校门口", "断头路 学校")


def test_signs_that_say_nothing_ask_nothing():
    for text in ("", " ", "%", "，。！", "'; --", "\x00", "_"):
        assert fulltext.question(text) == ""
        assert fulltext.vector({"A": [text]}) == ""


def test_a_vector_says_in_which_part_each_lexeme_stands():
    made = fulltext.vector({"A": ["路灯"], "C": ["路灯", "路"]})
    assert sorted(made.split()) == sorted(["'路':1A,3C", "'灯':1A,3C", "'路灯':1A,3C"])
    assert fulltext.question("路灯不", weights="A") == "'路灯':A & '灯不':A"


def test_nothing_typed_can_leave_its_quotes():
    made = fulltext.vector({"A": ["o'clock \\' & ! ( ) : * <->"]})
    assert sorted(made.split()) == ["'clock':1A", "'o':1A"]


def test_an_endless_word_is_cut_in_texts_and_questions_alike():
    assert max(map(len, fulltext.lexemes("a" * 5000 + "楼"))) <= 2 * fulltext.UNIT_LENGTH
    assert fulltext.matches("a" * 5000, "a" * 3000)


def test_marks_join_where_they_touch_and_never_cut_a_number():
    assert fulltext.mark("13号和3号楼的路灯不亮", "3号 路灯不亮") == [
        ("13号和", False),
        ("3号", True),
        ("楼的", False),
        ("路灯不亮", True),
    ]


def test_an_excerpt_begins_before_the_first_word_found_and_says_what_it_leaves_out():
    text = "前面说了很多很多别的事情，后来才说到路灯不亮，再后面还有一些话。"
    pieces = fulltext.excerpt(text, "路灯", length=20)
    assert pieces == [
        ("…很多别的事情，后来才说到", False),
        ("路灯", True),
        ("不亮，再后面…", False),
    ]
    assert fulltext.excerpt(text, "井盖", length=20) == []

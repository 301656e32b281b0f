"""What is typed into the box of the register is taken for what people mean by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.questions import Question, Sort, read_question, stands_in

S = Sort


@pytest.mark.parametrize(
    ("typed", "sort", "text"),
    [
        ("", S.NOTHING, ""),
        ("   ", S.NOTHING, ""),
        ("509999 19900101 001X", S.NUMBER, "50999919900101001X"),
        ("50999919900101001x", S.NUMBER, "50999919900101001X"),
        ("199 0000 0417", S.PHONE, "19900000417"),
        ("+86 19900000417", S.PHONE, "19900000417"),
        ("023-6355 1234", S.PHONE, "02363551234"),
        ("E12345678", S.PAPER, "E12345678"),
        ("91500103MA60000001", S.PAPER, "91500103MA60000001"),
        ("Sqq", S.INITIALS, "sqq"),
        ("水 清浅", S.NAME, "水清浅"),
        ("买买提·艾力", S.NAME, "买买提·艾力"),
    ],
)
def test_a_number_is_whole_or_it_is_no_number(typed, sort, text):
    assert read_question(typed) == Question(sort, text)


@pytest.mark.parametrize(
    ("typed", "words", "entrance", "room"),
    [
        ("1栋 2-301", ("1栋",), "2", "301"),
        ("人和街41号1栋2单元301室", ("人和街", "41号", "1栋"), "2", "301"),
        ("人和街 41 号 3楼 302", ("人和街", "41号"), "", "302"),
        ("2-1503", (), "2", "1503"),
        ("301", (), "", "301"),
        ("1栋2单元", ("1栋",), "2", ""),
        ("2单元", ("2单元",), "", ""),
        ("B1栋 1202A", ("B", "1栋"), "", "1202A"),
        ("199000", ("199000",), "", ""),
    ],
)
def test_a_place_is_taken_apart(typed, words, entrance, room):
    asked = read_question(typed)
    assert (asked.sort, asked.words, asked.entrance, asked.room) == (S.PLACE, words, entrance, room)


def test_a_number_stands_in_a_text_only_whole():
    assert stands_in("1栋", "嘉西苑 1栋")
    assert not stands_in("1栋", "嘉西苑 11栋")
    assert stands_in("人和街", "大溪沟人和街41号")
    assert not stands_in("41", "人和街141号")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_as_something(typed):
    asked = read_question(typed)
    assert (asked.sort is S.NOTHING) == (not typed.split())
    if asked.sort is S.PLACE:
        assert asked.words or asked.room

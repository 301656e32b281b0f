"""Texts as the network carries them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.messaging.parts import (
    Alphabet,
    Part,
    Piece,
    alphabet_of,
    count_parts,
    decode,
    encode,
    header,
    header_size,
    join,
    read_header,
    room,
    split,
    units,
)

ASCII_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="`"))
TEXTS = st.text(st.sampled_from("渝快社区，。1aA{}€🌶👨‍👩‍👧\n"), max_size=900) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=400
)


@given(TEXTS, st.booleans(), st.randoms())
def test_what_was_cut_joins_again_in_whatever_order_it_arrives(text, wide, chance):
    parts = split(text, wide=wide)
    chance.shuffle(parts)
    assert join([*parts, parts[0]]) == text


@given(TEXTS, st.booleans())
def test_every_part_with_its_header_fits_into_140_octets(text, wide):
    for part in split(text, wide=wide):
        head = header(part, reference=513, wide=wide)
        size = units(part.text, part.alphabet)
        octets = size * 2 if part.alphabet is Alphabet.UCS2 else -(-size * 7 // 8)
        assert len(head) + octets <= 140
        assert part.text or text == ""


@given(TEXTS)
def test_a_part_read_alone_is_whole_characters(text):
    for part in split(text):
        octets = encode(part.text, part.alphabet)
        assert decode(octets, part.alphabet.data_coding) == part.text


@given(TEXTS)
def test_only_the_last_part_has_room_left_for_a_character(text):
    parts = split(text)
    most = room(parts[0].alphabet, header=header_size(wide=False))
    for part, following in itertools.pairwise(parts):
        assert units(part.text + following.text[0], part.alphabet) > most


@given(ASCII_TEXTS)
def test_plain_latin_takes_the_small_alphabet(text):
    assert alphabet_of(text) is Alphabet.GSM7


@given(st.integers(0, 0xFFFF), st.integers(2, 255), st.booleans(), st.binary(max_size=20))
def test_a_header_says_where_its_part_belongs(reference, total, wide, rest):
    part = Part("", total, total, Alphabet.UCS2)
    kept = reference if wide else reference & 0xFF
    found = read_header(header(part, reference=reference, wide=wide) + rest)
    assert found == (Piece(kept, total, total), rest)


@given(st.binary(max_size=60))
def test_no_header_that_somebody_sends_breaks_the_reader(octets):
    piece, rest = read_header(octets)
    assert len(rest) <= len(octets)
    assert decode(rest, 0) is not None
    assert decode(rest, 8) is not None
    assert piece.total >= 0


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", [0]),
        ("汉" * 70, [70]),
        ("汉" * 71, [67, 4]),
        ("汉" * 134, [67, 67]),
        ("汉" * 135, [67, 67, 1]),
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 307, [153, 153, 1]),
        ("{" * 80, [80]),
        ("{" * 81, [76, 5]),
        ("汉" * 66 + "🌶" + "字" * 10, [66, 11]),
    ],
)
def test_lengths_as_the_standard_has_them(text, lengths):
    assert [len(part.text) for part in split(text)] == lengths
    assert count_parts(text) == len(lengths)


def test_a_wide_reference_leaves_room_for_one_character_less():
    assert [len(part.text) for part in split("汉" * 71, wide=True)] == [66, 5]
    assert [len(part.text) for part in split("a" * 161, wide=True)] == [152, 9]


def test_an_emoji_is_never_cut_in_two():
    parts = split("汉" * 66 + "🌶" * 40)
    for part in parts:
        encode(part.text, Alphabet.UCS2).decode("utf-16-be")
    assert join(parts) == "汉" * 66 + "🌶" * 40


def test_a_lone_surrogate_is_replaced_and_not_sent():
    assert decode(encode("渝\ud83c快", Alphabet.UCS2), 8) == "渝\ufffd快"


def test_a_text_beyond_255_parts_is_refused():
    with pytest.raises(ValueError, match="256 parts"):
        split("汉" * (255 * 67 + 1))

"""The code of a voter card: read with the public key alone, not to be made without the other."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from yukuai.elections.cards import (
    PURPOSE,
    Forged,
    Stamp,
    compose,
    house_of,
    in_order,
    is_typed,
    said,
    sheets,
    short_id,
    tidy,
    verify,
)
from yukuai.kernel.ids import ALPHABET

KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
STAMP = Stamp("2026000001", "K7RM2XPQ94TW")
CODES = st.text(ALPHABET, min_size=12, max_size=12)


def test_whoever_has_the_public_key_reads_it():
    text = compose(STAMP, KEY.sign)
    assert verify(text, PUBLIC) == STAMP
    assert verify(f" {text.lower()}\r\n", PUBLIC) == STAMP, "as scanners give it"


def test_it_says_the_election_and_a_random_id_and_no_more():
    election, card, signature = compose(STAMP, KEY.sign).split(".")
    assert (election, card) == ("2026000001", "K7RM2XPQ94TW")
    assert base64.b32decode(signature + "=") == KEY.sign(PURPOSE + b"2026000001.K7RM2XPQ94TW")


def test_all_of_it_is_of_the_alphanumeric_mode():
    text = compose(STAMP, KEY.sign)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(text) == 127, "version 6 with correction M holds 154"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("2026000001", "2026000002"),
        lambda text: text.replace("K7RM2XPQ94TW", "K7RM2XPQ94TX"),
        lambda text: text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:],
        lambda text: text[:-40],
        lambda text: text.rpartition(".")[0] + ".",
        lambda text: text + ".A",
        lambda text: "2026000001.K7RM2XPQ94TW." + "A" * 103,
        lambda text: "2026000001.K7RM2XPQ94TW.好",
        lambda text: "https://shequ.example/verify/K7RM2XPQ94TW/",
        lambda text: "",
        lambda text: "." * 10_000,
    ],
)
def test_what_was_altered_or_made_up_is_forged(change):
    with pytest.raises(Forged):
        verify(change(compose(STAMP, KEY.sign)), PUBLIC)


def test_a_signature_of_another_key_or_for_another_purpose_is_forged():
    other = Ed25519PrivateKey.generate()
    with pytest.raises(Forged):
        verify(compose(STAMP, other.sign), PUBLIC)
    with pytest.raises(Forged):
        verify(compose(STAMP, lambda message: KEY.sign(message[len(PURPOSE) :])), PUBLIC)


@given(CODES, CODES)
def test_the_signature_of_one_card_fits_no_other(one, other):
    text = compose(Stamp("2026000001", one), KEY.sign)
    moved = text.replace(one, other)
    if one == other:
        assert verify(moved, PUBLIC).card == one
    else:
        with pytest.raises(Forged):
            verify(moved, PUBLIC)


def test_an_id_is_typed_with_or_without_dashes():
    assert said("K7RM2XPQ94TW") == "K7RM-2XPQ-94TW"
    assert is_typed("k7rm-2xpq 94tw")
    assert tidy("k7rm-2xpq 94tw") == "K7RM2XPQ94TW"
    assert not is_typed("K7RM-2XPQ")
    assert not is_typed(compose(STAMP, KEY.sign))


def test_the_short_id_is_the_number_without_its_letters():
    assert short_id("XJ-2026-000001") == "2026000001"


def test_houses_are_walked_in_the_order_of_their_numbers():
    homes = ["10栋1-1", "2栋11-1", "2栋2-1", "", "2栋2-10", "甲栋1-1"]
    assert sorted(homes, key=in_order) == ["", "甲栋1-1", "2栋2-1", "2栋2-10", "2栋11-1", "10栋1-1"]


@pytest.mark.parametrize(
    ("home", "house"),
    [
        ("人和街41号 嘉西苑 1栋 2单元 301", "人和街41号 嘉西苑 1栋"),
        ("嘉西苑 11栋 301", "嘉西苑 11栋"),
        ("人和街41号嘉西苑1栋301", ""),
        ("", ""),
    ],
)
def test_a_home_is_in_a_house(home, house):
    assert house_of(home) == house


def test_a_pile_begins_its_own_page_and_no_card_is_lost():
    cards = [{"group": "东", "no": str(n)} for n in range(9)] + [{"group": "西", "no": "x"}]
    pages = sheets(cards, by="group", a_page=8)
    assert [(one["name"], one["page"], one["of"], len(one["cards"])) for one in pages] == [
        ("东", 1, 2, 8),
        ("东", 2, 2, 1),
        ("西", 1, 1, 1),
    ]

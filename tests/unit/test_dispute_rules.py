"""Arithmetic of disputes: money as fen, names half said, numbers that point at nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.disputes.rules import (
    LEAST_SHOWN,
    MOST_FEN,
    fen_of,
    mask_name,
    suppress,
    total_shown,
    yuan_words,
)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1200", 120_000),
        ("1,200.50", 120_050),
        ("1200.5 元", 120_050),
        ("0.01", 1),
        ("", None),
        ("  ", None),
    ],
)
def test_an_amount_is_typed_in_yuan_and_kept_in_fen(typed, fen):
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["一千", "-1", "1.234", "1.2.3", "1e5", "٣", "1" * 20])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match="an amount"):
        fen_of(typed)


@given(st.integers(min_value=0, max_value=MOST_FEN))
def test_what_is_said_of_an_amount_is_read_back_the_same(fen):
    assert fen_of(yuan_words(fen)) == fen


def test_no_amount_says_nothing():
    assert yuan_words(None) == ""
    assert yuan_words(0) == "0 元"


@pytest.mark.parametrize(("name", "masked"), [("王小满", "王某"), ("", "没有留名")])
def test_a_name_is_half_said(name, masked):
    assert mask_name(name) == masked


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9), min_size=1)


@given(counts)
def test_what_is_shown_is_true_and_never_small(cells):
    for name, shown in suppress(cells).items():
        assert shown is None or (shown == cells[name] and shown >= LEAST_SHOWN)


@given(counts)
def test_the_total_gives_away_no_small_number_that_is_hidden(cells):
    """Total less what is shown: nothing at all, three or more, or the total is hidden itself."""
    shown = suppress(cells)
    rest = sum(cells.values()) - sum(count for count in shown.values() if count is not None)
    assert rest == 0 or rest >= LEAST_SHOWN or total_shown(cells.values()) is None


def test_the_next_smallest_goes_along_where_one_would_follow_from_the_total():
    assert suppress({"a": 1, "b": 4, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert suppress({"a": 3, "b": 4}) == {"a": 3, "b": 4}
    assert suppress({"a": 5, "b": 0}) == {"a": 5, "b": None}


@pytest.mark.parametrize(("numbers", "total"), [([], 0), ([1, 1], None), ([2, 1], 3)])
def test_a_total_below_three_is_not_said(numbers, total):
    assert total_shown(numbers) == total

"""GB 11643 and GB 32100: what proves itself, and what each wrong number is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.numbers import (
    FEMALE,
    MALE,
    BadNumber,
    check_sign,
    read_citizen,
    read_uscc,
    uscc_check,
)

TODAY = date(2026, 3, 2)


def citizen(body):
    return body + check_sign(body)


def test_the_example_of_the_standard():
    read = read_citizen("11010519491231002x", today=TODAY)
    assert (read.number, read.birth_date, read.sex) == (
        "11010519491231002X",
        date(1949, 12, 31),
        FEMALE,
    )


def test_spaces_and_wide_signs_are_no_mistake():
    assert read_citizen(" １１０１０５ 19491231 002Ｘ", today=TODAY).number == "11010519491231002X"


def test_the_odd_are_men():
    assert read_citizen(citizen("50999919900101001"), today=TODAY).sex == MALE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5099991990010100", "18 位"),
        ("50999919900101A01X", "前 17 位"),
        ("110105194912310021", "校验位"),
        (citizen("50999919900230001"), "不存在"),
        (citizen("50999920270101001"), "不可能"),
        (citizen("50999917000101001"), "不可能"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(BadNumber, match=words):
        read_citizen(text, today=TODAY)


@given(st.integers(0, 16), st.integers(1, 9), st.integers(0, 999))
def test_one_wrong_digit_is_always_found(place, shift, serial):
    number = citizen(f"50999919900101{serial:03}")
    changed = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(BadNumber):
        read_citizen(changed, today=TODAY)


def test_a_credit_code_proves_itself():
    body = "51509999MJ0000001"
    assert read_uscc(f" {body}{uscc_check(body)} ".lower()) == body + uscc_check(body)
    for wrong, words in [
        (body, "18 位"),
        ("I" + body[1:] + "0", "不会有"),
        (body + ("0" if uscc_check(body) != "0" else "1"), "校验位"),
    ]:
        with pytest.raises(BadNumber, match=words):
            read_uscc(wrong)


def test_a_published_credit_code():
    """An example known from public reading of the standard: the sum is nought."""
    assert read_uscc("91350100M000100Y43") == "91350100M000100Y43"

"""What a neighbour may read: digits hide, and a place is named only when it is a public one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.cases.gist_words import in_public_words, mask, public_place


@given(st.text("0123456789 -电话：我１２", max_size=40))
def test_no_five_digits_in_a_row_are_left(text):
    assert not re.search(r"\d(?:[\s-]?\d){4}", mask(text))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("打 19900000417 找我", "打 ＊＊＊＊ 找我"),
        ("199-0000-0417", "＊＊＊＊"),
        ("１９９００００", "＊＊＊＊"),
        ("11月26日前换 4 盏灯", "11月26日前换 4 盏灯"),
        ("2026年", "2026年"),
    ],
)
def test_what_could_be_a_telephone_is_hidden_and_a_date_is_not(said, left):
    assert mask(said) == left


@pytest.mark.parametrize(
    "place",
    [
        "人民公园",
        "人民公园门口",
        "大溪沟菜市场入口",
        "人民路",
        "中山四路公交站",
        "401路公交站",
        "村口",
    ],
)
def test_a_public_place_is_named(place):
    assert public_place(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "3 楼",
        "2 单元 401",
        "12 号楼下",
        "人民路 15 号",
        "人民路十五号",
        "李某某家门口",
        "王大爷门口的路",
        "我租的房子旁边的公园",
        "三单元楼道",
        "楼上住户旁边的广场",
        "人民公园往里走到第三棵树再左拐上坡那个亭子附近",
    ],
)
def test_a_place_that_could_be_somebodys_home_is_not(place):
    assert public_place(place) == ""


@given(st.text("路灯家栋3号室楼 ", max_size=12))
def test_nothing_with_a_number_of_a_home_passes(text):
    if re.search(r"3\s*[号室栋楼]|家", text):
        assert public_place(text) == ""


def test_only_words_of_the_dictionary_are_compared():
    assert in_public_words("张三家门口的路灯坏了", ["路灯", "井盖"]) == "路灯"
    assert in_public_words("张三家门口", ["路灯", "井盖"]) == ""

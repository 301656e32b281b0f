import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.divisions.rules import (
    PARENTS,
    READINGS_LIMIT,
    BadCode,
    initials,
    objection_to_name,
    objection_to_parent,
    own_code,
    parse_code,
    short_name,
    tidy_code,
    tidy_name,
)
from yukuai.divisions.states import CodeScheme, DivisionKind
from yukuai.divisions.tables import Row, check_rows, read_rows, read_transfers
from yukuai.kernel.errors import InvalidInput

CITY = Row(2, "50", "重庆市", "city", "")
DISTRICT = Row(3, "500103", "渝中区", "district", "50")
TOWNSHIP = Row(4, "500103011", "大溪沟街道", "township", "500103")
COMMUNITY = Row(5, "500103011014", "人民村社区居民委员会", "community", "500103011")
TABLE = [CITY, DISTRICT, TOWNSHIP, COMMUNITY]


@pytest.mark.parametrize(
    ("text", "kind", "parent", "sort"),
    [
        ("50", DivisionKind.CITY, "", ""),
        ("500157", DivisionKind.DISTRICT, "50", ""),
        ("50Z01", DivisionKind.ZONE, "50", ""),
        ("500103001", DivisionKind.TOWNSHIP, "500103", "街道"),
        ("500103099", DivisionKind.TOWNSHIP, "500103", "街道"),
        ("500103100", DivisionKind.TOWNSHIP, "500103", "镇"),
        ("500103200", DivisionKind.TOWNSHIP, "500103", "乡"),
        ("500103399", DivisionKind.TOWNSHIP, "500103", "乡"),
        ("500103400", DivisionKind.TOWNSHIP, "500103", "政企合一单位"),
        ("500103011001", DivisionKind.COMMUNITY, "500103011", "居民委员会"),
        ("500103011199", DivisionKind.COMMUNITY, "500103011", "居民委员会"),
        ("500103011200", DivisionKind.COMMUNITY, "500103011", "村民委员会"),
        ("500103011399", DivisionKind.COMMUNITY, "500103011", "村民委员会"),
        ("500103011014G01", DivisionKind.GROUP, "500103011014", ""),
        ("500103011014001", DivisionKind.GRID, "500103011014", ""),
        ("500103011014X001", DivisionKind.COMPOUND, "500103011014", ""),
    ],
)
def test_a_code_tells_its_level_its_parent_and_its_sort(text, kind, parent, sort):
    code = parse_code(text)
    assert (code.kind, code.parent, code.sort) == (kind, parent, sort)


def test_only_codes_without_a_national_standard_are_our_own():
    own = {kind for kind, text in [
        (DivisionKind.ZONE, "50Z01"), (DivisionKind.GRID, "500103011014001"),
        (DivisionKind.TOWNSHIP, "500103001"), (DivisionKind.COMMUNITY, "500103011014"),
    ] if parse_code(text).scheme == CodeScheme.OWN}  # fmt: skip
    assert own == {DivisionKind.ZONE, DivisionKind.GRID}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "编码“”里只能有数字。"),
        ("5001O3", "编码“5001O3”里只能有数字。"),
        ("５００１０３", "编码“５００１０３”里只能有数字。"),
        ("5001", "编码“5001”有 4 位，应当是 2、6、9 或 12 位。"),
        ("500100", "编码“500100”末尾不能是 00。"),
        ("500103000", "编码“500103000”末三位 000 不在乡镇（街道）的号段里"),
        ("500103600", "编码“500103600”末三位 600 不在乡镇（街道）的号段里"),
        ("500103011000", "编码“500103011000”末三位 000 不在村（社区）的号段里"),
        ("500103011400", "编码“500103011400”末三位 400 不在村（社区）的号段里"),
        ("500103011014G1", "编码“500103011014G1”里只能有数字。"),
    ],
)
def test_a_bad_code_is_refused_with_what_is_wrong(text, sentence):
    with pytest.raises(BadCode, match=re.escape(sentence)):
        parse_code(text)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("500000000000", "50"),
        ("500000", "50"),
        ("500103000000", "500103"),
        ("500103011000", "500103011"),
        ("500103011014", "500103011014"),
        (" 5001 03 ", "500103"),
        ("５００１０３", "500103"),
        ("50z01", "50Z01"),
        ("500103011014g01", "500103011014G01"),
    ],
)
def test_a_typed_code_is_tidied(typed, tidy):
    assert tidy_code(typed) == tidy


@given(st.integers(10, 98), st.integers(1, 99), st.integers(1, 399), st.integers(1, 399))
def test_padding_a_code_with_zeros_never_changes_what_it_means(city, district, town, community):
    text = f"{city}01{district:02}{town:03}{community:03}"
    for length in (6, 9, 12):
        assert tidy_code(text[:length].ljust(12, "0")) == text[:length]


@pytest.mark.parametrize(
    ("official", "place"),
    [
        ("人民村社区居民委员会", "人民村社区"),
        ("人民村村民委员会", "人民村"),
        ("盐井凼村民委员会", "盐井凼村"),
        ("石角社区村民委员会", "石角社区"),
        ("某某居民委员会", "某某社区"),
        ("化龙桥社区工作站", "化龙桥社区工作站"),
        ("大溪沟街道", "大溪沟街道"),
        ("居民委员会", "居民委员会"),
    ],
)
def test_a_place_is_named_without_its_committee(official, place):
    assert short_name(official) == place
    assert short_name(place) == place


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("重庆市", "cqs zqs"),
        ("长寿区", "csq zsq"),
        ("曾家镇", "cjz zjz"),
        ("綦江区", "qjq"),
        ("北碚区", "bbq"),
        ("华润·凌江社区", "hrljsq"),
        ("大青㭎村", "dqgc"),
        ("3号网格", "3hwg"),
        ("A区", "aq"),
    ],
)
def test_initials_give_the_usual_reading_first(name, letters):
    assert initials(name) == letters


@given(st.text("重长曾朝乐堡人民村A1·", min_size=1, max_size=40))
def test_every_reading_has_one_sign_for_each_letter_of_the_name(name):
    letters = sum(sign.isalnum() for sign in name)
    words = initials(name).split()
    assert len(words) == len(set(words)) <= READINGS_LIMIT
    assert all(len(word) == letters for word in words)


def test_a_name_is_made_of_letters_and_digits_and_fits():
    assert objection_to_name("华润·凌江社区（东）-1") == ""
    assert objection_to_name("") == "请填写名称。"
    assert objection_to_name("村" * 41) == "名称最多 40 个字，现在有 41 个。"
    for typed in ("<b>村</b>", "村'; DROP TABLE", "村\x00", "村/组", "村\u202e"):
        assert objection_to_name(tidy_name(typed)).startswith("名称里只用汉字")
    assert tidy_name(" 人民 村\u3000社区\n") == "人民村社区"


def test_each_level_lies_under_the_level_above():
    assert objection_to_parent(DivisionKind.COMMUNITY, DivisionKind.TOWNSHIP) == ""
    assert objection_to_parent(DivisionKind.TOWNSHIP, DivisionKind.ZONE) == ""
    assert objection_to_parent(DivisionKind.COMMUNITY, DivisionKind.DISTRICT) == (
        "村（社区）的上级应当是乡镇（街道），不能是区县。"
    )
    assert objection_to_parent(DivisionKind.CITY, DivisionKind.CITY) == (
        "市是最上一级，不能放在市下面。"
    )
    assert set(PARENTS) == set(DivisionKind)


def test_codes_of_our_own_are_counted_on_within_a_community():
    community = "500103011014"
    assert own_code(community, DivisionKind.GROUP, []) == "500103011014G01"
    taken = ["500103011014G01", "500103011014G07", "500103011014X009", "500103011014"]
    assert own_code(community, DivisionKind.GROUP, taken) == "500103011014G08"
    assert own_code(community, DivisionKind.COMPOUND, taken) == "500103011014X010"
    assert own_code(community, DivisionKind.GRID, taken) == "500103011014001"
    with pytest.raises(BadCode, match="编号已经用完"):
        own_code(community, DivisionKind.GROUP, ["500103011014G99"])


def test_a_table_comes_out_upper_levels_first_with_short_names():
    checked = check_rows(list(reversed(TABLE)), known=frozenset())
    assert [row.name for row, _code in checked] == ["重庆市", "渝中区", "大溪沟街道", "人民村社区"]


def test_a_row_may_lie_under_what_is_known_already():
    assert len(check_rows([TOWNSHIP], known=frozenset({"500103"}))) == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("5001030110", "某社区", "community", "500103011"), "有 10 位，应当是 2、6、9 或 12 位。"),
        (("500103011014", "某社区", "community", "500103011"), "编码 500103011014 与第 5 行重复。"),
        (("500103012", "某街道", "community", "500103"), "层级写的是“community”"),
        (("500103012", "某街道", "township", "500104"), "上级编码写的是“500104”，应当是500103。"),
        (("500104001", "某街道", "township", "500104"), "上级 500104 不在表里，平台里也没有。"),
        (("500103012", "", "township", "500103"), "请填写名称。"),
        (("500103012", "大溪沟街道", "township", "500103"), "“大溪沟街道”与第 4 行同名"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_with_its_line(row, sentence):
    with pytest.raises(InvalidInput) as refused:
        check_rows([*TABLE, Row(17, *row)], known=frozenset())
    assert list(refused.value.fields) == ["第 17 行"]
    assert sentence in refused.value.fields["第 17 行"]
    assert refused.value.message.startswith("表里有 1 行要改，什么都没有写入：\n第 17 行：")


def test_many_wrong_rows_are_counted_and_the_first_twenty_shown():
    rows = [Row(line, "9", "x", "city", "") for line in range(2, 32)]
    with pytest.raises(InvalidInput) as refused:
        check_rows(rows, known=frozenset())
    assert len(refused.value.fields) == 30
    shown = refused.value.message.splitlines()
    assert (len(shown), shown[-1]) == (22, "还有 10 行没有列出。")


def test_a_file_is_read_with_the_lines_an_editor_shows():
    text = "code,name,level,parent_code\n50,重庆市,city,\n500103, 渝中区 ,district,50\n"
    assert read_rows(text.splitlines()) == [CITY, DISTRICT]


def test_a_file_with_other_columns_or_too_few_values_is_refused():
    with pytest.raises(InvalidInput, match="第一行应当是列名：code,name,level,parent_code"):
        read_rows(["名称,编码"])
    with pytest.raises(InvalidInput, match="第一行应当是列名"):
        read_transfers([])
    with pytest.raises(InvalidInput, match="第 3 行：有 2 列，应当是 4 列。"):
        read_rows(["code,name,level,parent_code", "50,重庆市,city,", "500103,渝中区"])

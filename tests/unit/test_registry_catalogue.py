"""What people type becomes what is kept, or a sentence that says what to do."""

from datetime import date

import pytest

from yukuai.registry.catalogue import FIELDS, BadValue, Level, Sort, field_of, read_value

TODAY = date(2026, 3, 2)
SEX = {"0": "未知", "1": "男", "2": "女"}
ETHNICITY = {"01": "汉族", "15": "土家族", "30": "土族"}


def read(kind, name, typed, codes=None):
    return read_value(field_of(kind, name), typed, codes=codes or {}, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "name", "typed", "kept"),
    [
        ("person", "name", "  王  小明 ", "王 小明"),
        ("person", "birth_date", "1949年12月31日", "1949-12-31"),
        ("person", "birth_date", "19491231", "1949-12-31"),
        ("person", "birth_date", "1949/1/2 0:00", "1949-01-02"),
        ("person", "phone", "+86 199-0000-0417", "19900000417"),
        ("person", "id_no", "11010519491231002x", "11010519491231002X"),
        ("dwelling", "area_m2", "1,089.50㎡", "1089.5"),
        ("dwelling", "floor", "-1", "-1"),
        ("building", "elevator", "有", "1"),
        ("building", "elevator", "否", "0"),
        ("building", "lon", "106.55", "106.55"),
        ("person", "work", "", ""),
    ],
)
def test_values(kind, name, typed, kept):
    assert read(kind, name, typed) == kept


def test_codes_by_code_and_by_label():
    assert read("person", "sex", "女", SEX) == "2"
    assert read("person", "sex", "1", SEX) == "1"
    assert read("person", "ethnicity", "土", ETHNICITY) == "30"
    with pytest.raises(BadValue, match="请填：未知、男、女"):
        read("person", "sex", "其他", SEX)


@pytest.mark.parametrize(
    ("kind", "name", "typed", "words"),
    [
        ("person", "name", "长" * 41, "最多 40 个字"),
        ("person", "birth_date", "2026-13-01", "不是日期"),
        ("person", "birth_date", "2026-03-03", "晚于今天"),
        ("person", "phone", "12345", "位数不对"),
        ("dwelling", "floor", "2.5", "整数"),
        ("dwelling", "floor", "1000", "之间"),
        ("dwelling", "area_m2", "nan", "不是数字"),
        ("dwelling", "area_m2", "大", "不是数字"),
        ("building", "elevator", "也许", "是"),
        ("organisation", "uscc", "123", "18 位"),
    ],
)
def test_what_cannot_be_used_is_said(kind, name, typed, words):
    with pytest.raises(BadValue, match=words):
        read(kind, name, typed)


def test_what_is_sealed_is_personal_and_codes_have_a_set():
    for fields in FIELDS.values():
        for field in fields:
            assert not field.sealed or field.level in (Level.PERSONAL, Level.SENSITIVE)
            assert (field.sort is Sort.CODE) == bool(field.codes)
            assert not field.hash or (field.sealed and field.hint)

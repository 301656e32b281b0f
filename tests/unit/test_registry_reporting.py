"""Rules of a report: columns of the catalogue, conditions that may be asked, what may leave."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.registry.catalogue import FIELDS
from yukuai.registry.reporting import (
    COLUMNS,
    BadShape,
    Filter,
    Shape,
    age_on,
    born_by,
    check_shape,
    column_of,
    comparisons,
    counted_by,
    is_narrow,
    may_leave,
    needs_approval,
    say_filter,
    uses_care,
)

DAY = date(2026, 3, 2)
CODES = {"sex": {"1": "男", "2": "女"}, "care": {"elder-alone": "高龄独居"}}


def check(shape):
    return check_shape(shape, codes=CODES, today=DAY)


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_of_the_catalogue_is_a_column_and_no_two_are_headed_alike(kind):
    names = {one.name for one in COLUMNS[kind]}
    assert {f"{kind}.{field.name}" for field in FIELDS[kind]} <= names
    labels = [one.label for one in COLUMNS[kind]]
    assert len(set(labels)) == len(labels) == len(names)


def test_a_person_reaches_his_home_and_its_building():
    assert column_of("person", "building.name").label == "楼栋名称"
    assert column_of("person", "household.hukou_address").label == "户的户籍地址"
    assert column_of("dwelling", "building.address").label == "地址"


@pytest.mark.parametrize("kind", FIELDS)
def test_what_is_sealed_is_compared_with_nothing(kind):
    for one in COLUMNS[kind]:
        if one.field.sealed:
            assert comparisons(one) == ("known", "empty")


@pytest.mark.parametrize(
    ("shape", "part", "said"),
    [
        (Shape("cat"), "kind", "选一类底数。"),
        (Shape("person"), "columns", "至少选一栏。"),
        (Shape("person", columns=("person.shoe",)), "columns", "有一栏认不出来，请重新选。"),
        (Shape("facility", columns=("person.name",)), "columns", "有一栏认不出来，请重新选。"),
        (Shape("person", by="moon"), "by", "这一类底数不能按这个汇总。"),
        (Shape("facility", by="building"), "by", "这一类底数不能按这个汇总。"),
        (Shape("person", by="grid", split="person.name"), "split", "不能按这一栏分开数。"),
        (
            Shape("person", columns=("person.name",), order="person.phone"),
            "order",
            "不能按这一栏排序。",
        ),
        (
            Shape(
                "person",
                columns=("person.name",),
                filters=(Filter("person.phone", "is", "19900000000"),),
            ),
            "filters",
            "有一个条件认不出来，请重新选。",
        ),
        (
            Shape("person", by="grid", filters=(Filter("derived.age", "least", ""),)),
            "filters",
            "“年龄”这个条件还没有写值。",
        ),
        (
            Shape("person", by="grid", filters=(Filter("derived.age", "least", "老"),)),
            "filters",
            "年龄“老”不是数字。",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(shape, part, said):
    with pytest.raises(BadShape) as refused:
        check(shape)
    assert (refused.value.part, str(refused.value)) == (part, said)


def test_values_are_kept_as_the_register_keeps_them():
    shape = Shape("person", by="grid", filters=(Filter("person.sex", "is", "女"),))
    assert check(shape).filters == (Filter("person.sex", "is", "2"),)
    assert Shape.from_json(check(shape).as_json()) == check(shape)
    assert say_filter("person", check(shape).filters[0], codes=CODES) == "性别 是 女"


def test_care_is_asked_for_knowingly():
    care = (Filter("spell.care", "is", "elder-alone"),)
    assert uses_care(Shape("person", by="community", filters=care))
    assert uses_care(Shape("person", columns=("spell.care",)))
    assert not uses_care(Shape("person", columns=("person.name",)))


@pytest.mark.parametrize(
    ("shape", "personal"),
    [
        (Shape("person", columns=("place.grid",)), True),
        (Shape("household", columns=("household.household_kind",)), True),
        (Shape("dwelling", columns=("dwelling.room", "dwelling.status")), False),
        (Shape("dwelling", columns=("dwelling.room", "dwelling.owner_name")), True),
        (Shape("organisation", columns=("organisation.name", "organisation.legal_rep")), True),
        (Shape("facility", columns=("facility.name",)), False),
        (Shape("person", by="community"), False),
    ],
)
def test_whatever_says_something_of_a_person_is_approved(shape, personal):
    assert needs_approval(shape, shape.columns) == personal


def test_identity_numbers_stay_inside_unless_the_installation_says_otherwise():
    number, phone = column_of("person", "person.id_no"), column_of("person", "person.phone")
    assert not may_leave(number, sensitive=False)
    assert may_leave(number, sensitive=True)
    assert may_leave(phone, sensitive=False)


def test_small_places_are_for_those_who_keep_the_records():
    assert is_narrow(Shape("person", by="building"))
    assert not is_narrow(Shape("person", by="township"))
    assert counted_by("facility") == ("township", "community")
    assert "building" in counted_by("dwelling")
    assert "building" not in counted_by("building")


@given(st.dates(date(1900, 1, 1), DAY), st.integers(0, 120), st.dates(DAY, date(2030, 1, 1)))
def test_whoever_is_born_by_that_day_has_completed_the_years(born, years, day):
    assert (born <= born_by(day, years)) == (age_on(born, day) >= years)

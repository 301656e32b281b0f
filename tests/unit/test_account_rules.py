from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.accounts.roles import ROLES, Family, Role, is_post_role
from yukuai.accounts.rules import (
    KIND_LABELS,
    Term,
    code_problem,
    name_problem,
    overlap,
    phone_problem,
    place_problem,
    separation_problem,
    session_end,
    tidy_name,
    tidy_phone,
    username_problem,
)
from yukuai.accounts.signin.passwords import password_problem

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "typed",
    [
        "19900000417",
        " 199 0000 0417 ",
        "199-0000-0417",
        "+8619900000417",
        "8619900000417",
        "００８６１９９０００００４１７",
    ],
)
def test_a_telephone_is_read_as_people_write_it(typed):
    assert tidy_phone(typed) == "19900000417"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_of_the_country_is_accepted(phone):
    assert phone_problem(tidy_phone(f"+86 {phone[:3]} {phone[3:]}")) == ""


@given(st.text(max_size=30))
def test_whatever_is_typed_is_either_a_mobile_number_or_explained(typed):
    phone = tidy_phone(typed)
    problem = phone_problem(phone)
    assert bool(problem) != (len(phone) == 11 and phone.isascii() and phone.isdigit()) or (
        problem == "这不像手机号。手机号以 13 到 19 开头；座机收不到短信。"
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("482719", ""),
        ("4827", "还差 2 位。短信里是 6 位数字。"),
        ("48271", "还差 1 位。短信里是 6 位数字。"),
        ("4827193", "多了 1 位。短信里是 6 位数字。"),
        ("", "请填短信里的 6 位数字。"),
        ("48271９", "这里只填数字。短信里是 6 位数字。"),
    ],
)
def test_a_code_of_the_wrong_shape_says_what_is_missing(code, sentence):
    assert code_problem(code) == sentence


@pytest.mark.parametrize("name", ["冉隆全", "阿依古丽·买买提", "欧阳夏丹", "𠮷田"])
def test_names_of_all_peoples_are_names(name):
    assert name_problem(tidy_name(name)) == ""


@pytest.mark.parametrize(
    "name", ["", "冉", "Ran Longquan", "冉1全", "<b>冉</b>", "冉··全", "冉" * 41]
)
def test_other_things_are_no_names(name):
    assert name_problem(tidy_name(name)) != ""


def test_the_dots_of_a_name_become_one_kind():
    assert tidy_name(" 阿依古丽 • 买买提 ") == "阿依古丽·买买提"


@pytest.mark.parametrize("username", ["sq01", "abc", "a" * 20])
def test_staff_numbers_are_short_and_plain(username):
    assert username_problem(username) == ""


@pytest.mark.parametrize("username", ["", "ab", "1sq", "SQ01", "sq 1", "工号", "a" * 21, "a\n"])
def test_other_staff_numbers_are_refused(username):
    assert username_problem(username) != ""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(KIND_LABELS))
@pytest.mark.parametrize("has_department", [False, True])
def test_a_post_stands_where_its_role_belongs_and_nowhere_else(role, kind, has_department):
    problem = place_problem(role, kind=kind, has_department=has_department)
    rule = ROLES[role]
    right = is_post_role(role) and kind in rule.levels and has_department == rule.department
    assert (problem == "") is right


def test_the_refusal_of_a_place_names_the_right_levels():
    assert place_problem(Role.TOWNSHIP_OP, kind="community", has_department=False) == (
        "“乡镇（街道）工作人员”只能设在乡镇（街道）一级。请换一个地方。"
    )
    assert place_problem(Role.SEC_ADMIN, kind="township", has_department=False) == (
        "“安全管理员”只能设在市、区县、功能区一级。请换一个地方。"
    )


@pytest.mark.parametrize("held", [r for r in Role if is_post_role(r)])
@pytest.mark.parametrize("wanted", [r for r in Role if is_post_role(r)])
def test_the_three_administrators_are_apart_from_each_other_and_from_business(held, wanted):
    terms = [Term(held, "某市", START, None)]
    problem = separation_problem(wanted, valid_from=START + DAY, valid_to=None, held=terms)
    assert (problem == "") is (ROLES[held].family is ROLES[wanted].family)


def test_there_are_four_families_and_only_business_has_more_than_one_role():
    posts = [role for role in Role if is_post_role(role)]
    assert {ROLES[role].family for role in posts} == set(Family)
    for family in set(Family) - {Family.BUSINESS}:
        assert len([role for role in posts if ROLES[role].family is family]) == 1


def test_one_may_become_an_administrator_at_the_moment_the_other_post_ends():
    terms = [Term(Role.CITY_OP, "某市", START, START + DAY)]
    after = separation_problem(Role.AUDITOR, valid_from=START + DAY, valid_to=None, held=terms)
    before = separation_problem(
        Role.AUDITOR, valid_from=START + DAY - timedelta(seconds=1), valid_to=None, held=terms
    )
    assert after == ""
    assert before == (
        "这个人在这段时间是某市的市级工作人员。"
        "系统、安全、审计三类管理员互相不能兼任，也不能兼任业务岗位。"
        "请先结束原来的岗位，或换一个人。"
    )


ends = st.none() | st.integers(0, 20)


@given(st.integers(0, 20), ends, st.integers(0, 20), ends)
def test_two_terms_overlap_if_some_moment_is_in_both(a, a_end, b, b_end):
    def moment(day):
        return None if day is None else START + day * DAY

    shared = any(
        a <= m and b <= m and (a_end is None or m < a_end) and (b_end is None or m < b_end)
        for m in range(22)
    )
    proper = (a_end is None or a < a_end) and (b_end is None or b < b_end)
    term = Term(Role.CITY_OP, "某市", moment(b), moment(b_end))
    if proper:
        assert overlap(moment(a), moment(a_end), term) is shared


@pytest.mark.parametrize(
    ("kind", "gone", "quiet", "reason"),
    [
        ("staff", timedelta(hours=11, minutes=59), timedelta(minutes=119), ""),
        ("staff", timedelta(hours=12), timedelta(0), "age"),
        ("staff", timedelta(hours=3), timedelta(hours=2), "idle"),
        ("resident", timedelta(days=29), timedelta(days=29), ""),
        ("resident", timedelta(days=30), timedelta(0), "age"),
    ],
)
def test_sessions_end_by_age_and_those_of_staff_by_idleness(kind, gone, quiet, reason):
    at = START + 40 * DAY
    assert session_end(kind, began=at - gone, seen=at - quiet, at=at) == reason


@pytest.mark.parametrize("password", ["right-horse-7", "渝快社区很好用吧1234", "aB3$aB3$xy"])
def test_passwords_of_two_sorts_of_signs_are_accepted(password):
    assert password_problem(password, username="sq01") == ""


@given(st.text(max_size=9))
def test_no_short_password_is_accepted(password):
    assert password_problem(password) == f"还差 {10 - len(password)} 位。密码至少 10 位。"

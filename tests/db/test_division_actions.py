"""Renaming, moving, merging and founding: by a person, with a reason, rows following."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.db.division_fixtures import (
    AT,
    STATE,
    TODAY,
    administrator,
    bearing,
    fingerprint,
)
from yukuai.accounts.models import Department
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.divisions.actions import (
    found_division,
    load_divisions,
    merge_divisions,
    move_division,
    rename_division,
)
from yukuai.divisions.following import list_places_of_rows
from yukuai.divisions.models import (
    Division,
    DivisionChange,
    DivisionCode,
    DivisionName,
    DivisionPlacement,
    Succession,
)
from yukuai.divisions.queries import (
    describe,
    find_divisions,
    get_division,
    list_changes,
    list_children,
    list_places,
    resolve_code,
)
from yukuai.divisions.steps import move_subtrees
from yukuai.divisions.tables import Row
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db

LINES = """
50 重庆市 city
500103 渝中区 district
500106 沙坪坝区 district
50Z02 重庆高新区 zone
500103001 七星岗街道 township
500103002 解放碑街道 township
500106001 小龙坎街道 township
500103001001 甲社区 community
500103001002 乙社区 community
500103002001 丙社区 community
500103002002 甲社区 community
500106001001 丁社区 community
"""


@pytest.fixture(autouse=True)
def tree() -> None:
    parents = {2: "", 5: "50", 6: "50", 9: "500103", 12: "500103001"}
    rows = []
    for line, text in enumerate(LINES.split("\n"), start=1):
        if text:
            code, name, level = text.split()
            parent = code[:-3] if len(code) > 6 else parents[len(code)]
            rows.append(Row(line, code, name, level, parent))
    load_divisions(SYSTEM, rows=rows, on=STATE, source="test", at=AT)


@pytest.fixture
def admin() -> Actor:
    return administrator(bearing("50").path)


def rename(actor, code, name, **changed):
    given = {"reason": "群众要求", "effective": TODAY, "at": AT} | changed
    return rename_division(actor, division_id=bearing(code).pk, name=name, **given)


def move(actor, codes, parent, **changed):
    given = {"reason": "就近服务", "effective": TODAY, "at": AT} | changed
    ids = [bearing(code).pk for code in codes]
    return move_division(actor, division_ids=ids, parent_id=bearing(parent).pk, **given)


def merge(actor, codes, into, **changed):
    given = {"reason": "人口减少", "effective": TODAY, "at": AT} | changed
    ids = [bearing(code).pk for code in codes]
    return merge_divisions(actor, source_ids=ids, into_id=bearing(into).pk, **given)


def found(actor, parent, kind, name, **changed):
    given = {"reason": "新建", "effective": TODAY, "at": AT} | changed
    return found_division(actor, parent_id=bearing(parent).pk, kind=kind, name=name, **given)


def office_at(code: str, name: str = "城管办") -> Department:
    return Department.objects.create(division=bearing(code), name=name, short_name=name, kind="x")


def test_a_renamed_division_has_its_old_name_on_earlier_days(admin):
    change = rename(admin, "500103001001", "新甲社区", basis="渝中府发〔2026〕1号")
    division = bearing("500103001001")
    assert (division.name, division.initials) == ("新甲社区", "xjsq")
    assert (change.title, change.basis) == ("甲社区更名为新甲社区", "渝中府发〔2026〕1号")
    yesterday = TODAY - timedelta(days=1)
    assert describe(admin, division_id=division.pk, on=yesterday).name == "甲社区"
    assert describe(admin, division_id=division.pk, on=TODAY).name == "新甲社区"
    assert list(list_changes(admin, division_id=division.pk)) == [change]


def test_a_slip_corrected_on_the_same_day_leaves_one_name_of_that_day(admin):
    rename(admin, "500103001001", "新家社区")
    rename(admin, "500103001001", "新甲社区")
    names = DivisionName.objects.filter(division=bearing("500103001001")).order_by("valid_from")
    assert list(names.values_list("name", "valid_from", "valid_to")) == [
        ("甲社区", STATE, TODAY),
        ("新甲社区", TODAY, None),
    ]
    assert DivisionChange.objects.count() == 2


def test_every_change_is_audited_with_its_reason(admin):
    rename(admin, "500103001001", "新甲社区")
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="division.rename")
    assert (entry.actor, entry.user_id, entry.happened_at) == ("系统管理员", 7, AT)
    assert entry.area == bearing("500103001").path
    assert entry.details["reason"] == "群众要求"


def test_a_form_sent_twice_changes_once(admin):
    key = str(uuid.uuid4())
    first = rename(admin, "500103001001", "新甲社区", key=key)
    made = found(admin, "500103001001", "grid", "一网格", key=f"{key}g")
    before = fingerprint()
    assert rename(admin, "500103001001", "新甲社区", key=key) == first
    assert found(admin, "500103001001", "grid", "一网格", key=f"{key}g") == made
    assert fingerprint() == before


def test_a_moved_community_takes_its_subtree_and_its_rows_along(admin):
    grid = found(admin, "500103001002", "grid", "一网格")
    office = office_at("500103001002")
    change = move(admin, ["500103001002"], "500106001")
    moved, parent = bearing("500103001002"), bearing("500106001")
    grid.refresh_from_db()
    office.refresh_from_db()
    assert (moved.parent, moved.path) == (parent, f"{parent.path}{moved.pk}.")
    assert grid.path == f"{moved.path}{grid.pk}."
    assert (office.division, office.area) == (moved, moved.path)
    assert change.details["carried"] == [grid.pk]
    assert list_places(admin, division_ids=[grid.pk]) == {
        grid.pk: "重庆市 › 沙坪坝区 › 小龙坎街道 › 乙社区 › 一网格"
    }


def test_a_moved_division_had_its_old_parent_on_earlier_days(admin):
    move(admin, ["500103001002"], "500106001")
    division, old = bearing("500103001002"), bearing("500103001")
    yesterday = TODAY - timedelta(days=1)
    before = describe(admin, division_id=division.pk, on=yesterday)
    assert before.place == "重庆市 › 渝中区 › 七星岗街道 › 乙社区"
    assert [c.name for c in list_children(admin, parent_id=old.pk, on=yesterday)] == [
        "甲社区",
        "乙社区",
    ]
    assert [c.name for c in list_children(admin, parent_id=old.pk)] == ["甲社区"]


def test_several_move_in_one_event_and_keep_their_codes(admin):
    change = move(admin, ["500103001002", "500103002001"], "500106001")
    assert change.title == "乙社区、丙社区划入小龙坎街道"
    assert DivisionChange.objects.count() == 1
    children = list_children(admin, parent_id=bearing("500106001").pk)
    assert [c.code for c in children] == ["500103001002", "500103002001", "500106001001"]


def test_a_merged_community_ends_and_what_lay_there_lies_in_the_other(admin):
    grid = found(admin, "500103001002", "grid", "一网格", effective=TODAY - timedelta(days=1))
    office = office_at("500103001002")
    inner = Department.objects.create(division=grid, name="哨点", short_name="哨点", kind="x")
    change = merge(admin, ["500103001002"], "500103001001")
    gone, into = bearing("500103001002"), bearing("500103001001")
    for row in (office, inner, grid):
        row.refresh_from_db()
    assert (gone.valid_to, change.title) == (TODAY, "乙社区并入甲社区")
    assert (grid.parent, grid.path) == (into, f"{into.path}{grid.pk}.")
    assert (office.division, office.area) == (into, into.path)
    assert (inner.division, inner.area) == (grid, grid.path)
    assert change.details["repointed"] == 1


def test_the_code_of_a_merged_community_resolves_through_later_merges_to_that_of_today(admin):
    merge(admin, ["500103001002"], "500103001001", effective=date(2025, 1, 1))
    merge(admin, ["500103001001"], "500103002001", effective=date(2025, 6, 1))
    found = resolve_code(admin, code="500103001002")
    assert (found.division.name, found.since) == ("乙社区", date(2025, 1, 1))
    assert found.successors == (bearing("500103002001"),) == found.today
    assert find_divisions(admin, text="乙社区") == []


def test_several_communities_merge_into_one(admin):
    change = merge(admin, ["500103001002", "500103002001"], "500103001001")
    heirs = Succession.objects.filter(change=change).values_list("predecessor__name", flat=True)
    assert sorted(heirs) == ["丙社区", "乙社区"]
    assert [c.name for c in list_children(admin, parent_id=bearing("500103001").pk)] == ["甲社区"]


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("group", "第一小组", "500103001001G01"),
        ("grid", "一网格", "500103001001001"),
        ("compound", "花园小区", "500103001001X001"),
    ],
)
def test_what_lies_below_a_community_is_given_a_code_of_our_own(admin, kind, name, code):
    made = found(admin, "500103001001", kind, name)
    assert (made.code, made.parent.name, made.valid_from) == (code, "甲社区", TODAY)
    borne = DivisionCode.objects.get(division=made)
    assert (borne.scheme, borne.official, borne.code) == ("own", False, code)
    assert resolve_code(admin, code=code).division == made
    again = found(admin, "500103001001", kind, "另一个")
    assert int(again.code[-2:]) == 2


def test_a_community_is_founded_under_the_code_of_its_township(admin):
    made = found(admin, "500103001", "community", "戊社区", code="500103001003", official=False)
    assert (made.code, made.initials) == ("500103001003", "wsq")
    borne = DivisionCode.objects.get(division=made)
    assert (borne.scheme, borne.official) == ("stats", False)
    change = DivisionChange.objects.get()
    assert (change.kind, change.details["divisions"]) == ("found", [made.pk])


REFUSED = {
    "no reason": (lambda a: rename(a, "500103001001", "新甲社区", reason="  "), "请写明理由"),
    "endless basis": (
        lambda a: rename(a, "500103001001", "新甲社区", basis="据" * 201),
        "依据最多 200 个字，现在有 201 个",
    ),
    "tomorrow": (
        lambda a: rename(a, "500103001001", "新甲社区", effective=TODAY + timedelta(days=1)),
        "生效日期不能晚于今天（2026-03-02）",
    ),
    "before its name": (
        lambda a: rename(a, "500103001001", "新甲社区", effective=date(2020, 1, 1)),
        "“甲社区”在 2023-06-30 已有登记的变更",
    ),
    "name taken": (lambda a: rename(a, "500103001001", "乙社区"), "“七星岗街道”里已经有“乙社区”"),
    "same name": (lambda a: rename(a, "500103001001", " 甲社区 "), "新名称与现在的一样"),
    "no name": (lambda a: rename(a, "500103001001", ""), "请填写名称"),
    "markup": (lambda a: rename(a, "500103001001", "<b>甲</b>"), "名称里只用汉字"),
    "to itself": (lambda a: move(a, ["500103001"], "500103001"), "不能划到自己或自己的下级"),
    "below itself": (lambda a: move(a, ["500103001"], "500103001001"), "不能划到自己或自己的下级"),
    "where it is": (lambda a: move(a, ["500103001"], "500103"), "本来就在“渝中区”下面"),
    "wrong level": (
        lambda a: move(a, ["500103001001"], "500106"),
        "村（社区）的上级应当是乡镇（街道），不能是区县",
    ),
    "name taken there": (
        lambda a: move(a, ["500103001001"], "500103002"),
        "“解放碑街道”里已经有“甲社区”",
    ),
    "two of one name arriving": (
        lambda a: move(a, ["500103001001", "500103002002"], "500106001"),
        "“小龙坎街道”里已经有“甲社区”",
    ),
    "into itself": (
        lambda a: merge(a, ["500103001001", "500103001002"], "500103001001"),
        "“甲社区”不能并入自己",
    ),
    "another level": (lambda a: merge(a, ["500103001001"], "500103002"), "只能同一级合并"),
    "on its first day": (
        lambda a: merge(a, ["500103001001"], "500103001002", effective=STATE),
        "生效日期要晚于",
    ),
    "no code": (lambda a: found(a, "500103001", "community", "戊社区"), "请填写村（社区）的编码"),
    "bad code": (
        lambda a: found(a, "500103001", "community", "戊社区", code="500103001999"),
        "末三位 999 不在村（社区）的号段里",
    ),
    "code of another level": (
        lambda a: found(a, "500103001", "community", "戊社区", code="500103009"),
        "属于乡镇（街道），不是村（社区）",
    ),
    "code of another township": (
        lambda a: found(a, "500103001", "community", "戊社区", code="500103002009"),
        "不在“七星岗街道”的编码之下",
    ),
    "code borne": (
        lambda a: found(a, "500103001", "community", "戊社区", code="500103001002"),
        "属于“乙社区”",
    ),
    "unknown kind": (lambda a: found(a, "500103001", "planet", "戊"), "请选择类别"),
    "kind at the wrong level": (
        lambda a: found(a, "500103", "grid", "一网格"),
        "网格的上级应当是村（社区），不能是区县",
    ),
    "before its parent": (
        lambda a: found(a, "500103001001", "grid", "一网格", effective=date(2020, 1, 1)),
        "“甲社区”从 2023-06-30 起才有",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_why_and_changes_nothing(admin, case):
    attempt, sentence = REFUSED[case]
    before = fingerprint()
    with pytest.raises((InvalidInput, Conflict)) as refused:
        attempt(admin)
    assert sentence in refused.value.message
    assert fingerprint() == before
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.exclude(act="division.load").exists()


def test_nothing_is_done_with_an_abolished_division(admin):
    merge(admin, ["500103001002"], "500103001001")
    before = fingerprint()
    for attempt in (
        lambda: rename(admin, "500103001002", "新名社区"),
        lambda: move(admin, ["500103001002"], "500106001"),
        lambda: merge(admin, ["500103002001"], "500103001002"),
        lambda: found(admin, "500103001002", "grid", "一网格"),
    ):
        with pytest.raises(InvalidInput, match="“乙社区”已在 2026-03-02 撤销"):
            attempt()
    assert fingerprint() == before


def test_a_division_that_never_was_is_not_found(admin):
    for attempt in (
        lambda: get_division(admin, division_id=10**30),
        lambda: resolve_code(admin, code="999999"),
        lambda: move(admin, [], "500103001"),
        lambda: rename_division(admin, division_id=0, name="x", reason="x", effective=TODAY, at=AT),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_who_has_no_permission_changes_nothing():
    officer = Actor("市级工作人员", (Grant(Role.CITY_OP, bearing("50").path),))
    before = fingerprint()
    for attempt in (
        lambda: rename(officer, "500103001001", "新甲社区"),
        lambda: move(officer, ["500103001002"], "500106001"),
        lambda: merge(officer, ["500103001002"], "500103001001"),
        lambda: found(officer, "500103001001", "grid", "一网格"),
        lambda: load_divisions(officer, rows=[], on=STATE, source="x", at=AT),
    ):
        with pytest.raises(NotPermitted, match="没有“管理区划”这项权限"):
            attempt()
    assert fingerprint() == before


def test_an_administrator_of_one_district_reaches_neither_another_nor_his_own_outline():
    admin = administrator(bearing("500103").path)
    before = fingerprint()
    for attempt in (
        lambda: rename(admin, "500106001001", "新丁社区"),
        lambda: rename(admin, "500103", "新渝中区"),
        lambda: move(admin, ["500103001002"], "500106001"),
        lambda: move(admin, ["500106001001"], "500103001"),
        lambda: merge(admin, ["500103001002"], "500106001001"),
    ):
        with pytest.raises(NotPermitted, match="这里不归您的岗位管"):
            attempt()
    assert fingerprint() == before
    rename(admin, "500103001", "新七星岗街道")
    assert bearing("500103001").name == "新七星岗街道"


def test_merging_two_offices_of_one_name_is_refused_with_the_name(admin):
    office_at("500103001001")
    other = office_at("500103001002")
    before = fingerprint()
    with pytest.raises(Conflict, match="城管办"):
        merge(admin, ["500103001002"], "500103001001")
    assert fingerprint() == before
    other.refresh_from_db()
    assert other.division == bearing("500103001002")


def test_the_database_keeps_codes_names_and_places_apart_by_itself():
    a, b = bearing("500103001001"), bearing("500103001002")
    for attempt in (
        lambda: DivisionCode.objects.create(
            division=b, scheme="stats", code=a.code, source="x", valid_from=TODAY
        ),
        lambda: DivisionName.objects.create(division=a, name="又一个", valid_from=TODAY),
        lambda: DivisionPlacement.objects.create(division=a, parent=b, valid_from=TODAY),
        lambda: Division.objects.filter(pk=b.pk).update(name=a.name),
        lambda: Division.objects.filter(pk=b.pk).update(valid_to=STATE),
        lambda: DivisionChange.objects.create(
            key="k", title="t", kind="move", effective=TODAY, reason="", actor="a", recorded_at=AT
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_no_table_that_lies_in_a_place_is_forgotten():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.conrelid::regclass::text, a.attname FROM pg_constraint r JOIN pg_attribute a"
            " ON a.attrelid = r.conrelid AND a.attnum = r.conkey[1] WHERE r.contype = 'f'"
            " AND r.confrelid = 'divisions_division'::regclass"
            " AND r.conrelid::regclass::text NOT LIKE 'divisions_%'"
        )
        in_the_database = set(cursor.fetchall())
    known = {(p.model._meta.db_table, p.column) for p in list_places_of_rows()}
    append_only = {table for table, _column in in_the_database - known}
    assert ("accounts_department", "division_id") in known
    with connection.cursor() as cursor:
        for table in append_only:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger"
                " WHERE tgrelid = %s::regclass AND tgname LIKE '%%append_only%%'",
                [table],
            )
            assert cursor.fetchone()[0] > 0, table


shapes = st.lists(st.integers(0, 10**6), min_size=2, max_size=14)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=shapes, who=st.integers(0, 10**6), where=st.integers(0, 10**6))
def test_after_any_move_every_path_is_the_parents_path_and_the_own_id(shape, who, where):
    made = grow(shape)
    moving = made[1 + who % (len(made) - 1)]
    parent = made[where % len(made)]
    if parent.path.startswith(moving.path):
        return
    below = {d.pk for d in made if d.path.startswith(moving.path)}
    move_subtrees({moving.pk: parent})
    now = {d.pk: d for d in Division.objects.filter(pk__in=[d.pk for d in made])}
    assert {pk for pk, d in now.items() if d.path.startswith(now[moving.pk].path)} == below
    for division in now.values():
        above = now[division.parent_id].path if division.parent_id else ""
        assert division.path == f"{above}{division.pk}."
    assert now[moving.pk].parent_id == parent.pk


def grow(shape: list[int]) -> list[Division]:
    """A tree in which each number says under which of the earlier ones a division lies."""
    made: list[Division] = []
    for number in shape:
        parent = made[number % len(made)] if made else None
        unique = uuid.uuid4()
        division = Division.objects.create(
            parent=parent,
            kind="grid",
            name=str(unique),
            path=f"{unique.int % 10**12}.",
            valid_from=STATE,
        )
        division.path = f"{parent.path if parent else ''}{division.pk}."
        division.save(update_fields=["path"])
        made.append(division)
    return made

"""Departments: who has which, found by name and letters, loaded from a table."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOON
from tests.offices import make_department, make_post, make_staff
from tests.people import officer
from tests.places import make_places
from yukuai.accounts.actions import close_department, create_department, rename_department
from yukuai.accounts.departments import level_word, load_departments, read_patterns
from yukuai.accounts.models import Department
from yukuai.accounts.policy import ANYBODY
from yukuai.accounts.queries import (
    find_departments,
    get_department,
    list_departments,
    list_departments_at,
)
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.divisions.models import Division
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
SEED = Path(__file__).resolve().parents[2] / "seed/departments.csv"
ADMIN = officer(Role.SYS_ADMIN, "1.2.", user_id=910)
TOWN = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=911)


@pytest.fixture
def places():
    return make_places()


def names(rows):
    return [(row.division_id, row.name) for row in rows]


def test_a_matter_can_be_given_to_every_level_above_it_upper_first(places):
    squad = make_department(places[12], "综合行政执法大队", order=20)
    office = make_department(places[12], "基层治理办", order=10)
    city = make_department(places[1], "市城市管理局")
    make_department(places[111], "综合行政执法大队")
    make_department(places[11], "区城市管理局")
    make_department(places[2], "区民政局", active=False)
    assert list(list_departments(ANYBODY, area="1.2.12.112.")) == [city, office, squad]
    assert list(list_departments(ANYBODY, area="1.2.12.")) == [city, office, squad]
    assert list(list_departments_at(ANYBODY, division_ids=[12, 1])) == [city, office, squad]
    with_closed = list_departments(ANYBODY, area="1.2.", include_closed=True)
    assert names(with_closed) == [(1, "市城市管理局"), (2, "区民政局")]


def test_departments_are_found_by_name_short_name_and_letters(places):
    create_department(ADMIN, division_id=12, name="综合行政执法大队", short_name="执法队", at=NOON)
    create_department(ADMIN, division_id=2, name="区城市管理局", short_name="区城管局", at=NOON)
    make_department(places[111], "综合行政执法大队", initials="zhxzzfdd")
    for typed in ("行政执法", "执法队", "zhxz", " ZHXZ "):
        assert names(find_departments(ANYBODY, text=typed, area="1.2.12.112.")) == [
            (12, "综合行政执法大队")
        ]
    assert names(find_departments(ANYBODY, text="执法", area="1.2.")) == [(12, "综合行政执法大队")]
    assert names(find_departments(ANYBODY, text="", area="1.2.")) == []
    assert names(find_departments(ANYBODY, text="%", area="1.2.")) == []


def test_the_system_administrator_makes_renames_and_closes_departments(places):
    made = create_department(ADMIN, division_id=2, name="区教委", at=NOON)
    assert (made.area, made.initials, made.short_name) == ("1.2.", "qjw", "区教委")
    renamed = rename_department(
        ADMIN, department_id=made.pk, name="区教育局", reason="机构改革", at=NOON
    )
    assert renamed.name == "区教育局"
    close_department(ADMIN, department_id=made.pk, reason="并入", at=NOON)
    assert get_department(ANYBODY, department_id=made.pk).active is False
    with scope(EVERYWHERE):
        acts = list(AuditEntry.objects.order_by("pk").values_list("act", "area", "purpose"))
    assert acts == [
        ("department.create", "1.2.", ""),
        ("department.rename", "1.2.", "机构改革"),
        ("department.close", "1.2.", "并入"),
    ]
    with pytest.raises(Conflict):
        close_department(ADMIN, department_id=made.pk, reason="再来", at=NOON)


def test_nobody_else_and_nowhere_else(places):
    theirs = make_department(places[11], "区教委")
    with pytest.raises(NotPermitted):
        create_department(TOWN, division_id=12, name="新办", at=NOON)
    with pytest.raises(NotPermitted):
        create_department(ADMIN, division_id=11, name="新办", at=NOON)
    with pytest.raises(NotPermitted):
        rename_department(ADMIN, department_id=theirs.pk, name="新名", reason="改", at=NOON)
    with pytest.raises(NotFound):
        close_department(ADMIN, department_id=0, reason="撤", at=NOON)
    assert names(Department.objects.all()) == [(11, "区教委")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"name": "区民政局"}, "name"),
        ({"division_id": 112}, "division"),
        ({"phone": "1" * 31}, "phone"),
    ],
)
def test_a_department_that_cannot_be_is_explained(places, values, field):
    make_department(places[2], "区民政局")
    wanted = {"division_id": 2, "name": "区教委", **values}
    with pytest.raises(InvalidInput) as refusal:
        create_department(ADMIN, **wanted, at=NOON)
    assert set(refusal.value.fields) == {field}
    assert Department.objects.count() == 1


def test_a_department_with_people_at_work_is_not_closed(places):
    squad = make_department(places[12], "综合行政执法大队")
    post = make_post(make_staff("zf01"), Role.DEPT_OP, places[12], department=squad)
    with pytest.raises(Conflict, match="还有 1 个在任岗位"):
        close_department(ADMIN, department_id=squad.pk, reason="撤", at=NOON)
    post.valid_to = NOON
    post.save()
    assert close_department(ADMIN, department_id=squad.pk, reason="撤", at=NOON).active is False


@pytest.mark.parametrize(
    ("kind", "name", "word"),
    [
        ("city", "重庆市", "市"),
        ("district", "渝中区", "区"),
        ("district", "城口县", "县"),
        ("district", "石柱土家族自治县", "自治县"),
        ("district", "两江新区", "新区"),
        ("zone", "重庆高新区", "高新区"),
        ("zone", "万盛经开区", "经开区"),
        ("township", "大溪沟街道", "街道"),
        ("township", "小周镇", "镇"),
        ("township", "文化土家族乡", "乡"),
    ],
)
def test_the_name_of_a_place_says_what_it_is(kind, name, word):
    assert level_word(kind, name) == word


def test_the_table_is_loaded_for_every_current_division_once(places):
    gone = timedelta(days=1)
    Division.objects.filter(pk=111).update(valid_to=date(2026, 1, 1) + gone, name="北街街道")
    Division.objects.filter(pk=12).update(name="南街街道")
    kept = make_department(places[2], "区城市管理局", short_name="老名字")
    patterns = read_patterns(SEED)
    with scope(EVERYWHERE):
        made = load_departments(patterns)
        again = load_departments(patterns)
    assert again == 0
    assert Department.objects.count() == made + 1
    kept.refresh_from_db()
    assert kept.short_name == "老名字"
    squad = Department.objects.get(division=12, name="综合行政执法大队")
    assert (squad.kind, squad.initials, squad.area) == ("综合执法", "zhxzzfdd zhhzzfdd", "1.2.12.")
    assert Department.objects.filter(division=12, name="城市管理办").exists()
    assert not Department.objects.filter(division=12, name="规划建设环保办").exists()
    assert Department.objects.filter(division=11, name="区公安分局").exists()
    assert Department.objects.filter(division=1, name="市民政局").exists()
    assert not Department.objects.filter(division__in=[111, 112]).exists()


def test_every_row_of_the_table_says_where_it_is_from():
    assert len(read_patterns(SEED)) > 45


def test_a_broken_table_is_named_by_its_line(tmp_path):
    table = tmp_path / "departments.csv"
    table.write_text("level,kind,name,short_name,order,source\nplanet,教育,教委,教委,1,x\n")
    with pytest.raises(ValueError, match="第 2 行"):
        read_patterns(table)

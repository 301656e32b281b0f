"""部门: found, renamed and closed by whoever administers the place."""

import pytest

from tests.casework import pack, raised
from tests.offices import make_department, make_post, make_staff
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.accounts.models import Department
from yukuai.accounts.roles import Role
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "pack", "places", "raised", "window"]
pytestmark = pytest.mark.django_db
LIST, NEW = "/work/departments/", "/work/departments/new/"
TYPED = {"name": "区城市管理局", "short_name": "", "kind": "城市管理", "phone": ""}


@pytest.fixture
def system(window):
    return window("system")


@pytest.fixture
def office(places):
    return make_department(places[12])


def names(response):
    return [row.name for row, _may in response.context["rows"]]


def test_at_first_the_departments_of_ones_own_place(system, places, office):
    make_department(places[1], "市城管")
    assert names(system.get(LIST)) == ["市城管"]


def test_a_place_and_a_name_find_departments(system, places, office):
    make_department(places[111], "北街城管")
    assert names(system.get(f"{LIST}?place=南街")) == ["城市管理局"]
    assert names(system.get(f"{LIST}?q=北街")) == ["北街城管"]
    assert "没有找到这个部门" in words(system.get(f"{LIST}?q=没有的"))
    assert "这里还没有部门" in words(system.get(f"{LIST}?place=南社区"))


def test_a_district_does_not_find_the_departments_of_another(window, places):
    make_department(places[111], "北街城管")
    assert names(window("system-south").get(f"{LIST}?q=北街")) == []


def test_what_lies_above_is_seen_and_not_touched(window, places):
    city = make_department(places[1], "市城管")
    south = window("system-south")
    [(_row, may)] = south.get(f"{LIST}?q=市城管").context["rows"]
    assert may is False
    for verb in ("rename", "close"):
        typed = {"name": "改了", "short_name": "", "reason": "试试"}
        assert south.post(f"{LIST}{city.pk}/{verb}/", typed).status_code == 403
    city.refresh_from_db()
    assert (city.name, city.active) == ("市城管", True)


def test_a_department_is_founded_where_it_was_chosen(system, places):
    response = system.post(f"{NEW}?division=2", TYPED)
    assert response.headers["Location"] == f"{LIST}?division=2"
    made = Department.objects.get()
    assert (made.name, made.short_name, made.kind) == ("区城市管理局", "区城市管理局", "城市管理")
    assert made.division_id == 2
    assert [e.target for e in acts("department.create")] == [f"department:{made.pk}"]


@pytest.mark.parametrize(
    ("division", "said", "sentence"),
    [
        (2, {"name": ""}, "请填部门名称"),
        (2, {"name": "长" * 61}, "最多 60 个字"),
        (112, {}, "部门设在市、区县、功能区或乡镇"),
    ],
)
def test_a_refused_department_is_not_made(system, division, said, sentence):
    response = system.post(f"{NEW}?division={division}", {**TYPED, **said})
    assert response.status_code == 422
    assert sentence in words(response)
    assert "城市管理" in words(response)
    assert Department.objects.count() == 0


def test_the_same_name_twice_is_refused(system, office):
    response = system.post(f"{NEW}?division=12", {**TYPED, "name": "城市管理局"})
    assert response.status_code == 422
    assert "已经有同名的部门" in words(response)
    assert Department.objects.count() == 1


@pytest.mark.parametrize("division", ["", "11", "x", "987654321"])
def test_without_a_place_of_ones_own_nothing_is_founded(window, division):
    south = window("system-south")
    assert south.get(f"{NEW}?division={division}").status_code == 404
    assert south.post(f"{NEW}?division={division}", TYPED).status_code == 404
    assert Department.objects.count() == 0


def test_renaming_keeps_the_old_name_in_the_log(system, office):
    address = f"{LIST}{office.pk}/rename/"
    assert "城市管理局" in words(system.get(address))
    typed = {"name": "综合执法局", "short_name": "执法局", "reason": "机构改革"}
    assert system.post(address, typed).status_code == 302
    office.refresh_from_db()
    assert (office.name, office.short_name) == ("综合执法局", "执法局")
    [entry] = acts("department.rename")
    assert (entry.purpose, entry.details["before"]) == ("机构改革", "城市管理局")


def test_renaming_without_a_reason_changes_nothing(system, office):
    typed = {"name": "综合执法局", "short_name": "", "reason": ""}
    response = system.post(f"{LIST}{office.pk}/rename/", typed)
    assert response.status_code == 422
    assert "综合执法局" in words(response)
    office.refresh_from_db()
    assert office.name == "城市管理局"


def test_closing_says_what_becomes_of_posts_and_matters(system, places, office, raised):
    make_post(make_staff("zf01"), Role.DEPT_OP, places[12], department=office)
    case = raised()
    with scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(
            state="handling", unit=places[12], unit_area="1.2.12.", unit_department=office
        )
    asked = words(system.get(f"{LIST}{office.pk}/close/"))
    assert "还有 1 个岗位没有结束" in asked
    assert "还有 1 件没办完的事" in asked
    response = system.post(f"{LIST}{office.pk}/close/", {"reason": "机构改革"})
    assert response.status_code == 409
    assert "还有 1 个在任岗位" in words(response)
    office.refresh_from_db()
    assert office.active


def test_a_closed_department_stays_on_its_list(system, office):
    assert "可以撤销" in words(system.get(f"{LIST}{office.pk}/close/"))
    response = system.post(f"{LIST}{office.pk}/close/", {"reason": "机构改革"})
    shown = system.get(response.headers["Location"])
    assert "已撤销" in words(shown)
    office.refresh_from_db()
    assert not office.active
    assert f"{LIST}{office.pk}/close/" not in words(shown)
    again = system.post(f"{LIST}{office.pk}/close/", {"reason": "再来"})
    assert again.status_code == 409
    assert len(acts("department.close")) == 1


def test_the_pages_cost_the_same_for_many_departments(system, places, office):
    for n in range(60):
        make_department(places[2], f"第{n}科", order=n)
    page = system.get(f"{LIST}?division=2")
    assert len(names(page)) == 50
    assert len(names(system.get(LIST + page.context["page"].next_url))) == 10
    for address in ("?division=2", "?q=科", f"{office.pk}/close/", f"{office.pk}/rename/"):
        with at_most(15):
            system.get(LIST + address)

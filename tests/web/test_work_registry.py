"""底数 on the workbench: what each officer sees of people and homes, and what he does not."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.casework import enforcement, places
from tests.conftest import NOON
from tests.people import resident
from tests.registering import DAY, KEEPER, POLICE, building, codes, dwelling, kept, person
from tests.web.desks import at_most, at_noon, desk
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.models import Person

__all__ = ["at_noon", "codes", "desk", "enforcement", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes", "at_noon")]
HERE = "/work/registry/at/112/"
PHONE = "19900000417"


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def log(act):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act=act))


@pytest.fixture
def house():
    made = building()
    entrance = actions.add_entrance(KEEPER, building_id=made.pk, name="1单元", at=NOON)
    door = dwelling(made, "101", status="own", links={"entrance_id": entrance.pk})
    who = person(phone=PHONE)
    family = kept("household", links={"dwelling_id": door.pk}, household_kind="1")
    told = {"person_id": who.pk, "since": DAY, "at": NOON}
    actions.move_in(KEEPER, dwelling_id=door.pk, living="resident", **told)
    actions.join_household(KEEPER, household_id=family.pk, relation="02", **told)
    care = {"code": "elder-alone", "basis": "登记表", "since": DAY, "until": None}
    actions.tag_care(KEEPER, person_id=who.pk, **care, at=NOON)
    return {"building": made, "dwelling": door, "person": who, "household": family}


def page_of(row, more=""):
    return f"/work/registry/{row.kind}/{row.pk}/{more}"


def test_a_community_officer_begins_in_his_own_community(desk):
    clerk = desk("clerk")
    assert clerk.get("/work/registry/").headers["Location"] == HERE
    town = desk("town").get("/work/registry/")
    assert "南社区" in words(town)
    assert desk("town").get("/work/registry/?place=南社区").headers["Location"] == HERE
    below = desk("district").get("/work/registry/?division=12")
    assert f'href="{HERE}"' in below.content.decode()


def test_the_nav_names_the_room_and_counts_what_waits(desk, house, asked):
    nav = desk("clerk").get(HERE).content.decode()
    assert re.search(r'href="/work/registry/"[^>]*>.*?人和房屋.*?count--yours">1<', nav, re.S)
    assert "人和房屋" not in words(desk("admin").get("/work/me/"))


@pytest.fixture
def asked(house):
    """A correction somebody asked for in his own record."""
    me = resident(901, *house["person"].holders)
    told = {"person_id": house["person"].pk, "field": "work", "value": "二厂", "why": "换了单位"}
    return actions.ask_correction(me, **told, at=NOON)


def test_the_home_of_a_community_shows_figures_and_what_is_to_do(desk, house, asked):
    seen = words(desk("clerk").get(HERE))
    for said in ("1 人", "1 户", "1 房屋", "1 楼栋", "居民申请更正 1"):
        assert said in seen, said
    counted = words(desk("grid").get(HERE))
    assert "1 人" in counted
    assert "居民申请更正" not in counted
    assert "水清浅" not in counted


@pytest.mark.parametrize("who", ["neighbour", "elsewhere"])
def test_another_place_is_not_found(desk, house, asked, who):
    client = desk(who)
    paths = [HERE, f"{HERE}person/", f"{HERE}buildings/", f"{HERE}competing/"]
    paths += [page_of(row) for row in house.values()]
    paths += [f"/work/registry/buildings/{house['building'].pk}/"]
    for path in paths:
        assert client.get(path).status_code == 404, path
    doors = [page_of(house["person"], f"{way}/") for way in ("edit", "end", "open/phone")]
    if who == "neighbour":
        doors += [f"{HERE}new/person/", f"{HERE}corrections/"]
        doors += [f"/work/registry/corrections/{asked.pk}/"]
        doors += [f"/work/registry/person/{house['person'].pk}/care/"]
        doors += [f"/work/registry/doors/{house['dwelling'].pk}/arrive/"]
        doors += [f"/work/registry/households/{house['household'].pk}/join/"]
    for path in doors:
        assert client.get(path).status_code == 404, path
    assert log("registry.view") == []


@pytest.mark.parametrize("who", ["grid", "district"])
def test_whoever_counts_sees_numbers_and_no_names(desk, house, who):
    client = desk(who)
    plan = client.get(f"/work/registry/buildings/{house['building'].pk}/")
    assert "101 自住 1 人" in words(plan)
    assert "1 间房里有服务对象" in words(plan)
    assert "/work/registry/dwelling/" not in plan.content.decode()
    assert 'aria-label="有服务对象"' not in plan.content.decode()
    for path in (f"{HERE}person/", *(page_of(row) for row in house.values())):
        assert client.get(path).status_code == 403, path


def test_the_way_from_the_building_to_the_person(desk, house):
    clerk = desk("clerk")
    plan = clerk.get(f"/work/registry/buildings/{house['building'].pk}/").content.decode()
    assert f'href="{page_of(house["dwelling"])}"' in plan
    assert 'aria-label="有服务对象"' in plan
    assert "高龄独居" not in plan
    door = clerk.get(page_of(house["dwelling"])).content.decode()
    assert f'href="{page_of(house["household"])}"' in door
    family = clerk.get(page_of(house["household"])).content.decode()
    assert f'href="{page_of(house["person"])}"' in family
    assert "户主" in family


def test_opening_a_person_is_on_record_once_a_look(desk, house):
    clerk = desk("clerk")
    seen = words(clerk.get(page_of(house["person"])))
    assert "水清浅" in seen
    assert "••••0417" in seen
    assert PHONE not in seen
    [entry] = log("registry.view")
    assert (entry.target, entry.purpose) == (house["person"].target, "查看底数")
    assert entry.holders == house["person"].holders
    clerk.get(page_of(house["dwelling"]))
    clerk.get(f"{HERE}person/")
    assert len(log("registry.view")) == 1


def test_a_sealed_value_is_shown_once_for_a_purpose(desk, house):
    clerk, path = desk("clerk"), page_of(house["person"], "open/phone/")
    beside = {"headers": {"HX-Request": "true", "HX-Target": "drawer"}}
    drawer = clerk.get(path, **beside).content.decode()
    assert drawer.lstrip().startswith('<section class="drawer"')
    assert PHONE not in drawer
    refused = clerk.post(path, {"purpose": "curious"}, **beside)
    assert refused.status_code == 422
    assert "选一个用途再看" in refused.content.decode()
    assert log("registry.reveal") == []
    answer = clerk.post(path, {"purpose": "contact"}, **beside)
    assert "199 0000 0417" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    [entry] = log("registry.reveal")
    assert (entry.purpose, entry.details["fields"]) == ("联系本人", ["手机号"])
    whole = clerk.post(path, {"purpose": "visit"}).content.decode()
    assert "<html" in whole
    assert "199 0000 0417" in whole


@pytest.mark.parametrize("field", ["name", "facts", "person_key", "nothing"])
def test_what_is_not_sealed_is_not_opened(desk, house, field):
    clerk, path = desk("clerk"), page_of(house["person"], f"open/{field}/")
    assert clerk.get(path).status_code == 404
    assert clerk.post(path, {"purpose": "visit"}).status_code == 404
    assert log("registry.reveal") == []


def test_so_many_values_an_hour_and_no_more(desk, house, monkeypatch):
    monkeypatch.setattr("yukuai.workbench.registry.opening.REVEALS_AN_HOUR", 2)
    clerk, path = desk("clerk"), page_of(house["person"], "open/phone/")
    told = [clerk.post(path, {"purpose": "visit"}).status_code for _ in range(3)]
    assert told == [200, 200, 429]
    assert len(log("registry.reveal")) == 2
    assert desk("colleague").post(path, {"purpose": "visit"}).status_code == 200
    with time_machine.travel(NOON + timedelta(hours=1, minutes=1), tick=False):
        assert clerk.post(path, {"purpose": "visit"}).status_code == 200


@pytest.mark.parametrize("who", ["grid", "district", "admin", "squad"])
def test_nobody_without_the_right_opens_a_value(desk, house, who):
    answer = desk(who).post(page_of(house["person"], "open/phone/"), {"purpose": "visit"})
    assert answer.status_code == 403
    assert log("registry.reveal") == []


def test_competing_statements_are_listed_and_explained(desk, house):
    row = house["person"]
    say = {"kind": "person", "subject_id": row.pk, "at": NOON}
    actions.amend(KEEPER, **say, values={"name": "水清清"}, said=POLICE)
    clerk = desk("clerk")
    assert "水清清" in words(clerk.get(f"{HERE}competing/"))
    seen = words(clerk.get(page_of(row)))
    assert "另一种说法： 水清清" in seen
    assert "为什么是它" in seen
    assert "两种说法对不上 1" in words(clerk.get(HERE))


def test_a_list_has_filters_pages_and_an_empty_state(desk, house):
    clerk = desk("clerk")
    assert "还没有登记" in words(clerk.get(f"{HERE}project/"))
    assert "没有这样的" in words(clerk.get(f"{HERE}person/?living=inflow"))
    assert "水清浅" in words(clerk.get(f"{HERE}person/?living=resident&care=elder-alone"))
    for number in range(51):
        person(f"甲{number:02}")
    first = clerk.get(f"{HERE}person/?living=")
    rows = [line["title"] for line in first.context["rows"]]
    after = clerk.get(f"{HERE}person/{first.context['page'].next_url}")
    rest = [line["title"] for line in after.context["rows"]]
    assert (len(rows), len(rest)) == (50, 2)
    assert not set(rows) & set(rest)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (HERE, 7),
        (f"{HERE}person/", 8),
        (f"{HERE}dwelling/", 7),
        (f"{HERE}buildings/", 8),
        (f"{HERE}competing/", 8),
        (f"{HERE}corrections/", 8),
        ("building", 10),
        ("person", 10),
        ("dwelling", 11),
        ("household", 10),
        ("plan", 10),
    ],
)
def test_a_page_costs_few_statements_however_much_is_there(desk, house, path, most):
    for number in range(5):
        other = person(f"乙{number}")
        spot = {"person_id": other.pk, "since": DAY, "at": NOON}
        actions.move_in(KEEPER, dwelling_id=house["dwelling"].pk, living="resident", **spot)
    path = f"/work/registry/buildings/{house['building'].pk}/" if path == "plan" else path
    path = page_of(house[path]) if path in house else path
    clerk = desk("clerk")
    clerk.get(path)
    with at_most(most):
        assert clerk.get(path).status_code == 200


def test_nothing_is_written_by_a_look(desk, house):
    with scope(EVERYWHERE):
        before = Person.objects.get(pk=house["person"].pk).changed_at
    desk("town").get(page_of(house["person"]))
    with scope(EVERYWHERE):
        assert Person.objects.get(pk=house["person"].pk).changed_at == before
    seen = desk("town").get(page_of(house["person"])).content.decode()
    assert "没有变化" not in words(desk("town").get(page_of(house["person"])))
    assert "/edit/" not in seen

"""Records of the register on the workbench: made where one stands, amended, ended, settled."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.casework import enforcement, places
from tests.conftest import NOON
from tests.people import resident
from tests.registering import (
    DAY,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    again,
    building,
    citizen,
    codes,
    dwelling,
    kept,
    person,
)
from tests.web.desks import at_noon, desk
from yukuai.accounts.models import User
from yukuai.divisions.models import Division
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.models import Claim, Dwelling, Membership, Occupancy, Person

__all__ = ["at_noon", "codes", "desk", "enforcement", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes", "at_noon")]
NEW = "/work/registry/at/112/new/"
SAID = {"source": "window", "collected_on": DAY.isoformat(), "seen": "on"}


def page_of(row, more=""):
    return f"/work/registry/{row.kind}/{row.pk}/{more}"


def form(**typed):
    return {**SAID, "client_uuid": str(uuid4()), **typed}


def everybody():
    with scope(EVERYWHERE):
        return {row.name: row for row in Person.objects.all()}


def test_a_new_person_is_registered_once_however_often_the_form_is_sent(desk):
    clerk, sent = desk("clerk"), form(name="水清浅", id_no=citizen(), phone="19900000417")
    for _ in range(2):
        answer = clerk.post(f"{NEW}person/", sent)
        row = everybody()["水清浅"]
        assert answer.headers["Location"] == page_of(row)
    assert len(everybody()) == 1
    assert (row.birth_date.isoformat(), row.sex) == ("1990-01-01", "1")


def test_what_was_typed_is_kept_and_each_sentence_stands_at_its_field(desk):
    wrong = citizen()[:-1] + ("0" if citizen()[-1] != "0" else "1")
    sent = form(name="", id_no=wrong, phone="12", work="一厂")
    answer = desk("clerk").post(f"{NEW}person/", sent)
    shown = answer.context["form"]
    assert answer.status_code == 422
    assert set(shown.errors) == {"name", "id_no", "phone"} or set(shown.errors) == {"name", "phone"}
    assert shown["work"].value() == "一厂"
    assert str(shown["client_uuid"].value()) == sent["client_uuid"]
    assert everybody() == {}


def test_a_number_that_is_there_already_is_said_at_its_field(desk):
    person(id_no=citizen())
    answer = desk("clerk").post(f"{NEW}person/", form(name="同号", id_no=citizen()))
    assert answer.status_code == 409
    assert "已经登记过" in answer.context["form"].errors["id_no"][0]
    assert set(everybody()) == {"水清浅"}


def test_from_a_building_to_a_room_to_its_people(desk):
    clerk, house = desk("clerk"), building()
    clerk.post(f"/work/registry/buildings/{house.pk}/entrances/", {"name": "1单元"})
    with scope(EVERYWHERE):
        entrance = house.entrances.get()
    made = clerk.post(
        f"{NEW}dwelling/?building={house.pk}",
        form(floor="1", room="101", status="own", entrance_id=str(entrance.pk)),
    )
    with scope(EVERYWHERE):
        door = Dwelling.objects.get()
    assert made.headers["Location"] == page_of(door)
    assert door.entrance_id == entrance.pk
    clerk.post(f"{NEW}household/?dwelling={door.pk}", form(household_kind="1"))
    with scope(EVERYWHERE):
        family = door.households.get()
    lives = {"living": "resident", "household": str(family.pk), "relation": "02"}
    clerk.post(f"{NEW}person/?dwelling={door.pk}", form(name="户主", **lives))
    with scope(EVERYWHERE):
        assert Occupancy.objects.get().dwelling_id == door.pk
        assert Membership.objects.get().relation == "02"
    other = clerk.post(f"{NEW}person/?dwelling={door.pk}", form(name="又一位户主", **lives))
    assert other.status_code == 409
    assert set(everybody()) == {"户主"}


def test_a_room_is_registered_from_its_building_only_and_of_this_community(desk):
    clerk = desk("clerk")
    assert clerk.get(f"{NEW}dwelling/").status_code == 404
    far = building(actor=NEIGHBOUR, division_id=113)
    assert clerk.get(f"{NEW}dwelling/?building={far.pk}").status_code == 404
    assert desk("town").get(f"{NEW}person/").status_code == 403
    assert desk("grid").post(f"{NEW}person/", form(name="x")).status_code == 403


def test_only_what_is_typed_otherwise_is_stated(desk):
    row = person(work="一厂", phone="19900000417", ethnicity="01")
    kept_as = {"name": "水清浅", "work": "二厂", "ethnicity": "01"}
    answer = desk("clerk").post(page_of(row, "edit/"), {**SAID, **kept_as})
    assert answer.headers["Location"] == page_of(row)
    now = again(row)
    assert (now.work, now.phone) == ("二厂", "19900000417")
    assert list(now.facts) == [""] or set(now.facts) == {"", "work"}
    desk("clerk").post(page_of(row, "edit/"), {**SAID, **kept_as, "clear_phone": "on"})
    assert again(row).phone == ""


def test_a_weaker_word_is_noted_and_told(desk):
    row = person(work="一厂")
    weak = {"source": "window", "collected_on": "2025-01-01", "name": "水清浅", "work": "二厂"}
    answer = desk("clerk").post(page_of(row, "edit/"), weak, follow=True)
    assert "记下了，没有换上" in answer.content.decode()
    assert again(row).work == "一厂"
    with scope(EVERYWHERE):
        other = Claim.objects.get()
    chosen = desk("clerk").post(f"/work/registry/claims/{other.pk}/choose/")
    assert chosen.headers["Location"] == page_of(row)
    assert again(row).work == "二厂"


def test_a_statement_is_chosen_by_who_keeps_the_record_and_by_nobody_else(desk):
    row = person(work="一厂")
    say = {"kind": "person", "subject_id": row.pk, "at": NOON}
    actions.amend(KEEPER, **say, values={"work": "三厂"}, said=POLICE)
    with scope(EVERYWHERE):
        other = Claim.objects.get()
    path = f"/work/registry/claims/{other.pk}/choose/"
    for who, status in (("neighbour", 404), ("town", 403), ("grid", 403)):
        assert desk(who).post(path).status_code == status
    assert desk("clerk").get(path).status_code == 405
    assert again(row).work == "一厂"


def test_nothing_changed_is_one_tap(desk):
    row = person(said=POLICE)
    assert desk("clerk").get(page_of(row, "confirm/")).status_code == 405
    assert desk("town").post(page_of(row, "confirm/")).status_code == 403
    assert again(row).evidence("name").confirmed_on is None
    desk("clerk").post(page_of(row, "confirm/"))
    assert again(row).evidence("name").confirmed_on == DAY


def test_a_record_ends_after_a_question_and_comes_back(desk):
    row = person()
    clerk = desk("clerk")
    assert "注销水清浅？" in clerk.get(page_of(row, "end/")).content.decode()
    assert clerk.post(page_of(row, "end/"), {"why": "", "on": ""}).status_code == 422
    assert again(row).ended_on is None
    clerk.post(page_of(row, "end/"), {"why": "moved", "on": DAY.isoformat()})
    assert again(row).ended_why == "moved"
    assert (
        clerk.post(page_of(row, "end/"), {"why": "moved", "on": DAY.isoformat()}).status_code == 409
    )
    clerk.post(page_of(row, "reopen/"))
    assert again(row).ended_on is None


def test_a_building_with_rooms_does_not_end(desk):
    house = building()
    dwelling(house)
    answer = desk("clerk").post(page_of(house, "end/"), {"why": "gone", "on": DAY.isoformat()})
    assert answer.status_code == 409
    assert "楼里还有房屋" in answer.content.decode()


@pytest.fixture
def lived():
    door, who = dwelling(building()), person()
    told = {"person_id": who.pk, "dwelling_id": door.pk, "living": "resident"}
    spell = actions.move_in(KEEPER, **told, since=DAY, at=NOON)
    family = kept("household", links={"dwelling_id": door.pk})
    return door, who, spell, family


def test_moving_in_and_out_and_into_a_household(desk, lived):
    _door, who, spell, family = lived
    clerk = desk("clerk")
    joined = clerk.post(
        f"/work/registry/households/{family.pk}/join/", {"person": who.pk, "relation": "02"}
    )
    assert joined.headers["Location"] == page_of(family)
    assert (
        clerk.post(f"/work/registry/households/{family.pk}/join/", {"person": "987654"}).status_code
        == 422
    )
    clerk.post(f"/work/registry/person/{who.pk}/leave/", {"until": DAY.isoformat()})
    with scope(EVERYWHERE):
        assert Membership.objects.get().until == DAY
    clerk.post(
        f"/work/registry/person/{who.pk}/household/", {"person": family.pk, "relation": "10"}
    )
    with scope(EVERYWHERE):
        assert Membership.objects.get(until=None).relation == "10"
    out = f"/work/registry/spells/{spell.pk}/end/"
    assert clerk.post(out, {"until": "2020-01-01"}).status_code == 422
    clerk.post(out, {"until": DAY.isoformat()})
    with scope(EVERYWHERE):
        assert Occupancy.objects.get().until == DAY


def test_somebody_known_moves_in_by_his_whole_name(desk, lived):
    door, _who, _spell, _family = lived
    other = person("木叶")
    arrive = f"/work/registry/doors/{door.pk}/arrive/"
    clerk = desk("clerk")
    assert "没有登记过" in clerk.get(f"{arrive}?name=木").content.decode()
    assert "木叶" in clerk.get(f"{arrive}?name=木叶").content.decode()
    clerk.post(arrive, {"person": other.pk, "living": "inflow"})
    with scope(EVERYWHERE):
        assert Occupancy.objects.get(person=other).living == "inflow"
    assert clerk.post(arrive, {"person": "", "living": "inflow"}).status_code == 404


def test_care_needs_a_document_and_ends(desk, lived):
    _door, who, _spell, _family = lived
    clerk, path = desk("clerk"), f"/work/registry/person/{who.pk}/care/"
    tag = {"code": "disabled", "basis": "", "since": DAY.isoformat()}
    refused = clerk.post(path, tag)
    assert refused.status_code == 422
    assert "依据" in refused.content.decode()
    clerk.post(path, tag | {"basis": "残疾人证"})
    with scope(EVERYWHERE):
        made = who.care_tags.get()
    clerk.post(f"/work/registry/care/{made.pk}/end/", {"until": DAY.isoformat()})
    with scope(EVERYWHERE):
        assert who.care_tags.get().until == DAY


@pytest.fixture
def wish():
    row = person(work="一厂")
    me = resident(901, *row.holders)
    told = {"person_id": row.pk, "field": "work", "value": "二厂", "why": "换了单位"}
    return row, actions.ask_correction(me, **told, at=NOON)


def test_a_correction_is_decided_with_an_answer(desk, wish):
    row, claim = wish
    clerk, path = desk("clerk"), f"/work/registry/corrections/{claim.pk}/"
    listed = clerk.get("/work/registry/at/112/corrections/").content.decode()
    assert "换了单位" in listed
    assert "二厂" in clerk.get(path).content.decode()
    refused = clerk.post(path, {"accepted": "no", "answer": " "})
    assert refused.status_code == 422
    assert "为什么" in refused.context["form"].errors["answer"][0]
    assert again(row).work == "一厂"
    clerk.post(path, {"accepted": "yes", "answer": "看过单位证明。"})
    assert again(row).work == "二厂"
    with scope(EVERYWHERE):
        told = Claim.objects.get(pk=claim.pk)
    assert (told.standing, told.answer, told.settled_at) == ("taken", "看过单位证明。", NOON)
    assert clerk.get(path).status_code == 404
    assert clerk.post(path, {"accepted": "yes"}).status_code == 404


def test_nobody_decides_in_another_place_or_without_the_right(desk, wish):
    row, claim = wish
    path = f"/work/registry/corrections/{claim.pk}/"
    for who, status in (("neighbour", 404), ("town", 403), ("grid", 403), ("district", 403)):
        assert desk(who).post(path, {"accepted": "yes"}).status_code == status
    assert again(row).work == "一厂"


def test_forms_want_their_token(desk, wish):
    row, claim = wish
    desk("clerk")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(pk=11))
    for path in (
        page_of(row, "confirm/"),
        page_of(row, "open/phone/"),
        page_of(row, "edit/"),
        f"/work/registry/corrections/{claim.pk}/",
        f"{NEW}person/",
    ):
        assert strict.post(path, {"purpose": "visit", "accepted": "yes"}).status_code == 403
    assert again(row).work == "一厂"


@pytest.mark.parametrize(
    "kind",
    ["person", "household", "building", "organisation", "social-org", "party-org", "facility"],
)
def test_every_kind_has_its_form_its_page_and_its_list(desk, kind):
    clerk = desk("clerk")
    assert clerk.get(f"{NEW}{kind}/").status_code == 200
    extra = {"category": "service", "household_kind": "1"}
    answer = clerk.post(f"{NEW}{kind}/", form(name="样子", **extra), follow=True)
    assert answer.status_code == 200
    path = answer.request["PATH_INFO"]
    assert path.startswith(f"/work/registry/{kind}/")
    assert clerk.get(f"{path}edit/").status_code == 200
    assert clerk.get(f"/work/registry/at/112/{kind}/").status_code in (200, 302)


def test_a_facility_is_also_kept_by_the_township(desk):
    answer = desk("town").post(f"{NEW}facility/", form(name="活动室", category="culture"))
    assert answer.status_code == 302
    assert desk("town").post(f"{NEW}project/", form(name="路灯")).status_code == 403


def test_a_compound_is_registered_on_its_division(desk, places):
    clerk = desk("clerk")
    assert clerk.get(f"{NEW}compound/").status_code == 404
    Division.objects.create(
        id=500,
        parent=places[112],
        kind="compound",
        name="江景苑",
        path="1.2.12.112.500.",
        code="X500",
        valid_from=DAY,
    )
    answer = clerk.post(f"{NEW}compound/", form(compound_id="500", homes="20"), follow=True)
    assert "江景苑" in answer.content.decode()
    assert "20" in answer.content.decode()

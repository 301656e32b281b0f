"""A matter at a district's door: nobody accepts it before somebody finds its community."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.casework import (
    CLERK,
    DISTRICT,
    ELSEWHERE,
    TOWN,
    enforcement,
    lamps,
    pack,
    places,
    raised,
    read,
    squad,
    steps,
)
from tests.conftest import NOON
from tests.people import officer, resident
from yukuai.accounts.policy import Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.actions.intake import Told
from yukuai.cases.filters import Filter, filter_cases
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.queries import get_case
from yukuai.cases.today import list_at_my_door, list_tasks
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

__all__ = ["enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
SYSTEM_OF_THE_SOUTH = Actor(
    label="接口客户 热线",
    grants=(Grant(Role.API_CLIENT, "1.2."),),
    holders=("client:1",),
    kind="client",
)
POINT = {"lon": 106.5507, "lat": 29.5647}
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def sent(places, pack):
    def make(**told):
        words = {"division_id": 2, "body": "路灯不亮。", "to_place": True, **POINT, **told}
        receipt = actions.register_case(
            SYSTEM_OF_THE_SOUTH, told=Told(uuid4(), **words), source="api", at=NOON
        )
        return read(receipt.case_id)

    return make


def clocks(case):
    """Name, door, and how it ended."""
    with scope(EVERYWHERE):
        rows = Deadline.objects.filter(object_id=case.pk).order_by("pk")
        return [(r.name, r.owner_area, r.met_at, r.dropped_at) for r in rows]


def everything(case):
    with scope(EVERYWHERE):
        return (
            Case.objects.values().get(pk=case.pk),
            list(StateChange.objects.filter(object_id=case.pk).values()),
            list(Deadline.objects.filter(object_id=case.pk).values()),
        )


def test_it_lies_in_the_district_with_its_point_and_the_clock_runs_there(sent):
    case = sent()
    assert (case.area, case.to_place, case.state) == ("1.2.", True, "submitted")
    assert (case.lon, case.lat) == (106.5507, 29.5647)
    assert clocks(case) == [("accept", "1.2.", None, None)]
    with scope(EVERYWHERE):
        assert Deadline.objects.get(object_id=case.pk).label == "定位"


@pytest.mark.parametrize("told", [{"lon": None, "lat": None}, {"place_text": " ", "lon": None}])
def test_with_nothing_to_find_it_by_it_is_refused(sent, told):
    with pytest.raises(InvalidInput, match="坐标或地址"):
        sent(**{"lat": None, **told})
    with scope(EVERYWHERE):
        assert Case.objects.count() == 0


@pytest.mark.parametrize("division", [1, 12, 112])
def test_only_a_district_or_a_zone_has_such_a_door(sent, division):
    city = replace(SYSTEM_OF_THE_SOUTH, grants=(Grant(Role.API_CLIENT, "1."),))
    told = Told(uuid4(), division_id=division, body="路灯不亮。", to_place=True, **POINT)
    with pytest.raises(InvalidInput, match="村或社区"):
        actions.register_case(city, told=told, source="api", at=NOON)


def test_a_district_is_no_place_for_what_was_not_said_to_be_unplaced(sent):
    with pytest.raises(InvalidInput, match="村或社区"):
        sent(to_place=False)


@pytest.mark.parametrize("source", ["counter", "phone"])
def test_an_officer_at_a_counter_asks_for_the_community(places, pack, source):
    told = Told(uuid4(), division_id=2, body="路灯不亮。", to_place=True, **POINT)
    with pytest.raises(InvalidInput, match="村或社区"):
        actions.register_case(DISTRICT, told=told, source=source, at=NOON)


def test_nobody_accepts_it_before_it_is_placed(sent):
    case = sent()
    before = everything(case)
    with pytest.raises(Conflict, match="还没有定到村或社区"):
        actions.accept_case(DISTRICT, case_id=case.pk, at=LATER)
    for act in (
        lambda: actions.triage_case(DISTRICT, case_id=case.pk, triage="minor", at=LATER),
        lambda: actions.dispatch_case(DISTRICT, case_id=case.pk, unit_id=2, at=LATER),
    ):
        with pytest.raises(Conflict):
            act()
    assert everything(case) == before


def test_the_database_holds_the_same(sent):
    case = sent()
    rows = Case.objects.filter(pk=case.pk)
    refused = pytest.raises(IntegrityError, match="case_placed_before_accepted")
    with refused, scope(EVERYWHERE), transaction.atomic():
        rows.update(state="accepted")


def test_placing_hands_it_to_the_community_and_meets_the_district_s_clock(sent):
    case = sent(phone="19900000417")
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=112, reason="", at=LATER)
    placed = read(case.pk)
    assert (placed.area, placed.to_place, placed.state) == ("1.2.12.112.", False, "submitted")
    assert (placed.lon, placed.lat) == (106.5507, 29.5647)
    assert clocks(case) == [
        ("accept", "1.2.", LATER, None),
        ("accept", "1.2.12.112.", None, None),
    ]
    with scope(CLERK.areas, CLERK.holders):
        log = StateChange.objects.filter(object_id=case.pk).order_by("-pk")
        assert (log[0].move, log[0].reason, log[0].said) == (
            "relocate",
            "按坐标定位。",
            "地点定在南社区，由那里受理。",
        )
        assert CaseContact.objects.get(case=case.pk).phone == "19900000417"
    actions.accept_case(CLERK, case_id=case.pk, at=LATER)
    assert read(case.pk).state == "accepted"


def test_placing_too_late_stays_late(sent):
    case = sent()
    late = NOON + timedelta(days=5)
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=112, reason="", at=late)
    with scope(EVERYWHERE):
        first = Deadline.objects.filter(object_id=case.pk).earliest("pk")
    assert first.met_at == late > first.due_at


def test_an_urgent_one_is_urgent_at_both_doors(sent):
    case = sent(urgent=True)
    assert {name for name, *_ in clocks(case)} == {"accept", "urgent"}
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=112, reason="", at=LATER)
    running = {(n, at) for n, at, met, dropped in clocks(case) if not met and not dropped}
    assert running == {("accept", "1.2.12.112."), ("urgent", "1.2.12.112.")}


def test_an_address_alone_says_so_in_the_log(sent):
    case = sent(lon=None, lat=None, place_text="人和街")
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=112, reason="", at=LATER)
    with scope(EVERYWHERE):
        assert StateChange.objects.filter(object_id=case.pk).latest("pk").reason == "按地址定位。"


def test_a_placed_one_still_needs_a_reason_to_be_moved(raised):
    case = raised()
    before = everything(case)
    with pytest.raises(InvalidInput, match="写明为什么改地点"):
        actions.relocate_case(TOWN, case_id=case.pk, division_id=113, reason=" ", at=LATER)
    assert everything(case) == before


@pytest.mark.parametrize("who", [CLERK, TOWN, ELSEWHERE, officer(Role.DISTRICT_OP, "1.11.")])
def test_nobody_outside_of_the_district_s_door_sees_it(sent, who):
    case = sent()
    before = everything(case)
    with pytest.raises(NotFound):
        actions.relocate_case(who, case_id=case.pk, division_id=112, reason="", at=LATER)
    with scope(who.areas, who.holders), pytest.raises(NotFound):
        get_case(who, case_id=case.pk)
    assert everything(case) == before


def test_a_client_does_not_place_what_it_sent(sent):
    case = sent()
    with pytest.raises(NotPermitted):
        actions.relocate_case(
            SYSTEM_OF_THE_SOUTH, case_id=case.pk, division_id=112, reason="", at=LATER
        )
    assert read(case.pk).to_place


def test_it_may_lie_in_another_district_after_all(sent):
    case = sent()
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=1111, reason="", at=LATER)
    assert read(case.pk).area == "1.11.111.1111."
    with scope(DISTRICT.areas), pytest.raises(NotFound):
        get_case(DISTRICT, case_id=case.pk)


def test_it_is_turned_away_at_the_district_s_door_with_the_right_address(sent):
    case = sent()
    actions.reject_case(DISTRICT, case_id=case.pk, reason="court", channel="请找法院。", at=LATER)
    assert read(case.pk).state == "rejected"


def test_today_asks_the_district_to_place_it(sent):
    case = sent()
    with scope(DISTRICT.areas, DISTRICT.holders):
        mine = list_at_my_door(DISTRICT, at=NOON)
        [task] = list_tasks(DISTRICT, clocks=mine, at_my_door=frozenset({case.pk}))
    assert (task.word, task.move, task.mine) == ("定位", "relocate", True)


def test_a_filter_shows_what_waits_to_be_placed(sent, raised):
    case, _other = sent(), raised()
    with scope(DISTRICT.areas):
        assert [c.pk for c in filter_cases(DISTRICT, wanted=Filter(to_place=True))] == [case.pk]
        assert len(filter_cases(DISTRICT, wanted=Filter())) == 2


def test_the_resident_who_left_a_number_withdraws_it(sent):
    case = sent(phone="19900000901")
    lin = resident(901)
    holding = replace(lin, holders=tuple(case.holders))
    actions.withdraw_case(holding, case_id=case.pk, at=LATER)
    assert read(case.pk).state == "withdrawn"


def test_the_e_mail_is_opened_with_the_telephone_and_on_record(sent):
    case = sent(phone="19900000417", email="lin@mail.example")
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=112, reason="", at=LATER)
    shown = actions.reveal_contact(CLERK, case_id=case.pk, purpose="ask", at=LATER)
    assert (shown.phone, shown.email) == ("19900000417", "lin@mail.example")
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="case.contact")
    assert entry.details["fields"] == ["姓名", "电话", "邮箱"]

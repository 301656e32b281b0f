"""What is read of the register: by whom, on what it rests, how many people live behind a door."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.conftest import NOON
from tests.people import resident
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    TOWN,
    VISIT,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.accounts.policy import ANYBODY
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.scope import scope
from yukuai.registry import actions
from yukuai.registry.keeping import Said
from yukuai.registry.models import Occupancy, Person
from yukuai.registry.plan import Use
from yukuai.registry.queries import homes, listing, own, reading, waiting
from yukuai.registry.states import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
HERE = "1.2.12.112."
PHONE = "19900000417"


def seen_by(actor, ask):
    with scope(actor.areas, actor.holders):
        return ask(actor)


def record(actor, row):
    return seen_by(actor, lambda one: reading.get_record(one, kind=row.kind, record_id=row.pk))


@pytest.mark.parametrize("kind", ["person", "household", "organisation", "building", "project"])
def test_a_record_of_another_community_is_not_found(kind):
    row = (
        kept(kind, name="1栋")
        if kind not in ("person", "household")
        else (person() if kind == "person" else kept("household"))
    )
    assert record(KEEPER, row).pk == row.pk
    assert record(TOWN, row).pk == row.pk
    for actor in (NEIGHBOUR, GRID, DISTRICT, ANYBODY):
        with pytest.raises(NotFound):
            record(actor, row)


def facts(row, on=DAY):
    found = seen_by(KEEPER, lambda one: reading.list_facts(one, row=row, on=on))
    return {fact.field.name: fact for fact in found}


def test_a_fact_says_where_it_comes_from_and_why_it_is_shown():
    row = person(ethnicity="01", phone=PHONE)
    say = {"kind": "person", "subject_id": row.pk, "at": NOON}
    values = {"ethnicity": "15", "phone": "19900000555"}
    actions.amend(KEEPER, **say, values=values, said=POLICE)
    found = facts(record(KEEPER, row))
    shown = found["ethnicity"]
    assert (shown.text, shown.source, shown.due) == ("汉族", "窗口登记", False)
    assert [(one.text, one.source) for one in shown.others] == [("土家族", "公安户籍")]
    assert "核实过" in shown.why
    assert found["phone"].text == "••••0417"
    assert found["phone"].others[0].text == "••••0555"
    assert found["name"].why == reading.ONLY
    assert not found["marital"].is_told
    assert facts(record(KEEPER, row), on=DAY + timedelta(days=400))["ethnicity"].due


def test_a_chosen_statement_leaves_the_former_value_behind():
    row = person(ethnicity="01")
    say = {"kind": "person", "subject_id": row.pk, "at": NOON}
    actions.amend(KEEPER, **say, values={"ethnicity": "15"}, said=POLICE)
    other = facts(record(KEEPER, row))["ethnicity"].others[0]
    actions.choose_claim(KEEPER, claim_id=other.id, at=NOON)
    found = facts(record(KEEPER, row))["ethnicity"]
    assert (found.text, found.others, [one.text for one in found.former]) == (
        "土家族",
        [],
        ["汉族"],
    )


def move_in(who, door, living="resident"):
    return actions.move_in(
        KEEPER, person_id=who.pk, dwelling_id=door.pk, living=living, since=DAY, at=NOON
    )


def plan_for(actor, house, on=DAY):
    return seen_by(actor, lambda one: homes.get_plan(one, building_id=house.pk, on=on))


@pytest.fixture
def house():
    """Somebody at home who is cared for, somebody away, an empty room, a shop."""
    made = building()
    first = actions.add_entrance(KEEPER, building_id=made.pk, name="1单元", at=NOON)
    doors = [
        dwelling(made, "101", status="own", links={"entrance_id": first.pk}),
        dwelling(made, "201", "2", status="empty", links={"entrance_id": first.pk}),
        dwelling(made, "102"),
    ]
    old, away = person("水清浅"), person("水小满")
    move_in(old, doors[0])
    move_in(away, doors[0], "hukou-away")
    kept("organisation", name="小店", links={"dwelling_id": doors[2].pk})
    care = {"code": "elder-alone", "basis": "登记表", "since": DAY, "until": None}
    actions.tag_care(KEEPER, person_id=old.pk, **care, at=NOON)
    return made


def test_a_building_is_told_floor_by_floor(house):
    plan = plan_for(KEEPER, house)
    assert [(one.name, [s.floor for s in one.storeys]) for one in plan.flights] == [
        ("1单元", [2, 1]),
        ("不分单元", [1]),
    ]
    rooms = [
        (room.room, room.use, room.here, room.away, room.care)
        for flight in plan.flights
        for storey in flight.storeys
        for place in storey.places
        for room in place
    ]
    assert rooms == [
        ("201", Use.EMPTY, 0, 0, False),
        ("101", Use.LIVED, 1, 1, True),
        ("102", Use.BUSINESS, 0, 0, False),
    ]
    assert (plan.people, plan.away, plan.cared, plan.named) == (1, 1, 1, True)


@pytest.mark.parametrize("actor", [GRID, DISTRICT])
def test_whoever_may_only_count_sees_the_same_numbers_and_no_door_with_a_sign(house, actor):
    plan = plan_for(actor, house)
    assert (plan.people, plan.away, plan.cared, plan.named) == (1, 1, 1, False)
    for flight in plan.flights:
        for storey in flight.storeys:
            assert not any(room.care for place in storey.places for room in place)


@pytest.mark.parametrize("actor", [NEIGHBOUR, ANYBODY])
def test_nobody_elses_building_is_told(house, actor):
    with pytest.raises(NotFound):
        plan_for(actor, house)


def test_who_needed_care_once_needs_it_no_more(house):
    assert plan_for(KEEPER, house, on=DAY).cared == 1
    with scope(KEEPER.areas, KEEPER.holders):
        old = Person.objects.get(name="水清浅")
        tag = homes.list_care(KEEPER, person=old)[0]
        spell = Occupancy.objects.get(person=old)
    actions.end_care(KEEPER, tag_id=tag.pk, until=DAY, at=NOON)
    assert plan_for(KEEPER, house).cared == 0
    actions.move_out(KEEPER, occupancy_id=spell.pk, until=DAY, at=NOON)
    assert plan_for(KEEPER, house).people == 0


def test_numbers_of_a_community_for_those_who_read_and_those_who_count(house):
    look = lambda one: waiting.get_overview(one, area=HERE, on=DAY)  # noqa: E731
    read, counted = seen_by(KEEPER, look), seen_by(DISTRICT, look)
    assert read.counts == counted.counts
    assert {kind: n for kind, n in read.counts.items() if n} == {
        "person": 2,
        "dwelling": 3,
        "building": 1,
        "organisation": 1,
    }
    assert (read.due, counted.due) == (dict.fromkeys(waiting.DUE, 0), {})
    later = DAY + timedelta(days=400)
    due = seen_by(KEEPER, lambda one: waiting.get_overview(one, area=HERE, on=later)).due
    assert due == {"person": 2, "household": 0, "dwelling": 3, "organisation": 1}
    assert seen_by(NEIGHBOUR, look).counts == dict.fromkeys(read.counts, 0)


def listed(kind, **wanted):
    ask = lambda one: list(  # noqa: E731
        listing.list_records(one, kind=kind, area=HERE, **wanted)
    )
    return [str(getattr(row, "name", row.pk)) for row in seen_by(KEEPER, ask)]


def test_a_list_is_narrowed_by_codes_and_by_what_wants_to_be_seen_again(house):
    person("未核实", said=VISIT)
    person("女", sex="2")
    assert listed(Kind.PERSON, sex="2") == ["女"]
    assert listed(Kind.PERSON, living="hukou-away") == ["水小满"]
    assert listed(Kind.PERSON, care="elder-alone") == ["水清浅"]
    assert listed(Kind.PERSON, due_on=DAY) == ["未核实"]
    assert listed(Kind.PERSON, sex="'; drop", password="x") == listed(Kind.PERSON)
    assert len(listed(Kind.PERSON)) == 4


def test_an_ended_record_stands_in_a_list_of_its_own():
    row = person()
    actions.end_record(KEEPER, kind="person", subject_id=row.pk, why="dead", on=DAY, at=NOON)
    assert listed(Kind.PERSON) == []
    assert listed(Kind.PERSON, ended=True) == ["水清浅"]


def test_only_a_community_one_may_count_in_opens():
    ask = lambda one: listing.get_community(one, division_id=112).name  # noqa: E731
    for actor in (KEEPER, TOWN, DISTRICT, GRID):
        assert seen_by(actor, ask) == "南社区"
    for actor in (NEIGHBOUR, ANYBODY):
        with pytest.raises(NotFound):
            seen_by(actor, ask)
    with pytest.raises(NotFound):
        seen_by(DISTRICT, lambda one: listing.get_community(one, division_id=12))


def test_titles_are_told_for_every_kind_at_once(house):
    who, home = person("木叶"), kept("household")
    wanted = {("person", who.pk), ("household", home.pk), ("building", house.pk), ("person", 0)}
    titles = seen_by(KEEPER, lambda one: listing.titles_of(one, wanted))
    assert titles == {
        ("person", who.pk): "木叶",
        ("household", home.pk): f"户 {home.pk}",
        ("building", house.pk): "1栋",
    }
    assert seen_by(NEIGHBOUR, lambda one: listing.titles_of(one, wanted)) == {}


def taken_in(client_uuid, **home):
    return actions.take_in(
        KEEPER,
        division_id=112,
        values={"name": "新来的"},
        said=Said("window", DAY, seen=True),
        client_uuid=client_uuid,
        home=actions.Home(**home),
        at=NOON,
    )


def test_somebody_is_taken_in_with_his_home_or_not_at_all(house):
    with scope(KEEPER.areas, KEEPER.holders):
        door = house.dwellings.get(room="201")
    household = kept("household", links={"dwelling_id": door.pk})
    key = uuid4()
    with pytest.raises(InvalidInput):
        taken_in(key, dwelling_id=door.pk, living="nowhere")
    assert listed(Kind.PERSON).count("新来的") == 0
    home = {"dwelling_id": door.pk, "living": "resident", "household_id": household.pk}
    first = taken_in(key, **home, relation="02")
    assert taken_in(key, **home, relation="02").pk == first.pk
    with scope(KEEPER.areas, KEEPER.holders):
        assert first.memberships.get(until=None).relation == "02"
        assert first.occupancies.count() == 1


def test_a_resident_reads_his_own_record_and_nobody_elses(house):
    mine = person("黎明", id_no=citizen(), phone=PHONE)
    other = person("别人")
    with scope(KEEPER.areas, KEEPER.holders):
        door = house.dwellings.get(room="201")
    move_in(mine, door)
    me = resident(901, *mine.holders)
    [record] = seen_by(me, own.list_own_records)
    assert record.person.pk == mine.pk
    assert [(home.place, home.living) for home in record.homes] == [("1栋 1单元 201", "常住")]
    texts = {fact.field.name: fact.text for fact in record.facts}
    assert (texts["name"], texts["phone"]) == ("黎明", "••••0417")
    assert own.has_record(me)
    assert not own.has_record(resident(902))
    assert seen_by(resident(902), own.list_own_records) == []
    opened = actions.open_own(me, person_id=mine.pk, field="phone", at=NOON)
    assert opened.value == PHONE
    for wrong in ({"person_id": other.pk}, {"field": "name"}, {"field": "facts"}):
        ask = {"person_id": mine.pk, "field": "phone"} | wrong
        with pytest.raises(NotFound):
            actions.open_own(me, **ask, at=NOON)

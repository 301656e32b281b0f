"""The register follows its line: a building whole, people with the home they live in."""

from datetime import date
from random import Random

import pytest
from shapely import from_wkt
from shapely.geometry import box

from tests.conftest import NOON
from tests.people import resident
from tests.registering import (
    DAY,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    WINDOW,
    again,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.divisions.models import Boundary, Division
from yukuai.flows import register_lines  # noqa: F401  it registers itself
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.actions.merging import merge_people, say_not_same, unmerge
from yukuai.registry.models import (
    Building,
    CareTag,
    Claim,
    CommunityTally,
    Dwelling,
    Household,
    Membership,
    Merge,
    NotSame,
    Occupancy,
    Organisation,
    Person,
)
from yukuai.registry.numbers import uscc_check
from yukuai.registry.queries.duplicates import SAME_NUMBER, list_duplicates
from yukuai.registry.relocating import (
    Ground,
    count_on,
    homes,
    move_buildings,
    move_facilities,
    move_organisations,
)
from yukuai.registry.relocating.bodies import KNOWN_THERE
from yukuai.registry.states import Standing

pytestmark = pytest.mark.django_db
ON = {"lon": "106.515", "lat": "29.51"}
OFF = {"lon": "106.505", "lat": "29.51"}
AREA = box(106.51, 29.5, 106.52, 29.52).wkb
GROUND = Ground([AREA], [112])
THERE = {"actor": NEIGHBOUR, "division_id": 113}
CARE = "elder-alone"
SINCE = date(2024, 5, 1)
STEPS = (move_buildings, move_facilities, move_organisations)


@pytest.fixture(autouse=True)
def moved_line(places, codes):
    """The east of 112 is 113's from now on."""
    line(112, 106.50, 106.51)
    line(113, 106.51, 106.54)


def line(division_id, west, east):
    shape = f"MULTIPOLYGON((({west} 29.5,{east} 29.5,{east} 29.52,{west} 29.52,{west} 29.5)))"
    Boundary.objects.create(
        division_id=division_id, geom=from_wkt(shape).wkb, version=1, valid_from=DAY, basis="x",
        source="合成", approved_by="测试", illustrative=True, recorded_at=NOON,
    )  # fmt: skip


def follow(*steps):
    """What all steps did together."""
    done = []
    for step in steps or STEPS:
        after = 0
        while after is not None:
            with scope(EVERYWHERE):
                batch = step(SYSTEM, ground=GROUND, why="界线调整 X", after=after, at=NOON)
            done.append(batch)
            after = batch.after
    return done


def along(batches):
    total = {}
    for batch in batches:
        for label, count in batch.along.items():
            total[label] = total.get(label, 0) + count
    return {label: count for label, count in total.items() if count}


def lives(who, home, living="resident", actor=KEEPER):
    return actions.move_in(
        actor, person_id=who.pk, dwelling_id=home.pk, living=living, since=SINCE, at=NOON
    )


def joins(who, household, relation="02", actor=KEEPER):
    return actions.join_household(
        actor, household_id=household.pk, person_id=who.pk, relation=relation, since=SINCE, at=NOON
    )


def where(row):
    with scope(EVERYWHERE):
        found = type(row).objects.get(pk=row.pk)
    assert found.area.endswith(f".{found.division_id}.")
    return found.division_id


def rows(model):
    with scope(EVERYWHERE):
        return list(model.objects.order_by("pk"))


def check_whole():
    """What belongs together lies together."""
    with scope(EVERYWHERE):
        for one in Occupancy.objects.filter(until=None).select_related("person", "dwelling"):
            assert one.division_id == one.person.division_id == one.dwelling.division_id
        for one in Membership.objects.filter(until=None).select_related("person", "household"):
            assert one.division_id == one.person.division_id == one.household.division_id
        for one in Dwelling.objects.select_related("building", "entrance"):
            assert one.division_id == one.building.division_id
            assert one.entrance is None or one.entrance.division_id == one.division_id
        for one in Organisation.objects.exclude(dwelling=None).select_related("dwelling"):
            assert one.division_id == one.dwelling.division_id
        for model in (CareTag, Occupancy, Membership):
            for one in model.objects.select_related("person"):
                assert one.division_id == one.person.division_id
        for one in Claim.objects.filter(kind="person"):
            assert one.division_id == Person.objects.get(pk=one.subject_id).division_id


def test_a_building_goes_with_all_that_is_behind_its_doors_and_nothing_else_does():
    house, stays = building("1栋", **ON), building("2栋", **OFF)
    entrance = actions.add_entrance(KEEPER, building_id=house.pk, name="1单元", at=NOON)
    room = dwelling(house, links={"entrance_id": entrance.pk})
    other_room = dwelling(stays)
    who, neighbour = person("水清浅", id_no=citizen(1), work="一厂"), person("邻居")
    family = kept("household", links={"dwelling_id": room.pk})
    lives(who, room), lives(neighbour, other_room), joins(who, family)
    actions.tag_care(
        KEEPER, person_id=who.pk, code=CARE, basis="街道名单", since=SINCE, until=None,
        at=NOON,
    )  # fmt: skip
    actions.amend(
        KEEPER, kind="person", subject_id=who.pk, values={"work": "二厂"}, said=POLICE, at=NOON
    )
    shop = kept("organisation", name="小店", links={"dwelling_id": room.pk})
    bench, far = (
        kept("facility", name="凳", category="service", **ON),
        kept("facility", name="亭", category="service", **OFF),
    )
    facts = again(who).facts
    with scope(EVERYWHERE):
        assert [count_on(SYSTEM, kind=kind, areas=[AREA]) for kind in KINDS] == [1] * 6
    done = follow()
    gone = [house, entrance, room, who, family, shop, bench]
    assert [where(row) for row in gone] == [113] * 7
    assert [where(row) for row in (stays, other_room, neighbour, far)] == [112] * 4
    assert again(who).facts == facts
    assert [one.division_id for one in rows(Claim)] == [113]
    check_whole()
    assert [batch.moved for batch in done] == [{(112, 113): 1}, {(112, 113): 1}, {}]
    assert along(done) == {"房屋": 1, "户": 1, "人": 1, "单位": 1}
    assert [batch.kept for batch in done] == [0, 0, 0]
    with scope(KEEPER.areas):
        assert list(Person.objects.values_list("name", flat=True)) == ["邻居"]
    with scope(NEIGHBOUR.areas):
        assert list(Person.objects.values_list("name", flat=True)) == ["水清浅"]


KINDS = ("building", "dwelling", "household", "person", "organisation", "facility")


def test_only_numbers_within_ones_own_places_are_told():
    room = dwelling(building("1栋", **ON))
    lives(person(), room)
    with scope(NEIGHBOUR.areas):
        told = {kind: count_on(NEIGHBOUR, kind=kind, areas=[AREA]) for kind in KINDS}
    assert told == dict.fromkeys(KINDS, 0) | {"building": 1}


def test_figures_are_right_and_everybody_concerned_can_read_what_happened():
    who = person("水清浅", id_no=citizen(1))
    lives(who, dwelling(building("1栋", **ON)))
    actions.recount(SYSTEM, at=NOON)
    follow()
    while actions.count_touched(SYSTEM, at=NOON):
        pass
    tallies = {one.division_id: (one.people, one.dwellings) for one in rows(CommunityTally)}
    assert tallies == {113: (1, 1)}
    with scope((), holders=again(who).holders):
        entry = AuditEntry.objects.get(act="person.relocate")
    assert (entry.target, entry.purpose) == (f"person:{who.pk}", "界线调整 X")
    assert entry.details["before"] != entry.details["after"]
    for actor in (KEEPER, NEIGHBOUR):
        with scope(actor.areas):
            assert AuditEntry.objects.filter(act="building.relocate").count() == 1


def test_done_twice_it_is_done_once():
    who = person("水清浅", id_no=citizen(1))
    lives(who, dwelling(building("1栋", **ON)))
    follow()
    seen = again(who).changed_at
    entries = len(rows(AuditEntry))
    done = follow()
    assert [batch.moved for batch in done] == [{}, {}, {}]
    assert (along(done), again(who).changed_at, len(rows(AuditEntry))) == ({}, seen, entries)


def test_what_has_no_point_stays_and_is_named():
    bare = building("无名楼")
    room = dwelling(bare)
    who, nobody = person("水清浅"), person("无房")
    lives(who, room)
    shop = kept("organisation", name="流动摊")
    done = follow()
    assert [where(row) for row in (bare, room, who, nobody, shop)] == [112] * 5
    assert [what for batch in done for what, _why in batch.left] == ["无名楼", "1 人", "流动摊"]
    assert [batch.kept for batch in done] == [1, 0, 1]


def test_a_point_in_no_community_stays_and_is_named():
    Boundary.objects.filter(division_id=113).delete()
    house = building("1栋", **ON)
    (batch,) = follow(move_buildings)
    assert (where(house), batch.kept, batch.left[0][0]) == (112, 1, "1栋")


def test_whom_the_community_has_already_waits_among_the_duplicates_and_nothing_fails():
    number = citizen(1)
    there = person("水清", id_no=number, **THERE)
    who = person("水清浅", id_no=number)
    lives(who, dwelling(building("1栋", **ON)))
    assert along(follow())["新社区已有同一号码、等人合并的人"] == 1
    with scope(NEIGHBOUR.areas):
        (pair,) = list_duplicates(NEIGHBOUR)
    assert (pair.one.pk, pair.other.pk, pair.why) == (there.pk, who.pk, SAME_NUMBER)
    with pytest.raises(Conflict, match="号码一样"):
        say_not_same(NEIGHBOUR, one_id=there.pk, other_id=who.pk, at=NOON)
    merge = merge_people(NEIGHBOUR, kept_id=who.pk, gone_id=there.pk, reason="同一个人", at=NOON)
    assert again(who).shared_key == ""
    with pytest.raises(Conflict):
        person("水清浅", id_no=number, **THERE)
    unmerge(NEIGHBOUR, merge_id=merge.pk, at=NOON)
    with scope(NEIGHBOUR.areas):
        assert len(list_duplicates(NEIGHBOUR)) == 1


def test_when_one_of_a_pair_ends_the_number_is_the_others_alone():
    number = citizen(1)
    there = person("水清", id_no=number, **THERE)
    who = person("水清浅", id_no=number)
    lives(who, dwelling(building("1栋", **ON)))
    follow()
    assert again(who).shared_key == again(who).person_key
    actions.end_record(NEIGHBOUR, kind="person", subject_id=there.pk, why="moved", on=DAY, at=NOON)
    assert again(who).shared_key == ""
    with pytest.raises(Conflict):
        person("别人", id_no=number, **THERE)
    with pytest.raises(Conflict):
        actions.reopen_record(NEIGHBOUR, kind="person", subject_id=there.pk, at=NOON)


def test_a_number_that_is_corrected_is_bound_again():
    there = person("水清", id_no=citizen(1), **THERE)
    who = person("水清浅", id_no=citizen(1))
    person("别人", id_no=citizen(3), **THERE)
    lives(who, dwelling(building("1栋", **ON)))
    follow()
    with pytest.raises(Conflict):
        actions.amend(
            NEIGHBOUR, kind="person", subject_id=who.pk, values={"id_no": citizen(3)}, at=NOON,
            said=WINDOW,
        )  # fmt: skip
    assert again(there).shared_key == ""


@pytest.mark.parametrize("lives_there", [True, False])
def test_who_has_a_home_on_both_sides_is_on_file_on_both(lives_there):
    goes, stays = dwelling(building("1栋", **ON)), dwelling(building("2栋", **OFF))
    who = person("水清浅", id_no=citizen(1), work="一厂")
    lives(who, goes, "resident" if lives_there else "hukou-away")
    lives(who, stays, "hukou-away" if lives_there else "resident")
    assert along(follow())["两边都有住处、两边都登记的人"] == 1
    check_whole()
    assert where(who) == (113 if lives_there else 112)
    one, second = rows(Person)
    assert second.division_id == (112 if lives_there else 113)
    assert (second.name, second.id_no, second.work) == (one.name, one.id_no, one.work)
    assert (second.facts, second.person_key) == (one.facts, one.person_key)
    assert set(second.holders) > set(one.holders)
    assert (one.shared_key, second.shared_key) == ("", "")
    entry = next(one for one in rows(AuditEntry) if one.act == "person.second-record")
    assert entry.target == f"person:{second.pk}"


def test_whose_other_home_goes_later_waits_and_gets_no_second_record(monkeypatch):
    monkeypatch.setattr(homes, "AT_ONCE", 1)
    first, second = dwelling(building("1栋", **ON)), dwelling(building("2栋", **ON))
    stays = dwelling(building("3栋", **OFF))
    who, other = person("水清浅", id_no=citizen(1)), person("邻居", id_no=citizen(2))
    lives(who, first, "hukou-away"), lives(who, second)
    lives(other, first), lives(other, stays, "hukou-away")
    done = follow(move_buildings)
    assert len(done) == 3
    check_whole()
    assert [(one.name, one.division_id) for one in rows(Person)] == [
        ("水清浅", 113), ("邻居", 113), ("邻居", 112),
    ]  # fmt: skip


def test_a_household_goes_with_its_door_and_who_has_no_home_of_his_own_with_it():
    room = dwelling(building("1栋", **ON))
    head, away = person("水清浅"), person("在外")
    family = kept("household", links={"dwelling_id": room.pk})
    lives(head, room), joins(head, family), joins(away, family, "20")
    follow()
    assert [where(row) for row in (head, away, family)] == [113] * 3
    check_whole()


def test_a_household_without_a_door_goes_where_its_head_lives():
    goes, stays = dwelling(building("1栋", **ON)), dwelling(building("2栋", **OFF))
    family = kept("household")
    head, child = person("水清浅"), person("孩子")
    joins(child, family, "20"), joins(head, family)
    lives(head, goes), lives(child, stays)
    follow()
    assert [where(row) for row in (head, family, child)] == [113, 113, 112]
    check_whole()
    names = [(one.name, one.division_id) for one in rows(Person)]
    assert names == [("水清浅", 113), ("孩子", 112), ("孩子", 113)]


def test_who_moved_away_or_became_part_of_another_record_goes_along():
    room = dwelling(building("1栋", **ON))
    gone, who = person("从前", birth_date="1950-01-01"), person("水清浅", birth_date="1950-01-01")
    old = person("水清", birth_date="1950-01-01")
    spell = lives(gone, room)
    lives(who, room)
    say_not_same(KEEPER, one_id=gone.pk, other_id=who.pk, at=NOON)
    merge_people(KEEPER, kept_id=who.pk, gone_id=old.pk, reason="同一个人", at=NOON)
    actions.move_out(KEEPER, occupancy_id=spell.pk, until=DAY, at=NOON)
    follow()
    assert [where(row) for row in (gone, who, old)] == [113] * 3
    assert [one.division_id for one in (*rows(Merge), *rows(NotSame))] == [113, 113]
    check_whole()


def test_a_building_whose_name_is_borne_there_takes_another_and_keeps_the_former():
    building("1栋", **THERE)
    Division.objects.create(
        id=700, parent_id=112, kind="compound", name="桂花苑", path="1.2.12.112.700.", code="Z700",
        valid_from=DAY,
    )  # fmt: skip
    within, plain = building("1栋", links={"compound_id": 700}, **ON), building("1栋", **ON)
    follow()
    names = [again(row).name for row in (within, plain)]
    assert names == ["桂花苑1栋", f"1栋（原{Division.objects.get(pk=112).name}）"]
    assert again(within).compound_id is None
    former = [one for one in rows(Claim) if one.kind == "building"]
    assert [(one.value, one.standing, one.division_id) for one in former] == [
        ("1栋", Standing.FORMER, 113)
    ] * 2


def test_a_building_lies_in_the_grid_its_point_is_in_there():
    Division.objects.create(
        id=701, parent_id=113, kind="grid", name="网格", path="1.2.12.113.701.", code="Z701",
        valid_from=DAY,
    )  # fmt: skip
    line(701, 106.51, 106.54)
    house = building("1栋", **ON)
    room = dwelling(house)
    follow()
    assert (again(house).grid_id, again(room).grid_id, again(room).group_id) == (701, 701, None)


def test_an_employer_the_community_has_already_stays_and_is_named():
    room = dwelling(building("1栋", **ON))
    code = "91500000MA5U0000X"
    code += uscc_check(code)
    kept("organisation", name="甲公司", uscc=code, **THERE)
    inside = kept("organisation", name="甲公司楼里", uscc=code, links={"dwelling_id": room.pk})
    done = follow()
    assert where(inside) == 112
    assert done[0].left == [("甲公司楼里", KNOWN_THERE)]
    assert ([batch.kept for batch in done], again(inside).dwelling_id) == ([0, 0, 1], None)
    check_whole()


def test_a_resident_keeps_the_key_to_his_record():
    who = person("水清浅", id_no=citizen(1), phone="19900000417")
    lives(who, dwelling(building("1栋", **ON)))
    follow()
    me = resident(901, *again(who).holders)
    with scope(me.areas, me.holders):
        assert Person.objects.get().pk == who.pk


def any_register(seed):
    """Four buildings, a few families: homes and households anyhow, some numbers in both places."""
    chance = Random(seed)
    rooms = []
    for n in range(4):
        spot = chance.choice([ON, ON, OFF])
        home = building(f"{n}栋", **spot)
        rooms += [dwelling(home, room=f"10{k}") for k in range(2)]
    families = [kept("household", links={"dwelling_id": chance.choice(rooms).pk}) for _ in range(3)]
    families.append(kept("household"))
    for n in range(8):
        number = citizen(2 * n + 1)
        who = person(f"人{n}", id_no=number)
        if chance.random() < 0.3:
            person(f"人{n}在那边", id_no=number, **THERE)
        for room in chance.sample(rooms, chance.randint(0, 3)):
            lives(who, room, chance.choice(["resident", "hukou-away"]))
        if chance.random() < 0.6:
            joins(who, chance.choice(families), "20")


def state():
    """All that hangs together, by name."""
    with scope(EVERYWHERE):
        people = Person.objects.values_list("name", "division_id", "shared_key", "person_key")
        homes_ = Occupancy.objects.values_list(
            "person__name", "division_id", "dwelling__building__name", "dwelling__room", "living"
        )
        members = Membership.objects.values_list(
            "person__name", "division_id", "household__hukou_no"
        )
        return sorted(people), sorted(homes_), sorted(members)


def forget():
    with scope(EVERYWHERE):
        for model in (Occupancy, Membership, Claim, Person, Household, Dwelling, Building):
            model.objects.all().delete()


@pytest.mark.parametrize("seed", range(6))
def test_however_many_go_at_once_everything_ends_up_together_and_the_same(seed, monkeypatch):
    ends = []
    for at_once in (50, 1, 3):
        forget()
        any_register(seed)
        before = state()
        monkeypatch.setattr(homes, "AT_ONCE", at_once)
        follow()
        check_whole()
        after = state()
        assert {name for name, *_ in after[0]} == {name for name, *_ in before[0]}
        assert len(after[1]) == len(before[1])
        assert len(after[2]) == len(before[2])
        follow()
        assert state() == after
        ends.append(after)
    assert ends[0] == ends[1] == ends[2]

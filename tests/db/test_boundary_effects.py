"""What takes effect: vertices into every ring, what is to follow; and compounds."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
import shapely

from tests.casework import lamps, pack
from tests.conftest import NOON
from tests.db.boundaries_fixtures import draft, grown, moved, read, shapes_of, start, submit
from tests.db.lines_tree import CITY, DISTRICT, TODAY, current, ground, misfits
from tests.mapmaking import METRE
from tests.people import officer, resident
from tests.registering import again, building, codes, dwelling, person
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.boundaries import actions, movable
from yukuai.boundaries.models import LineReview, Receipt
from yukuai.boundaries.states import LineState
from yukuai.boundaries.tasks import move_things, put_due_in_effect
from yukuai.cases.actions import accept_case, dispatch_case, raise_case, triage_case
from yukuai.cases.actions.intake import Told
from yukuai.cases.models import Case
from yukuai.divisions.models import Boundary, Division
from yukuai.engines.partition import (
    canonical,
    from_geojson,
    has_vertex,
    shared_border,
    tiles,
    to_geojson,
)
from yukuai.engines.partition.grid import area_of
from yukuai.flows import case_lines, register_lines  # noqa: F401  they register themselves
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions import move_in
from yukuai.registry.relocating.homes import WITHOUT_POINT

__all__ = ["codes", "draft", "grown", "lamps", "pack"]
pytestmark = pytest.mark.django_db
S = LineState


def halves(area):
    """A child cut in two by a straight line, both ends of it between old vertices."""
    shape = ground(area)
    west, south, east, north = shape.bounds
    for of in range(30, 70):
        left = shapely.box(west - 10, south - 10, west + (east - west) * of // 100, north + 10)
        cut = [_area(shapely.intersection(shape, left)), _area(shapely.difference(shape, left))]
        if all(one.parts == 1 for one in cut):
            return cut
    raise AssertionError("no straight line cuts it in two")


def _area(shape):
    polygons = [
        [np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1] for ring in rings]
        for part in shapely.get_parts(shape)
        for rings in [shapely.get_rings(part)]
    ]
    return canonical(area_of(polygons))


@pytest.fixture
def cut(grown):
    """A new township takes the eastern half of the one that touches another district: its border
    ends on the outer lines, between their vertices."""
    other = grown.lines[11]
    mine = [one for one in grown.townships if one.parent_id == 2]
    township = max(mine, key=lambda one: sum(map(len, shared_border(grown.lines[one.pk], other))))
    Division.objects.create(
        id=99, parent=grown.districts[0], kind="township", name="新街", path="1.2.99.", code="X99",
        valid_from=TODAY,
    )  # fmt: skip
    west, east = halves(grown.lines[township.pk])
    made = start()
    said = {"number": made.number, "version": made.version, "at": NOON}
    shapes = {township.pk: to_geojson(west), 99: to_geojson(east)}
    actions.save_shapes(DISTRICT, shapes=shapes, **said)
    after = actions.adopt_proposal(
        DISTRICT, number=made.number, version=read(made).version, at=NOON
    )
    return township, after


def test_a_border_that_ends_on_the_parents_line_is_accepted_and_says_what_it_brings(cut):
    _township, after = cut
    assert after.accepted, after.reason
    assert after.brought
    said = [one for one in after.findings if "同时加上这个顶点" in one["sentence"]]
    assert len(said) == len(after.brought)
    assert {one["severity"] for one in said} == {"note"}


def test_brought_vertices_enter_all_rings_and_everything_still_tiles(grown, cut):
    township, after = cut
    submit(after)
    before = {row.division_id: row.version for row in Boundary.objects.filter(valid_to=None)}
    actions.approve_draft(CITY, number=after.number, at=NOON)
    assert read(after).state == S.EFFECTIVE
    everybody = [grown.city, *grown.districts, *grown.townships, *grown.communities]
    lines = current([*everybody, Division.objects.get(pk=99)])
    for point in after.brought:
        having = {pk for pk, line in lines.items() if has_vertex(line, point)}
        assert {2, 99, township.pk} <= having
        assert all(before.get(pk, 0) < _version(pk) for pk in having)
    with scope(EVERYWHERE):
        reviews = {row.division_id for row in LineReview.objects.filter(cleared_at=None)}
    wrong = set(misfits_of_others(grown, 99))
    assert wrong == reviews == {township.pk}
    touching = [pk for pk in lines if pk not in {99, township.pk}]
    for pk in touching:  # a vertex lies within a step of its line of some hundred metres: 2 m²
        assert abs(ground(lines[pk]).area - ground(grown.lines[pk]).area) < 2 * METRE**2


def misfits_of_others(grown, founded):
    """The new township has no communities yet; its district is asked with it."""
    district = grown.districts[0]
    lines = current([district, *Division.objects.filter(parent=district)])
    whole = lines.pop(district.pk)
    assert founded in lines
    assert tiles(whole, list(lines.values()))
    return [pk for pk in misfits(grown) if pk != district.pk]


def _version(pk):
    return Boundary.objects.get(division=pk, valid_to=None).version


# What lies on the ground


@pytest.fixture
def village(grown, pack, lamps):
    """A township with two communities, one of which takes ground of the other; an officer each."""
    own = [one for one in grown.townships if one.parent_id == 2]
    township = max(own, key=lambda one: len(grown.below(one)))
    clerk = officer(Role.TOWNSHIP_OP, township.path, user_id=70)
    made = start(clerk, township.pk, "community")
    grows, after = moved(made, clerk, metres=300)
    return clerk, grows, after


def place_on(after, grows):
    with scope(EVERYWHERE):
        row = next(one for one in after.grounds.all() if one.after_id == grows)
    point = shapely.point_on_surface(shapely.from_wkb(row.geom))
    return row.before_id, point.x, point.y


def tell(division_id, lon, lat, body="楼道灯不亮。"):
    told = Told(division_id=division_id, body=body, lon=lon, lat=lat, client_uuid=uuid4())
    return raise_case(resident(901), told=told, at=NOON).case_id


def where(case_id):
    with scope(EVERYWHERE):
        return Case.objects.get(pk=case_id).division_id


def test_open_matters_on_the_ground_follow_their_line_and_a_receipt_says_how_many(village):
    clerk, grows, after = village
    gives, lon, lat = place_on(after, grows)
    cases = [tell(gives, lon, lat) for _ in range(3)]
    held = tell(gives, lon, lat)
    own = officer(Role.COMMUNITY_STAFF, _path(gives), user_id=71)
    accept_case(own, case_id=held, at=NOON)
    triage_case(own, case_id=held, triage="major", at=NOON)
    township = _path(gives).split(".")[2]
    dispatch_case(own, case_id=held, unit_id=int(township), department_id=None, at=NOON)
    without = tell(gives, None, None)
    checked = actions.check_draft(clerk, number=after.number, at=NOON)
    assert {one["name"]: one["count"] for one in checked.counts if one["count"]} == {"case": 4}
    submit(after, clerk)
    actions.approve_draft(DISTRICT, number=after.number, at=NOON)
    assert [where(pk) for pk in cases] == [gives] * 3
    move_things(after.pk)
    assert [where(pk) for pk in cases] == [grows] * 3
    assert (where(held), where(without)) == (gives, gives)
    with scope(EVERYWHERE):
        receipt = Receipt.objects.get(draft=after, thing="case")
    assert (receipt.moved, receipt.kept) == ({f"{gives}>{grows}": 3}, 1)
    assert receipt.finished_at is not None
    move_things(after.pk)
    with scope(EVERYWHERE):
        assert Receipt.objects.get(draft=after, thing="case").moved == receipt.moved


def _path(pk):
    return Division.objects.get(pk=pk).path


def test_a_building_on_the_ground_follows_with_all_in_it_and_a_receipt_says_how_many(
    village, codes
):
    clerk, grows, after = village
    gives, lon, lat = place_on(after, grows)
    keeper = officer(Role.COMMUNITY_STAFF, _path(gives), user_id=72)
    said = {"actor": keeper, "division_id": gives}
    house = building("1栋", lon=f"{lon:.7f}", lat=f"{lat:.7f}", **said)
    room = dwelling(house, **said)
    who = person("水清浅", **said)
    move_in(keeper, person_id=who.pk, dwelling_id=room.pk, living="resident", since=None, at=NOON)
    building("无名楼", **said)
    checked = actions.check_draft(clerk, number=after.number, at=NOON)
    told = {one["label"]: f"{one['count']}{one['unit']}" for one in checked.counts if one["count"]}
    assert told == {"楼栋": "1栋", "房屋": "1套", "住在里面的人": "1人"}
    submit(after, clerk)
    actions.approve_draft(DISTRICT, number=after.number, at=NOON)
    assert again(who).division_id == gives
    move_things(after.pk)
    assert {again(row).division_id for row in (house, room, who)} == {grows}
    with scope(EVERYWHERE):
        receipts = {one.thing: one for one in Receipt.objects.filter(draft=after)}
    assert sorted(receipts) == ["building", "case", "facility", "organisation"]
    receipt = receipts["building"]
    assert receipt.moved == {f"{gives}>{grows}": 1}
    assert receipt.along == {"房屋": 1, "人": 1}
    assert (receipt.kept, receipt.left) == (1, [["无名楼", WITHOUT_POINT]])
    assert all(one.finished_at is not None for one in receipts.values())


def test_killed_midway_nothing_is_lost_and_nothing_is_done_twice(village, monkeypatch):
    clerk, grows, after = village
    gives, lon, lat = place_on(after, grows)
    cases = [tell(gives, lon, lat) for _ in range(5)]
    submit(after, clerk)
    actions.approve_draft(DISTRICT, number=after.number, at=NOON)
    monkeypatch.setattr(case_lines, "AT_ONCE", 2)
    while [where(pk) for pk in cases].count(grows) < 2:
        assert actions.move_batch(SYSTEM, draft_id=after.pk, at=NOON)
    real = movable.find("case")

    def dies(*said):
        real.move(*said)
        raise RuntimeError("killed")

    broken = movable.Movable("case", real.label, real.layer, real.count, dies)
    monkeypatch.setitem(movable._REGISTERED, "case", broken)
    with pytest.raises(RuntimeError):
        actions.move_batch(SYSTEM, draft_id=after.pk, at=NOON)
    assert [where(pk) for pk in cases].count(grows) == 2
    monkeypatch.setitem(movable._REGISTERED, "case", real)
    put_due_in_effect(0)  # the hourly round finds what was left
    assert [where(pk) for pk in cases] == [grows] * 5
    with scope(EVERYWHERE):
        assert Receipt.objects.get(draft=after, thing="case").moved == {f"{gives}>{grows}": 5}


def test_when_no_ground_changes_nothing_has_to_follow(draft):
    submit(draft)
    actions.approve_draft(CITY, number=draft.number, at=NOON)
    with scope(EVERYWHERE):
        assert not Receipt.objects.exists()
    assert Boundary.objects.filter(valid_from=TODAY).count() == 0


def test_the_hourly_round_puts_in_effect_what_is_due_or_says_why_not(grown, draft, monkeypatch):
    moved(draft)
    submit(draft, effective=TODAY + timedelta(days=1))
    actions.approve_draft(CITY, number=draft.number, at=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    put_due_in_effect(0)
    assert (read(draft).state, read(draft).trouble) == (S.APPROVED, "")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    Boundary.objects.filter(division=2, valid_to=None).update(valid_to=TODAY)
    put_due_in_effect(0)
    assert (read(draft).state, "还没有界线" in read(draft).trouble) == (S.APPROVED, True)
    Boundary.objects.filter(division=2).update(valid_to=None)
    put_due_in_effect(0)
    assert (read(draft).state, read(draft).trouble) == (S.EFFECTIVE, "")


# Compounds


def test_compounds_need_not_tile_but_do_not_overlap_and_stay_inside(grown):
    community = grown.communities[0]
    shape = ground(grown.lines[community.pk])
    middle = shapely.point_on_surface(shape)
    for pk in (901, 902):
        Division.objects.create(
            id=pk, parent=community, kind="compound", name=f"小区{pk}",
            path=f"{community.path}{pk}.", code=f"C{pk}", valid_from=TODAY,
        )  # fmt: skip
    staff = officer(Role.COMMUNITY_STAFF, community.path, user_id=81)
    made = start(staff, community.pk, "compound")
    x, y = round(middle.x), round(middle.y)
    one = _area(shapely.box(x - 9000, y - 9000, x, y + 9000))
    over = _area(shapely.box(x - 4000, y - 9000, x + 9000, y + 9000))
    beside = _area(shapely.box(x, y - 9000, x + 9000, y + 9000))
    said = {"number": made.number, "at": NOON}
    bad = actions.save_shapes(
        staff, version=made.version, shapes={901: to_geojson(one), 902: to_geojson(over)}, **said
    )
    assert "overlap" in {f["check"] for f in bad.findings}
    assert not bad.accepted
    good = actions.save_shapes(staff, version=bad.version, shapes={902: to_geojson(beside)}, **said)
    assert (good.accepted, good.reason) == (True, "")
    submit(made, staff)
    town = officer(Role.TOWNSHIP_OP, community.path.rsplit(".", 2)[0] + ".", user_id=82)
    actions.approve_draft(town, number=made.number, at=NOON)
    assert current([901]) == {901: canonical(from_geojson(shapes_of(made)[901].drawn))}
    assert misfits(grown) == []

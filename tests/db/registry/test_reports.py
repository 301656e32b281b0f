"""一表通: definitions, what fills itself, what is typed once, and the fence around it all."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    TOWN,
    again,
    building,
    citizen,
    codes,
    dwelling,
    kept,
    person,
    places,
)
from yukuai.divisions.queries import list_names
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.actions.reporting import Head, fill_in, retire_report, save_report
from yukuai.registry.models import Building, HandFilling, Report
from yukuai.registry.queries.filling import preview_report, rows_opened
from yukuai.registry.queries.overlapping import check_form, require_new_form
from yukuai.registry.queries.reports import get_report, is_own, list_reports
from yukuai.registry.queries.summing import sum_report
from yukuai.registry.reporting import COLUMNS, Filter, Shape

__all__ = ["codes", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
HEAD = Head("老人名单", "六十岁以上老人名单", "安排走访", "民政局通知", "街道民政办")
ELDERS = Shape(
    "person",
    columns=("person.name", "derived.age", "person.phone", "building.name", "dwelling.room"),
    filters=(Filter("derived.age", "least", "60"),),
    order="dwelling.room",
)


def saved(actor=KEEPER, shape=ELDERS, head=HEAD, **more):
    return save_report(actor, head=head, shape=shape, at=NOON, **more)


def fill(actor=KEEPER, shape=ELDERS, **more):
    with scope(actor.areas, actor.holders):
        return preview_report(actor, shape=shape, at=NOON, **more)


def summed(actor, shape):
    with scope(actor.areas, actor.holders):
        found = sum_report(actor, shape=shape, at=NOON)
    return found.head, [(line.place, list(line.numbers)) for line in found.lines], found.total


def texts(filled):
    return [[cell.text for cell in row.cells] for row in filled.rows]


def settled(name, room, born="1950-01-01", **given):
    """A person in a room of building 1."""
    home = dwelling(known_building() or building(), room=room)
    who = person(name, birth_date=born, **given)
    actions.move_in(
        KEEPER,
        person_id=who.pk,
        dwelling_id=home.pk,
        living="resident",
        since=None,
        at=NOON,
    )
    return who, home


def test_a_report_fills_itself_joined_masked_and_in_order():
    settled("石阶", "202", phone="19900000202")
    settled("黄葛", "101", born="1966-03-02")
    settled("雾都", "303", born="1966-03-03")
    found = fill()
    assert found.total == 2
    assert texts(found) == [
        ["黄葛", "60", "", "1栋", "101"],
        ["石阶", "76", "••••0202", "1栋", "202"],
    ]
    assert (found.known, found.cells) == (9, 10)


def test_a_person_is_listed_once_at_the_home_he_lives_in():
    who, _ = settled("石阶", "202")
    away = dwelling(known_building(), room="901")
    actions.move_in(
        KEEPER,
        person_id=who.pk,
        dwelling_id=away.pk,
        living="hukou-away",
        since=date(2026, 1, 1),
        at=NOON,
    )
    assert [row[-1] for row in texts(fill())] == ["202"]


def known_building():
    with scope(EVERYWHERE):
        return Building.objects.filter(name="1栋").select_related("division").first()


def cared(who, code, until=None):
    actions.tag_care(
        KEEPER,
        person_id=who.pk,
        code=code,
        basis="评估表",
        since=date(2025, 1, 1),
        until=until,
        at=NOON,
    )


@pytest.mark.parametrize(
    ("column", "how", "value", "names"),
    [
        ("person.name", "is", "石阶", ["石阶"]),
        ("person.name", "has", "葛", ["黄葛"]),
        ("person.sex", "not", "1", ["雾都", "黄葛"]),
        ("person.sex", "empty", "", ["黄葛"]),
        ("person.phone", "known", "", ["石阶"]),
        ("person.birth_date", "until", "1950-12-31", ["石阶"]),
        ("derived.age", "most", "60", ["雾都", "黄葛"]),
        ("derived.age", "is", "76", ["石阶"]),
        ("dwelling.room", "is", "101", ["黄葛"]),
        ("building.name", "is", "1栋", ["石阶", "雾都", "黄葛"]),
        ("spell.living", "is", "resident", ["石阶", "雾都", "黄葛"]),
        ("spell.care", "is", "elder-alone", ["石阶"]),
        ("spell.care", "empty", "", ["雾都", "黄葛"]),
        ("spell.relation", "known", "", []),
        ("household.hukou_no", "known", "", []),
        ("place.community", "is", "南社区", ["石阶", "雾都", "黄葛"]),
        ("place.grid", "empty", "", ["石阶", "雾都", "黄葛"]),
        ("place.grid", "known", "", []),
    ],
)
def test_a_condition_picks_who_meets_it(column, how, value, names):
    who, _ = settled("石阶", "202", sex="1", phone="19900000202")
    settled("黄葛", "101", born="1966-03-02")
    settled("雾都", "303", born="1966-03-03", sex="2")
    cared(who, "elder-alone", until=date(2027, 1, 1))
    cared(who, "disabled", until=DAY)
    one = Filter(column, how, value)
    shape = Shape("person", columns=("person.name", "spell.care"), filters=(one,))
    assert sorted(row[0] for row in texts(fill(shape=shape))) == sorted(names)


def test_a_report_never_shows_another_community():
    settled("石阶", "202")
    person("雾都", division_id=113, actor=NEIGHBOUR, birth_date="1950-01-01")
    assert [row[0] for row in texts(fill())] == ["石阶"]
    assert [row[0] for row in texts(fill(NEIGHBOUR))] == ["雾都"]
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders):
        opened = list(rows_opened(NEIGHBOUR, shape=ELDERS, at=NOON, most=9))
    assert [row.cells[0].text for row in opened] == ["雾都"]


@pytest.mark.parametrize("actor", [TOWN, DISTRICT])
def test_above_the_community_there_are_numbers_and_no_names(actor):
    settled("石阶", "202")
    with pytest.raises(NotPermitted, match="汇总"):
        fill(actor)
    shape = Shape("person", by="community", filters=ELDERS.filters)
    assert summed(actor, shape) == (["村（社区）", "合计"], [("南社区", [1])], [1])


def test_who_may_not_use_reports_sees_none():
    with pytest.raises(NotPermitted):
        fill(GRID)


def test_a_summary_counts_by_place_and_by_code():
    settled("石阶", "202", sex="1")
    settled("黄葛", "101", sex="2")
    settled("雾都", "303")
    person("无房", birth_date="1950-01-01", sex="2")
    shape = Shape("person", by="building", split="person.sex", filters=ELDERS.filters)
    head, lines, total = summed(KEEPER, shape)
    assert head == ["楼栋", "男", "女", "未登记", "合计"]
    assert lines == [("1栋", [1, 1, 1, 3]), ("未登记", [0, 1, 0, 1])]
    assert total == [1, 2, 1, 4]
    assert summed(TOWN, Shape("dwelling", by="township"))[1] == [("南街", [3])]


def test_doors_and_care_are_counted_only_by_those_who_keep_the_records():
    settled("石阶", "202")
    for shape in (
        Shape("person", by="building"),
        Shape("person", by="community", filters=(Filter("spell.care", "known"),)),
    ):
        with pytest.raises(NotPermitted):
            summed(DISTRICT, shape)
        assert summed(TOWN, shape)[0][0] in ("楼栋", "村（社区）")


def test_a_definition_is_offered_below_and_changed_by_its_own_place_alone():
    report = saved(TOWN)
    own = saved(
        head=Head("空置房", "空置房表", "摸底"), shape=Shape("dwelling", columns=("dwelling.room",))
    )
    with scope(KEEPER.areas):
        assert [one.name for one in list_reports(KEEPER)] == ["空置房", "老人名单"]
        assert not is_own(KEEPER, report=get_report(KEEPER, report_id=report.pk))
    with scope(TOWN.areas):
        assert [one.name for one in list_reports(TOWN)] == ["老人名单"]
    with scope(NEIGHBOUR.areas):
        assert [one.name for one in list_reports(NEIGHBOUR)] == ["老人名单"]
        with pytest.raises(NotFound):
            get_report(NEIGHBOUR, report_id=own.pk)
    with pytest.raises(NotPermitted):
        saved(report_id=report.pk)
    with pytest.raises(NotPermitted):
        retire_report(KEEPER, report_id=report.pk, at=NOON)
    with scope(EVERYWHERE):
        assert Report.objects.get(pk=report.pk).version == 1


def test_each_change_is_a_version_and_a_name_serves_once():
    report = saved()
    assert saved(report_id=report.pk, head=Head("老人", "老人", "走访")).version == 2
    with pytest.raises(InvalidInput) as refused:
        saved(head=Head("老人", "又一张", "走访"))
    assert "name" in refused.value.fields
    retire_report(KEEPER, report_id=report.pk, at=NOON)
    assert saved(head=Head("老人", "又一张", "走访")).version == 1
    with scope(KEEPER.areas), pytest.raises(NotFound):
        get_report(KEEPER, report_id=report.pk)


def test_a_definition_without_name_or_purpose_is_not_kept():
    with pytest.raises(InvalidInput) as refused:
        saved(head=Head(" ", "表", "长" * 201))
    assert set(refused.value.fields) == {"name", "purpose"}
    with scope(EVERYWHERE):
        assert not Report.objects.exists()


def test_the_district_defines_nothing_by_care():
    shape = Shape("person", columns=("person.name", "spell.care"))
    with pytest.raises(NotPermitted):
        saved(DISTRICT, shape=shape)
    assert saved(TOWN, shape=shape).version == 1


def typed(report, cells, actor=KEEPER):
    return fill_in(
        actor, report_id=report.pk, cells=cells, source="visit", collected_on=DAY, at=NOON
    )


def test_what_is_typed_goes_to_the_register_and_the_next_report_has_it():
    who, home = settled("石阶", "202")
    shape = Shape("person", columns=("person.name", "person.work", "dwelling.area_m2"))
    report = saved(shape=shape)
    [row] = fill(shape=shape, empty_only=True).rows
    assert [cell.key for cell in row.cells if not cell.text] == [
        f"person-{who.pk}-work",
        f"dwelling-{home.pk}-area_m2",
    ]
    assert typed(report, {row.cells[1].key: "码头", row.cells[2].key: "63.5㎡"}) == 2
    assert texts(fill(shape=shape)) == [["石阶", "码头", "63.5"]]
    evidence = again(who).evidence("work")
    assert (evidence.source, evidence.by) == ("visit", KEEPER.label)
    assert fill(shape=shape, empty_only=True).rows == []
    with scope(EVERYWHERE):
        assert HandFilling.objects.get().cells == 2


def test_one_wrong_cell_and_nothing_is_kept():
    who, home = settled("石阶", "202")
    report = saved(shape=Shape("person", columns=("person.work", "dwelling.area_m2")))
    good, bad = f"person-{who.pk}-work", f"dwelling-{home.pk}-area_m2"
    with pytest.raises(InvalidInput) as refused:
        typed(report, {good: "码头", bad: "很大"})
    assert refused.value.fields == {bad: "建筑面积“很大”不是数字。"}
    assert again(who).work == ""
    with scope(EVERYWHERE):
        assert not HandFilling.objects.exists()


def test_nothing_is_written_that_the_report_does_not_ask_or_that_lies_elsewhere():
    who, _ = settled("石阶", "202")
    other = person("雾都", division_id=113, actor=NEIGHBOUR)
    report = saved(shape=Shape("person", columns=("person.work",)))
    with pytest.raises(InvalidInput):
        typed(report, {f"person-{who.pk}-education": "20", "person--work": "x", "": "y"})
    with pytest.raises(NotFound):
        typed(report, {f"person-{other.pk}-work": "码头"})
    assert again(other).work == ""


def test_a_page_of_a_report_asks_the_same_however_many_rows():
    for number in range(3):
        settled(f"石阶{number}", f"20{number}")
    shape = Shape(
        "person",
        columns=("person.name", "household.hukou_no", "spell.care", "building.name", "place.grid"),
    )
    counts = []
    for extra in (0, 4):
        for number in range(extra):
            settled(f"黄葛{number}", f"30{number}")
        with CaptureQueriesContext(connection) as captured:
            fill(shape=shape)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_kinds_of_the_catalogue_all_fill():
    home = building("2栋", floors="9")
    dwelling(home, "101")
    kept("organisation", name="码头茶馆")
    kept("facility", name="养老站", category="elder", actor=KEEPER)
    for kind, count in (("building", 1), ("dwelling", 1), ("organisation", 1), ("facility", 1)):
        shape = Shape(kind, columns=tuple(one.name for one in COLUMNS[kind]))
        assert fill(shape=shape).total == count
        assert len(fill(shape=shape).rows[0].cells) == len(COLUMNS[kind])


def test_a_form_that_asks_what_is_known_is_not_sent_out():
    found = check_form(KEEPER, headings=["姓名", "电话", "入伍时间"])
    assert (found.percent, found.new) == (66, ("入伍时间",))
    with pytest.raises(Conflict, match=r"66%.*姓名、电话"):
        require_new_form(TOWN, headings=["姓名", "电话", "入伍时间"])
    assert require_new_form(TOWN, headings=["姓名", "入伍时间"]).percent == 50
    with pytest.raises(InvalidInput):
        check_form(KEEPER, headings=[" "])


def test_a_number_in_a_report_is_a_hint():
    settled("石阶", "202", id_no=citizen(7, "19500101"))
    shape = Shape("person", columns=("person.id_no",))
    [[shown]] = texts(fill(shape=shape))
    assert shown == f"••••{citizen(7, '19500101')[-2:]}"


def test_names_of_places_come_in_the_order_of_their_codes():
    with scope(EVERYWHERE):
        assert list(list_names(KEEPER, division_ids=[113, 12, 112]).items()) == [
            (112, "南社区"),
            (113, "坡社区"),
            (12, "南街"),
        ]

"""One box finds what is here, and nothing of what lies elsewhere or is sealed."""

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.registering import (
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    TOWN,
    again,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.kernel.scope import scope
from yukuai.registry import actions
from yukuai.registry.numbers import uscc_check
from yukuai.registry.queries.searching import find_in_register
from yukuai.registry.questions import read_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
PHONE = "19900000417"
USCC = "91500103MA6000000" + uscc_check("91500103MA6000000")


def found(text, actor=KEEPER):
    with scope(actor.areas, actor.holders, by_value=True):
        return find_in_register(actor, question=read_question(text))


def names(text, actor=KEEPER):
    return [one.name for one in found(text, actor).people]


def settled(name="水清浅", room="301", **given):
    """A person in a room of 2 单元, 1栋, who heads a household."""
    home = building("1栋", address="人和街41号")
    entrance = actions.add_entrance(KEEPER, building_id=home.pk, name="2", at=NOON)
    rooms = dwelling(home, room, links={"entrance_id": entrance.pk})
    row = person(name, **given)
    since = {"since": None, "at": NOON}
    actions.move_in(
        KEEPER, person_id=row.pk, dwelling_id=rooms.pk, living="hukou-resident", **since
    )
    house = kept("household", links={"dwelling_id": rooms.pk})
    actions.join_household(KEEPER, household_id=house.pk, person_id=row.pk, relation="02", **since)
    return row


@pytest.mark.parametrize("part", ["水清浅", "水", "水清", "清浅", "清", "浅", "水 清浅"])
def test_a_person_is_found_by_the_name_or_any_part_of_it(part):
    person()
    person("山中人")
    assert names(part) == ["水清浅"]


def test_longer_names_are_found_from_the_beginning_the_second_sign_and_behind_the_dot():
    person("买买提·艾力")
    person("欧阳清浅")
    for part in ("买买", "买提·艾", "艾力", "欧阳", "阳清", "清浅", "浅"):
        assert len(names(part)) == (0 if part == "浅" else 1), part


def test_whoever_begins_with_what_is_asked_for_stands_first():
    for name in ("马水清", "水清", "江水", "水清浅"):
        person(name)
    assert names("水") == ["水清", "水清浅", "江水", "马水清"]


def test_initials_find_by_every_reading():
    person("曾小乐")
    person("水清浅")
    assert names("sqq") == names("SQ") == ["水清浅"]
    for letters in ("zxl", "cxl", "zxy", "cx"):
        assert names(letters) == ["曾小乐"], letters
    assert names("xl") == []


def test_numbers_and_telephones_are_found_whole_and_never_by_a_part():
    person(id_no=citizen(7), phone=PHONE)
    number = citizen(7)
    for whole in (number, number.lower(), f"{number[:6]} {number[6:]}", PHONE, "199 0000 0417"):
        assert names(whole) == ["水清浅"], whole
    for part in (number[:17], number[-4:], number[6:14], PHONE[:10], PHONE[-4:], "417", "1990"):
        assert len(found(part)) == 0, part


def test_other_papers_are_found_by_their_number():
    person(id_type="414", id_no="E12345678")
    assert names("e12345678") == ["水清浅"]
    assert names("E1234567") == []


def test_an_answer_shows_masks_the_address_and_the_household():
    settled(id_no=citizen(7), phone=PHONE)
    [one] = found("水清浅").people
    assert (one.id_no, one.phone) == (f"••••{citizen(7)[-2:]}", "••••0417")
    assert [(home.words, home.living) for home in one.homes] == [
        ("人和街41号 1栋 2单元 301", "人户一致")
    ]
    assert one.relation == "户主"
    assert one.household_id
    assert citizen(7) not in repr(one)
    assert PHONE not in repr(one)


@pytest.mark.parametrize("text", ["1栋 2-301", "人和街41号1栋2单元301室", "301", "2-301"])
def test_a_room_is_found_with_who_lives_there(text):
    row = settled()
    dwelling(building("11栋"), "301")
    rooms = found(text).rooms
    mine = [one for one in rooms if one.people]
    assert [one.words for one in mine] == ["人和街41号 1栋 2单元 301"]
    assert mine[0].people == ((row.pk, "水清浅"),)
    assert len(rooms) == (2 if text == "301" else 1)


def test_a_building_is_found_by_its_whole_number_and_street():
    building("1栋", address="人和街41号")
    building("11栋", address="人和街141号")
    assert [one.words for one in found("1栋").buildings] == ["人和街41号 1栋"]
    assert [one.words for one in found("41号").buildings] == ["人和街41号 1栋"]
    assert len(found("人和街").buildings) == 2


@pytest.mark.parametrize("text", ["便利", "7-11便利店", "blb", USCC, "02363551234"])
def test_an_organisation_is_found(text):
    kept("organisation", name="便利帮7-11便利店", uscc=USCC, phone="02363551234")
    assert [one.name for one in found(text).organisations] == ["便利帮7-11便利店"]


def test_who_was_merged_away_is_not_found_and_who_left_stands_last():
    left = person("水清浅")
    person("水清澈")
    actions.end_record(
        KEEPER, kind="person", subject_id=left.pk, why="moved", on=NOON.date(), at=NOON
    )
    assert [(one.name, one.ended) for one in found("水").people] == [
        ("水清澈", ""),
        ("水清浅", "已迁出"),
    ]


# Attacks


@pytest.mark.parametrize(
    "text", ["水清浅", "sqq", citizen(7), PHONE, "1栋 2-301", "301", "人和街", "便利", USCC]
)
def test_from_elsewhere_the_answer_is_that_of_what_does_not_exist(text):
    settled(id_no=citizen(7), phone=PHONE)
    kept("organisation", name="便利店", uscc=USCC)
    assert len(found(text)) > 0
    assert len(found(text, TOWN)) > 0
    for actor in (NEIGHBOUR, DISTRICT, GRID):
        assert found(text, actor) == found(text.replace("7", "8").replace("水", "山"), actor)
        assert len(found(text, actor)) == 0


def test_signs_that_mean_something_to_the_database_mean_nothing_here():
    person()
    for text in ("%", "_", "水%", "清_", "'; drop table", "\\", "%%%", "1%栋", "_栋 301"):
        assert len(found(text)) == 0, text


def test_a_search_asks_at_most_four_questions(django_assert_max_num_queries):
    settled(id_no=citizen(7), phone=PHONE)
    for text in ("水", "sqq", citizen(7), PHONE, "1栋 2-301"):
        with scope(KEEPER.areas, by_value=True):
            find_in_register(KEEPER, question=read_question(text))
            with django_assert_max_num_queries(4 + 2):  # divisions and codes are kept in life
                find_in_register(KEEPER, question=read_question(text))


def test_parts_of_a_name_are_kept_by_the_database_when_it_is_amended():
    row = person("水清浅")
    with scope(KEEPER.areas), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET name = '山高远' WHERE id = %s", [row.pk])
    assert names("清浅") == []
    assert names("高远") == ["山高远"]
    assert again(row).from_third == "远"

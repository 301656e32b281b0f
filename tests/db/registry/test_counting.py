"""What rounds wrote down is what there is, at every level, for whoever may count."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.people import officer
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    TOWN,
    WINDOW,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.divisions.models import Division
from yukuai.kernel.errors import NotPermitted
from yukuai.kernel.models import Gathered
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.models import CommunityTally
from yukuai.registry.models.tallies import COUNTED
from yukuai.registry.queries.counting import (
    Counts,
    count_area,
    count_care,
    count_children,
    count_level,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
CITY = officer(Role.CITY_OP, "1.", user_id=91)


def rounds() -> None:
    while actions.count_touched(SYSTEM, at=NOON):
        pass


def written() -> dict[str, Any]:
    """Figures by place."""
    with scope(EVERYWHERE):
        rows = CommunityTally.objects.values_list("area", *COUNTED, "care").order_by("area")
        return {area: figures for area, *figures in rows}


def area(actor: Any, pk: int) -> Counts:
    with scope(actor.areas, actor.holders):
        return count_area(actor, area=Division.objects.get(pk=pk))


def test_a_round_counts_what_was_written_and_only_there():
    home = building()
    dwelling(home)
    person()
    kept("facility", name="便民服务中心", category="service")
    kept("person", NEIGHBOUR, 113, name="邻居")
    rounds()
    assert written() == {
        "1.2.12.112.": [1, 0, 1, 1, 0, 1, {}],
        "1.2.12.113.": [1, 0, 0, 0, 0, 0, {}],
    }
    with scope(EVERYWHERE):
        assert Gathered.objects.filter(topic="RecordsTouched").count() == 0


def test_who_has_gone_is_counted_no_more_and_the_last_takes_the_row_along():
    row = person()
    rounds()
    actions.end_record(KEEPER, kind="person", subject_id=row.pk, why="moved", on=DAY, at=NOON)
    rounds()
    assert written() == {}


def test_a_look_is_no_reason_to_count():
    row = person(id_no=citizen())
    rounds()
    look = {"kind": "person", "subject_id": row.pk, "field": "id_no", "purpose": "visit"}
    actions.reveal(KEEPER, **look, at=NOON)
    assert actions.count_touched(SYSTEM, at=NOON) == 0


ACTS = st.lists(
    st.tuples(st.sampled_from(["register", "home", "shop", "end", "care", "round"]), st.booleans()),
    max_size=12,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_rounds_say_what_a_recount_says(acts):
    people = []
    for act, here in acts:
        actor, division = (KEEPER, 112) if here else (NEIGHBOUR, 113)
        if act == "register":
            people.append((actor, kept("person", actor, division, name="水清浅")))
        elif act == "home":
            kept("household", actor, division)
        elif act == "shop":
            kept("organisation", actor, division, name="小店")
        elif act == "end" and people:
            actor, row = people.pop()
            ending = {"kind": "person", "subject_id": row.pk, "why": "moved", "on": DAY}
            actions.end_record(actor, **ending, at=NOON)
        elif act == "care" and people:
            actor, row = people[-1]
            tag = {"code": "veteran", "basis": "优抚证", "since": DAY, "until": None}
            actions.tag_care(actor, person_id=row.pk, **tag, at=NOON)
        elif act == "round":
            rounds()
    rounds()
    by_rounds = written()
    actions.recount(SYSTEM, at=NOON)
    assert written() == by_rounds


def test_each_level_adds_up_the_one_below():
    person()
    kept("facility", name="健身点", category="fitness")
    for _ in range(3):
        kept("person", NEIGHBOUR, 113, name="邻居")
    rounds()
    assert [area(actor, pk).people for actor, pk in ((KEEPER, 112), (TOWN, 12), (DISTRICT, 2))] == [
        1,
        4,
        4,
    ]
    assert area(CITY, 1).facilities_per_thousand == 250
    assert area(CITY, 11) == Counts()
    assert area(CITY, 11).facilities_per_thousand is None
    with scope(CITY.areas):
        children = count_children(CITY, division=Division.objects.get(pk=12))
    assert {pk: one.people for pk, one in children.items()} == {112: 1, 113: 3}


def test_a_level_is_counted_where_one_may_count():
    person()
    kept("person", NEIGHBOUR, 113, name="邻居")
    rounds()

    def level(actor, name):
        with scope(actor.areas, actor.holders):
            return {pk: one.people for pk, one in count_level(actor, level=name).items()}

    assert level(CITY, "district") == {2: 2}
    assert level(DISTRICT, "township") == {12: 2}
    assert level(TOWN, "community") == {112: 1, 113: 1}
    assert level(KEEPER, "community") == {112: 1}
    assert level(KEEPER, "township") == {}


def test_nobody_counts_elsewhere():
    person()
    rounds()
    assert area(GRID, 112).people == 1
    for actor, pk in ((NEIGHBOUR, 112), (KEEPER, 12), (TOWN, 2)):
        with pytest.raises(NotPermitted):
            area(actor, pk)


def test_services_are_counted_for_those_who_keep_the_records():
    row = person()
    for code, until in (("veteran", None), ("disabled", DAY + timedelta(days=1))):
        tag = {"code": code, "basis": "证", "since": date(2026, 1, 1), "until": until}
        actions.tag_care(KEEPER, person_id=row.pk, **tag, at=NOON)
    rounds()

    def care(actor):
        with scope(actor.areas):
            return count_care(actor, community=Division.objects.get(pk=112))

    assert care(KEEPER) == care(TOWN) == {"残疾": 1, "优抚对象": 1}
    for actor in (GRID, DISTRICT, NEIGHBOUR):
        with pytest.raises(NotPermitted):
            care(actor)
    actions.recount(SYSTEM, at=NOON + timedelta(days=1))
    assert care(KEEPER) == {"优抚对象": 1}


def test_a_place_is_counted_in_one_question(django_assert_num_queries):
    with scope(CITY.areas):
        city = Division.objects.get(pk=1)
        with django_assert_num_queries(3):  # and the scope, there and back
            count_area(CITY, area=city)
        with django_assert_num_queries(3):
            count_children(CITY, division=city)


def test_amending_a_record_marks_its_community():
    row = person()
    rounds()
    actions.amend(
        KEEPER, kind="person", subject_id=row.pk, values={"work": "一厂"}, said=WINDOW, at=NOON
    )
    assert actions.count_touched(SYSTEM, at=NOON) == 1

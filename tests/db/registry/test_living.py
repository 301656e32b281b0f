"""Who lives where, who belongs together, which service somebody is entitled to."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import NOON
from tests.registering import DAY, KEEPER, NEIGHBOUR, building, dwelling, kept, person
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.models import CareTag, Membership, Occupancy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]


@pytest.fixture
def home():
    return dwelling(building())


def move_in(who, home, living="resident", since=DAY, at=NOON):
    return actions.move_in(
        KEEPER, person_id=who.pk, dwelling_id=home.pk, living=living, since=since, at=at
    )


def test_a_person_lives_somewhere_once(home):
    who = person()
    first = move_in(who, home)
    assert move_in(who, home).pk == first.pk
    changed = move_in(who, home, living="inflow")
    with scope(EVERYWHERE):
        spells = Occupancy.objects.order_by("pk").values_list("living", "until")
        assert list(spells) == [("resident", DAY), ("inflow", None)]
    actions.move_out(KEEPER, occupancy_id=changed.pk, until=DAY, at=NOON)
    with pytest.raises(Conflict):
        actions.move_out(KEEPER, occupancy_id=changed.pk, until=DAY, at=NOON)


def test_not_in_the_future_and_not_before_the_beginning(home):
    who = person()
    with pytest.raises(InvalidInput):
        move_in(who, home, since=DAY + timedelta(days=1))
    spell = move_in(who, home)
    with pytest.raises(InvalidInput, match="不能早于"):
        actions.move_out(KEEPER, occupancy_id=spell.pk, until=DAY - timedelta(days=1), at=NOON)


def test_people_and_homes_of_two_communities_do_not_meet(home):
    stranger = person(division_id=113, actor=NEIGHBOUR)
    with pytest.raises(NotFound):
        move_in(stranger, home)


def test_one_household_at_a_time_and_one_head(home):
    first = kept("household", links={"dwelling_id": home.pk}, household_kind="1")
    second = kept("household")
    head, child = person("水清浅"), person("水小满")
    join = {"since": date(2020, 1, 1), "at": NOON}
    actions.join_household(KEEPER, household_id=first.pk, person_id=head.pk, relation="02", **join)
    with pytest.raises(Conflict, match="已经有户主"):
        actions.join_household(
            KEEPER, household_id=first.pk, person_id=child.pk, relation="02", **join
        )
    actions.join_household(KEEPER, household_id=first.pk, person_id=child.pk, relation="20", **join)
    actions.join_household(
        KEEPER, household_id=second.pk, person_id=child.pk, relation="02", since=DAY, at=NOON
    )
    with scope(EVERYWHERE):
        spells = Membership.objects.filter(person=child).order_by("pk")
        assert [(one.household_id, one.until) for one in spells] == [
            (first.pk, DAY),
            (second.pk, None),
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                household=first, person=child, since=DAY, division=first.division
            )
    actions.leave_household(KEEPER, person_id=child.pk, until=DAY, at=NOON)
    with pytest.raises(Conflict):
        actions.leave_household(KEEPER, person_id=child.pk, until=DAY, at=NOON)


def test_care_needs_a_document():
    who = person()
    tag = {"person_id": who.pk, "code": "disabled", "since": DAY, "until": None, "at": NOON}
    with pytest.raises(InvalidInput, match="依据"):
        actions.tag_care(KEEPER, **tag, basis=" ")
    with pytest.raises(InvalidInput):
        actions.tag_care(KEEPER, **tag | {"code": "drugs"}, basis="x")
    made = actions.tag_care(KEEPER, **tag, basis="残疾人证")
    assert actions.tag_care(KEEPER, **tag, basis="残疾人证").pk == made.pk
    actions.end_care(KEEPER, tag_id=made.pk, until=DAY, at=NOON)
    with scope(EVERYWHERE):
        assert CareTag.objects.get().until == DAY


def test_whoever_has_gone_lives_nowhere(home):
    who = person()
    move_in(who, home)
    actions.end_record(KEEPER, kind="person", subject_id=who.pk, why="dead", on=DAY, at=NOON)
    with scope(EVERYWHERE):
        assert Occupancy.objects.get().until == DAY
    with pytest.raises(Conflict, match="已经注销"):
        move_in(who, home)

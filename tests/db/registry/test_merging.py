"""Duplicates are proposed, merged by a person, and parted again bit for bit."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    VISIT,
    WINDOW,
    again,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.actions.merging import TABLES, merge_people, say_not_same, unmerge
from yukuai.registry.models import Claim, Membership, Merge, Occupancy, Person
from yukuai.registry.queries.duplicates import compare, get_pair, list_duplicates
from yukuai.registry.snapshots import as_json, freeze

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
LATER = NOON + timedelta(days=3)


def everything():
    with scope(EVERYWHERE):
        models = TABLES.values()
        return [as_json(freeze(row)) for model in models for row in model.objects.order_by("pk")]


def merge(kept_row, gone, actor=KEEPER, reason="都是他，户口簿上看过"):
    return merge_people(actor, kept_id=kept_row.pk, gone_id=gone.pk, reason=reason, at=LATER)


def pairs(actor=KEEPER):
    with scope(actor.areas):
        return [(pair.one.name, pair.why) for pair in list_duplicates(actor)]


def twins():
    one = person("水清浅", birth_date="1990-01-01", sex="2", work="一厂", said=VISIT)
    other = person("水清浅", id_no=citizen(2), work="二厂", phone="19900000417", said=POLICE)
    return one, other


def test_who_may_be_one_person_is_listed_until_somebody_says_they_are_two():
    one, other = twins()
    person("水清浅", id_no=citizen(4))
    person("邻居", phone="19900000418")
    person("邻居", phone="19900000418")
    assert ("邻居", "姓名和手机号都一样") in pairs()
    assert pairs().count(("水清浅", "姓名、出生日期和性别都一样")) == 2
    say_not_same(KEEPER, one_id=other.pk, other_id=one.pk, at=NOON)
    say_not_same(KEEPER, one_id=one.pk, other_id=other.pk, at=NOON)
    assert pairs().count(("水清浅", "姓名、出生日期和性别都一样")) == 1
    assert pairs(NEIGHBOUR) == []


def test_two_records_side_by_side_show_nothing_sealed():
    one, other = twins()
    with scope(KEEPER.areas):
        rows = compare(KEEPER, pair=get_pair(KEEPER, one_id=other.pk, other_id=one.pk))
    said = {row.label: (row.one, row.other) for row in rows}
    assert said["证件号码"] == ("", "••••" + citizen(2)[-2:])
    assert said["工作单位"] == ("一厂", "二厂")
    assert [row.label for row in rows if row.differs] == ["工作单位"]


def test_what_the_other_had_comes_along_and_what_competes_becomes_a_statement():
    one, other = twins()
    merge(one, other)
    now, gone = again(one), again(other)
    assert (now.id_no, now.phone, now.work) == (citizen(2), "19900000417", "一厂")
    assert now.evidence("phone").source == "police"
    assert now.person_key == gone.person_key
    assert (gone.ended_why, gone.merged_into_id) == ("merged", one.pk)
    assert set(now.holders) == {*one.holders, *other.holders}
    with scope(EVERYWHERE):
        (claim,) = Claim.objects.all()
        assert (claim.field, claim.value, claim.subject_id) == ("work", "二厂", one.pk)
        entries = AuditEntry.objects.filter(act="person.merge").order_by("target")
        assert {one.target for one in entries} == {now.target, gone.target}


def test_homes_and_households_go_along_once():
    one, other = twins()
    home = building()
    rooms = [dwelling(home, str(number)) for number in (101, 102)]
    household = kept("household")
    living = {"living": "resident", "since": DAY, "at": NOON}
    actions.move_in(KEEPER, person_id=one.pk, dwelling_id=rooms[0].pk, **living)
    for room in rooms:
        actions.move_in(KEEPER, person_id=other.pk, dwelling_id=room.pk, **living)
    for row, relation in ((one, ""), (other, "02")):
        actions.join_household(
            KEEPER,
            household_id=household.pk,
            person_id=row.pk,
            relation=relation,
            since=DAY,
            at=NOON,
        )
    before = everything()
    merged = merge(one, other)
    with scope(EVERYWHERE):
        open_now = Occupancy.objects.filter(person=one, until=None)
        assert set(open_now.values_list("dwelling_id", flat=True)) == {rooms[0].pk, rooms[1].pk}
        assert not Occupancy.objects.filter(person=other, until=None).exists()
        assert Membership.objects.get(until=None).relation == "02"
    unmerge(KEEPER, merge_id=merged.pk, at=LATER)
    assert everything() == before


VALUES = {
    "work": st.sampled_from(["", "一厂", "二厂"]),
    "phone": st.sampled_from(["", "19900000417", "19900000418"]),
    "education": st.sampled_from(["", "10", "20"]),
    "birth_date": st.sampled_from(["", "1990-01-01"]),
    "hukou_address": st.sampled_from(["", "一街", "二街"]),
}
RECORDS = st.tuples(
    st.fixed_dictionaries(VALUES),
    st.fixed_dictionaries({"work": VALUES["work"], "phone": VALUES["phone"]}),
    st.sampled_from([WINDOW, VISIT, POLICE]),
    st.sampled_from([0, 1, 2]),
    st.booleans(),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.tuples(RECORDS, RECORDS), numbered=st.sampled_from([0, 1, 2]))
def test_merge_and_unmerge_is_before(records, numbered):
    home = building(f"{Person.objects.count()}栋{len(everything())}")
    rooms = [dwelling(home, str(number)) for number in (101, 102)]
    people = []
    for place, (values, later, said, room, tagged) in enumerate(records, 1):
        given_values = {name: text for name, text in values.items() if text}
        if numbered == place:
            number = citizen(len(everything()) % 900)
            given_values |= {"id_no": number, "birth_date": "1990-01-01"}
        row = person("水清浅", said=said, **given_values)
        actions.amend(KEEPER, kind="person", subject_id=row.pk, values=later, said=VISIT, at=NOON)
        if room:
            actions.move_in(
                KEEPER,
                person_id=row.pk,
                dwelling_id=rooms[room - 1].pk,
                living="resident",
                since=None,
                at=NOON,
            )
        if tagged:
            actions.tag_care(
                KEEPER,
                person_id=row.pk,
                code=first_tag(),
                basis="证明",
                since=DAY,
                until=None,
                at=NOON,
            )
        people.append(again(row))
    before = everything()
    merged = merge(*people)
    assert everything() != before
    unmerge(KEEPER, merge_id=merged.pk, at=LATER)
    assert everything() == before


def first_tag():
    from yukuai.registry.codes import labels_of

    with scope(EVERYWHERE):
        return next(iter(labels_of("care")))


def test_what_changed_since_stands_against_parting():
    one, other = twins()
    merged = merge(one, other)
    actions.amend(
        KEEPER, kind="person", subject_id=one.pk, values={"work": "三厂"}, said=WINDOW, at=LATER
    )
    before = everything()
    with pytest.raises(Conflict, match="登记的内容又有变化"):
        unmerge(KEEPER, merge_id=merged.pk, at=LATER)
    assert everything() == before


def test_the_later_merge_is_parted_first():
    one, other = twins()
    third = person("水清浅", birth_date="1990-01-01", sex="2")
    before = everything()
    first = merge(one, other)
    second = merge(third, again(one))
    with pytest.raises(Conflict, match="请先恢复"):
        unmerge(KEEPER, merge_id=first.pk, at=LATER)
    unmerge(KEEPER, merge_id=second.pk, at=LATER)
    unmerge(KEEPER, merge_id=first.pk, at=LATER)
    with pytest.raises(Conflict, match="已经撤销"):
        unmerge(KEEPER, merge_id=first.pk, at=LATER)
    assert everything() == before


def test_two_numbers_are_two_people():
    one, other = person("水清浅", id_no=citizen(2)), person("水清浅", id_no=citizen(4))
    with pytest.raises(Conflict, match="身份证号不一样"):
        merge(one, other)
    with pytest.raises(InvalidInput):
        merge(one, one)
    with pytest.raises(InvalidInput):
        merge(one, person(), reason=" ")
    assert not Merge.objects.exists()


@pytest.mark.parametrize("actor", [GRID, DISTRICT, NEIGHBOUR])
def test_nobody_else_merges(actor):
    one, other = twins()
    before = everything()
    with pytest.raises(DomainError):
        merge(one, other, actor=actor)
    merged = merge(one, other)
    with pytest.raises(DomainError):
        unmerge(actor, merge_id=merged.pk, at=LATER)
    unmerge(KEEPER, merge_id=merged.pk, at=LATER)
    assert everything() == before


def test_a_merged_record_is_neither_opened_nor_merged_again():
    one, other = twins()
    merge(one, other)
    with pytest.raises(Conflict):
        actions.reopen_record(KEEPER, kind="person", subject_id=other.pk, at=LATER)
    with pytest.raises(Conflict):
        merge(one, other)

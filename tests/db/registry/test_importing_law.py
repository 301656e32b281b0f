"""In bulk and one by one is the same: a file imported, and its lines done by hand."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.importing import PEOPLE, bring, now, some, tried, written
from tests.registering import KEEPER, NEIGHBOUR, POLICE, VISIT, citizen
from yukuai.kernel.errors import DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.columns import person_key, texts_of
from yukuai.registry.intake.mapping import floor_of
from yukuai.registry.keeping import Said
from yukuai.registry.models import (
    Building,
    Claim,
    Dwelling,
    Entrance,
    Household,
    ImportLine,
    Membership,
    Occupancy,
    Person,
)
from yukuai.registry.states import Living

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
HEADS = [*PEOPLE, "工作单位"]
SAID = Said("import", NOON.date())
NUMBERS = ["", citizen(1), citizen(2), citizen(3), "50999919900101001?"]
LINES = st.tuples(
    st.sampled_from(["水清浅", "水长流", ""]),
    st.sampled_from(NUMBERS),
    st.sampled_from(["", "19900000401", "12"]),
    st.sampled_from(["", "1栋", "2栋"]),
    st.sampled_from(["", "1单元"]),
    st.sampled_from(["", "101", "1203", "地下"]),
    st.sampled_from(["", "常住", "流入", "租"]),
    st.sampled_from(["", "H1", "H2"]),
    st.sampled_from(["", "户主", "子", "朋友"]),
    st.sampled_from(["", "一厂", "二厂"]),
)
LABELS = {label: value for value, label in Living.choices}


class Wrong(Exception):
    pass


class ByHand:
    """The same lines, by somebody who types them into the forms of the register."""

    def __init__(self, actor, division_id):
        self.actor, self.division_id = actor, division_id
        self.done = set()

    def line(self, line, said):
        name, number, phone, *place, work = line
        typed = {"name": name, "id_no": number, "phone": phone, "work": work}
        typed = {key: text for key, text in typed.items() if text}
        key = person_key("", number)
        if (key or line) in self.done or line in self.done:
            return
        try:
            self.check(place, key)
            person = self.person(typed, key, said)
        except (Wrong, DomainError):
            return
        self.done |= {key or line, line}
        self.settle(person, *place, said)

    def make(self, kind, said, values, **links):
        return actions.register(
            self.actor,
            kind=kind,
            division_id=self.division_id,
            values=values,
            said=said,
            client_uuid=uuid4(),
            at=NOON,
            links=links,
        )

    def here(self, model, **wanted):
        with scope(EVERYWHERE):
            return model.objects.filter(division_id=self.division_id, **wanted).first()

    def person(self, typed, key, said):
        known = self.here(Person, person_key=key, ended_on=None) if key else None
        if known is None:
            return self.make("person", said, typed)
        about = {"kind": "person", "subject_id": known.pk, "values": typed, "said": said}
        actions.amend(self.actor, **about, at=NOON)
        return known

    def check(self, place, key):
        building, entrance, room, living, household, relation = place
        if room and not building:
            raise Wrong
        if building:
            home = self.here(Building, name=building)
            with_room = home and room and self.dwelling(home, entrance, room)
            if not room or (not with_room and not floor_of(room)):
                raise Wrong
            if living not in LABELS:
                raise Wrong
        if relation == "朋友" or (relation and not household):
            raise Wrong
        head = self.head(household) if relation == "户主" else None
        if head is not None and head.person.person_key != (key or None):
            raise Wrong

    def dwelling(self, home, entrance, room):
        wanted = {"entrance__name": entrance} if entrance else {"entrance": None}
        return self.here(Dwelling, building=home, room=room, **wanted)

    def head(self, number):
        household = self.household(number)
        with scope(EVERYWHERE):
            rows = Membership.objects.select_related("person")
            return rows.filter(household=household, relation="02", until=None).first()

    def household(self, number):
        with scope(EVERYWHERE):
            rows = Household.objects.filter(division_id=self.division_id)
            return next((row for row in rows if row.hukou_no == number), None)

    def settle(self, person, building, entrance, room, living, household, relation, said):
        home = self.door(building, entrance, room, said) if building else None
        if home is not None:
            actions.move_in(
                self.actor,
                person_id=person.pk,
                dwelling_id=home.pk,
                living=LABELS[living],
                since=None,
                at=NOON,
            )
        if household:
            links = {"dwelling_id": home.pk} if home else {}
            found = self.household(household) or self.make(
                "household", said, {"hukou_no": household}, **links
            )
            mine = self.here(Membership, person=person, household=found, until=None)
            code = {"户主": "02", "子": "20"}.get(relation, mine.relation if mine else "")
            actions.join_household(
                self.actor,
                household_id=found.pk,
                person_id=person.pk,
                relation=code,
                since=None,
                at=NOON,
            )

    def door(self, building, entrance, room, said):
        home = self.here(Building, name=building)
        home = home or self.make("building", said, {"name": building})
        found = self.dwelling(home, entrance, room)
        if found:
            return found
        unit = None
        if entrance:
            unit = actions.add_entrance(self.actor, building_id=home.pk, name=entrance, at=NOON).pk
        values = {"room": room, "floor": floor_of(room)}
        return self.make("dwelling", said, values, building_id=home.pk, entrance_id=unit)


def described(division_id):
    """Everything about a community that a person could read, in an order of its own."""
    with scope(EVERYWHERE):
        here = {"division_id": division_id}
        people = [_person(row) for row in Person.objects.filter(**here)]
        homes = [
            (row.building.name, row.entrance and row.entrance.name, row.room, row.floor, row.facts)
            for row in Dwelling.objects.filter(**here).select_related("building", "entrance")
        ]
        households = [
            (row.hukou_no, row.dwelling and row.dwelling.room, row.facts)
            for row in Household.objects.filter(**here).select_related("dwelling")
        ]
        return [sorted(map(str, rows)) for rows in (people, homes, households)]


def _person(row):
    lives = Occupancy.objects.filter(person=row).select_related("dwelling__building")
    belongs = Membership.objects.filter(person=row).select_related("household")
    claims = Claim.objects.filter(kind="person", subject_id=row.pk)
    return (
        sorted(texts_of(row).items()),
        (row.person_key, row.phone_hash, row.id_hint, row.phone_hint, row.initials),
        sorted(row.facts.items()),
        sorted(
            (one.dwelling.building.name, one.dwelling.room, one.living, str(one.until))
            for one in lives
        ),
        sorted((one.household.hukou_no, one.relation, str(one.until)) for one in belongs),
        sorted((one.field, one.standing, one.value, one.evidence) for one in claims),
    )


def emptied():
    with scope(EVERYWHERE):
        for model in (Claim, ImportLine, Membership, Occupancy, Person):
            model.objects.all().delete()
        for model in (Household, Dwelling, Entrance, Building):
            model.objects.all().delete()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(LINES, max_size=3),
    lines=st.lists(LINES, min_size=1, max_size=7).filter(lambda rows: any(map(any, rows))),
    known=st.sampled_from([POLICE, VISIT, Said("self", date(2026, 1, 5))]),
)
def test_a_file_and_its_lines_done_by_hand_are_the_same(before, lines, known):
    emptied()
    for actor, division_id in ((KEEPER, 112), (NEIGHBOUR, 113)):
        hand = ByHand(actor, division_id)
        for line in before:
            hand.line(line, known)
    assert described(112) == described(113)
    hand = ByHand(NEIGHBOUR, 113)
    for line in lines:
        hand.line(line, SAID)
    batch = tried(bring([HEADS, *lines]))
    outcomes = some(batch.tried)
    if {"new", "updated", "noted"} & outcomes.keys():
        batch = written(batch)
        assert batch.counts == batch.tried
    assert described(112) == described(113)
    assert now(batch).lines == sum(outcomes.values())

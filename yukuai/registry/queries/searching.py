"""One box over the register of a place: people, rooms, buildings, organisations.

Under row-level security an index is reached by equality and ranges alone, so each sort of question
is asked as such: a part of a name as the beginning of one of its later parts, sealed numbers by
their keyed hash, the communities one works in by name. What lies beyond them is not counted, not
hinted at and not timed apart: it does not exist for whoever asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, StrIndex

from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.known import communities_within
from yukuai.registry.addresses import house_words, room_words
from yukuai.registry.catalogue import CITIZEN_ID
from yukuai.registry.codes import label_of, labels_of
from yukuai.registry.columns import masked, person_key
from yukuai.registry.keeping import readable
from yukuai.registry.models import (
    Building,
    Dwelling,
    Membership,
    Occupancy,
    Organisation,
    Person,
    counted,
)
from yukuai.registry.questions import Question, Sort, stands_in
from yukuai.registry.states import Ending, Living

SHOWN = 20
BUILDINGS = 300
"""So many are looked at for a word like `1栋`, of which each compound has one."""
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Home:
    """Where somebody lives, in words; `living` is how."""

    dwelling_id: int
    words: str
    living: str


@dataclass(frozen=True)
class FoundPerson:
    id: int
    name: str
    sex: str
    born: date | None
    id_no: str
    phone: str
    community: str
    household_id: int | None
    relation: str
    homes: tuple[Home, ...]
    ended: str
    """Why he is not counted any more; ''."""


@dataclass(frozen=True)
class FoundRoom:
    """A dwelling, and who lives there by name."""

    id: int
    words: str
    community: str
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class FoundBuilding:
    id: int
    words: str
    community: str


@dataclass(frozen=True)
class FoundOrganisation:
    id: int
    name: str
    sort: str
    uscc: str
    phone: str
    address: str
    community: str


@dataclass(frozen=True)
class Found:
    """At most SHOWN of each; `more` names the groups of which there are more."""

    people: Sequence[FoundPerson] = ()
    rooms: Sequence[FoundRoom] = ()
    buildings: Sequence[FoundBuilding] = ()
    organisations: Sequence[FoundOrganisation] = ()
    more: frozenset[str] = frozenset()

    def __len__(self) -> int:
        groups = (self.people, self.rooms, self.buildings, self.organisations)
        return sum(len(group) for group in groups)


def find_in_register(actor: Actor, *, question: Question) -> Found:
    """Where the actor may read the register; elsewhere nothing is found."""
    areas = _areas(actor)
    if not areas or question.sort is Sort.NOTHING:
        return Found()
    people = _first(_people(actor, areas, question))
    buildings = _buildings(actor, areas, question)
    rooms = _first(_rooms(actor, areas, question, buildings))
    organisations = _first(_organisations(actor, areas, question))
    homes = _homes(people, rooms)
    groups: dict[str, list[Any]] = {
        "people": [_person(one, homes) for one in people],
        "rooms": [_room(one, homes) for one in rooms],
        "buildings": [] if question.room else [_building(one) for one in buildings[: SHOWN + 1]],
        "organisations": [_organisation(one) for one in organisations],
    }
    more = frozenset(name for name, group in groups.items() if len(group) > SHOWN)
    return Found(**{name: group[:SHOWN] for name, group in groups.items()}, more=more)


def _areas(actor: Actor) -> list[str]:
    paths = actor.paths_for(Permission.REGISTRY_VIEW)
    return sorted({area for path in paths for area in communities_within(actor, path=path)})


def _first(rows: QuerySet[Any] | None) -> list[Any]:
    return [] if rows is None else list(rows[: SHOWN + 1])


def _begins(column: str, text: str) -> Q:
    """A range, for LIKE reaches no index under a policy."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": f"{text}{_LAST}"})


def _people(actor: Actor, areas: list[str], question: Question) -> QuerySet[Person] | None:
    asked = _asked_of_people(question)
    if asked is None:
        return None
    rows = readable(actor, Person).filter(asked, area__in=areas).exclude(ended_why=Ending.MERGED)
    member = Membership.objects.filter(person=OuterRef("pk"), until=None)
    fits = Case(When(_begins("name", question.text), then=0), default=1)
    return (  # type: ignore[no-any-return]
        rows.annotate(
            household=Subquery(member.values("household_id")[:1]),
            relation=Subquery(member.values("relation")[:1]),
        )
        .select_related("division")
        .defer("facts", "id_no", "phone", "hukou_address", "holders")
        .order_by(F("ended_on").asc(nulls_first=True), fits, "name", "pk")
    )


def _asked_of_people(question: Question) -> Q | None:
    text = question.text
    if question.sort is Sort.NUMBER:
        return Q(person_key=person_key("", text))
    if question.sort is Sort.PAPER:
        kinds = [kind for kind in labels_of("paper") if kind not in CITIZEN_ID]
        return Q(person_key__in=[person_key(kind, text) for kind in kinds])
    if question.sort is Sort.PHONE:
        return Q(phone_hash=phone_hash(text))
    if question.sort is Sort.NAME:
        return reduce(or_, (_begins(one, text) for one in ("name", "from_second", "from_third")))
    if question.sort is Sort.INITIALS:
        again = Q(initials__contains=" ") & Q(initials__contains=f" {text}")
        return _begins("initials", text) | again
    return None


def _buildings(actor: Actor, areas: list[str], question: Question) -> list[Building]:
    """Those whose name, address and compound have every word; whole numbers only."""
    words = {Sort.NAME: (question.text,), Sort.PLACE: question.words}.get(question.sort, ())
    if not words:
        return []
    rows = readable(actor, Building).filter(counted(), area__in=areas)
    rows = rows.select_related("division", "compound").defer("facts")
    called = Concat(F("compound__name"), Value(" "), F("address"), Value(" "), F("name"))
    rows = rows.annotate(called=called)
    asked = reduce(and_, (Q(called__icontains=word) for word in words))
    near = list(rows.filter(asked).order_by("area", "name", "pk")[:BUILDINGS])
    return [one for one in near if all(stands_in(word, one.called) for word in words)]


def _rooms(
    actor: Actor, areas: list[str], question: Question, buildings: Sequence[Building]
) -> QuerySet[Dwelling] | None:
    if not question.room or (question.words and not buildings):
        return None
    room, entrance = question.room, question.entrance
    rows = readable(actor, Dwelling).filter(counted(), area__in=areas)
    rows = rows.filter(room__in={room, room.lower(), f"{entrance}-{room}"})
    if question.words:
        rows = rows.filter(building__in=[one.pk for one in buildings])
    if entrance:
        called = [entrance, entrance.lower(), f"{entrance}单元"]
        rows = rows.filter(Q(entrance__name__in=called) | Q(entrance=None, room__contains="-"))
    rows = rows.select_related("division", "building", "building__compound", "entrance")
    return rows.defer("facts", "owner_name").order_by("area", "building", "pk")  # type: ignore[no-any-return]


def _organisations(
    actor: Actor, areas: list[str], question: Question
) -> QuerySet[Organisation] | None:
    text = question.text
    asked = {
        Sort.USCC: Q(uscc=text),
        Sort.PHONE: Q(phone_hash=phone_hash(text)),
        Sort.NAME: Q(name__contains=text),
        Sort.PLACE: Q(name__contains=text),
        Sort.INITIALS: Q(initials__startswith=text) | Q(initials__contains=f" {text}"),
    }.get(question.sort)
    if asked is None:
        return None
    rows = readable(actor, Organisation).filter(counted(), asked, area__in=areas)
    rows = rows.select_related("division")
    found = rows.defer("facts", "legal_rep", "phone")
    return found.order_by(StrIndex("name", Value(text)), "name", "pk")  # type: ignore[no-any-return]


def _homes(people: Iterable[Person], rooms: Iterable[Dwelling]) -> list[Occupancy]:
    """Who lives where, of those found: the people's rooms, or the rooms' people."""
    persons, dwellings = [one.pk for one in people], [one.pk for one in rooms]
    if not persons and not dwellings:
        return []
    rows = Occupancy.objects.filter(Q(person__in=persons) | Q(dwelling__in=dwellings), until=None)
    rows = rows.select_related(
        "dwelling__building__compound", "dwelling__entrance", "person"
    ).defer(
        "dwelling__facts", "dwelling__owner_name", "dwelling__building__facts", "person__facts",
        "person__id_no", "person__phone", "person__hukou_address",
    )  # fmt: skip
    return list(rows.order_by("pk"))


def _person(one: Any, homes: Sequence[Occupancy]) -> FoundPerson:
    own = [home for home in homes if home.person_id == one.pk]
    return FoundPerson(
        id=one.pk,
        name=one.name,
        sex=label_of("sex", one.sex) if one.sex else "",
        born=one.birth_date,
        id_no=masked(bool(one.person_key), one.id_hint),
        phone=masked(bool(one.phone_hash), one.phone_hint),
        community=one.division.name,
        household_id=one.household,
        relation=label_of("relation", one.relation) if one.relation else "",
        homes=tuple(
            Home(home.dwelling_id, room_words(home.dwelling), Living(home.living).label)
            for home in own
        ),
        ended=Ending(one.ended_why).label if one.ended_why else "",
    )


def _room(one: Dwelling, homes: Sequence[Occupancy]) -> FoundRoom:
    inside = {
        home.person_id: home.person.name
        for home in homes
        if home.dwelling_id == one.pk and home.living != Living.HUKOU_AWAY
    }
    return FoundRoom(one.pk, room_words(one), one.division.name, tuple(inside.items()))


def _building(one: Building) -> FoundBuilding:
    return FoundBuilding(one.pk, house_words(one), one.division.name)


def _organisation(one: Any) -> FoundOrganisation:
    return FoundOrganisation(
        id=one.pk,
        name=one.name,
        sort=label_of("organisation", one.org_type) if one.org_type else "",
        uscc=one.uscc,
        phone=masked(bool(one.phone_hash), one.phone_hint),
        address=one.address,
        community=one.division.name,
    )

"""One box over the register of a place: people, rooms, buildings, organisations.

Under row-level security an index is reached by equality and ranges alone, so each sort of question
is asked as such: a part of a name as the beginning of one of its later parts, sealed numbers by
their keyed hash, the communities one works in by name. What lies beyond them is not counted, not
hinted at and not timed apart: it does not exist for whoever asks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, StrIndex

from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.known import communities_within
from yukuai.registry.addresses import joined, room_words
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
    near, organisations = _ask_together(
        _buildings(actor, areas, question), _organisations(actor, areas, question)
    )
    buildings = [one for one in near if _is_called(one["called"], question)]
    rooms = _first(_rooms(actor, areas, question, [one["pk"] for one in buildings]))
    homes = _homes(people, rooms)
    groups: dict[str, list[Any]] = {
        "people": [_person(one, homes, areas) for one in people],
        "rooms": [_room(one, homes, areas) for one in rooms],
        "buildings": []
        if question.room
        else [_building(one, areas) for one in buildings[: SHOWN + 1]],
        "organisations": [_organisation(one, areas) for one in organisations],
    }
    more = frozenset(name for name, group in groups.items() if len(group) > SHOWN)
    return Found(**{name: group[:SHOWN] for name, group in groups.items()}, more=more)


def _areas(actor: Actor) -> dict[str, str]:
    """Names by path of the communities in which the actor may read."""
    found: dict[str, str] = {}
    for path in actor.paths_for(Permission.REGISTRY_VIEW):
        found |= communities_within(actor, path=path)
    return found


def _first(rows: QuerySet[Any] | None) -> list[Any]:
    return [] if rows is None else list(rows[: SHOWN + 1])


def _people(actor: Actor, areas: Mapping[str, str], question: Question) -> QuerySet[Person] | None:
    asked = _asked_of_people(areas, question)
    if asked is None:
        return None
    rows = readable(actor, Person).filter(asked, area__in=list(areas))
    member = Membership.objects.filter(person=OuterRef("pk"), until=None)
    text = question.text
    begins = When(name__gte=text, name__lt=f"{text}{_LAST}", then=0)
    return (  # type: ignore[no-any-return]
        rows.exclude(ended_why=Ending.MERGED)
        .annotate(
            household=Subquery(member.values("household_id")[:1]),
            relation=Subquery(member.values("relation")[:1]),
        )
        .defer("facts", "id_no", "phone", "hukou_address", "holders")
        .order_by(F("ended_on").asc(nulls_first=True), Case(begins, default=1), "name", "pk")
    )


def _asked_of_people(areas: Mapping[str, str], question: Question) -> Q | None:
    text = question.text
    if question.sort is Sort.NUMBER:
        return Q(person_key=person_key("", text))
    if question.sort is Sort.PAPER:
        kinds = [kind for kind in labels_of("paper") if kind not in CITIZEN_ID]
        return Q(person_key__in=[person_key(kind, text) for kind in kinds])
    if question.sort is Sort.PHONE:
        return Q(phone_hash=phone_hash(text))
    if question.sort is Sort.NAME:
        columns = ("name", "from_second", "from_third")
        return _first_of_each(areas, [_begins(column, text) for column in columns])
    if question.sort is Sort.INITIALS:
        return _first_of_each(areas, [_begins("initials", text), (_READ_TWICE, [f"% {text}%"])])
    return None


Branch = tuple[str, list[str]]
"""A condition and an order in SQL, with its parameters."""
_READ_TWICE = "initials LIKE '%% %%' AND initials LIKE %s ORDER BY initials"
"""Few names are read in two ways; these have an index of their own (`person_read_twice`)."""


def _begins(column: str, text: str) -> Branch:
    """A range, for LIKE reaches no index under a policy."""
    return f"{column} >= %s AND {column} < %s ORDER BY {column}", [text, f"{text}{_LAST}"]


def _first_of_each(areas: Mapping[str, str], branches: Sequence[Branch]) -> Q:
    """Of each community the first that each condition finds in the order of its index: to show
    twenty of a frequent name, thousands would have to be sorted."""
    each = " UNION ALL ".join(
        "(SELECT id FROM registry_person WHERE area = place.path AND ended_why <> 'merged'"
        f" AND {condition} LIMIT {SHOWN + 1})"
        for condition, _ in branches
    )
    sql = f"SELECT near.id FROM unnest(%s::text[]) AS place (path) CROSS JOIN LATERAL ({each}) near"
    params = [list(areas), *(value for _, values in branches for value in values)]
    # An array goes by the primary key; joined to the ids, all people of the place would be read.
    found = RawSQL(f"registry_person.id = ANY (ARRAY ({sql}))", params, BooleanField())
    return Q(found)


def _ask_together(*asked: QuerySet[Any, Any] | None) -> list[list[dict[str, Any]]]:
    """The rows of several queries (of values) in one statement, each in its own order."""
    rows = [one for one in asked if one is not None]
    if not rows:
        return [[] for _ in asked]
    pairs = [one.query.sql_with_params() for one in rows]
    each = ", ".join(f"(SELECT json_agg(t) FROM ({sql}) t)" for sql, _ in pairs)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [value for _, params in pairs for value in params])
        found = iter(cursor.fetchone())
    return [_read(next(found)) if one is not None else [] for one in asked]


def _read(told: Any) -> list[dict[str, Any]]:
    return list(json.loads(told) if isinstance(told, str) else told or ())


def _buildings(
    actor: Actor, areas: Mapping[str, str], question: Question
) -> QuerySet[Any, Any] | None:
    """Those in whose name, address and compound every word stands somewhere."""
    words = _words(question)
    if not words:
        return None
    rows = readable(actor, Building).filter(counted(), area__in=list(areas))
    called = Concat(F("compound__name"), Value(" "), F("address"), Value(" "), F("name"))
    rows = rows.annotate(called=called)
    rows = rows.filter(reduce(and_, (Q(called__icontains=word) for word in words)))
    said = rows.values("pk", "area", "name", "address", "called", compound_is=F("compound__name"))
    return said.order_by("area", "name", "pk")[:BUILDINGS]  # type: ignore[no-any-return]


def _words(question: Question) -> tuple[str, ...]:
    return {Sort.NAME: (question.text,), Sort.PLACE: question.words}.get(question.sort, ())


def _is_called(called: str, question: Question) -> bool:
    """Numbers only whole."""
    return all(stands_in(word, called) for word in _words(question))


def _rooms(
    actor: Actor, areas: Mapping[str, str], question: Question, buildings: Sequence[int]
) -> QuerySet[Dwelling] | None:
    if not question.room or (question.words and not buildings):
        return None
    room, entrance = question.room, question.entrance
    rows = readable(actor, Dwelling).filter(counted(), area__in=list(areas))
    rows = rows.filter(room__in={room, room.lower(), f"{entrance}-{room}"})
    if question.words:
        rows = rows.filter(building__in=buildings)
    if entrance:
        called = [entrance, entrance.lower(), f"{entrance}单元"]
        rows = rows.filter(Q(entrance__name__in=called) | Q(entrance=None, room__contains="-"))
    rows = rows.select_related("building", "building__compound", "entrance")
    return rows.defer("facts", "owner_name").order_by("area", "building", "pk")  # type: ignore[no-any-return]


def _organisations(
    actor: Actor, areas: Mapping[str, str], question: Question
) -> QuerySet[Any, Any] | None:
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
    rows = readable(actor, Organisation).filter(counted(), asked, area__in=list(areas))
    said = rows.values(
        *("pk", "area", "name", "org_type", "uscc", "phone_hash", "phone_hint", "address")
    )
    return said.order_by(StrIndex("name", Value(text)), "name", "pk")[: SHOWN + 1]  # type: ignore[no-any-return]


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


def _person(one: Any, homes: Sequence[Occupancy], areas: Mapping[str, str]) -> FoundPerson:
    own = [home for home in homes if home.person_id == one.pk]
    return FoundPerson(
        id=one.pk,
        name=one.name,
        sex=label_of("sex", one.sex) if one.sex else "",
        born=one.birth_date,
        id_no=masked(bool(one.person_key), one.id_hint),
        phone=masked(bool(one.phone_hash), one.phone_hint),
        community=areas[one.area],
        household_id=one.household,
        relation=label_of("relation", one.relation) if one.relation else "",
        homes=tuple(
            Home(home.dwelling_id, room_words(home.dwelling), Living(home.living).label)
            for home in own
        ),
        ended=Ending(one.ended_why).label if one.ended_why else "",
    )


def _room(one: Dwelling, homes: Sequence[Occupancy], areas: Mapping[str, str]) -> FoundRoom:
    inside = {
        home.person_id: home.person.name
        for home in homes
        if home.dwelling_id == one.pk and home.living != Living.HUKOU_AWAY
    }
    return FoundRoom(one.pk, room_words(one), areas[one.area], tuple(inside.items()))


def _building(one: Mapping[str, Any], areas: Mapping[str, str]) -> FoundBuilding:
    words = joined(one["address"], one["compound_is"] or "", one["name"])
    return FoundBuilding(one["pk"], words, areas[one["area"]])


def _organisation(one: Mapping[str, Any], areas: Mapping[str, str]) -> FoundOrganisation:
    return FoundOrganisation(
        id=one["pk"],
        name=one["name"],
        sort=label_of("organisation", one["org_type"]) if one["org_type"] else "",
        uscc=one["uscc"],
        phone=masked(bool(one["phone_hash"]), one["phone_hint"]),
        address=one["address"],
        community=areas[one["area"]],
    )

"""以房找人: a building with its rooms, a room with its people, a household with its members."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from yukuai.accounts.policy import Actor, Permission, check, visible
from yukuai.kernel.errors import NotFound
from yukuai.registry.addresses import entrance_words
from yukuai.registry.codes import label_of
from yukuai.registry.keeping import NOT_HERE, readable
from yukuai.registry.models import (
    Building,
    CareTag,
    Dwelling,
    Entrance,
    Household,
    Membership,
    Occupancy,
    OfficeHolder,
    Organisation,
    Person,
)
from yukuai.registry.plan import Room, Storey, Use, storeys, use_of
from yukuai.registry.states import Living

AWAY = Q(living=Living.HUKOU_AWAY)
VIEW, COUNT = Permission.REGISTRY_VIEW, Permission.REGISTRY_COUNT


@dataclass(frozen=True)
class Flight:
    """An entrance with its floors; `id` is None for doors without one."""

    id: int | None
    name: str
    storeys: Sequence[Storey]


@dataclass(frozen=True)
class Plan:
    """A building as floors × rooms. `named`: the reader may go in; else there are numbers only."""

    building: Building
    named: bool
    flights: Sequence[Flight]
    uses: Mapping[Use, int]
    people: int
    away: int
    cared: int


@dataclass(frozen=True)
class BuildingRow:
    building: Building
    rooms: int
    people: int


def list_buildings(actor: Actor, *, area: str) -> QuerySet[Building]:
    """Also for those who may only count: a building is no secret."""
    rows = visible(actor, COUNT, Building.objects.filter(area__within=area, ended_on=None))
    return rows.select_related("compound").order_by("name", "pk")


def with_numbers(actor: Actor, buildings: Sequence[Building]) -> list[BuildingRow]:
    ids = [one.pk for one in buildings]
    homes = visible(actor, COUNT, Dwelling.objects.filter(building__in=ids, ended_on=None))
    rooms = dict(homes.order_by().values_list("building").annotate(Count("pk")))
    spells = Occupancy.objects.filter(dwelling__building__in=ids, until=None).exclude(AWAY)
    people = dict(
        visible(actor, COUNT, spells)
        .order_by()
        .values_list("dwelling__building")
        .annotate(Count("person", distinct=True))
    )
    return [BuildingRow(one, rooms.get(one.pk, 0), people.get(one.pk, 0)) for one in buildings]


def get_plan(actor: Actor, *, building_id: int, on: date) -> Plan:
    """Five statements, however large the building is. Raises NotFound."""
    rows = visible(actor, COUNT, Building.objects.filter(pk=building_id))
    building = rows.select_related("division", "compound").first()
    if building is None:
        raise NotFound(NOT_HERE)
    named = bool(check(actor, VIEW, building))
    homes = visible(actor, COUNT, Dwelling.objects.filter(building=building, ended_on=None))
    dwellings = list(homes.annotate(bodies=Count("organisations", Q(organisations__ended_on=None))))
    people = _people_by_room(actor, building)
    cared = _cared_rooms(actor, building, on)
    by_entrance: dict[int | None, list[Room]] = {}
    for one in dwellings:
        here, away = people.get(one.pk, (0, 0))
        by_entrance.setdefault(one.entrance_id, []).append(
            Room(
                one.pk,
                one.floor,
                one.room,
                use_of(one.status, people=here, bodies=one.bodies),
                here,
                away,
                one.bodies,
                named and one.pk in cared,
            )
        )
    rooms = [room for group in by_entrance.values() for room in group]
    return Plan(
        building,
        named,
        _flights(list_entrances(actor, building=building), by_entrance),
        {use: sum(room.use is use for room in rooms) for use in Use},
        sum(room.here for room in rooms),
        sum(room.away for room in rooms),
        len(cared),
    )


def _people_by_room(actor: Actor, building: Building) -> dict[int, tuple[int, int]]:
    rows = Occupancy.objects.filter(dwelling__building=building, until=None)
    counted = (
        visible(actor, COUNT, rows)
        .order_by()
        .values_list("dwelling")
        .annotate(here=Count("pk", ~AWAY), away=Count("pk", AWAY))
    )
    return {pk: (here, away) for pk, here, away in counted}


def _cared_rooms(actor: Actor, building: Building, on: date) -> set[int]:
    """Behind which doors somebody lives who is entitled to a service, without saying to which."""
    tags = CareTag.objects.filter(
        Q(until=None) | Q(until__gt=on),
        Q(person__occupancies__until=None) & ~Q(person__occupancies__living=Living.HUKOU_AWAY),
        person__occupancies__dwelling__building=building,
    )
    rooms = F("person__occupancies__dwelling")
    return set(visible(actor, COUNT, tags).order_by().values_list(rooms, flat=True))


def _flights(
    entrances: Iterable[Entrance], rooms: Mapping[int | None, Iterable[Room]]
) -> list[Flight]:
    flights = [
        Flight(one.pk, entrance_words(one), storeys(rooms.get(one.pk, ()))) for one in entrances
    ]
    if None in rooms:
        flights.append(Flight(None, "不分单元", storeys(rooms[None])))
    return flights


def list_entrances(actor: Actor, *, building: Building) -> Sequence[Entrance]:
    return list(Entrance.objects.filter(building=building).order_by("order", "pk"))


def list_dwellers(actor: Actor, *, dwelling: Dwelling) -> Sequence[Occupancy]:
    """Who lives or lived behind a door, the present ones first."""
    rows = visible(actor, VIEW, Occupancy.objects.filter(dwelling=dwelling))
    order = (F("until").desc(nulls_first=True), F("since").asc(nulls_first=True), "pk")
    return list(rows.select_related("person").order_by(*order))


def list_households_in(actor: Actor, *, dwelling: Dwelling) -> Sequence[Household]:
    rows = readable(actor, Household).filter(dwelling=dwelling, ended_on=None)
    return list(rows.order_by("pk"))


def list_bodies_in(actor: Actor, *, dwelling: Dwelling) -> Sequence[Organisation]:
    rows = readable(actor, Organisation).filter(dwelling=dwelling, ended_on=None)
    return list(rows.order_by("name", "pk"))


def list_members(actor: Actor, *, household_ids: Iterable[int]) -> Sequence[Membership]:
    """The head first, those who left last."""
    rows = visible(actor, VIEW, Membership.objects.filter(household__in=list(household_ids)))
    order = (F("until").desc(nulls_first=True), "relation", "pk")
    return list(rows.select_related("person").order_by("household", *order))


def list_homes(actor: Actor, *, person: Person) -> Sequence[Occupancy]:
    """Where a person lives and lived, the present ones first."""
    rows = visible(actor, VIEW, Occupancy.objects.filter(person=person))
    order = (F("until").desc(nulls_first=True), "-since", "-pk")
    along = ("dwelling__building", "dwelling__entrance")
    return list(rows.select_related(*along).order_by(*order))


def get_spell(actor: Actor, *, occupancy_id: int) -> Occupancy:
    """Raises NotFound."""
    rows = visible(actor, VIEW, Occupancy.objects.filter(pk=occupancy_id))
    found = rows.select_related("dwelling__building", "dwelling__entrance").first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def get_care(actor: Actor, *, tag_id: int) -> tuple[CareTag, str]:
    """A service with its name. Raises NotFound."""
    found = visible(actor, VIEW, CareTag.objects.filter(pk=tag_id)).first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found, label_of("care", found.code)


def list_care(actor: Actor, *, person: Person) -> Sequence[CareTag]:
    rows = visible(actor, VIEW, CareTag.objects.filter(person=person))
    return list(rows.order_by(F("until").desc(nulls_first=True), "pk"))


def list_offices(actor: Actor, *, person: Person) -> Sequence[OfficeHolder]:
    rows = readable(actor, OfficeHolder).filter(person=person, ended_on=None)
    return list(rows.order_by("pk"))


def list_joinable(actor: Actor, *, person: Person) -> Sequence[Household]:
    """The households behind the doors where a person lives."""
    doors = Occupancy.objects.filter(person=person, until=None).values("dwelling")
    rows = readable(actor, Household).filter(dwelling__in=doors, ended_on=None)
    return list(rows.order_by("pk"))


def list_dwellers_without(actor: Actor, *, household: Household) -> Sequence[Person]:
    """Who lives behind the same door and belongs to no household."""
    doors = Occupancy.objects.filter(dwelling=household.dwelling_id, until=None)
    members = Membership.objects.filter(until=None).values("person")
    rows = readable(actor, Person).filter(pk__in=doors.values("person"), ended_on=None)
    return list(rows.exclude(pk__in=members).order_by("name", "pk"))


def find_namesakes(actor: Actor, *, area: str, name: str, most: int) -> Sequence[Person]:
    """Those of a community who bear exactly this name."""
    rows = readable(actor, Person).filter(area__within=area, name=name, ended_on=None)
    return list(rows.order_by("birth_date", "pk")[:most])

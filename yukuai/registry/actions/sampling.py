"""The sample township written down: a community at a time, all its rows in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.outbox import publish
from yukuai.kernel.together import insert_many
from yukuai.registry.codes import source_of
from yukuai.registry.columns import columns_of
from yukuai.registry.events import RecordsTouched
from yukuai.registry.keeping import new_person_key
from yukuai.registry.models import (
    MODELS,
    Building,
    CareTag,
    Dwelling,
    Entrance,
    Household,
    Membership,
    Occupancy,
    Person,
)
from yukuai.registry.provenance import DEFAULT, Evidence, Facts, write
from yukuai.registry.samples.people import AWAY, HERE, Family, Human
from yukuai.registry.samples.township import Community, House
from yukuai.registry.states import Kind

SPACE = uuid.UUID("8f1d9e0a-5a54-4c3f-9d5a-5d1c5a3c2b10")
"""In which the rows of samples have their names: the same again is the same row."""
BASIS = "示例数据"


@dataclass(frozen=True)
class Cells:
    """Ids of the divisions of a community, in the order of its plan."""

    compounds: Sequence[int]
    groups: Sequence[int]
    grids: Sequence[int]


class _Sheet:
    """Rows of one community before they are written: each with what it has in common."""

    def __init__(self, code: str, division: Any, at: datetime) -> None:
        self.code, self.division, self.at = code, division, at
        self._numbers: dict[str, int] = {}

    def facts(self, source: str, collected: date) -> Facts:
        known = source_of(source)
        return {DEFAULT: write(Evidence(known.code, known.rank, collected))}

    def kept(
        self, kind: str, values: Mapping[str, str], *, source: str = "visit"
    ) -> dict[str, Any]:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return {
            **columns_of(kind, {name: text for name, text in values.items() if text}),
            "division": self.division,
            "client_uuid": uuid.uuid5(SPACE, f"{self.code}/{kind}/{number}"),
            "facts": self.facts(source, date(2026, 3, 1 + number % 28)),
            "created_at": self.at,
            "changed_at": self.at,
        }


@action
def fill_community(
    actor: Actor, *, division_id: int, plan: Community, cells: Cells, at: datetime
) -> int:
    """Returns how many people it wrote; 0 where the sample is there already."""
    division = get_division(actor, division_id=division_id)
    require(actor, Permission.REGISTRY_IMPORT, division)
    sheet = _Sheet(plan.code, division, at)
    first = uuid.uuid5(SPACE, f"{plan.code}/{Kind.BUILDING}/1")
    if Building.objects.filter(client_uuid=first).exists():
        return 0
    rooms = _write_houses(sheet, plan.houses, cells)
    people = _write_people(sheet, plan, rooms)
    _write_bodies(actor, sheet, plan, cells)
    publish(RecordsTouched(division.pk))
    target = f"division:{division.pk}"
    record(actor, act="registry.sample", target=target, area=division.path, at=at, people=people)
    return people


def _write_houses(sheet: _Sheet, houses: Sequence[House], cells: Cells) -> list[Dwelling]:
    """The dwellings, in the order of the plan."""
    buildings, entrances, dwellings = [], [], []
    for house in houses:
        within = {
            "compound_id": None if house.compound is None else cells.compounds[house.compound],
            "group_id": cells.groups[house.group] if cells.groups else None,
            "grid_id": cells.grids[house.grid] if cells.grids else None,
        }
        building = Building(**sheet.kept(Kind.BUILDING, _building_values(house)), **within)
        doors = [
            Entrance(division=sheet.division, building=building, name=name, order=order)
            for order, name in enumerate(house.entrances)
        ]
        buildings.append(building)
        entrances += doors
        for room in house.rooms:
            values = {
                "floor": str(room.floor),
                "room": room.room,
                "usage": room.usage,
                "status": room.status,
                "area_m2": str(room.area_m2),
                "owner_name": room.owner,
            }
            kept = sheet.kept(Kind.DWELLING, values)
            dwellings.append(
                Dwelling(**kept, building=building, entrance=doors[room.entrance], **within)
            )
    insert_many(buildings)
    for entrance in entrances:
        entrance.building_id = entrance.building.pk
    insert_many(entrances)
    for dwelling in dwellings:
        dwelling.building_id = dwelling.building.pk
        dwelling.entrance_id = dwelling.entrance.pk if dwelling.entrance else None
    insert_many(dwellings)
    return dwellings


def _building_values(house: House) -> dict[str, str]:
    lon, lat = house.spot
    return {
        "name": house.name,
        "address": house.address,
        "floors": str(house.floors),
        "built_year": str(house.built_year),
        "elevator": "1" if house.elevator else "0",
        "lon": f"{lon:.7f}",
        "lat": f"{lat:.7f}",
    }


def _write_people(sheet: _Sheet, plan: Community, dwellings: Sequence[Dwelling]) -> int:
    rooms = [room for house in plan.houses for room in house.rooms]
    settled: list[tuple[Dwelling, Family, Household, list[Person]]] = []
    for dwelling, room in zip(dwellings, rooms, strict=True):
        for family in room.families:
            kept = sheet.kept(Kind.HOUSEHOLD, {"household_kind": family.kind}, source="police")
            household = Household(**kept, dwelling=dwelling)
            members = [_person(sheet, one) for one in family.members]
            settled.append((dwelling, family, household, members))
    insert_many(household for _, _, household, _ in settled)
    insert_many(person for *_, members in settled for person in members)
    joined, housed, tagged = [], [], []
    for dwelling, family, household, members in settled:
        for human, person in zip(family.members, members, strict=True):
            since = {"division": sheet.division, "since": _since(human, sheet.at)}
            joined.append(
                Membership(**since, household=household, person=person, relation=human.relation)
            )
            housed.append(Occupancy(**since, dwelling=dwelling, person=person, living=human.living))
            tagged += [
                CareTag(
                    **since,
                    person=person,
                    code=code,
                    basis=BASIS,
                    noted_by=BASIS,
                    noted_at=sheet.at,
                )
                for code in human.care
            ]
    for rows in (joined, housed, tagged):
        insert_many(rows)
    return len(joined)


def _person(sheet: _Sheet, human: Human) -> Person:
    values = {
        "name": human.name,
        "sex": human.sex,
        "birth_date": human.born.isoformat(),
        "ethnicity": "01",
        "id_type": "111",
        "id_no": human.number,
        "phone": human.phone,
        "marital": human.marital,
        "education": human.education,
        "political": human.political,
        "nationality": "CHN",
        "hukou_address": human.hukou,
        "work": human.work,
    }
    source = "police" if human.living in (HERE, AWAY) else "visit"
    kept = sheet.kept(Kind.PERSON, values, source=source)
    return Person(**kept, holders=[new_person_key(kept["client_uuid"])])


def _since(human: Human, at: datetime) -> date:
    """Nobody before he was born."""
    return min(max(human.born, date(2015 + human.born.day % 10, 5, 1)), today(at))


def _write_bodies(actor: Actor, sheet: _Sheet, plan: Community, cells: Cells) -> None:
    by_kind: dict[str, list[Any]] = {}
    for body in plan.bodies:
        values = dict(body.values)
        if body.spot is not None:
            values |= {"lon": f"{body.spot[0]:.7f}", "lat": f"{body.spot[1]:.7f}"}
        row = MODELS[body.kind](**sheet.kept(body.kind, values))
        by_kind.setdefault(body.kind, []).append(row)
    for compound, division_id in zip(plan.compounds, cells.compounds, strict=True):
        homes = sum(
            len(house.rooms)
            for house in plan.houses
            if house.compound is not None and plan.compounds[house.compound] is compound
        )
        kept = sheet.kept(Kind.COMPOUND, {**compound.values, "homes": str(homes)})
        kept["division"] = get_division(actor, division_id=division_id)
        by_kind.setdefault(Kind.COMPOUND, []).append(MODELS[Kind.COMPOUND](**kept))
    for rows in by_kind.values():
        insert_many(rows)

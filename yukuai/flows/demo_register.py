"""A small register for the demo's community: three buildings of six floors and who lives in them.

Everybody is made up: numbers begin with 509999, which is nobody's, telephones with 1990.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.divisions.queries import resolve_code
from yukuai.flows.demo_roster import COMMUNITY
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.actions import Home
from yukuai.registry.keeping import Said
from yukuai.registry.numbers import check_sign
from yukuai.registry.queries.listing import list_records
from yukuai.registry.states import Kind

SPACE = UUID("6d1c5f0a-94c7-4e0e-9c55-1b0f6b6f8a10")
BUILDINGS = (
    ("人和街 41 号", "1栋", False),
    ("人和街 41 号", "2栋", True),
    ("人民村 12 号", "3栋", False),
)
ENTRANCES, FLOORS, DOORS = ("1单元", "2单元"), 6, 2
FAMILY = "冉谭何罗向汪龚蒋邓熊陈李张刘杨"
GIVEN = (
    "隆全",
    "秀英",
    "家福",
    "素芬",
    "光明",
    "国珍",
    "正兰",
    "玉梅",
    "成贵",
    "德芳",
    "小满",
    "立春",
)
HEAD, SPOUSE, SON, DAUGHTER, PARENT = "02", "10", "20", "30", "50"
HOUSEHOLDS: tuple[tuple[tuple[str, int, str], ...], ...] = (
    ((HEAD, 1978, "1"), (SPOUSE, 1980, "2"), (SON, 2009, "1")),
    ((HEAD, 1951, "1"), (SPOUSE, 1953, "2")),
    ((HEAD, 1986, "2"), (DAUGHTER, 2015, "2"), (PARENT, 1958, "1")),
    ((HEAD, 1944, "2"),),
)
"""Relation, year of birth and sex (GB/T 2261.1), in turn behind the doors."""
YEARS_AGO = timedelta(days=430)
LONG, LATELY = date(2016, 9, 1), timedelta(days=600)


@dataclass(frozen=True)
class Door:
    number: int
    building: int
    entrance: str
    floor: int
    room: str

    @property
    def status(self) -> str:
        """Mostly lived in; some let, some empty; shops on the ground floor of the third."""
        if self.building == 2 and self.floor == 1:
            return "business"
        return {3: "let", 7: "empty", 9: ""}.get(self.number % 11, "own")


def seed_register(people: Mapping[str, Any], at: datetime) -> int:
    """Idempotent: whoever is there stays. Returns how many people are new."""
    place = resolve_code(SYSTEM, code=COMMUNITY).today[0]
    keeper = _keeper(place.path)
    with scope(EVERYWHERE):
        if list_records(keeper, kind=Kind.PERSON, area=place.path).exists():
            return 0
    house = House(keeper, place.pk, at)
    houses = [house.build(number) for number in range(len(BUILDINGS))]
    count = 0
    for door in _doors():
        home = house.open(door, *houses[door.building])
        if door.status in ("own", "let"):
            count += house.settle(door, home, count)
    house.furnish()
    _ask(people.get(TELEPHONE), at)
    return count


def _keeper(path: str) -> Actor:
    return Actor("社区窗口", (Grant(Role.COMMUNITY_STAFF, path),))


def _doors() -> Iterator[Door]:
    number = 0
    for building in range(len(BUILDINGS)):
        for entrance in ENTRANCES:
            for floor in range(1, FLOORS + 1):
                for door in range(1, DOORS + 1):
                    yield Door(number, building, entrance, floor, f"{floor}0{door}")
                    number += 1


@dataclass(frozen=True)
class Someone:
    """Told by their number alone, so that a test or a manual knows them too."""

    number: int
    born: int
    sex: str

    @property
    def name(self) -> str:
        return FAMILY[self.number * 7 % len(FAMILY)] + GIVEN[self.number * 5 % len(GIVEN)]

    @property
    def id_no(self) -> str:
        day = date(self.born, 1 + self.number % 12, 1 + self.number % 28)
        serial = 100 + 2 * self.number + (self.sex == "1")
        body = f"509999{day:%Y%m%d}{serial:03}"
        return body + check_sign(body)

    @property
    def phone(self) -> str:
        return TELEPHONE if self.number == 0 else f"1990002{self.number:04}"


TELEPHONE = "19900000417"
"""Of the demo's resident, who lives behind the first door."""


def someone(number: int) -> Someone:
    """The person of the demo with this number."""
    row = -1
    for door in _doors():
        if door.status not in ("own", "let"):
            continue
        for _relation, born, sex in HOUSEHOLDS[door.number % len(HOUSEHOLDS)]:
            row += 1
            if row == number:
                return Someone(number, born, sex)
    raise NotFound("演示里没有这个人。")


@dataclass(frozen=True)
class House:
    """Whoever fills the register, where and when."""

    keeper: Actor
    division_id: int
    at: datetime

    def build(self, number: int) -> tuple[int, dict[str, int]]:
        address, name, elevator = BUILDINGS[number]
        facts = {
            "name": name,
            "address": address,
            "floors": str(FLOORS),
            "built_year": str(1996 + 4 * number),
            "elevator": "1" if elevator else "0",
        }
        building = self._keep(Kind.BUILDING, f"building:{number}", facts)
        made = {
            entrance: actions.add_entrance(
                self.keeper, building_id=building.pk, name=entrance, at=self.at
            ).pk
            for entrance in ENTRANCES
        }
        return building.pk, made

    def open(self, door: Door, building_id: int, entrances: Mapping[str, int]) -> int:
        facts = {"floor": str(door.floor), "room": door.room, "status": door.status}
        facts |= {"usage": "shop" if door.status == "business" else "home"}
        links = {"building_id": building_id, "entrance_id": entrances[door.entrance]}
        home = self._keep(Kind.DWELLING, f"door:{door.number}", facts, links)
        if door.status == "business":
            shop = {"name": f"人民村{GIVEN[door.number % len(GIVEN)]}小店", "org_type": "shop"}
            self._keep(Kind.ORGANISATION, f"shop:{door.number}", shop, {"dwelling_id": home.pk})
        return int(home.pk)

    def settle(self, door: Door, home: int, first: int) -> int:
        """A household behind a door; where it is let, people who came in."""
        facts = {"household_kind": "1"}
        links = {"dwelling_id": home}
        household = self._keep(Kind.HOUSEHOLD, f"household:{door.number}", facts, links)
        came_in = door.status == "let"
        together = HOUSEHOLDS[door.number % len(HOUSEHOLDS)]
        for place, (relation, born, sex) in enumerate(together):
            who = Someone(first + place, born, sex)
            living = "inflow" if came_in else "hukou-resident"
            since = today(self.at - LATELY) if came_in else LONG
            lives = Home(home, living, since, household.pk, relation)
            self._take_in(who, lives)
        return len(together)

    def _take_in(self, who: Someone, lives: Home) -> None:
        """Every fifth was last seen more than a year ago."""
        at = self.at - YEARS_AGO if who.number % 5 == 4 else self.at
        row = actions.take_in(
            self.keeper,
            division_id=self.division_id,
            values={"name": who.name, "id_no": who.id_no, "phone": who.phone, "ethnicity": "01"},
            said=Said("window", today(at), seen=True),
            client_uuid=uuid5(SPACE, f"person:{who.number}"),
            home=lives,
            at=at,
        )
        if who.born < 1946:
            self._care(row.pk, "elder-alone", "高龄独居走访登记表")
        if who.number == 2:
            self._police(row.pk)

    def _care(self, person_id: int, code: str, basis: str) -> None:
        day = today(self.at)
        told: dict[str, Any] = {"code": code, "basis": basis, "since": day, "until": None}
        actions.tag_care(self.keeper, person_id=person_id, **told, at=self.at)

    def _police(self, person_id: int) -> None:
        """Another source says something else."""
        actions.amend(
            self.keeper,
            kind=Kind.PERSON,
            subject_id=person_id,
            values={"ethnicity": "15"},
            said=Said("police", today(self.at - LATELY)),
            at=self.at,
        )

    def furnish(self) -> None:
        for number, (name, category, hours) in enumerate(FACILITIES):
            facts = {"name": name, "category": category, "opening_hours": hours, "accessible": "1"}
            self._keep(Kind.FACILITY, f"facility:{number}", facts)

    def _keep(
        self,
        kind: Kind,
        key: str,
        facts: Mapping[str, str],
        links: Mapping[str, int] | None = None,
    ) -> Any:
        return actions.register(
            self.keeper,
            kind=kind,
            division_id=self.division_id,
            values=dict(facts),
            said=Said("visit", today(self.at), seen=True),
            client_uuid=uuid5(SPACE, key),
            at=self.at,
            links=dict(links or {}),
        )


FACILITIES = (
    ("人民村社区便民服务中心", "service", "周一至周五 9:00-17:30"),
    ("人民村社区养老服务站", "elder", "每天 8:30-17:00"),
)


def _ask(user: Any, at: datetime) -> None:
    """The demo's resident has shown who he is and asks for one thing to be corrected."""
    if user is None:
        return
    me = someone(0)
    actor = resident_actor(user, holders_of(user))
    actions.prove_own(actor, name=me.name, number=me.id_no, at=at)
    actor = resident_actor(user, [*holders_of(user), f"record:{uuid5(SPACE, 'person:0')}"])
    with scope(EVERYWHERE):
        rows = list_records(SYSTEM, kind=Kind.PERSON, area="")
        own = rows.get(client_uuid=uuid5(SPACE, "person:0"))
    told = {"person_id": own.pk, "field": "work", "value": "重庆长江轮船公司", "why": "换了单位"}
    actions.ask_correction(actor, **told, at=at)

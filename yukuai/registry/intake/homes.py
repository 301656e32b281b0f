"""Where the people of a table live: buildings, entrances, rooms and households that are there, and
those that a line brings along. Nothing is written before `save`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from yukuai.divisions.queries import list_children
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.together import insert_many
from yukuai.registry.catalogue import BadValue, Field, Sort, read_value
from yukuai.registry.codes import labels_of
from yukuai.registry.columns import columns_of, read_form
from yukuai.registry.intake.mapping import floor_of
from yukuai.registry.models import Building, Dwelling, Entrance, Household, Membership
from yukuai.registry.provenance import DEFAULT, Evidence, write
from yukuai.registry.states import Kind, Living

HEAD = "02"
"""户主, GB/T 4761."""
RELATION = Field("relation", "与户主关系", Sort.CODE, "relation")
SINCE = Field("since", "入住日期", Sort.DATE)
ENTRANCE_LIMIT = 20


@dataclass(frozen=True)
class Setting:
    """What holds for every line of an import."""

    actor: Any
    kind: str
    division: Any
    evidence: Evidence
    living: str
    adds_doubtful: bool
    batch_id: int
    day: date
    at: datetime

    def kept(self, **columns: Any) -> dict[str, Any]:
        """The columns of a new record."""
        return {
            "division": self.division,
            "facts": {DEFAULT: write(self.evidence)},
            "client_uuid": uuid4(),
            "batch_id": self.batch_id,
            "created_at": self.at,
            "changed_at": self.at,
            **columns,
        }


@dataclass(frozen=True)
class Door:
    """A room as a line names it; its row where there is one."""

    building: str
    compound_id: int | None
    entrance: str
    room: str
    floor: str
    found: Building | None
    dwelling: Dwelling | None


@dataclass(frozen=True)
class Place:
    """What a line says besides the person."""

    door: Door | None = None
    living: str = ""
    since: date | None = None
    household: str = ""
    relation: str = ""


class BadPlace(ValueError):
    """The sentence says what is wrong."""


@dataclass
class Homes:
    """Of one community, with what this import adds to them."""

    setting: Setting
    buildings: dict[str, list[Building]] = field(default_factory=dict)
    entrances: dict[tuple[int, str], Entrance] = field(default_factory=dict)
    dwellings: dict[tuple[int, str, str], Dwelling] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    heads: dict[int, object] = field(default_factory=dict)
    compounds: dict[str, int] = field(default_factory=dict)
    fresh: list[Any] = field(default_factory=list)
    _doors: dict[tuple[str, ...], Door | str] = field(default_factory=dict)

    ORDER: ClassVar[tuple[Any, ...]] = (Building, Entrance, Dwelling, Household)

    HANGS_ON: ClassVar[dict[Any, tuple[str, ...]]] = {
        Entrance: ("building",),
        Dwelling: ("building", "entrance"),
        Household: ("dwelling",),
    }

    def load(self) -> None:
        place = self.setting.division
        rows = list(Building.objects.filter(area=place.path, ended_on=None))
        here = {row.pk: row for row in rows}
        for row in rows:
            self.buildings.setdefault(row.name, []).append(row)
        for entrance in Entrance.objects.filter(area=place.path).order_by("pk"):
            if entrance.building_id in here:
                self.entrances[id(here[entrance.building_id]), entrance.name] = entrance
        names = {one.pk: one.name for one in self.entrances.values()}
        dwellings = Dwelling.objects.filter(area=place.path, ended_on=None)
        for home in dwellings.defer("owner_name", "facts"):
            if home.building_id in here:
                key = (id(here[home.building_id]), names.get(home.entrance_id or 0, ""), home.room)
                self.dwellings[key] = home
        children = list_children(self.setting.actor, parent_id=place.pk)
        self.compounds = {one.name: one.id for one in children if one.kind == Kind.COMPOUND}
        self._load_households()

    def _load_households(self) -> None:
        rows = Household.objects.filter(area=self.setting.division.path, ended_on=None)
        by_id = {}
        for row in rows.only("hukou_no", "dwelling_id", "division_id", "area"):
            by_id[row.pk] = row
            if row.hukou_no:
                self.households[row.hukou_no] = row
        heads = Membership.objects.filter(
            area=self.setting.division.path, until=None, relation=HEAD
        )
        for household_id, person_id in heads.values_list("household_id", "person_id"):
            if household_id in by_id:
                self.heads[id(by_id[household_id])] = person_id

    def read_place(self, typed: Mapping[str, str]) -> Place:
        """Raises BadPlace."""
        door = self.find_door(typed) if typed.get("at.building") else None
        try:
            relation = read_value(
                RELATION,
                typed.get("at.relation", ""),
                codes=labels_of("relation"),
                today=self.setting.day,
            )
            since = read_value(SINCE, typed.get("at.since", ""), codes={}, today=self.setting.day)
        except BadValue as error:
            raise BadPlace(str(error)) from error
        day = date.fromisoformat(since) if since else None
        if day and day > self.setting.day:
            raise BadPlace("入住日期不能晚于今天。")
        if door is None and typed.get("at.room"):
            raise BadPlace("写了房号，没有写楼栋。")
        number = " ".join(typed.get("at.household", "").split())
        if relation and not number:
            raise BadPlace("写了与户主关系，没有写户编号。")
        if len(number) > 30:
            raise BadPlace("户编号最多 30 个字。")
        living = self._living(typed.get("at.living", "")) if door else ""
        return Place(door, living, day, number, relation)

    def _living(self, typed: str) -> str:
        text = "".join(typed.split()) or self.setting.living
        for value, label in Living.choices:
            if text in (value, label):
                return value
        if not text:
            raise BadPlace("没有写居住情况，也没有选默认的居住情况。")
        raise BadPlace(f"居住情况没有“{text}”这一项，请填：{'、'.join(Living.labels)}。")

    def find_door(self, typed: Mapping[str, str]) -> Door:
        """The same words are read once. Raises BadPlace."""
        key = tuple(
            " ".join(typed.get(name, "").split())
            for name in ("at.building", "at.compound", "at.entrance", "at.room", "at.floor")
        )
        known = self._doors.get(key)
        if known is None:
            try:
                known = self._read_door(*key)
            except BadPlace as error:
                known = str(error)
            self._doors[key] = known
        if isinstance(known, str):
            raise BadPlace(known)
        return known

    def _read_door(self, name: str, compound: str, entrance: str, room: str, floor: str) -> Door:
        if compound and compound not in self.compounds:
            raise BadPlace(f"本社区没有叫“{compound}”的小区。")
        if len(entrance) > ENTRANCE_LIMIT:
            raise BadPlace(f"单元最多 {ENTRANCE_LIMIT} 个字。")
        if not room:
            raise BadPlace("写了楼栋，没有写房号。")
        compound_id = self.compounds.get(compound)
        building = self.find_building(name, compound_id)
        home = self.dwellings.get((id(building), entrance, room)) if building else None
        try:
            if building is None:
                read_form(Kind.BUILDING, {"name": name}, today=self.setting.day)
            if home is None:
                wanted = {"room": room, "floor": floor or floor_of(room)}
                floor = read_form(Kind.DWELLING, wanted, today=self.setting.day)["floor"]
        except InvalidInput as error:
            raise BadPlace("；".join(map(str, error.fields.values()))) from error
        return Door(name, compound_id, entrance, room, floor, building, home)

    def find_building(self, name: str, compound_id: int | None) -> Building | None:
        """Raises BadPlace where the name alone does not say which."""
        found = self.buildings.get(name, [])
        if compound_id is not None:
            return next((one for one in found if one.compound_id == compound_id), None)
        if len(found) > 1:
            raise BadPlace(f"本社区有 {len(found)} 栋“{name}”，请加一栏小区。")
        return found[0] if found else None

    def settle(self, door: Door) -> Dwelling:
        """The room, made where there is none yet."""
        building = self.find_building(door.building, door.compound_id) or self._build(door)
        key = (id(building), door.entrance, door.room)
        if home := self.dwellings.get(key):
            return home
        entrance = self._enter(building, door.entrance) if door.entrance else None
        cells = {name: getattr(building, name) for name in ("compound_id", "group_id", "grid_id")}
        columns = columns_of(Kind.DWELLING, {"room": door.room, "floor": door.floor})
        home = Dwelling(
            **self.setting.kept(building=building, entrance=entrance, **cells, **columns)
        )
        self.dwellings[key] = home
        self.fresh.append(home)
        return home

    def _build(self, door: Door) -> Building:
        made = Building(**self.setting.kept(name=door.building, compound_id=door.compound_id))
        self.buildings.setdefault(door.building, []).append(made)
        self.fresh.append(made)
        return made

    def _enter(self, building: Building, name: str) -> Entrance:
        key = (id(building), name)
        if key not in self.entrances:
            order = sum(1 for home, _name in self.entrances if home == id(building))
            made = Entrance(
                division=self.setting.division, building=building, name=name, order=order
            )
            self.entrances[key] = made
            self.fresh.append(made)
        return self.entrances[key]

    def gather(self, place: Place, dwelling: Dwelling | None) -> Household:
        """The household, made where there is none yet."""
        found = self.households.get(place.household)
        if found is None:
            found = Household(**self.setting.kept(hukou_no=place.household, dwelling=dwelling))
            self.households[place.household] = found
            self.fresh.append(found)
        return found

    def save(self) -> list[int]:
        """A step: what is new, in the order in which it hangs together. Returns the entrances."""
        entrances: list[int] = []
        for model in self.ORDER:
            rows = [row for row in self.fresh if isinstance(row, model)]
            for row in rows:
                for name in self.HANGS_ON.get(model, ()):
                    setattr(row, name, getattr(row, name))  # it has a key by now
            insert_many(rows)
            if model is Entrance:
                entrances = [row.pk for row in rows]
        self.fresh.clear()
        self._doors.clear()
        return entrances

    def forget_fresh(self) -> None:
        """What a dry run would have made is remembered, and never written."""
        self.fresh.clear()

"""Lines about everything but people: found by what such a thing is known by in its community."""

from collections.abc import Callable, Sequence
from typing import Any

from yukuai.divisions.queries import get_division
from yukuai.registry.columns import read_form
from yukuai.registry.intake.homes import BadPlace
from yukuai.registry.intake.judging import Judge, Judged, Line, Refused
from yukuai.registry.intake.mapping import floor_of
from yukuai.registry.models import MODELS, Compound
from yukuai.registry.states import Kind, Outcome

KNOWN_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    Kind.ORGANISATION: (("uscc",), ("name",)),
    Kind.FACILITY: (("name", "category"),),
    Kind.SOCIAL_ORG: (("register_no",), ("name",)),
    Kind.PARTY_ORG: (("name",),),
    Kind.OFFICE_HOLDER: (("name", "body"),),
    Kind.PROJECT: (("name",),),
}
"""The first of these that a line says in full."""
Key = tuple[object, ...]


class ThingsJudge(Judge):
    def load(self) -> None:
        super().load()
        model: Any = MODELS[self.setting.kind]
        rows = model.objects.filter(area=self.setting.division.path, ended_on=None)
        self.known: dict[Key, Any] = {}
        for row in rows.select_related("division").order_by("-pk"):
            for key in self.keys_of_row(row):
                self.known[key] = row

    def gather(self, lines: Sequence[Line]) -> None:
        """All are there already: a community has few things."""

    def keys_of_row(self, row: Any) -> list[Key]:
        return self._keys(lambda name: getattr(row, name))

    def keys_of_line(self, line: Line) -> list[Key]:
        return self._keys(lambda name: line.columns.get(name, ""))

    def _keys(self, said: Callable[[str], object]) -> list[Key]:
        rules = KNOWN_BY[self.setting.kind]
        values = [(names, tuple(said(name) for name in names)) for names in rules]
        return [(names, *found) for names, found in values if all(found)]

    def decide(self, line: Line) -> Judged:
        keys = [] if line.wrong else self.keys_of_line(line)
        for key in keys[:1]:
            if earlier := self.seen.get(str(key)):
                raise Refused(Outcome.TWICE, f"和第 {earlier} 行说的是同一条，只算一次。")
        known = next((self.known[key] for key in keys if key in self.known), None)
        if known is not None and keys[0] not in self.known and len(self.keys_of_row(known)) > 1:
            known = None  # it has a number of its own, and another one
        judged = self.amended(line, known) if known else self.made(line, **self.links(line))
        self.seen |= {str(key): line.row.line for key in keys[:1]}
        return judged

    def links(self, line: Line) -> dict[str, Any]:
        """What a new one hangs on. Raises Refused."""
        return {}


class BuildingJudge(ThingsJudge):
    def keys_of_row(self, row: Any) -> list[Key]:
        return [(row.name, row.compound_id)]

    def keys_of_line(self, line: Line) -> list[Key]:
        return [(line.columns["name"], self.links(line).get("compound_id"))]

    def links(self, line: Line) -> dict[str, Any]:
        name = " ".join(line.typed.get("at.compound", "").split())
        if not name:
            return {}
        if name not in self.homes.compounds:
            raise Refused(Outcome.WRONG, f"本社区没有叫“{name}”的小区。")
        return {"compound_id": self.homes.compounds[name]}


class CompoundJudge(ThingsJudge):
    """Facts about a compound that the tree has: its name, code and line are those of its
    division."""

    def load(self) -> None:
        super().load()
        rows = Compound.objects.filter(division__in=self.homes.compounds.values())
        self.known = {(row.division_id,): row for row in rows.select_related("division")}

    def keys_of_line(self, line: Line) -> list[Key]:
        return [(self._division_id(line),)]

    def keys_of_row(self, row: Any) -> list[Key]:
        return [(row.division_id,)]

    def decide(self, line: Line) -> Judged:
        known = self.known.get((self._division_id(line),))
        if known is not None and known.ended_on is not None:
            raise Refused(Outcome.WRONG, "这个小区的登记已经注销，请先恢复那一条。")
        return super().decide(line)

    def links(self, line: Line) -> dict[str, Any]:
        pk = self._division_id(line)
        return {"division": get_division(self.setting.actor, division_id=pk)}

    def _division_id(self, line: Line) -> int:
        name = " ".join(line.typed.get("at.compound", "").split())
        if not name:
            raise Refused(Outcome.WRONG, "请填写小区。")
        if name not in self.homes.compounds:
            raise Refused(
                Outcome.WRONG, f"本社区没有叫“{name}”的小区。小区要先在区划里设立，再登记。"
            )
        return self.homes.compounds[name]


class DwellingJudge(ThingsJudge):
    def read(self, line: Line) -> dict[str, str]:
        form = line.form
        if not form.get("floor") and form.get("room"):
            line.typed["floor"] = form["floor"] = floor_of(form["room"])
        return read_form(Kind.DWELLING, form, today=self.setting.day)

    def keys_of_row(self, row: Any) -> list[Key]:
        return [("dwelling", row.pk)]

    def decide(self, line: Line) -> Judged:
        if line.wrong:
            raise Refused(Outcome.WRONG, self.said(line.wrong))
        place = {**line.typed, "at.room": line.values["room"], "at.floor": line.values["floor"]}
        try:
            door = self.homes.find_door(place)
        except BadPlace as error:
            raise Refused(Outcome.WRONG, str(error)) from error
        known = self.known.get(("dwelling", door.dwelling.pk)) if door.dwelling else None
        if known is not None:
            return self.amended(line, known)
        same = (door.building, door.compound_id, door.entrance, door.room)
        if earlier := self.seen.get(str(same)):
            raise Refused(Outcome.TWICE, f"和第 {earlier} 行说的是同一间，只算一次。")
        self.seen[str(same)] = line.row.line
        judged = self.made(line)
        row = self.homes.settle(door)
        for name, value in line.columns.items():
            setattr(row, name, value)
        judged.row = judged.dwelling = row
        return judged

"""Lines about people: found by number, or as the line they came from; who may be somebody already
there waits for a person."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yukuai.registry.catalogue import BadValue, field_of, read_value
from yukuai.registry.codes import label_of, labels_of
from yukuai.registry.columns import person_key
from yukuai.registry.intake.homes import HEAD, BadPlace, Place
from yukuai.registry.intake.judging import Judge, Judged, Line, Refused
from yukuai.registry.models import Membership, Occupancy, Person
from yukuai.registry.numbers import tidy_number
from yukuai.registry.states import Kind, Living, Outcome

Alike = tuple[str, date, str]


class PeopleJudge(Judge):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.new_alike: dict[Alike, list[str]] = {}

    def gather(self, lines: Sequence[Line]) -> None:
        here = Person.objects.filter(area=self.setting.division.path).select_related("division")
        if self.writes:
            here = here.select_for_update(of=("self",))
        self.keys_of = {id(line): self._key(line) for line in lines}
        numbers = {key for key in self.keys_of.values() if key}
        found = list(here.filter(person_key__in=numbers, ended_on=None).order_by("-pk"))
        self.by_key = {row.person_key: row for row in found}
        nameless = [self.key_of(line) for line in lines if not self.keys_of[id(line)]]
        again = list(here.filter(client_uuid__in=nameless))
        self.by_line = {row.client_uuid: row for row in again}
        self._gather_alike(lines)
        known = [row.pk for row in (*found, *again)]
        self.lives: dict[int, dict[int, Occupancy]] = {}
        for one in Occupancy.objects.filter(person_id__in=known, until=None):
            self.lives.setdefault(one.person_id, {})[one.dwelling_id] = one
        members = Membership.objects.filter(person_id__in=known, until=None)
        self.belongs = {one.person_id: one for one in members}

    def _gather_alike(self, lines: Sequence[Line]) -> None:
        names = {line.values.get("name", "") for line in lines}
        born = {line.columns["birth_date"] for line in lines if line.columns.get("birth_date")}
        rows = Person.objects.filter(
            area=self.setting.division.path, ended_on=None, name__in=names, birth_date__in=born
        )
        self.alike: dict[Alike, list[str]] = {}
        for name, day, sex, key in rows.values_list("name", "birth_date", "sex", "person_key"):
            if day is not None:
                self.alike.setdefault((name, day, sex), []).append(key)

    def _key(self, line: Line) -> str:
        if "person_key" in line.columns:
            return str(line.columns["person_key"])
        number = tidy_number(line.typed.get("id_no", ""))
        try:
            paper = field_of(Kind.PERSON, "id_type")
            kind = read_value(
                paper,
                line.typed.get("id_type", ""),
                codes=labels_of(paper.codes),
                today=self.setting.day,
            )
        except BadValue:
            return ""
        return person_key(kind, number)

    def decide(self, line: Line) -> Judged:
        key = self.keys_of[id(line)]
        known = self.by_key.get(key) if key else self.by_line.get(self.key_of(line))
        if known is not None and known.ended_on is not None:
            raise Refused(Outcome.DOUBT, "这一行以前导入过，那条登记已经注销或并入另一条。")
        if key and (earlier := self.seen.get(key)):
            raise Refused(Outcome.TWICE, f"和第 {earlier} 行是同一个人，只算一次。")
        try:
            place = self.homes.read_place(line.typed)
            self._check_head(place, known)
        except BadPlace as error:
            said = [self.said(line.wrong)] if line.wrong and known is None else []
            raise Refused(Outcome.WRONG, "；".join([*said, str(error)])) from error
        judged = self._known(line, known, place) if known else self._new(line, key, place)
        judged.place = place
        self._settle(judged)
        if key:
            self.seen[key] = line.row.line
        return judged

    def _new(self, line: Line, key: str, place: Place) -> Judged:
        if not line.wrong and not self.setting.adds_doubtful:
            self._check_alike(line, key)
        columns = {} if key else {"client_uuid": self.key_of(line)}
        judged = self.made(line, **columns)
        judged.moves = place.door is not None
        judged.joins = bool(place.household)
        if alike := _alike(line):
            self.new_alike.setdefault(alike, []).append(key)
        return judged

    def _check_alike(self, line: Line, key: str) -> None:
        alike = _alike(line)
        if alike is None:
            return
        others = (*self.alike.get(alike, ()), *self.new_alike.get(alike, ()))
        if any(not (key and other) for other in others):
            raise Refused(
                Outcome.DOUBT,
                "底数里或这份文件里已有姓名、出生日期和性别都一样的人。"
                "是同一个人就补上证件号码，不是就勾选“可能重复的也登记”。",
            )

    def _known(self, line: Line, row: Person, place: Place) -> Judged:
        living = self._lives(row, place)
        belongs = self._belongs(row, place)
        judged = self.amended(line, row, besides=[said for said in (living, belongs) if said])
        judged.moves, judged.joins = bool(living), bool(belongs)
        return judged

    def _lives(self, row: Person, place: Place) -> str:
        if place.door is None:
            return ""
        home = place.door.dwelling
        now = self.lives.get(row.pk, {}).get(home.pk) if home is not None and home.pk else None
        if now is not None and now.living == place.living:
            return ""
        return f"住{place.door.building}{place.door.room}（{Living(place.living).label}）"

    def _belongs(self, row: Person, place: Place) -> str:
        if not place.household:
            return ""
        household = self.homes.households.get(place.household)
        now = self.belongs.get(row.pk)
        same = now is not None and household is not None and now.household_id == household.pk
        if same and now is not None and place.relation in ("", now.relation):
            return ""
        return f"属于户{place.household[-4:]}（{label_of('relation', place.relation) or '成员'}）"

    def _check_head(self, place: Place, known: Person | None) -> None:
        household = self.homes.households.get(place.household) if place.household else None
        if place.relation != HEAD or household is None:
            return
        head = self.homes.heads.get(id(household))
        if head is not None and (known is None or getattr(head, "pk", head) != known.pk):
            raise BadPlace("这一户已经有户主，请先改原户主的关系。")

    def _settle(self, judged: Judged) -> None:
        """From here on the line holds: what it brings along is there for the next one."""
        place = judged.place
        if place.door is not None and (judged.moves or judged.joins):
            judged.dwelling = self.homes.settle(place.door)
        if not judged.joins:
            return
        judged.household = self.homes.gather(place, judged.dwelling)
        if place.relation == HEAD:
            self.homes.heads[id(judged.household)] = judged.row.pk or judged.row


def _alike(line: Line) -> Alike | None:
    """By what two records without a number may be one person."""
    said = line.columns
    if not said.get("birth_date"):
        return None
    return said["name"], said["birth_date"], said.get("sex", "")

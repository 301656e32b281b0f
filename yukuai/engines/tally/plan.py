"""What was decided before election day: offices with their seats, candidates, kin, and the roll."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yukuai.engines.tally import reading
from yukuai.engines.tally.packs import Electorate, Rules
from yukuai.engines.tally.reading import Unreadable


class Office(StrEnum):
    CHAIR = "CHAIR"
    VICE = "VICE"
    MEMBER = "MEMBER"


class Group(StrEnum):
    GENERAL = "general"
    WOMEN = "women"


class Review(StrEnum):
    """The joint review: what the community may know of it."""

    PASS = "PASS"
    BAR = "BAR"
    PENDING = "PENDING"


@dataclass(frozen=True)
class Person:
    """One person in all contests of the election: the id of his option is this id everywhere."""

    id: str
    name: str
    woman: bool
    review: Review = Review.PASS

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "sex": "F" if self.woman else "M",
            "review": str(self.review),
        }


@dataclass(frozen=True)
class Contest:
    id: str
    title: str
    office: Office
    seats: int
    candidates: tuple[str, ...]
    group: Group = Group.GENERAL

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "office": str(self.office),
            "seats": self.seats,
            "candidates": list(self.candidates),
            "group": str(self.group),
        }


@dataclass(frozen=True)
class Plan:
    """`contests` stand in the order of office, the highest first. `people` are the candidates and
    whoever was written in and identified. `vacant` are contests whose seats a meeting decided to
    leave empty for the time being."""

    election: str
    title: str
    registered: int
    electorate: Electorate
    contests: tuple[Contest, ...]
    people: Mapping[str, Person]
    kin: frozenset[frozenset[str]] = frozenset()
    vacant: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=lambda: Rules.of(()))

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise Unreadable(fault)

    def contest(self, contest_id: str) -> Contest:
        for contest in self.contests:
            if contest.id == contest_id:
                return contest
        raise Unreadable(f"没有“{contest_id[:40]}”这一栏")

    def rank(self, contest_id: str) -> int:
        """0 is the highest office."""
        return list(Office).index(self.contest(contest_id).office)

    def person(self, person_id: str) -> Person:
        if person_id not in self.people:
            raise Unreadable(f"没有登记“{person_id[:40]}”这个人")
        return self.people[person_id]

    def named(self, persons: Iterable[str]) -> str:
        return "、".join(self.people[person].name for person in persons)

    def are_kin(self, one: str, other: str) -> bool:
        return frozenset((one, other)) in self.kin

    def as_data(self) -> dict[str, Any]:
        """Without the rules, which stand in a file of their own."""
        return {
            "election": self.election,
            "title": self.title,
            "registered": self.registered,
            "electorate": str(self.electorate),
            "contests": [contest.as_data() for contest in self.contests],
            "people": [self.people[key].as_data() for key in sorted(self.people)],
            "kin": sorted(sorted(pair) for pair in self.kin),
            "vacant": sorted(self.vacant),
        }

    @classmethod
    def read(cls, raw: Any, rules: Rules) -> "Plan":
        data = reading.mapping(raw, "选举方案")
        people = [_person(one) for one in reading.items(data, "people")]
        if len({person.id for person in people}) != len(people):
            raise Unreadable("people：有重复的人")
        return cls(
            election=reading.text(data, "election", longest=32),
            title=reading.text(data, "title"),
            registered=reading.whole(data, "registered"),
            electorate=reading.one_of(data, "electorate", Electorate),
            contests=tuple(_contest(one) for one in reading.items(data, "contests")),
            people={person.id: person for person in people},
            kin=frozenset(_pair(pair) for pair in reading.items(data, "kin")),
            vacant=frozenset(reading.names(data, "vacant")),
            rules=rules,
        )


def _person(raw: Any) -> Person:
    data = reading.mapping(raw, "people")
    sex = reading.text(data, "sex")
    if sex not in ("F", "M"):
        raise Unreadable("sex：只能是 F 或 M")
    return Person(
        id=reading.text(data, "id", longest=32),
        name=reading.text(data, "name", longest=60),
        woman=sex == "F",
        review=reading.one_of(data, "review", Review) if "review" in data else Review.PASS,
    )


def _contest(raw: Any) -> Contest:
    data = reading.mapping(raw, "contests")
    return Contest(
        id=reading.text(data, "id", longest=32),
        title=reading.text(data, "title", longest=60),
        office=reading.one_of(data, "office", Office),
        seats=reading.whole(data, "seats"),
        candidates=reading.names(data, "candidates"),
        group=reading.one_of(data, "group", Group) if "group" in data else Group.GENERAL,
    )


def _pair(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or len(raw) != 2 or not all(isinstance(p, str) for p in raw):
        raise Unreadable("kin：每一对要是两个人")
    return frozenset(raw)


def _faults(plan: Plan) -> Iterable[str]:
    ids = [contest.id for contest in plan.contests]
    ranks = [list(Office).index(contest.office) for contest in plan.contests]
    if not ids or len(set(ids)) != len(ids):
        yield "contests：至少一栏，编号不能重复"
    if ranks != sorted(ranks):
        yield "contests：要按职位从高到低排"
    for contest in plan.contests:
        if not 1 <= contest.seats <= 99:
            yield f"{contest.title}：应选人数要是 1 到 99"
        if not set(contest.candidates) <= plan.people.keys():
            yield f"{contest.title}：候选人不在 people 里"
    if any(len(pair) != 2 or not pair <= plan.people.keys() for pair in plan.kin):
        yield "kin：每一对要是 people 里的两个人"
    if not plan.vacant <= set(ids):
        yield "vacant：没有这一栏"

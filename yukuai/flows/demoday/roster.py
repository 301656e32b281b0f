"""The forty officers of the day and the place they work in, as data: no database.

Names are synthetic; nobody is counted by name anywhere.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

TOWNSHIP, DISTRICT = "500103011", "500103"
HEADS, DISPATCHERS = 3, 4
"""Officers of a community and of the township itself."""
SURNAMES = "周陈冉谭何罗胡杨刘田马秦石彭邓汪蒋龚向余熊任廖文付傅袁毛贺龙段雷侯邵孟万黎易常武"
OFFICES = (  # department, at the township or the district, how many officers
    ("综合行政执法大队", TOWNSHIP, 2),
    ("城市管理办", TOWNSHIP, 1),
    ("应急管理办", TOWNSHIP, 1),
    ("民政和社会事务办", TOWNSHIP, 1),
    ("平安法治办", TOWNSHIP, 1),
    ("社区事务服务中心", TOWNSHIP, 1),
    ("区城市管理局", DISTRICT, 1),
    ("区住房城乡建委", DISTRICT, 1),
)


@dataclass(frozen=True)
class Officer:
    """`place` is a code; `department` is '' for a desk of the place itself."""

    username: str
    name: str
    role: str
    place: str
    department: str = ""

    @property
    def door(self) -> tuple[str, str]:
        """Where his work lies: the place and, for a department, its name."""
        return self.place, self.department


@dataclass(frozen=True)
class Town:
    """Communities by code, in their order, and everybody who works there."""

    code: str
    communities: dict[str, str]
    officers: tuple[Officer, ...]

    def at(self, place: str, department: str = "") -> list[Officer]:
        """Who sits behind a door."""
        return [one for one in self.officers if one.door == (place, department)]

    def level_of(self, department: str) -> str:
        return next(place for name, place, _number in OFFICES if name == department)


def read_town(seed: Path) -> Town:
    """The township with its communities, as the division table of the product has them."""
    with (seed / "chongqing_divisions.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["parent_code"] == TOWNSHIP]
    communities = {row["code"]: row["name"] for row in rows}
    return Town(TOWNSHIP, communities, _officers(list(communities)))


def _officers(communities: list[str]) -> tuple[Officer, ...]:
    seats = [("community-staff", code, "") for code in communities for _ in range(HEADS)]
    seats += [("township-op", TOWNSHIP, "")] * DISPATCHERS
    seats += [("dept-op", place, name) for name, place, number in OFFICES for _ in range(number)]
    return tuple(
        Officer(f"day{i:02d}", f"{SURNAMES[(i - 1) % len(SURNAMES)]}同志", *seat)
        for i, seat in enumerate(seats, start=1)
    )

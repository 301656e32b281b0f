"""The real tree of `seed/` with sketched lines, made without a database."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yukuai.engines.partition import Area
from yukuai.engines.sketch import Sketch, Town, sketch

SEED = Path(__file__).resolve().parent.parent / "seed"
SEATS = ("chongqing_town_points_geonames.csv", "chongqing_town_points_by_eye.csv")


@dataclass(frozen=True)
class Drawn:
    towns: tuple[Town, ...]
    lines: Sketch

    def layers(self) -> Iterator[tuple[Area, Mapping[str, Area]]]:
        """Each parent with its children, from the top down."""
        yield self.lines.city, self.lines.districts
        below: dict[str, dict[str, Area]] = defaultdict(dict)
        for town in self.towns:
            below[town.district][town.code] = self.lines.towns[town.code]
        yield from ((self.lines.districts[name], towns) for name, towns in below.items())
        for town in self.towns:
            yield (
                self.lines.towns[town.code],
                {name: self.lines.communities[name] for name in town.communities},
            )


def draw() -> Drawn:
    moved = {
        row["old_town_code_2023"]: row["new_county"] for row in _rows("chongqing_changes_2025.csv")
    }
    rows = _rows("chongqing_divisions.csv")
    below = defaultdict(list)
    for row in rows:
        if len(row["code"]) == 12:
            below[row["parent_code"]].append(row["code"])
    towns = tuple(
        Town(code, code[:6], moved.get(code, code[:6]), tuple(below[code]))
        for code in (row["code"] for row in rows)
        if len(code) == 9
    )
    seats = {
        row["code"]: (float(row["lon_wgs84"]), float(row["lat_wgs84"]))
        for name in SEATS
        for row in _rows(name)
    }
    return Drawn(towns, sketch(towns, seats))


def _rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

"""Where townships and their like have their seat: names by which one finds one's way while no map
lies beneath. Points of a public gazetteer (seed/README.md), no boundaries."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

FILE = "chongqing_town_points_geonames.csv"


@dataclass(frozen=True)
class Seat:
    name: str
    lon: float
    lat: float


@cache
def list_seats() -> tuple[Seat, ...]:
    path = Path(settings.SEED) / FILE
    with path.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Seat(row["name"], float(row["lon_wgs84"]), float(row["lat_wgs84"]))
            for row in csv.DictReader(rows)
        )

"""Lines for the look-alike places of tests/places.py: squares, the same each time."""

from datetime import date

import shapely

from tests.conftest import NOON
from yukuai.divisions.models import Boundary

SQUARES = {
    1: (106.4, 29.4, 106.8, 29.8),
    2: (106.5, 29.5, 106.6, 29.6),
    12: (106.5, 29.5, 106.6, 29.6),
    112: (106.5, 29.5, 106.55, 29.6),
    113: (106.55, 29.5, 106.6, 29.6),
    11: (106.6, 29.5, 106.7, 29.6),
    111: (106.6, 29.5, 106.7, 29.6),
    1111: (106.6, 29.5, 106.7, 29.6),
}
"""West, south, east, north."""


def draw(division_id, square, *, since=date(2020, 1, 1), until=None, version=1):
    return Boundary.objects.create(
        division_id=division_id,
        geom=shapely.to_wkb(shapely.MultiPolygon([shapely.box(*square)])),
        version=version,
        valid_from=since,
        valid_to=until,
        illustrative=True,
        basis="合成",
        source="合成",
        review_number="渝S（2026）001号",
        approved_by="测试",
        recorded_at=NOON,
    )


def draw_all():
    return {pk: draw(pk, square) for pk, square in SQUARES.items()}

"""Facilities with a point as GeoJSON features, for the world outside: what is public of them."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from yukuai.divisions.features import PLACES, Form, Page
from yukuai.kernel.actions import Acts
from yukuai.kernel.geometry import SRID
from yukuai.kernel.tiles import Box
from yukuai.registry.catalogue import FIELDS, Level
from yukuai.registry.codes import labels_of

_HERE = (
    "FROM registry_facility b WHERE b.ended_on IS NULL AND b.lon IS NOT NULL AND b.lat IS NOT NULL"
)
_POINT = f"ST_SetSRID(ST_MakePoint(b.lon, b.lat), {SRID})"
_TOLD = [
    one.name
    for one in FIELDS["facility"]
    if one.level is Level.PUBLIC and one.name not in ("lon", "lat")
]


def list_facilities(
    actor: Acts, *, boxes: Sequence[Box], after: int, limit: int, form: Form
) -> Page:
    """In the order of their ids; `after` is the last one before. What lies in one of the boxes."""
    edges = [edge for box in boxes for edge in (box.west, box.east, box.south, box.north)]
    inside = " OR ".join("(b.lon BETWEEN %s AND %s AND b.lat BETWEEN %s AND %s)" for _ in boxes)
    where = f"{_HERE} AND ({inside or 'true'})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {where}", edges)
        matched = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT b.id, {_feature(form)} {where} AND b.id > %s ORDER BY b.id LIMIT %s",
            [_labels(), *edges, after, limit + 1],
        )
        rows = cursor.fetchall()
    shown = rows[:limit]
    last = shown[-1][0] if len(rows) > limit else None
    return Page(tuple(text for _pk, text in shown), matched, last)


def find_facility_feature(actor: Acts, *, facility_id: int, form: Form) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_feature(form)} {_HERE} AND b.id = %s", [_labels(), facility_id])
        row = cursor.fetchone()
    return row[0] if row else None


def find_facilities_box(actor: Acts) -> Box | None:
    """Around all of them; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(b.lon), min(b.lat), max(b.lon), max(b.lat) {_HERE}")
        edges = cursor.fetchone()
    return Box(*edges) if edges[0] is not None else None


def _labels() -> str:
    return json.dumps(labels_of("facility"), ensure_ascii=False)


def _feature(form: Form) -> str:
    """Takes one parameter: the labels of the categories."""
    told = ", ".join(f"'{name}', b.{name}" for name in _TOLD)
    digits: Any = 3 if form.projected else PLACES
    return f"""json_build_object(
        'type', 'Feature', 'id', b.id,
        'geometry', ST_AsGeoJSON({form.sql(_POINT)}, {digits}, 0)::json,
        'properties', json_build_object({told},
            'category_label', %s::jsonb ->> b.category, 'division', b.division_id))::text"""

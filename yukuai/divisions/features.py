"""Divisions with their lines as GeoJSON features, for the world outside. Public.

A feature is a division, its id never changes; its geometry is the line in effect on the day asked
for. PostGIS writes the JSON, so that a line is not taken apart and put together again on the way.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yukuai.divisions.models import DivisionKind
from yukuai.kernel.actions import Acts
from yukuai.kernel.reference import ReferenceMap
from yukuai.kernel.tiles import Box, envelope

PLACES = 7
"""Digits after the point: lines lie on a grid of 1e-7 degrees (docs/partition.md)."""


@dataclass(frozen=True)
class Days:
    """From one day to another, both included; None: open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Wanted:
    """`days` None: the lines of today. Of several lines in some days, the last counts.

    `boxes`: degrees; what meets one of them. `after`: the id of the last feature before.
    """

    kind: DivisionKind
    boxes: tuple[Box, ...] = ()
    days: Days | None = None
    after: int = 0
    limit: int = 10


@dataclass(frozen=True)
class Form:
    """How coordinates are written: a projection of PostGIS or degrees as stored, longitude first
    or last."""

    projected: int | None = None
    flipped: bool = False

    def sql(self, shape: str) -> str:
        if self.projected:
            shape = f"ST_Transform({shape}, {self.projected})"
        return f"ST_FlipCoordinates({shape})" if self.flipped else shape


@dataclass(frozen=True)
class Page:
    """`features` are JSON texts; `last` is the id to go on from, None at the end."""

    features: tuple[str, ...]
    matched: int
    last: int | None


@dataclass(frozen=True)
class Reach:
    """Where and since when there are lines; None while there are none."""

    box: Box
    since: date


def list_features(actor: Acts, *, wanted: Wanted, form: Form) -> Page:
    where, given = _conditions(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_LINES.format(where=where)}) b", given)
        matched = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT b.division_id, {_feature(form)} FROM ({_LINES.format(where=where)}) b"
            f" JOIN divisions_division d ON d.id = b.division_id {_NAME}"
            " WHERE b.division_id > %s ORDER BY b.division_id LIMIT %s",
            [*given, wanted.after, wanted.limit + 1],
        )
        rows = cursor.fetchall()
    shown = rows[: wanted.limit]
    last = shown[-1][0] if len(rows) > wanted.limit else None
    return Page(tuple(text for _pk, text in shown), matched, last)


def find_feature(actor: Acts, *, kind: DivisionKind, division_id: int, form: Form) -> str | None:
    """As it is today."""
    where, given = _conditions(Wanted(kind))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_feature(form)} FROM ({_LINES.format(where=where)}) b"
            f" JOIN divisions_division d ON d.id = b.division_id {_NAME} WHERE d.id = %s",
            [*given, division_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _load_reach(kind: str) -> Reach | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e), since FROM ("
            "SELECT ST_Extent(b.geom) e, min(b.valid_from) since FROM divisions_boundary b"
            " JOIN divisions_division d ON d.id = b.division_id WHERE d.kind = %s) found",
            [kind],
        )
        *edges, since = cursor.fetchone()
    return Reach(Box(*edges), since) if since else None


known_reach = ReferenceMap(_load_reach).get
"""Of the lines of a kind."""


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    """What narrows the lines of a kind to one a division, and that to what meets the boxes."""
    given: list[Any] = [wanted.kind.value]
    if wanted.days is None:
        dated = "x.valid_to IS NULL AND y.valid_to IS NULL"
    else:
        dated = "daterange(x.valid_from, x.valid_to) && daterange(%s::date, %s::date, '[]')"
        given += [wanted.days.first, wanted.days.last]
    meets = [_MEETS.format(box=envelope(box)) for box in wanted.boxes]
    return f"{dated} {_LATEST} WHERE {' OR '.join(meets) or 'true'}", given


_LATEST = "ORDER BY x.division_id, x.valid_from DESC) l"
_LINES = (
    "SELECT * FROM (SELECT DISTINCT ON (x.division_id) x.* FROM divisions_boundary x"
    " JOIN divisions_division y ON y.id = x.division_id WHERE y.kind = %s AND {where}"
)
_MEETS = "(l.geom && {box} AND ST_Intersects(l.geom, {box}))"
_NAME = (
    "LEFT JOIN divisions_divisionname n ON n.division_id = d.id AND n.valid_from <="
    " coalesce(b.valid_to - 1, 'infinity'::date)"
    " AND coalesce(n.valid_to, 'infinity'::date) > coalesce(b.valid_to - 1, b.valid_from)"
    " AND (b.valid_to IS NOT NULL OR n.valid_to IS NULL)"
)
"""What it was called on the last day of the line; today's name of a line in effect."""


def _feature(form: Form) -> str:
    digits = 3 if form.projected else PLACES
    return f"""json_build_object(
        'type', 'Feature', 'id', d.id,
        'geometry', ST_AsGeoJSON({form.sql("b.geom")}, {digits}, 0)::json,
        'properties', json_build_object(
            'name', coalesce(n.name, d.name), 'code', d.code, 'parent', d.parent_id,
            'version', b.version, 'valid_from', b.valid_from, 'valid_to', b.valid_to,
            'illustrative', b.illustrative, 'review_number', b.review_number,
            'basis', b.basis))::text"""


def collect(page: Page, said: dict[str, Any]) -> str:
    """The features as one document, with what else is said of them."""
    rest = json.dumps(said, ensure_ascii=False)[1:]
    return f'{{"type": "FeatureCollection", "features": [{",".join(page.features)}], {rest}'

"""Lines in effect: of which divisions, and which division a point lies in. Public."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count

from yukuai.divisions.locating import Locator
from yukuai.divisions.models import Boundary, Division, DivisionKind
from yukuai.divisions.rules import has_ground, layer_of
from yukuai.engines.partition import Area, from_wkb
from yukuai.kernel.actions import Acts
from yukuai.kernel.geometry import SRID
from yukuai.kernel.reference import Reference
from yukuai.kernel.tiles import Box


@dataclass(frozen=True)
class Line:
    """A line in effect. `geom` is WKB, degrees of CGCS2000."""

    division_id: int
    version: int
    geom: bytes
    since: date
    illustrative: bool
    review_number: str

    @property
    def area(self) -> Area:
        return from_wkb(self.geom)


def list_lines(actor: Acts, *, division_ids: Iterable[int], on: date | None = None) -> list[Line]:
    """As they are today, or were on a day; a division without a line is left out."""
    rows = Boundary.objects.filter(division_id__in=list(division_ids)).order_by("division_id")
    if on is None:
        rows = rows.filter(valid_to=None)
    else:
        rows = rows.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    return [_line(row) for row in rows]


def find_box(actor: Acts, *, division_id: int) -> Box | None:
    """Around the line in effect; None where none is drawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
            " FROM divisions_boundary WHERE division_id = %s AND valid_to IS NULL",
            [division_id],
        )
        row = cursor.fetchone()
    return Box(*row) if row else None


def find_inside(actor: Acts, *, division_id: int) -> tuple[float, float] | None:
    """A point well inside the line in effect, as degrees east and north."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(spot), ST_Y(spot) FROM divisions_boundary, ST_PointOnSurface(geom) spot"
            " WHERE division_id = %s AND valid_to IS NULL",
            [division_id],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def _load_notes() -> tuple[bool, tuple[str, ...]]:
    rows = Boundary.objects.filter(valid_to=None).order_by()
    said = set(rows.values_list("illustrative", "review_number").distinct())
    numbers = sorted({number for _illustrative, number in said if number})
    return any(illustrative for illustrative, _number in said), tuple(numbers)


_NOTES = Reference(_load_notes)


def known_notes(actor: Acts) -> tuple[bool, tuple[str, ...]]:
    """What a map says of its lines: whether any is 示意, and the 审图号 they have."""
    return _NOTES.get()


def list_siblings(actor: Acts, *, parent: Division, kind: str) -> list[Division]:
    """The living children of a parent among which lines of this kind have to fit; those that have
    no ground of their own (`has_ground`) are left out."""
    kinds = layer_of(kind) or [kind]
    return list_siblings_of(actor, parent_ids=[parent.pk], kinds=kinds).get(parent.pk, [])


def list_siblings_of(
    actor: Acts, *, parent_ids: Collection[int], kinds: Collection[str]
) -> dict[int, list[Division]]:
    """The same of many parents, by the id of each; of all these kinds."""
    rows = Division.objects.filter(parent__in=parent_ids, valid_to=None, kind__in=kinds)
    found = list(rows.order_by("code", "pk"))
    zones = [one for one in found if one.kind == DivisionKind.ZONE]
    below = Division.objects.filter(parent__in=zones, valid_to=None).order_by()
    townships = dict(below.values_list("parent_id").annotate(Count("pk"))) if zones else {}
    siblings: dict[int, list[Division]] = {}
    for one in found:
        if has_ground(one.kind, townships=townships.get(one.pk, 0)):
            siblings.setdefault(one.parent_id or 0, []).append(one)
    return siblings


def list_lines_below(actor: Acts, *, parent: Division) -> list[tuple[Division, bytes]]:
    """The living children with their lines in effect, as WKB; those without one are left out."""
    rows = Boundary.objects.filter(
        division__parent=parent, division__valid_to=None, valid_to=None
    ).select_related("division")
    return [(row.division, row.geom) for row in rows.order_by("division__code", "division_id")]


def list_beside(
    actor: Acts, *, division: Division, line: bytes, most: int
) -> list[tuple[Division, bytes]]:
    """The siblings of its layer whose line meets this one, with theirs."""
    if division.parent is None:
        return []
    siblings = list_siblings(actor, parent=division.parent, kind=division.kind)
    rows = Boundary.objects.filter(division__in=siblings, valid_to=None, geom__meets=line)
    rows = rows.exclude(division=division).select_related("division").order_by("division_id")
    return [(row.division, row.geom) for row in rows[:most]]


def locate(
    actor: Acts, *, lon: float, lat: float, kinds: Sequence[str], on: date | None = None
) -> Division | None:
    """Which division of one of these kinds a point lies in, in CGCS2000; None where no line is
    drawn. On a line between two it is the one with the smaller id, always the same."""
    dated = "b.valid_to IS NULL"
    params: list[Any] = [lon, lat, list(kinds)]
    if on is not None:
        dated = "b.valid_from <= %s AND (b.valid_to IS NULL OR b.valid_to > %s)"
        params += [on, on]
    with connection.cursor() as cursor:
        cursor.execute(_LOCATE.format(dated=dated), params)
        found = cursor.fetchone()
    return Division.objects.get(pk=found[0]) if found else None


def locate_each(
    actor: Acts, *, spots: Sequence[tuple[float, float]], kinds: Sequence[str]
) -> list[dict[str, int]]:
    """The same of several points (longitude, latitude) as the lines are now, in one statement: of
    each the ids of the divisions it lies in, by kind."""
    found: list[dict[str, int]] = [{} for _ in spots]
    lon, lat = [lon for lon, _ in spots], [lat for _, lat in spots]
    with connection.cursor() as cursor:
        cursor.execute(_LOCATE_EACH, [lon, lat, list(kinds)])
        for number, kind, division_id in cursor.fetchall():
            found[number - 1][kind] = division_id
    return found


def locator(actor: Acts, *, kinds: Sequence[str], on: date | None = None) -> Locator:
    """For many points at once, by the rule of `locate`; as the lines are now, or were on a day."""
    ids = Division.objects.filter(kind__in=kinds).values_list("pk", flat=True)
    lines = list_lines(actor, division_ids=ids, on=on)
    return Locator({line.division_id: line.geom for line in lines})


_LOCATE = f"""
    SELECT d.id FROM divisions_boundary b JOIN divisions_division d ON d.id = b.division_id
    WHERE ST_Intersects(b.geom, ST_SetSRID(ST_MakePoint(%s, %s), {SRID}))
        AND d.kind = ANY (%s) AND {{dated}}
    ORDER BY d.id LIMIT 1
"""

_LOCATE_EACH = f"""
    SELECT spot.number, d.kind, min(d.id)
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS spot (lon, lat, number)
    JOIN divisions_boundary b ON b.valid_to IS NULL
        AND ST_Intersects(b.geom, ST_SetSRID(ST_MakePoint(spot.lon, spot.lat), {SRID}))
    JOIN divisions_division d ON d.id = b.division_id AND d.kind = ANY (%s)
    GROUP BY spot.number, d.kind
"""


def count_cells_on(actor: Acts, *, kind: str, areas: Sequence[bytes]) -> int:
    """How many living divisions of a kind have a point of their ground in one of these areas (WKB
    in degrees): inside, so that a border in common is none."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS_ON, [list(areas), kind])
        return int(cursor.fetchone()[0])


_CELLS_ON = f"""
    WITH ground AS MATERIALIZED (
        SELECT ST_GeomFromWKB(one, {SRID}) AS geom FROM unnest(%s::bytea[]) AS one
    )
    SELECT count(DISTINCT d.id) FROM ground
    JOIN divisions_boundary b ON b.valid_to IS NULL AND ST_Intersects(b.geom, ground.geom)
        AND NOT ST_Touches(b.geom, ground.geom)
    JOIN divisions_division d ON d.id = b.division_id AND d.kind = %s AND d.valid_to IS NULL
"""


def _line(row: Boundary) -> Line:
    return Line(
        row.division_id, row.version, row.geom, row.valid_from, row.illustrative, row.review_number
    )

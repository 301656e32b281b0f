"""Vector tiles (MVT) drawn by PostGIS from the rows of any app.

An app says its layers as data (`Layer`): a name, and a query that leaves rows with `mvt`, their
shape in the tile (`InTile`), `key`, an integer, and whatever else a tile shall say of them. All
layers asked for are drawn in one statement. The rows are what the query lets its actor see; nothing
here knows who that may be.

Tiles lie in the grid of EPSG:3857 and rows in CGCS2000 (EPSG:4490), whose datum counts as that of
WGS 84: degrees are taken over as they are (a test compares the numbers with PROJ's).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BinaryField, Func, Lookup, QuerySet
from django.db.models.expressions import Combinable

from yukuai.kernel.errors import NotFound
from yukuai.kernel.geometry import SRID, GeometryField

EXTENT, BUFFER = 4096, 64
"""Steps of a tile's side, and how far beyond its edge shapes are drawn, so that no seam is seen."""
DEEPEST = 20
MOST_ROWS = 20_000
"""Of a layer in one tile: what is denser is grouped by the layer, or asked for closer."""
NO_TILE = "没有这一块地图。"
ROUND = math.pi * 6_378_137.0
"""Metres of EPSG:3857 from the middle to the edge."""


@dataclass(frozen=True)
class Box:
    """Degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Tile:
    z: int
    x: int
    y: int

    @property
    def box(self) -> Box:
        """What lies in exactly one tile: from the west and the south edge on, up to the others."""
        return self._degrees(0.0)

    @property
    def wide_box(self) -> Box:
        """With the buffer."""
        return self._degrees(BUFFER / EXTENT)

    def _degrees(self, margin: float) -> Box:
        west, north = _degrees(self.z, self.x - margin, self.y - margin)
        east, south = _degrees(self.z, self.x + 1 + margin, self.y + 1 + margin)
        return Box(west, south, east, north)


def read_tile(z: int, x: int, y: int) -> Tile:
    """Raises NotFound."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound(NO_TILE)
    return Tile(z, x, y)


def _degrees(z: int, x: float, y: float) -> tuple[float, float]:
    side = 2**z
    return x / side * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / side))))


@dataclass(frozen=True)
class Layer:
    """`rows(actor, tile, asked)` is a query as the module says; `asked` is whatever the surface
    read from the address. Shown from the zoom `since` to before `until`.

    `lasting`: drawn from reference data alone (`kernel/reference.py`) and the same for everybody,
    so that its tiles are kept until the version moves. All else is drawn for each request: what
    one may see is never kept where another asks.
    """

    name: str
    rows: Callable[[Any, Tile, Any], QuerySet[Any, Any]]
    since: int = 0
    until: int = DEEPEST + 1
    lasting: bool = False

    def shows(self, tile: Tile) -> bool:
        return self.since <= tile.z < self.until


def choose(layers: Sequence[Layer], names: str) -> tuple[Layer, ...]:
    """Of names joined by commas, each once, in the order of `layers`. Raises NotFound."""
    wanted = set(names.split(","))
    if wanted - {layer.name for layer in layers}:
        raise NotFound(NO_TILE)
    return tuple(layer for layer in layers if layer.name in wanted)


def draw(actor: Any, *, layers: Sequence[Layer], tile: Tile, asked: Any = None) -> bytes:
    """One statement. A layer without a row here leaves nothing."""
    parts, params = [], []
    for layer in layers:
        if not layer.shows(tile):
            continue
        rows = layer.rows(actor, tile, asked)
        if rows.query.is_empty():
            continue
        sql, given = rows[:MOST_ROWS].query.sql_with_params()
        drawn = f"SELECT ST_AsMVT(t, %s, {EXTENT}, 'mvt', 'key') FROM ({sql}) t"
        parts.append(f"coalesce(({drawn}), '')")
        params += [layer.name, *given]
    if not parts:
        return b""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' || '.join(parts)}", params)
        return bytes(cursor.fetchone()[0])


class InTile(Func):
    """The shape of a row in the steps of a tile. What lies far outside is cut off first, so that
    only what is seen is projected."""

    output_field: Any = BinaryField()
    buffer = BUFFER

    def __init__(self, shape: Combinable | str, tile: Tile) -> None:
        self.tile = tile
        super().__init__(shape)

    def as_sql(self, compiler: Any, connection: Any, *_words: Any, **_extra: Any) -> Any:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        tile = self.tile
        return (
            f"ST_AsMVTGeom(ST_Transform({self._near(sql)}, 3857),"
            f" ST_TileEnvelope({tile.z}, {tile.x}, {tile.y}), {EXTENT}, {self.buffer}, true)"
        ), params

    def _near(self, sql: str) -> str:
        return f"ST_ClipByBox2D({sql}, {envelope(self.tile.wide_box)})"


class PointInTile(InTile):
    """In one tile only: one on its edge may be in two."""

    buffer = 0

    def _near(self, sql: str) -> str:
        return sql


class Spot(Func):
    """A point of two columns of degrees."""

    template = f"ST_SetSRID(ST_MakePoint(%(expressions)s), {SRID})"
    output_field: Any = GeometryField(kind="Point")

    def __init__(self, lon: Combinable | str, lat: Combinable | str) -> None:
        super().__init__(lon, lat)


class Inside(Func):
    """A point of an area, well inside, where its name is written."""

    function = "ST_PointOnSurface"
    output_field: Any = GeometryField(kind="Point")


@GeometryField.register_lookup
class Meets(Lookup):
    """Whether the box around a shape meets a box: `geom__meets=tile.wide_box`. By the index."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} && {envelope(self.rhs)}", params


def envelope(box: Box) -> str:
    return f"ST_MakeEnvelope({box.west!r}, {box.south!r}, {box.east!r}, {box.north!r}, {SRID})"

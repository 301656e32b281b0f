"""Lines in effect as layers of tiles: one of each level, and the names. Public."""

from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from yukuai.divisions.models import Boundary, DivisionKind
from yukuai.kernel.tiles import Inside, InTile, Layer, PointInTile, Tile

OUTLINED = {
    DivisionKind.CITY: 0,
    DivisionKind.DISTRICT: 5,
    DivisionKind.ZONE: 8,
    DivisionKind.TOWNSHIP: 8,
    DivisionKind.COMMUNITY: 10,
    DivisionKind.GROUP: 13,
    DivisionKind.GRID: 13,
    DivisionKind.COMPOUND: 13,
}
"""From which zoom on a level is drawn: further out its lines would lie on each other."""
NAMED = {
    DivisionKind.DISTRICT: (5, 12),
    DivisionKind.TOWNSHIP: (9, 15),
    DivisionKind.COMMUNITY: (12, 21),
    DivisionKind.GROUP: (15, 21),
    DivisionKind.GRID: (15, 21),
    DivisionKind.COMPOUND: (15, 21),
}
SAID = {
    "key": F("division_id"),
    "name": F("division__name"),
    "path": F("division__path"),
}


def _outlined(kind: DivisionKind, since: int) -> Layer:
    def rows(actor: Any, tile: Tile, asked: Any) -> QuerySet[Boundary, Any]:
        here = _current(tile).filter(division__kind=kind)
        return here.values(mvt=InTile("geom", tile), **SAID)

    return Layer(kind.value, rows, since=since, lasting=True)


def _named(actor: Any, tile: Tile, asked: Any) -> QuerySet[Boundary, Any]:
    kinds = [kind for kind, (since, until) in NAMED.items() if since <= tile.z < until]
    here = _current(tile).filter(division__kind__in=kinds)
    return here.values(
        mvt=PointInTile(Inside("geom"), tile), level=_LEVEL, kind=F("division__kind"), **SAID
    )


def _current(tile: Tile) -> QuerySet[Boundary]:
    living = Q(valid_to=None, division__valid_to=None)
    return Boundary.objects.filter(living, geom__meets=tile.wide_box).order_by("division_id")


_LEVEL = Case(
    *[When(division__kind=kind, then=Value(level)) for level, kind in enumerate(DivisionKind)],
    output_field=IntegerField(),
)
NAMES = Layer("names", _named, since=min(since for since, _ in NAMED.values()), lasting=True)
LAYERS = (*[_outlined(kind, since) for kind, since in OUTLINED.items()], NAMES)

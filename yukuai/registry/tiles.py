"""Houses, facilities and organisations as layers of tiles, for officers. A house and a facility are
public facts; an organisation is seen where one reads the register."""

from typing import Any

from django.db.models import F, QuerySet

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.kernel.tiles import Layer, PointInTile, Spot, Tile
from yukuai.registry.models import Building, Facility, Organisation, counted


def _in(rows: QuerySet[Any], tile: Tile) -> QuerySet[Any]:
    """By ranges, which an index serves under row-level security too."""
    box = tile.box
    return rows.filter(
        counted(),
        lon__gte=box.west,
        lon__lt=box.east,
        lat__gte=box.south,
        lat__lt=box.north,
    ).order_by("pk")


def _said(rows: QuerySet[Any], tile: Tile, *columns: str) -> QuerySet[Any, Any]:
    shape = PointInTile(Spot("lon", "lat"), tile)
    return rows.values("name", *columns, key=F("pk"), mvt=shape)


def _buildings(actor: Actor, tile: Tile, asked: Any) -> QuerySet[Any, Any]:
    return _said(_in(Building.objects.all(), tile), tile, "address", "floors")


def _facilities(actor: Actor, tile: Tile, asked: Any) -> QuerySet[Any, Any]:
    columns = ("category", "address", "opening_hours", "accessible")
    return _said(_in(Facility.objects.all(), tile), tile, *columns)


def _organisations(actor: Actor, tile: Tile, asked: Any) -> QuerySet[Any, Any]:
    rows = visible(actor, Permission.REGISTRY_VIEW, Organisation.objects.all())
    return _said(_in(rows, tile), tile, "address", "org_type")


LAYERS = (
    Layer("buildings", _buildings, since=15),
    Layer("facilities", _facilities, since=13),
    Layer("organisations", _organisations, since=16),
)

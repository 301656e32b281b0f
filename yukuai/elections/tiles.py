"""Where announcements hang today, as a layer of tiles: one sign a community, for officers."""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.elections.models import Announcement
from yukuai.kernel.clock import today
from yukuai.kernel.tiles import Inside, Layer, PointInTile, Tile


def hanging(actor: Actor, day: date) -> QuerySet[Announcement]:
    """What hangs that day, of what the actor may see."""
    rows = Announcement.objects.filter(issued_on__lte=day, down_on__gte=day)
    return visible(actor, Permission.ELECTION_VIEW, rows)


def _notices(actor: Actor, tile: Tile, asked: Any) -> QuerySet[Any, Any]:
    rows = hanging(actor, today(asked.at)).filter(
        division__boundaries__valid_to=None,
        division__boundaries__geom__near_box=tile.wide_box,
    )
    return (
        rows.order_by("division_id", "-pk")
        .distinct("division_id")
        .values(
            "title",
            key=F("division_id"),
            name=F("division__name"),
            mvt=PointInTile(Inside("division__boundaries__geom"), tile),
        )
    )


LAYERS = (Layer("notices", _notices, since=11),)

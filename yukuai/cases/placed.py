"""Open matters by the ground their point lies on: for lines that move. Public."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Case
from yukuai.cases.states import OPEN
from yukuai.kernel.geometry import SRID


class LiesIn(models.Func):
    """Whether a point, longitude and latitude, lies in one of several areas given as WKB."""

    output_field = models.BooleanField()
    template = (
        f"EXISTS (SELECT FROM unnest(%%s::bytea[]) AS one WHERE ST_Intersects("
        f"ST_SetSRID(ST_MakePoint(%(expressions)s), {SRID}), ST_GeomFromWKB(one, {SRID})))"
    )

    def __init__(self, *expressions: Any, areas: Sequence[bytes]) -> None:
        super().__init__(*expressions)
        self.areas = list(areas)

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(*args, **kwargs)
        return sql, (self.areas, *params)


def list_open_within(actor: Actor, *, grounds: Sequence[bytes]) -> QuerySet[Case]:
    """Matters that are not over, with a point in one of the areas, by their ids. Parts of a matter
    go along with it."""
    rows = Case.objects.filter(state__in=OPEN, lat__isnull=False, parent=None)
    return (
        rows.filter(LiesIn(F("lon"), F("lat"), areas=grounds))
        .select_related("division")
        .order_by("pk")
    )

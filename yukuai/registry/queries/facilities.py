"""Facilities for everybody: those of a community and those near it. All of it is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Q

from yukuai.kernel.actions import Acts
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import NotFound
from yukuai.registry.codes import label_of, labels_of
from yukuai.registry.hours import read_hours, say_now
from yukuai.registry.models import Building, Facility, counted
from yukuai.registry.nearby import metres, say_distance

DEGREES = 0.03
"""About three kilometres: what one still goes to."""
MOST = 200
UNKNOWN = 10**7
NOT_HERE = "没有这个设施，可能已经不在了。"
Point = tuple[float, float]


@dataclass(frozen=True)
class Nearby:
    """`open_now` is None where the hours do not read; `far` is in metres from the community."""

    id: int
    name: str
    category: str
    category_label: str
    address: str
    hours: str
    open_now: bool | None
    now_said: str
    accessible: bool | None
    access_note: str
    phone: str
    capacity: int | None
    maintainer: str
    division_id: int
    lon: float | None
    lat: float | None
    far: int
    distance: str


def list_near(
    actor: Acts, *, division_id: int, category: str, at: datetime
) -> tuple[Sequence[Nearby], Point | None]:
    """The nearest first, and from where that is reckoned: the middle of the community's houses."""
    rows = Facility.objects.filter(counted())
    middle = _middle(division_id)
    near = Q(division_id=division_id)
    if middle:
        lon, lat = middle
        near |= Q(
            lat__range=(lat - DEGREES, lat + DEGREES), lon__range=(lon - DEGREES, lon + DEGREES)
        )
    rows = rows.filter(near)
    if category in labels_of("facility"):
        rows = rows.filter(category=category)
    found = [_nearby(row, middle, at) for row in rows.order_by("pk")[:MOST]]
    return sorted(found, key=lambda one: (one.far, one.name, one.id)), middle


def get_facility(actor: Acts, *, facility_id: int, at: datetime) -> Nearby:
    row = Facility.objects.filter(counted(), pk=facility_id).first()
    if row is None:
        raise NotFound(NOT_HERE)
    return _nearby(row, None, at)


def list_categories(actor: Acts) -> Sequence[tuple[str, str]]:
    return list(labels_of("facility").items())


def _middle(division_id: int) -> Point | None:
    for model in (Building, Facility):
        rows: Any = model.objects.filter(counted(), division_id=division_id, lon__isnull=False)
        found = rows.aggregate(lon=Avg("lon"), lat=Avg("lat"))
        if found["lon"] is not None:
            return found["lon"], found["lat"]
    return None


def _nearby(row: Facility, middle: Point | None, at: datetime) -> Nearby:
    hours = read_hours(row.opening_hours)
    local = at.astimezone(SHANGHAI)
    open_now, said = (
        say_now(hours, local.weekday(), local.hour * 60 + local.minute) if hours else (None, "")
    )
    far = UNKNOWN
    if middle is not None and row.lon is not None and row.lat is not None:
        far = metres(middle[0], middle[1], row.lon, row.lat)
    return Nearby(
        id=row.pk,
        name=row.name,
        category=row.category,
        category_label=label_of("facility", row.category),
        address=row.address,
        hours=row.opening_hours,
        open_now=open_now,
        now_said=said,
        accessible=row.accessible,
        access_note=row.access_note,
        phone=row.public_phone,
        capacity=row.capacity,
        maintainer=row.maintainer,
        division_id=row.division_id,
        lon=row.lon,
        lat=row.lat,
        far=far,
        distance=say_distance(far) if far != UNKNOWN else "",
    )

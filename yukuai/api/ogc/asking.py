"""What a request asks for, read from its address; what cannot be understood is refused (400)."""

import math
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from yukuai.api.ogc.collections import CRS84, EPSG, SYSTEMS
from yukuai.divisions.features import Days, Form
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.tiles import ROUND, Box

LIMIT, MOST = 10, 1000
OPEN_ENDS = {"", ".."}
Numbers = tuple[float, float, float, float]


def only(given: Any, known: Collection[str]) -> None:
    """A parameter that nobody knows may be a misspelt one: to overlook it would answer another
    question."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InvalidInput(f"不认识参数 {unknown[0][:40]}。", fields={unknown[0][:40]: "unknown"})


def read_crs(address: str, name: str = "crs") -> tuple[str, Form]:
    form = SYSTEMS.get(address or CRS84)
    if form is None:
        raise wrong(name, "没有这个坐标系，看集合的 crs")
    return address or CRS84, form


def read_boxes(text: str, crs: str) -> tuple[Box, ...]:
    """One, two where it spans the meridian of 180 degrees, or none when not asked for."""
    if not text:
        return ()
    low_x, low_y, high_x, high_y = _degrees(_numbers(text), crs)
    if low_y > high_y or not (low_y >= -90 and high_y <= 90):
        raise wrong("bbox", "南边要小于北边")
    if not (-180 <= low_x <= 180 and -180 <= high_x <= 180):
        raise wrong("bbox", "经度在 -180 到 180 之间")
    if low_x <= high_x:
        return (Box(low_x, low_y, high_x, high_y),)
    return Box(low_x, low_y, 180.0, high_y), Box(-180.0, low_y, high_x, high_y)


def _numbers(text: str) -> Numbers:
    try:
        numbers = [float(part) for part in text[:400].split(",")]
    except ValueError:
        raise wrong("bbox", "要四个数") from None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise wrong("bbox", "要四个数")
    west, south, east, north = numbers
    return west, south, east, north


def _degrees(numbers: Numbers, crs: str) -> Numbers:
    _address, form = read_crs(crs, "bbox-crs")
    west, south, east, north = numbers
    if form.flipped:
        return south, west, north, east
    if crs == f"{EPSG}3857":
        if max(map(abs, numbers)) > ROUND + 1:
            raise wrong("bbox", "超出这个坐标系的范围")
        return _lon(west), _lat(south), _lon(east), _lat(north)
    return numbers


def _lon(x: float) -> float:
    return max(-180.0, min(180.0, x / ROUND * 180))


def _lat(y: float) -> float:
    return math.degrees(math.atan(math.sinh(y / ROUND * math.pi)))


def read_days(text: str) -> Days | None:
    """A moment, or two with a slash between, of which one may be open."""
    if not text:
        return None
    first, slash, last = text[:100].partition("/")
    if not slash:
        day = _day(first)
        return Days(day, day)
    days = Days(*(None if end in OPEN_ENDS else _day(end) for end in (first, last)))
    if days == Days() or (days.first and days.last and days.first > days.last):
        raise wrong("datetime", "先写早的，再写晚的")
    return days


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise wrong("datetime", "写成 2026-01-01T00:00:00Z") from None
    return today(moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI))


def wrong(name: str, words: str) -> InvalidInput:
    return InvalidInput(f"参数 {name} 不对：{words}。", fields={name: words})

"""A draft as facts for a sheet of paper: lines in millimetres, a scale bar of a round length."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from yukuai.boundaries.queries import Sheet
from yukuai.engines.partition import Area, Unreadable, from_geojson, from_wkb
from yukuai.kernel.clock import today

WIDTH, HEIGHT = 172.0, 200.0
"""Millimetres of the map on an A4 sheet."""
METRES_A_STEP = 0.01113195
BAR = 40.0
"""The scale bar is at most as long."""
Ring = list[list[float]]


class Frame:
    """From steps to millimetres from the upper left corner, true in the middle of the map."""

    def __init__(self, areas: Iterable[Area]) -> None:
        points = [area.xy for area in areas if len(area.xy)]
        self.west = float(min(one[:, 0].min() for one in points))
        self.north = float(max(one[:, 1].max() for one in points))
        east = float(max(one[:, 0].max() for one in points))
        south = float(min(one[:, 1].min() for one in points))
        self.shrink = math.cos(math.radians((self.north + south) / 2e7))
        wide, high = (east - self.west) * self.shrink, self.north - south
        self.scale = min(WIDTH / max(wide, 1), HEIGHT / max(high, 1))
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def rings(self, area: Area) -> list[Ring]:
        x = self.left + (area.xy[:, 0] - self.west) * self.shrink * self.scale
        y = self.top + (self.north - area.xy[:, 1]) * self.scale
        points = [[round(float(a), 3), round(float(b), 3)] for a, b in zip(x, y, strict=True)]
        starts = [int(one) for one in area.rings]
        return [points[a:b] for a, b in pairwise(starts)]

    def bar(self) -> tuple[float, str]:
        """Its length in millimetres, and what it stands for."""
        metres = BAR / self.scale * METRES_A_STEP
        step = 10 ** math.floor(math.log10(metres))
        length = max(one * step for one in (1, 2, 5) if one * step <= metres)
        words = f"{length / 1000:g} 千米" if length >= 1000 else f"{length:g} 米"
        return round(length / METRES_A_STEP * self.scale, 3), words


def facts_of(draft: Any, sheet: Sheet, *, review_number: str, at: datetime) -> dict[str, Any]:
    parent = from_wkb(sheet.parent) if sheet.parent else None
    drawn = [(child.name, _area(shape.drawn)) for child, shape in sheet.children if shape]
    shown = [(name, area) for name, area in drawn if area is not None]
    everything = [area for _, area in shown] + ([parent] if parent else [])
    frame = Frame(everything) if everything else None
    bar, words = frame.bar() if frame else (0.0, "")
    return {
        "title": f"{draft.division.name}{draft.layer_word}界线图",
        "state": draft.get_state_display(),
        "number": draft.number,
        "illustrative": draft.illustrative,
        "basis": draft.basis or "还没有写明",
        "effective": _day(draft.effective) if draft.effective else "还没有定",
        "drawn_by": draft.drawn_by,
        "approved_by": draft.approved_by,
        "review_number": review_number,
        "made": _day(today(at)),
        "parent": frame.rings(parent) if frame and parent else [],
        "children": [_child(frame, name, area) for name, area in shown] if frame else [],
        "bar": bar,
        "bar_words": words,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _day(day: date) -> str:
    """With its year: paper is read for years."""
    return f"{day.year}年{day.month}月{day.day}日"


def _child(frame: Frame, name: str, area: Area) -> dict[str, Any]:
    rings = frame.rings(area)
    return {"name": name, "rings": rings, "at": _middle(max(rings, key=len, default=[]))}


def _middle(ring: Sequence[Sequence[float]]) -> list[float]:
    """Where the name is written: the centre of gravity of the longest ring."""
    pairs = list(zip(ring, [*ring[1:], *ring[:1]], strict=True))
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    if not twice:
        return [0.0, 0.0]
    return [
        round(
            sum((a[axis] + b[axis]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / 3 / twice, 3
        )
        for axis in (0, 1)
    ]


def _area(drawn: Any) -> Area | None:
    """None where nothing is drawn, or what nobody can read."""
    if not drawn:
        return None
    try:
        return from_geojson(drawn)
    except Unreadable:
        return None

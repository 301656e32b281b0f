"""Divides narrow gaps where the owner beside them changes.

A gap along many children would otherwise go to one of them as a long thread in front of the others.
From each place where two children meet at a gap a straight line is led over to its other side, if
that is near: to a vertex, or else to a point that becomes one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from yukuai.engines.partition.cover import CUT
from yukuai.engines.partition.faces import dissolve
from yukuai.engines.partition.grid import Bools, Floats, Ints, keys, shapes, unkey
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.metric import scale
from yukuai.engines.partition.noding import Cuts, Paths, insert, node, segments
from yukuai.engines.partition.survey import Survey, is_gap, survey_of


@dataclass(frozen=True)
class Place:
    """A vertex on the border of a gap where two children meet, and the arcs over there."""

    gap: int
    vertex: int
    across: tuple[int, ...]


@dataclass(frozen=True)
class Bridge:
    """From a vertex to another one; `line` is the straight line to be parted for that, if any."""

    start: int
    end: int
    line: tuple[int, int] | None = None


def bridged(survey: Survey, *, snap_m: float, limits: Limits) -> Survey:
    """The survey with narrow gaps divided."""
    places = _places(survey)
    gaps = _shapes(survey, {place.gap for place in places})
    near = (_bridge(survey, place, gaps[place.gap], snap_m) for place in places)
    bridges = [bridge for bridge in near if bridge is not None]
    if not bridges:
        return survey
    paths, fresh = _parted(survey.paths, bridges)
    drawn = [one for one in bridges if one.start != one.end]
    start = np.array([one.start for one in drawn], np.int64)
    end = np.array([one.end for one in drawn], np.int64)
    number = CUT - np.repeat(np.arange(len(drawn)), 2)
    there = np.stack([start, end], axis=1).ravel()
    back = np.stack([end, start], axis=1).ravel()
    paths = Paths(
        np.concatenate([paths.start, there]),
        np.concatenate([paths.end, back]),
        np.concatenate([paths.ring, number]),
        np.concatenate([paths.source, np.full(len(there), -1)]),
    )
    fresh = np.concatenate([fresh, np.ones(len(there), bool)])
    return survey_of(survey.drawing, node(paths, limits=limits, fresh=fresh))


def _parted(paths: Paths, bridges: Sequence[Bridge]) -> tuple[Paths, Bools]:
    lines = segments(paths)
    ends = [(one.line, one.end) for one in bridges if one.line is not None]
    where = np.array([lines.find(*line) for line, _ in ends], np.int64)
    return insert(paths, lines, Cuts(where, np.array([end for _, end in ends], np.int64)))


def _places(survey: Survey) -> list[Place]:
    arcs, of = survey.arcs, survey.regions.of
    region = of[survey.faces.left]
    border = region[0::2] != region[1::2]
    following = arcs.following(np.repeat(border, 2))
    gap = np.array([is_gap(survey.label(region)) for region in range(len(survey.regions.labels))])
    halves = np.flatnonzero(gap[region] & np.repeat(border, 2))
    other = region[halves ^ 1]
    next_other = region[following[halves] ^ 1]
    by_gap: dict[int, dict[int, list[int]]] = {}
    for half, beside in zip(halves.tolist(), other.tolist(), strict=True):
        by_gap.setdefault(int(region[half]), {}).setdefault(beside, []).append(half >> 1)
    found = []
    for half in halves[other != next_other].tolist():
        one, two = int(region[half ^ 1]), int(region[following[half] ^ 1])
        sides = by_gap[int(region[half])]
        if len(sides) < 3 or not (survey.label(one)[0] and survey.label(two)[0]):
            continue
        across = [
            arc for beside, there in sides.items() if beside not in {one, two} for arc in there
        ]
        vertex = int(arcs.start[half >> 1] if half & 1 else arcs.end[half >> 1])
        found.append(Place(int(region[half]), vertex, tuple(sorted(across))))
    return found


def _shapes(survey: Survey, gaps: set[int]) -> dict[int, shapely.MultiPolygon]:
    areas = dissolve(survey.arcs, survey.regions.of[survey.faces.left], gaps.__contains__)
    made = shapes(list(areas.values()))
    shapely.prepare(made)
    return dict(zip(areas, made.tolist(), strict=True))


def _bridge(
    survey: Survey, place: Place, gap: shapely.MultiPolygon, snap_m: float
) -> Bridge | None:
    here = unkey(np.array([place.vertex]))
    metres = scale(here[:, 1])[0]
    best: tuple[float, int, int] | None = None
    lines = {arc: survey.arcs.line(arc) for arc in place.across}
    for arc, line in lines.items():
        away = (line - here) * metres
        far, step = _nearest_step(away)
        if far <= snap_m and (best is None or far < best[0]):
            best = (far, arc, step)
    if best is None:
        return None
    vertex = _vertex(gap, lines, here, metres, snap_m)
    if vertex is not None:
        return None if vertex == place.vertex else Bridge(place.vertex, vertex)
    return _to_line(place.vertex, lines[best[1]], best[2], here, metres)


def _nearest_step(away: Floats) -> tuple[float, int]:
    """How far a line passes from the origin, and on which step."""
    start, along = away[:-1], np.diff(away, axis=0)
    part = np.clip(-(start * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
    nearest = start + along * part[:, None]
    far = np.hypot(nearest[:, 0], nearest[:, 1])
    step = int(np.argmin(far))
    return float(far[step]), step


def _vertex(
    gap: shapely.MultiPolygon,
    lines: dict[int, Ints],
    here: Ints,
    metres: Floats,
    snap_m: float,
) -> int | None:
    """The nearest vertex over there that can be reached without leaving the gap."""
    there = np.concatenate(list(lines.values()))
    away = (there - here) * metres
    far = np.hypot(away[:, 0], away[:, 1])
    near = np.flatnonzero(far <= snap_m)
    for at in near[np.lexsort((keys(there[near]), far[near]))][:4].tolist():
        way = shapely.linestrings(np.concatenate([here, there[at : at + 1]]).astype(float))
        if far[at] == 0 or shapely.covers(gap, way):
            return int(keys(there[at]))
    return None


def _to_line(vertex: int, line: Ints, step: int, here: Ints, metres: Floats) -> Bridge:
    start, end = line[step], line[step + 1]
    along, away = (end - start) * metres, (here[0] - start) * metres
    part = np.clip((along * away).sum() / (along * along).sum(), 0, 1)
    point = start + np.rint((end - start) * part).astype(np.int64)
    ends = (int(keys(start)), int(keys(end)))
    at = int(keys(point))
    return Bridge(vertex, at, None if at in ends else ends)

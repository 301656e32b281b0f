"""From what was drawn to findings and a proposal: the engine, and what a layer adds to it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from yukuai.boundaries.rules import limits_of, tiles_parent
from yukuai.engines.partition import (
    Area,
    Check,
    Finding,
    NotOnLine,
    Point,
    Result,
    Severity,
    canonical,
    from_geojson,
    insert_vertex,
    partition,
    shared_border,
    to_degrees,
    to_geojson,
)
from yukuai.engines.partition.grid import area_of, keys, shapes, unkey

CHECKS = {
    Check.OVERLAP: "overlap",
    Check.GAP: "gap",
    Check.OUTSIDE: "beyond",
    Check.UNATTACHED: "unattached",
    Check.SLIVER: "sliver",
    Check.EXCLAVE: "exclave",
    Check.SELF_CROSSING: "self_crossing",
    Check.EMPTY: "empty",
}
SEVERITIES = {Severity.NOTE: "note", Severity.CONFIRM: "confirm", Severity.REFUSE: "refused"}
REST = "rest"
"""The ground that is no compound's: a child of its own, so that compounds are kept apart too."""
NOT_ADOPTED = "线还没有严丝合缝。点“全部修好”采用整理后的界线，或者逐处修。"
TAKEN_UP = "分界线在上级界线上多出一个交点。批准时，上级和相邻各方的界线同时加上这个顶点。"
NOTHING_TO_DO = "不需要处理。"
TRIES = 6
"""Two are enough unless features are as small as the grid."""
MOST_FINDINGS = 500
"""Kept and shown; the gravest come first."""

Geometry = Mapping[str, Any]


@dataclass(frozen=True)
class Drawing:
    """What is checked: GeoJSON by id of the child, None where nothing is drawn. `brought` are the
    vertices the last check found the parent to need."""

    layer: str
    parent: Area
    children: Mapping[int, Geometry | None]
    declared: Collection[int] = ()
    brought: Sequence[Point] = ()


@dataclass(frozen=True)
class Checked:
    """`proposal` has a child only where something could be made of it."""

    accepted: bool
    reason: str
    proposal: Mapping[int, Area]
    findings: Sequence[dict[str, Any]]
    brought: Sequence[Point]


def check(drawing: Drawing) -> Checked:
    """Partition, once more with the vertices that the level above will take up, if it needs any."""
    limits = limits_of(drawing.layer)
    children = _named(drawing)
    declared = [*map(str, drawing.declared), REST]
    parent = with_vertices(drawing.parent, drawing.brought)
    for _ in range(TRIES):
        result = partition(parent, children, limits=limits, declared_exclaves=declared)
        needed = _needed(drawing.parent, result)
        if result.brought:
            parent = result.parent
        elif len(needed) < len(_brought(drawing.parent, parent)):  # a border ended here before
            parent = with_vertices(drawing.parent, needed)
        else:
            break
    proposal = {int(name): area for name, area in result.children.items() if name != REST}
    brought = _brought(drawing.parent, result.parent) if tiles_parent(drawing.layer) else ()
    found = [*result.findings, *_taken_up(brought, proposal)]
    reason = result.reason
    if not reason and not is_adopted(drawing.children, proposal):
        reason = NOT_ADOPTED
    return Checked(
        accepted=not reason,
        reason=reason,
        proposal=proposal,
        findings=[_said(one, proposal) for one in found[:MOST_FINDINGS]],
        brought=brought,
    )


def _needed(bare: Area, result: Result) -> list[Point]:
    """Of the vertices the parent has more than its line in effect, those at which two meet."""
    having = [frozenset(map(tuple, area.xy.tolist())) for area in result.children.values()]
    extra = _brought(bare, result.parent)
    return [point for point in extra if sum(point in one for one in having) > 1]


def is_adopted(drawn: Mapping[int, Geometry | None], proposal: Mapping[int, Area]) -> bool:
    """Is what was drawn exactly what the engine makes of it?"""
    areas = {pk: canonical(from_geojson(one)) for pk, one in drawn.items() if one}
    return areas == dict(proposal)


def with_vertices(parent: Area, brought: Sequence[Point]) -> Area:
    """The line of the level above as it will be; what is not on it any more is passed over."""
    for point in brought:
        try:
            parent = insert_vertex({"": parent}, point, within_m=0.06)[""]
        except NotOnLine:
            continue
    return parent


def _named(drawing: Drawing) -> dict[str, Geometry | Area | None]:
    named: dict[str, Geometry | Area | None] = {str(k): v for k, v in drawing.children.items()}
    if tiles_parent(drawing.layer):
        return named
    named = {name: one for name, one in named.items() if one}
    rest = _rest(drawing.parent, [from_geojson(one) for one in drawing.children.values() if one])
    return named if rest.is_empty else {**named, REST: rest}


def _rest(parent: Area, children: Sequence[Area]) -> Area:
    """What of the parent nobody drew."""
    solid = shapely.make_valid(shapes(children), method="structure", keep_collapsed=False)
    left = shapely.difference(
        shapes([parent])[0], shapely.union_all(solid, grid_size=1), grid_size=1
    )
    return area_from(left)


def lie_within(parent: Area, children: Sequence[Area]) -> bool:
    """Whether areas that need not tile lie in their parent."""
    return bool(shapely.covers(shapes([parent])[0], shapes(children)).all())


def area_from(shape: Any) -> Area:
    """The polygons of a shape whose coordinates are steps."""
    polygons = [
        [np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1] for ring in rings]
        for part in shapely.get_parts(shape)
        if shapely.get_type_id(part) == 3 and not shapely.is_empty(part)
        for rings in [shapely.get_rings(part)]
    ]
    return canonical(area_of(polygons))


def _brought(before: Area, after: Area) -> list[Point]:
    new = np.setdiff1d(keys(after.xy), keys(before.xy))
    return [(int(x), int(y)) for x, y in unkey(new).tolist()]


def _taken_up(brought: Sequence[Point], proposal: Mapping[int, Area]) -> list[Finding]:
    return [
        Finding(
            check=Check.UNATTACHED,
            severity=Severity.NOTE,
            children=tuple(
                str(pk) for pk, area in proposal.items() if (area.xy == point).all(axis=1).any()
            ),
            message=TAKEN_UP,
            fix=NOTHING_TO_DO,
            point=point,
        )
        for point in brought
    ]


def _said(one: Finding, proposal: Mapping[int, Area]) -> dict[str, Any]:
    """As it is kept, and as the editor reads it; names come in when it is shown."""
    one = replace(
        one,
        children=tuple(name for name in one.children if name != REST),
        others=tuple(name for name in (one.decided, *one.others) if name and name != REST),
    )
    owners = [int(name) for name in one.others]
    if one.check is Check.EXCLAVE:
        owners = _beside(one, proposal)
    return {
        "key": key_of(one),
        "check": CHECKS[one.check],
        "title": str(one.check),
        "severity": SEVERITIES[one.severity],
        "sentence": one.message,
        "fix": one.fix,
        "who": [int(name) for name in one.children],
        "place": list(to_degrees(one.point)) if one.point != (0, 0) else None,
        "size_m2": round(one.m2, 2),
        "geometry": None if one.geometry.is_empty else to_geojson(one.geometry),
        "decided": int(one.decided) if one.decided and one.decided != REST else None,
        "owners": list(dict.fromkeys(owners)),
    }


def _beside(one: Finding, proposal: Mapping[int, Area]) -> list[int]:
    """Who could take a piece that lies apart: those that have a border with it."""
    return [
        pk
        for pk, area in proposal.items()
        if str(pk) not in one.children and shared_border(one.geometry, area)
    ]


def key_of(one: Finding) -> str:
    """The same finding of the same drawing has the same key."""
    said = f"{one.check}|{one.point}|{','.join(sorted(one.children))}|{round(one.m2)}"
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()[:12]

"""From a parent and dirty children to an exact tiling, with everything decided on the way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from yukuai.engines.partition.attach import Attached, Step, attach, parent_of, steps_of, substituted
from yukuai.engines.partition.bridges import bridged
from yukuai.engines.partition.case import Case, place
from yukuai.engines.partition.checks import empty, exclave, find_all, self_crossing
from yukuai.engines.partition.cover import draw
from yukuai.engines.partition.exact import all_valid, tiles
from yukuai.engines.partition.faces import dissolve
from yukuai.engines.partition.findings import (
    Check,
    Finding,
    Result,
    Severity,
    in_order,
    reason_of,
)
from yukuai.engines.partition.grid import (
    BEYOND_THE_WORLD,
    EAST,
    EMPTY,
    NORTH,
    STEPS,
    Area,
    Unreadable,
    area_of,
    canonical,
    doubled,
    from_geojson,
    keys,
    shapes,
    unkey,
)
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.metric import scale
from yukuai.engines.partition.noding import TooTangled, is_noded
from yukuai.engines.partition.owners import NOBODY, Owners, decide
from yukuai.engines.partition.survey import Survey, survey

Drawn = Area | Mapping[str, Any] | None
"""An area, a GeoJSON geometry, or nothing."""
TRIES = 8
"""Two are enough unless features are as small as the grid."""
FIX_PARENT = "请上级先修好自己的界线。"


def partition(
    parent: Area | Mapping[str, Any],
    children: Mapping[str, Drawn],
    *,
    limits: Limits | None = None,
    declared_exclaves: Collection[str] = (),
    precedence: Sequence[str] = (),
) -> Result:
    """Children that are valid, do not overlap, and make the parent together, vertex by vertex.

    `children` by id, however dirty; those in `declared_exclaves` may lie in several pieces; where
    some overlap, the first of them in `precedence` wins. The parent has to be valid. Raises
    Unreadable for a parent that is no area; everything else wrong is a finding.
    """
    limits = limits or Limits()
    whole = canonical(parent if isinstance(parent, Area) else from_geojson(parent))
    read, wrong = _read(children, limits)
    refusal = _beyond(whole, read, limits)
    if refusal:
        return Result(False, refusal, whole, {}, in_order(wrong))
    if not all_valid([whole]):
        return _concluded(whole, {}, [*wrong, _crossed(whole)])
    if _is_clean(whole, read, limits, declared_exclaves):
        return _concluded(whole, read, [*wrong, *exclave.undeclared(read, declared_exclaves)])
    try:
        return _settled(whole, read, wrong, limits, declared_exclaves, precedence)
    except TooTangled:
        return Result(False, "线条交错过多，无法整理，请检查数据。", whole, {}, in_order(wrong))


def densify(
    parent: Area | Mapping[str, Any],
    children: Mapping[str, Drawn],
    *,
    limits: Limits | None = None,
    declared_exclaves: Collection[str] = (),
    precedence: Sequence[str] = (),
) -> Area:
    """The parent with the vertices its children need on its line, each within a step of it: what an
    upper level does once, when it approves. Partitioning it leaves it as it is then."""
    for _ in range(TRIES):
        result = partition(
            parent,
            children,
            limits=limits,
            declared_exclaves=declared_exclaves,
            precedence=precedence,
        )
        if not result.brought:
            return result.parent
        parent = result.parent
    return result.parent


def _read(children: Mapping[str, Drawn], limits: Limits) -> tuple[dict[str, Area], list[Finding]]:
    """What can be read, as canonical areas unless they are refused anyway, and what is wrong with
    it and the rest."""
    read, wrong = {}, {}
    findings: list[Finding] = []
    for name, drawn in children.items():
        try:
            area = drawn if isinstance(drawn, Area) else from_geojson(drawn) if drawn else EMPTY
        except Unreadable as error:
            wrong[name] = str(error)
            continue
        if len(area.xy) > limits.max_vertices:
            read[name] = area
            continue
        findings += self_crossing.unclosed(name, area, snap_m=limits.snap_m)
        tidy = canonical(area)
        if tidy.is_empty:
            wrong[name] = ""
        else:
            read[name] = tidy
    return read, [*findings, *empty.missing(wrong)]


def _beyond(whole: Area, children: Mapping[str, Area], limits: Limits) -> str:
    """Why nothing is even tried; '' when it is."""
    areas = [whole, *children.values()]
    vertices = sum(len(area.xy) for area in areas)
    if vertices > limits.max_vertices:
        return f"顶点共 {vertices} 个，超过上限 {limits.max_vertices} 个，请先抽稀。"
    if len(children) > limits.max_children:
        return f"下级共 {len(children)} 个，超过上限 {limits.max_children} 个。"
    if whole.is_empty or not children:
        return "上级没有界线。" if whole.is_empty else "没有任何下级画出范围。"
    xy = np.concatenate([area.xy for area in areas])
    if (np.abs(xy) > (EAST, NORTH)).any():
        return BEYOND_THE_WORLD
    if (np.ptp(xy, axis=0) > limits.max_degrees * STEPS).any():
        return f"图形跨度超过 {limits.max_degrees:g} 度，请核对坐标。"
    return ""


def _is_clean(
    whole: Area, children: Mapping[str, Area], limits: Limits, declared: Collection[str]
) -> bool:
    """Exact already, no vertex on another's line, and without loose slivers."""
    areas = list(children.values())
    if not tiles(whole, areas):
        return False
    paths = draw(areas).paths
    if not is_noded(paths, np.ones(len(paths), bool), limits=limits):
        return False
    least = _doubled_sliver(whole, limits)
    return not any(
        doubled(loops[0]) < least
        for name, area in children.items()
        if area.parts > 1 and name not in declared
        for loops in area.loops()
    )


def _doubled_sliver(whole: Area, limits: Limits) -> float:
    """Twice the area of a sliver in steps²."""
    middle = np.array([whole.xy[:, 1].min() / 2 + whole.xy[:, 1].max() / 2])
    return float(2 * limits.sliver_m2 / scale(middle).prod())


def _settled(
    whole: Area,
    children: Mapping[str, Area],
    findings: Sequence[Finding],
    limits: Limits,
    declared: Collection[str],
    precedence: Sequence[str],
) -> Result:
    """Leading borders to the parent's vertices may leave a piece a little smaller than a sliver:
    then once more, until nothing changes."""
    found = _solved(whole, children, findings, limits, declared, precedence)
    while found.children and not _is_clean(found.parent, found.children, limits, declared):
        said = [one for one in found.findings if one.check is not Check.EXCLAVE]
        again = _solved(found.parent, found.children, said, limits, declared, precedence)
        if again.children == found.children:
            break
        found = replace(again, brought=found.brought)
    return found


def _solved(
    whole: Area,
    children: Mapping[str, Area],
    findings: Sequence[Finding],
    limits: Limits,
    declared: Collection[str],
    precedence: Sequence[str],
) -> Result:
    names = ("", *sorted(children, key=lambda name: _rank(name, children[name])))
    drawn = survey([whole, *(children[name] for name in names[1:])], limits=limits)
    if not any(inside and covering for inside, covering in drawn.labels):
        gone = empty.gone(sorted(names[1:]))
        return _concluded(whole, {}, [*findings, *gone])
    drawn = bridged(drawn, snap_m=limits.snap_m, limits=limits)
    places = {name: number for number, name in enumerate(names) if number}
    allowed = frozenset(places[name] for name in declared if name in places)
    owners = decide(
        drawn,
        precedence=[places[name] for name in precedence if name in places],
        declared=allowed,
        sliver=_doubled_sliver(whole, limits),
    )
    attached = attach(drawn, owners.of_face, snap_m=limits.snap_m)
    parent, areas, attached = _built(drawn, owners, attached, limits)
    case = Case(limits, names, drawn, owners, attached, areas, allowed)
    made = {names[place]: area for place, area in sorted(areas.items())}
    return _concluded(parent, made, [*findings, *find_all(case)], attached)


def _rank(name: str, area: Area) -> tuple[int, bytes, str]:
    """The larger first; names only tell apart what is drawn alike."""
    size = sum(doubled(loops[0]) for loops in area.loops())
    return -size, np.sort(keys(area.xy)).tobytes(), name


Built = tuple[Area, dict[int, Area], Attached]


def _built(drawn: Survey, owners: Owners, attached: Attached, limits: Limits) -> Built:
    """Parent and children, and what became of the vertices brought onto the parent's line; nothing
    leaves here that is not exact."""
    steps = steps_of(drawn)
    for parent, areas, done in _attempts(drawn, owners, attached):
        made = list(areas.values())
        if tiles(parent, made) and all_valid([parent]) and _holds(made, steps, limits):
            return parent, areas, done
    raise TooTangled


def _attempts(drawn: Survey, owners: Owners, attached: Attached) -> Iterator[Built]:
    """With `attached`, unless features are as small as the grid; then with a parent that takes up
    all that was put into its line."""
    labels = owners.of_face[drawn.faces.left]
    raw = dissolve(drawn.arcs, labels, lambda owner: owner != NOBODY)
    led = {place: canonical(substituted(area, attached)) for place, area in raw.items()}
    kept = {place: area for place, area in led.items() if not area.is_empty}
    yield canonical(substituted(area_of(parent_of(drawn)), attached)), kept, attached
    brought = {vertex for step in steps_of(drawn) for vertex in step.brought}
    inside = dissolve(drawn.arcs, (labels != NOBODY).astype(np.int64), bool)[1]
    yield inside, raw, Attached(brought=tuple(sorted(brought)))


def _holds(areas: Sequence[Area], steps: Sequence[Step], limits: Limits) -> bool:
    """Do the lines at the ends of these steps meet nothing in between?"""
    ends = np.array([(step.chain[0], step.chain[-1]) for step in steps], np.int64).ravel()
    paths = draw(areas).paths
    fresh = np.isin(paths.start, ends) | np.isin(paths.end, ends)
    return is_noded(paths, fresh, limits=limits)


def _concluded(
    parent: Area,
    children: Mapping[str, Area],
    findings: Sequence[Finding],
    attached: Attached | None = None,
) -> Result:
    findings = in_order(findings)
    brought = unkey(np.array(attached.brought if attached else (), np.int64)).tolist()
    reason = reason_of(findings)
    return Result(
        accepted=not reason,
        reason=reason,
        parent=parent,
        children={name: children[name] for name in sorted(children)},
        findings=findings,
        brought=tuple((int(x), int(y)) for x, y in brought),
    )


def _crossed(whole: Area) -> Finding:
    return Finding(
        check=Check.SELF_CROSSING,
        severity=Severity.REFUSE,
        children=(),
        message=f"上级界线本身有错：{shapely.is_valid_reason(shapes([whole])[0])}。",
        fix=FIX_PARENT,
        point=place(whole),
        geometry=whole,
    )

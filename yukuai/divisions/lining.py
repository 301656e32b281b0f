"""Lines come into effect: those of siblings together, so that no day has ground that is nobody's.

`put_in_effect` is the step: whoever takes it has been allowed to, by an approval or by
`put_lines_in_effect`, the action of an administrator. `take_up` brings vertices into every line
there is, before: that changes no ground.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from yukuai.audit.actions import record
from yukuai.divisions.lines import list_siblings_of
from yukuai.divisions.models import Boundary, Division
from yukuai.divisions.rules import layer_of
from yukuai.divisions.steps import Manages
from yukuai.engines.partition import (
    STEPS,
    Area,
    NotOnLine,
    Point,
    canonical,
    from_wkb,
    has_vertex,
    insert_vertex,
    tiles,
    to_degrees,
    to_wkb,
)
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.geometry import SRID

SOURCE_LENGTH = 200


@dataclass(frozen=True)
class Grounds:
    """What lines rest on, and who says so."""

    basis: str
    source: str
    approved_by: str
    illustrative: bool
    review_number: str = ""


@dataclass(frozen=True)
class Layer:
    """Siblings whose lines come into effect together. `lines` has the line of each of `divisions`:
    every living sibling of the layer, tiling the parent's line bit for bit; a layer that need not
    tile may come in part. The root comes alone, without a parent."""

    parent: Division | None
    divisions: Sequence[Division]
    lines: Mapping[int, Area]


_Turned = tuple[int, bytes, int]


@dataclass(frozen=True)
class Outcome:
    """Of a layer: the ids of those whose line is another, or why nothing of it was done."""

    changed: list[int]
    refused: Conflict | None = None


def put_in_effect(
    actor: Manages,
    *,
    parent: Division | None,
    divisions: Sequence[Division],
    lines: Mapping[int, Area],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> list[int]:
    """New lines of siblings (`Layer`) from a day on; the former ones end the day before. Returns
    the ids of those whose line is another from then on.

    The day is today or earlier, but after the day on which a line that is in effect began. Call
    `lock_tree` first. Raises InvalidInput, Conflict.
    """
    layer = Layer(parent, divisions, lines)
    (outcome,) = put_layers_in_effect(
        actor, layers=[layer], grounds=grounds, effective=effective, at=at
    )
    if outcome.refused is not None:
        raise outcome.refused
    return outcome.changed


def put_layers_in_effect(
    actor: Manages,
    *,
    layers: Sequence[Layer],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> list[Outcome]:
    """The same of many layers, none of which lies below another of them, with as many statements
    as for one: what is refused of one layer keeps no other from its lines. Raises InvalidInput."""
    for layer in layers:
        _check_asked(layer, grounds, effective, at)
    standing = _read_standing(actor, layers)
    outcomes: list[Outcome] = []
    new: list[_Turned] = []
    for layer in layers:
        areas = {pk: canonical(area) for pk, area in layer.lines.items()}
        try:
            _check_fit(standing, layer, areas)
            rows = _turned(standing, layer, areas, effective)
        except Conflict as error:
            outcomes.append(Outcome([], error))
        else:
            outcomes.append(Outcome([division_id for division_id, *_ in rows]))
            new += rows
    ending = Boundary.objects.filter(valid_to=None, division__in=[row[0] for row in new])
    ending.update(valid_to=effective)
    _write(new, grounds, effective, at)
    for layer, outcome in zip(layers, outcomes, strict=True):
        if outcome.changed:
            above = layer.parent or layer.divisions[0]
            _trace(actor, "effect", above, at, divisions=outcome.changed, basis=grounds.basis)
    return outcomes


def take_up(
    actor: Manages,
    *,
    points: Sequence[Point],
    besides: Sequence[Division],
    basis: str,
    effective: date,
    at: datetime,
) -> list[int]:
    """Vertices that children brought onto the line of their parent enter every ring that has this
    line, on whatever level, so that what tiled exactly still does. Returns the ids of the
    divisions whose line has another vertex.

    `besides` are those whose lines are about to be replaced anyway. From the day on a line with new
    vertices is another version, with all that the former rests on; one that begins that very day
    is mended where it stands. Call `lock_tree` first. Raises Conflict.
    """
    left_out = {division.pk for division in besides}
    met = [_on_line(point, left_out) for point in points]
    rows = {row.division_id: row for found in met for row in found}
    lines = {str(pk): canonical(from_wkb(row.geom)) for pk, row in rows.items()}
    denser = dict(lines)
    for point, found in zip(points, met, strict=True):
        denser |= _with_vertex(
            {str(r.division_id): denser[str(r.division_id)] for r in found}, point
        )
    changed = [rows[int(pk)] for pk, line in denser.items() if line is not lines[pk]]
    for row in changed:
        row.geom = to_wkb(denser[str(row.division_id)])
    _renew(changed, basis, effective, at)
    ids = sorted(row.division_id for row in changed)
    if ids:
        above = min((row.division for row in changed), key=lambda one: len(one.path))
        _trace(actor, "densify", above, at, divisions=ids, vertices=len(points))
    return ids


def _trace(actor: Manages, act: str, above: Division, at: datetime, **said: Any) -> None:
    target = f"division:{above.pk}"
    record(actor, act=f"boundary.{act}", target=target, area=above.path, at=at, **said)


NEAR_STEPS = 3
"""A brought vertex lies within a step of the line it is on."""
_ON_LINE = f"""
    SELECT b.id FROM divisions_boundary b, ST_SetSRID(ST_MakePoint(%s, %s), {SRID}) AS point
    WHERE b.valid_to IS NULL AND b.geom && ST_Expand(point, {NEAR_STEPS / STEPS})
        AND ST_DWithin(ST_Boundary(b.geom), point, {NEAR_STEPS / STEPS})
"""


def _on_line(point: Point, left_out: Collection[int]) -> list[Boundary]:
    """The lines in effect that lead through this point."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_LINE, to_degrees(point))
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Boundary.objects.filter(pk__in=ids).exclude(division_id__in=left_out)
    return list(rows.select_related("division").order_by("division_id"))


def _with_vertex(lines: Mapping[str, Area], point: Point) -> dict[str, Area]:
    """Those that lack it have it now."""
    lacking = {pk: line for pk, line in lines.items() if not has_vertex(line, point)}
    if not lacking:
        return {}
    try:
        return insert_vertex(lacking, point, within_m=NEAR_STEPS * 0.02)
    except NotOnLine as error:
        raise Conflict(f"上级界线上加不进新的顶点：{error}请重新检查这份草案。") from error


def _renew(rows: Sequence[Boundary], basis: str, effective: date, at: datetime) -> None:
    versions = dict(
        Boundary.objects.filter(division__in=[row.division_id for row in rows])
        .values_list("division")
        .annotate(Max("version"))
    )
    for row in rows:
        if row.valid_from >= effective:
            row.save(update_fields=["geom"])
            continue
        Boundary.objects.filter(pk=row.pk).update(valid_to=effective)
        row.pk, row.version, row.valid_from = None, versions[row.division_id] + 1, effective
        row.source, row.recorded_at = f"加密：{basis}"[:SOURCE_LENGTH], at
        row.save(force_insert=True)


@dataclass(frozen=True)
class _Standing:
    """What the layers meet: living children with ground, lines in effect, versions so far."""

    siblings: Mapping[int, Sequence[Division]]
    current: Mapping[int, Boundary]
    versions: Mapping[int, int]


def _read_standing(actor: Manages, layers: Sequence[Layer]) -> _Standing:
    parents = [layer.parent.pk for layer in layers if layer.parent is not None]
    divisions = [one.pk for layer in layers for one in layer.divisions]
    kinds = {kind for layer in layers for one in layer.divisions for kind in layer_of(one.kind)}
    rows = Boundary.objects.filter(division__in=divisions)
    current = Boundary.objects.filter(division__in=[*parents, *divisions], valid_to=None)
    return _Standing(
        list_siblings_of(actor, parent_ids=parents, kinds=kinds),
        {row.division_id: row for row in current},
        dict(rows.values_list("division").annotate(Max("version"))),
    )


def _check_asked(layer: Layer, grounds: Grounds, effective: date, at: datetime) -> None:
    if not grounds.basis.strip():
        raise InvalidInput("请写明依据。", fields={"basis": "请写明依据哪份文件。"})
    if effective > today(at):
        sentence = "界线不能提前生效，请在生效那天再办。"
        raise InvalidInput(sentence, fields={"effective": sentence})
    parent = layer.parent
    for division in layer.divisions:
        if division.parent_id != (parent.pk if parent else None):
            where = parent.name if parent else "最上面"
            raise InvalidInput(f"“{division.name}”不直接在“{where}”之下。")


def _check_fit(standing: _Standing, layer: Layer, areas: Mapping[int, Area]) -> None:
    parent = layer.parent
    if parent is None:
        return
    for kind in sorted({division.kind for division in layer.divisions}):
        together = layer_of(kind)
        if not together:
            continue
        children = standing.siblings.get(parent.pk, ())
        siblings = [one for one in children if one.kind in together]
        ids = {one.pk for one in siblings}
        bare = [one for one in layer.divisions if one.kind in together and one.pk not in ids]
        if bare:
            raise Conflict(f"“{bare[0].name}”不辖乡镇（街道），地面都在区县之内，不单独画界线。")
        missing = [one.name for one in siblings if one.pk not in areas]
        if missing:
            raise Conflict(f"还没有画界线：{'、'.join(missing[:5])}。同一级要一起生效。")
        above = standing.current.get(parent.pk)
        if above is None:
            raise Conflict(f"“{parent.name}”自己还没有界线，请上级先画。")
        if not tiles(canonical(from_wkb(above.geom)), [areas[one.pk] for one in siblings]):
            raise Conflict("这些界线没有严丝合缝地拼成上级的界线，请先检查并修好。")


def _turned(
    standing: _Standing,
    layer: Layer,
    areas: Mapping[int, Area],
    effective: date,
) -> list[_Turned]:
    """Those whose line is another from that day on: division, line, version."""
    new: list[_Turned] = []
    for division in layer.divisions:
        geom = to_wkb(areas[division.pk])
        before = standing.current.get(division.pk)
        if before is not None and before.geom == geom:
            continue
        if before is not None and before.valid_from >= effective:
            raise Conflict(
                f"“{division.name}”的现行界线 {before.valid_from} 才生效，请选更晚的日期。"
            )
        new.append((division.pk, geom, standing.versions.get(division.pk, 0) + 1))
    return new


AT_ONCE = 2000
_WRITE = f"""
    INSERT INTO divisions_boundary (division_id, geom, version, valid_from, basis, source,
        approved_by, illustrative, review_number, recorded_at)
    SELECT one.division_id, ST_GeomFromWKB(one.geom, {SRID}), one.version,
        %s, %s, %s, %s, %s, %s, %s
    FROM unnest(%s::bigint[], %s::bytea[], %s::int[]) AS one (division_id, geom, version)
"""


def _write(rows: Sequence[_Turned], grounds: Grounds, effective: date, at: datetime) -> None:
    said: list[Any] = [effective, grounds.basis, grounds.source, grounds.approved_by]
    said += [grounds.illustrative, grounds.review_number, at]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            columns = map(list, zip(*rows[start : start + AT_ONCE], strict=True))
            cursor.execute(_WRITE, [*said, *columns])

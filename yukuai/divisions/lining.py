"""Lines come into effect: those of siblings together, so that no day has ground that is nobody's.

`put_in_effect` is the step: whoever takes it has been allowed to, by an approval or by
`put_lines_in_effect`, the action of an administrator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from yukuai.audit.actions import record
from yukuai.divisions.lines import list_siblings
from yukuai.divisions.models import Boundary, Division
from yukuai.divisions.rules import layer_of
from yukuai.divisions.steps import Manages
from yukuai.engines.partition import Area, canonical, from_wkb, tiles, to_wkb
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class Grounds:
    """What lines rest on, and who says so."""

    basis: str
    source: str
    approved_by: str
    illustrative: bool
    review_number: str = ""


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
    """New lines of siblings from a day on; the former ones end the day before. Returns the ids of
    those whose line is another from then on.

    `lines` has the line of each of `divisions`: every living sibling of the layer, tiling the
    parent's line bit for bit; a layer that need not tile may come in part. The root comes alone,
    without a parent. The day is today or earlier, but after the day on which a line that is in
    effect began. Call `lock_tree` first. Raises InvalidInput, Conflict.
    """
    _check_asked(parent, divisions, grounds, effective, at)
    areas = {pk: canonical(area) for pk, area in lines.items()}
    if parent is not None:
        _check_fit(actor, parent, divisions, areas)
    changed = _turn(divisions, areas, grounds, effective, at)
    if changed:
        above = parent or divisions[0]
        record(
            actor,
            act="boundary.effect",
            target=f"division:{above.pk}",
            area=above.path,
            at=at,
            divisions=changed,
            basis=grounds.basis,
        )
    return changed


def _check_asked(
    parent: Division | None,
    divisions: Sequence[Division],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> None:
    if not grounds.basis.strip():
        raise InvalidInput("请写明依据。", fields={"basis": "请写明依据哪份文件。"})
    if effective > today(at):
        sentence = "界线不能提前生效，请在生效那天再办。"
        raise InvalidInput(sentence, fields={"effective": sentence})
    for division in divisions:
        if division.parent_id != (parent.pk if parent else None):
            where = parent.name if parent else "最上面"
            raise InvalidInput(f"“{division.name}”不直接在“{where}”之下。")


def _check_fit(
    actor: Manages, parent: Division, divisions: Sequence[Division], areas: Mapping[int, Area]
) -> None:
    for kind in sorted({division.kind for division in divisions}):
        if not layer_of(kind):
            continue
        siblings = list_siblings(actor, parent=parent, kind=kind)
        ids = {one.pk for one in siblings}
        bare = [one.name for one in divisions if one.kind in layer_of(kind) and one.pk not in ids]
        if bare:
            raise Conflict(f"“{bare[0]}”不辖乡镇（街道），地面都在区县之内，不单独画界线。")
        missing = [one.name for one in siblings if one.pk not in areas]
        if missing:
            raise Conflict(f"还没有画界线：{'、'.join(missing[:5])}。同一级要一起生效。")
        above = Boundary.objects.filter(division=parent, valid_to=None).first()
        if above is None:
            raise Conflict(f"“{parent.name}”自己还没有界线，请上级先画。")
        if not tiles(canonical(from_wkb(above.geom)), [areas[one.pk] for one in siblings]):
            raise Conflict("这些界线没有严丝合缝地拼成上级的界线，请先检查并修好。")


def _turn(
    divisions: Sequence[Division],
    areas: Mapping[int, Area],
    grounds: Grounds,
    effective: date,
    at: datetime,
) -> list[int]:
    """Ids of those whose line is another from that day on."""
    rows = Boundary.objects.filter(division__in=divisions)
    current = {row.division_id: row for row in rows.filter(valid_to=None)}
    versions = dict(rows.values_list("division").annotate(Max("version")))
    new = []
    for division in divisions:
        geom = to_wkb(areas[division.pk])
        before = current.get(division.pk)
        if before is not None and before.geom == geom:
            continue
        if before is not None and before.valid_from >= effective:
            raise Conflict(
                f"“{division.name}”的现行界线 {before.valid_from} 才生效，请选更晚的日期。"
            )
        new.append(
            Boundary(
                division=division,
                geom=geom,
                version=versions.get(division.pk, 0) + 1,
                valid_from=effective,
                basis=grounds.basis,
                source=grounds.source,
                approved_by=grounds.approved_by,
                illustrative=grounds.illustrative,
                review_number=grounds.review_number,
                recorded_at=at,
            )
        )
    rows.filter(valid_to=None, division_id__in=[row.division_id for row in new]).update(
        valid_to=effective
    )
    Boundary.objects.bulk_create(new, batch_size=500)
    return [row.division_id for row in new]

"""Do all lines in effect fit, on every level? Read by whoever runs the platform."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yukuai.divisions.models import Boundary, Division
from yukuai.divisions.rules import TILING, has_ground
from yukuai.engines.partition import Area, canonical, from_wkb, partition, tiles
from yukuai.kernel.actions import Acts

TOLD = 3
"""So many names or findings of one layer are said."""


@dataclass(frozen=True)
class Checked:
    """`layers` are those of which something is drawn; a layer of which nothing is, is no fault."""

    lines: int
    layers: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Tree:
    below: Mapping[int | None, Sequence[Division]]
    areas: Mapping[int, Area]


def check_lines(actor: Acts) -> Checked:
    """Every layer of living siblings: all drawn, and tiling the line above bit for bit."""
    tree, faults = _read()
    layers = list(_layers(tree))
    for parent, siblings in layers:
        faults += _faults(tree, parent, siblings)
    return Checked(len(tree.areas), len(layers), tuple(faults))


def _read() -> tuple[_Tree, list[str]]:
    below = defaultdict(list)
    for division in Division.objects.filter(valid_to=None).order_by("code", "pk"):
        below[division.parent_id].append(division)
    rows = Boundary.objects.filter(valid_to=None).order_by("division_id")
    areas = {pk: canonical(from_wkb(geom)) for pk, geom in rows.values_list("division_id", "geom")}
    ended = Division.objects.filter(pk__in=areas).exclude(valid_to=None).order_by("code", "pk")
    return _Tree(below, areas), [f"{_name(one)}已撤销，界线还有效。" for one in ended]


def _layers(tree: _Tree) -> Iterator[tuple[Division, list[Division]]]:
    parents = [one for siblings in tree.below.values() for one in siblings]
    for parent in sorted(parents, key=lambda one: (one.path.count("."), one.code, one.pk)):
        children = tree.below.get(parent.pk, ())
        for kinds in TILING:
            siblings = [one for one in children if one.kind in kinds and _has_ground(tree, one)]
            if any(one.pk in tree.areas for one in siblings):
                yield parent, siblings


def _has_ground(tree: _Tree, one: Division) -> bool:
    return has_ground(one.kind, townships=len(tree.below.get(one.pk, ())))


def _faults(tree: _Tree, parent: Division, siblings: Sequence[Division]) -> Iterator[str]:
    above = tree.areas.get(parent.pk)
    missing = [one.name for one in siblings if one.pk not in tree.areas]
    if above is None:
        yield f"{_name(parent)}自己没有界线，下级却有。"
    if missing:
        yield f"{_name(parent)}的下级没有画全：{_few(missing)}。"
    if above is None or missing:
        return
    areas = {str(one.pk): tree.areas[one.pk] for one in siblings}
    if not tiles(above, list(areas.values())):
        several = [pk for pk, area in areas.items() if area.parts > 1]
        found = partition(above, areas, declared_exclaves=several)
        said = [finding.message for finding in found.findings] or [found.reason]
        yield f"{_name(parent)}的下级没有严丝合缝：{_few(said)}"


def _name(division: Division) -> str:
    return f"{division.name}（{division.code or division.pk}）"


def _few(said: Sequence[str]) -> str:
    more = f"等 {len(said)} 处" if len(said) > TOLD else ""
    return "、".join(said[:TOLD]) + more

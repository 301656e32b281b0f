"""The demo's lines: the whole tree sketched (示意), put in effect wherever none is drawn yet."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from yukuai.divisions.actions import put_level_in_effect
from yukuai.divisions.lining import Grounds
from yukuai.divisions.models import (
    Boundary,
    CodeScheme,
    Division,
    DivisionCode,
    DivisionPlacement,
)
from yukuai.divisions.outlining import find_outlines
from yukuai.divisions.rules import has_ground
from yukuai.divisions.steps import Manages
from yukuai.engines.partition import Area
from yukuai.engines.sketch import Town, sketch
from yukuai.kernel.clock import today

SEATS = ("chongqing_town_points_geonames.csv", "chongqing_town_points_by_eye.csv")
BASIS = "演示数据，示意，不作勘界依据"
DRAWN = ("city", "district", "zone", "township", "community")
SKETCHED = "平台示意（驻地点：GeoNames，CC BY 4.0）"


@dataclass(frozen=True)
class Layer:
    """Siblings whose lines come into effect together."""

    parent: Division | None
    children: Sequence[Division]

    @property
    def parent_id(self) -> int | None:
        return self.parent.pk if self.parent else None

    @property
    def depth(self) -> int:
        return self.parent.path.count(".") if self.parent else 0

    def among(self, lines: Mapping[int, Area]) -> dict[int, Area]:
        """Those of its children."""
        return {one.pk: lines[one.pk] for one in self.children if one.pk in lines}


@dataclass(frozen=True)
class Seeded:
    """How many lines came into effect, from what, and what could not be drawn."""

    lines: int
    source: str = ""
    review_number: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Tree:
    below: Mapping[int | None, Sequence[Division]]
    code: Mapping[int, str]
    """The first official code of each, by which tables of seats and outlines know it."""


def seed_lines(actor: Manages, *, within: Division | None, at: datetime) -> Seeded:
    """Draws what nobody has drawn: layers in which no division has a line. `within` a district:
    its townships and communities, and the city and all districts, without which they cannot be.
    Running it again changes nothing. Raises Unsketchable."""
    tree = _read_tree()
    bare = list(_bare(_layers(tree, within)))
    if not bare:
        return Seeded(0)
    lines, grounds = _drawn(tree)
    effective = _effective(at)
    count, refused = 0, []
    for _depth, level in groupby(bare, key=lambda one: one.depth):
        layers = list(level)
        outcomes = put_level_in_effect(
            actor,
            lines_below={one.parent_id: one.among(lines) for one in layers},
            grounds=grounds,
            effective=effective,
            at=at,
        )
        for layer, outcome in zip(layers, outcomes, strict=True):
            count += len(outcome.changed)
            if outcome.refused is not None:
                above = layer.parent.name if layer.parent else "最上级"
                refused.append(f"{above}：{outcome.refused.message}")
    return Seeded(count, grounds.source, grounds.review_number, tuple(refused))


def draw() -> tuple[dict[int, Area], Grounds]:
    """A line for each living division with ground, and what they all rest on. Raises
    Unsketchable."""
    return _drawn(_read_tree())


def _read_tree() -> _Tree:
    below = defaultdict(list)
    living = Division.objects.filter(valid_to=None, kind__in=DRAWN).order_by("code", "pk")
    for division in living:
        below[division.parent_id].append(division)
    codes = DivisionCode.objects.filter(scheme=CodeScheme.STATISTICS)
    rows = codes.order_by("-valid_from", "-pk").values_list("division_id", "code")
    first = dict(rows)  # the earliest comes last and stays
    return _Tree(below, {d.pk: first.get(d.pk, f"#{d.pk}") for d in living})


def _layers(tree: _Tree, within: Division | None) -> Iterator[Layer]:
    """From the top down, so that each has its parent's lines before it."""
    level: list[Division] = list(tree.below[None])
    yield Layer(None, level)
    while level:
        layers = [Layer(parent, _tiling(tree, parent)) for parent in level]
        yield from (layer for layer in layers if layer.children)
        level = [division for layer in layers for division in layer.children]
        if within is not None:
            kin = within.path
            level = [d for d in level if d.path.startswith(kin) or kin.startswith(d.path)]


def _tiling(tree: _Tree, parent: Division) -> list[Division]:
    return [
        division
        for division in tree.below[parent.pk]
        if has_ground(division.kind, townships=len(tree.below[division.pk]))
    ]


def _bare(layers: Iterator[Layer]) -> Iterator[Layer]:
    drawn = set(Boundary.objects.filter(valid_to=None).values_list("division_id", flat=True))
    for layer in layers:
        if not any(division.pk in drawn for division in layer.children):
            yield layer


def _drawn(tree: _Tree) -> tuple[dict[int, Area], Grounds]:
    root = tree.below[None][0]
    given = find_outlines(tree.code[root.pk])
    seats = _read_seats()
    homes = set(given.areas) if given else {code[:6] for code in seats}
    made = sketch(_towns(tree, homes), seats, outlines=given.areas if given else None)
    grounds = Grounds(
        basis=BASIS,
        source=f"{given.source}；{SKETCHED}" if given else SKETCHED,
        approved_by="演示装入",
        illustrative=True,
        review_number=given.review_number if given else "",
    )
    named = {**made.districts, **made.towns, **made.communities}
    return {root.pk: made.city} | {
        pk: named[code] for pk, code in tree.code.items() if code in named
    }, grounds


def _read_seats() -> dict[str, tuple[float, float]]:
    found = {}
    for name in SEATS:
        with (Path(settings.SEED) / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row["code"]] = float(row["lon_wgs84"]), float(row["lat_wgs84"])
    return found


def _towns(tree: _Tree, homes: set[str]) -> Iterator[Town]:
    """A township lies in the outline its first code names; one founded since, where most of its
    district lies; where all of a district are new, nobody knows."""
    for district in _tiling(tree, tree.below[None][0]):
        towns = tree.below[district.pk]
        known = Counter(tree.code[town.pk][:6] for town in towns)
        usual = max(
            (code for code in known if code in homes), key=lambda code: known[code], default=""
        )
        for town in towns:
            code = tree.code[town.pk]
            communities = tuple(tree.code[one.pk] for one in tree.below[town.pk])
            home = code[:6] if code[:6] in homes else usual
            if home:
                yield Town(code, home, tree.code[district.pk], communities)


def _effective(at: datetime) -> date:
    """The day since which the tree is as it is."""
    latest = DivisionPlacement.objects.filter(valid_to=None).aggregate(day=Max("valid_from"))
    day: date = latest["day"]
    return min(day, today(at))

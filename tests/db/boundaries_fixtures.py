"""A draft of the townships of district 2, made a little dirty, and the steps through its life."""

from itertools import combinations

import numpy as np
import pytest

from tests.conftest import NOON
from tests.db.lines_tree import DISTRICT, TODAY, ground, grow
from tests.mapmaking import METRE
from yukuai.boundaries import actions
from yukuai.boundaries.models import DraftShape, LineDraft
from yukuai.engines.partition import Area, canonical, from_geojson, shared_border, to_geojson
from yukuai.kernel.scope import EVERYWHERE, scope


@pytest.fixture
def grown(db):
    return grow()


@pytest.fixture
def draft(grown):
    return start()


def start(actor=DISTRICT, parent_id=2, layer="township"):
    return actions.start_draft(actor, parent_id=parent_id, layer=layer, at=NOON)


def read(draft):
    with scope(EVERYWHERE):
        return LineDraft.objects.select_related("division").get(pk=draft.pk)


def shapes_of(draft):
    with scope(EVERYWHERE):
        return {row.child_id: row for row in DraftShape.objects.filter(draft=draft)}


def bulged(shapes, *, metres=150):
    """One child with a vertex of a border pulled into its neighbour: an overlap. Returns the child,
    the neighbour and the geometry."""
    areas = {pk: canonical(from_geojson(shape.drawn)) for pk, shape in shapes.items()}
    for child, other in combinations(sorted(areas), 2):
        for line in shared_border(areas[child], areas[other]):
            if len(line) > 4:
                return child, other, _bulged(areas[child], line[len(line) // 2], metres)
    raise AssertionError("no two children share a longer border")


def moved(draft, actor=DISTRICT, *, metres=150):
    """Saved with one vertex of a border moved in both who have it: clean, and ground changes
    hands. Returns the child that grows and the draft."""
    shapes = shapes_of(draft)
    child, other, geometry = bulged(shapes, metres=metres)
    before = canonical(from_geojson(shapes[child].drawn)).xy
    after = canonical(from_geojson(geometry)).xy
    old = next(one for one in before.tolist() if one not in after.tolist())
    new = next(one for one in after.tolist() if one not in before.tolist())
    area = canonical(from_geojson(shapes[other].drawn))
    xy = area.xy.copy()
    xy[(xy == old).all(axis=1)] = new
    gives = to_geojson(canonical(Area(xy, area.rings.copy(), area.polygons.copy())))
    said = {"number": draft.number, "version": read(draft).version, "at": NOON}
    return child, actions.save_shapes(actor, shapes={child: geometry, other: gives}, **said)


def _bulged(area, vertex, metres):
    made = []
    for push in ((metres, 0), (-metres, 0), (0, metres), (0, -metres)):
        xy = area.xy.copy()
        xy[(xy == vertex).all(axis=1)] += np.array(push) * METRE
        made.append(canonical(Area(xy, area.rings.copy(), area.polygons.copy())))
    return to_geojson(max(made, key=lambda one: ground(one).area))


def dirty(draft, actor=DISTRICT, *, metres=150):
    """Saved with one child bulging into its neighbour; returns child and draft."""
    child, _other, geometry = bulged(shapes_of(draft), metres=metres)
    said = {"number": draft.number, "version": read(draft).version, "at": NOON}
    return child, actions.save_shapes(actor, shapes={child: geometry}, **said)


def submit(draft, actor=DISTRICT, *, effective=TODAY, basis="渝测〔2026〕7号"):
    said = {"number": draft.number, "basis": basis, "effective": effective, "at": NOON}
    return actions.submit_draft(actor, **said)


def adopt(draft, actor=DISTRICT):
    said = {"number": draft.number, "version": read(draft).version, "at": NOON}
    return actions.adopt_proposal(actor, **said)

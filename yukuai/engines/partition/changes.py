"""Which ground changes hands between two states of a map."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yukuai.engines.partition.arcs import arcs_of
from yukuai.engines.partition.cover import cover_of, draw
from yukuai.engines.partition.faces import dissolve, faces_of
from yukuai.engines.partition.grid import Area
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.metric import measures
from yukuai.engines.partition.noding import node


@dataclass(frozen=True)
class Change:
    """Ground that belonged to `before` and belongs to `after`; None where nobody had or has it."""

    before: str | None
    after: str | None
    area: Area
    m2: float


def changed(
    before: Mapping[str, Area], after: Mapping[str, Area], *, limits: Limits | None = None
) -> tuple[Change, ...]:
    """The areas that change hands, one for each pair, by ids. Of each state the areas must not
    overlap; where they do the first id counts. Raises TooTangled."""
    limits = limits or Limits()
    old, new = sorted(before), sorted(after)
    drawing = draw([*(before[name] for name in old), *(after[name] for name in new)])
    arcs = arcs_of(node(drawing.paths, limits=limits))
    faces = faces_of(arcs)
    pairs: dict[tuple[str | None, str | None], int] = {}
    labels = []
    for who in cover_of(arcs, faces, drawing.rings).who:
        was = next((name for place, name in enumerate(old) if place in who), None)
        now = next((name for place, name in enumerate(new, len(old)) if place in who), None)
        labels.append(pairs.setdefault((was, now), len(pairs)))
    named = {label: pair for pair, label in pairs.items()}
    found = dissolve(
        arcs,
        np.array(labels, np.int64)[faces.left],
        lambda label: named[label][0] != named[label][1],
    )
    rows = zip(found.items(), measures(list(found.values())), strict=True)
    changes = [Change(*named[label], area, size.m2) for (label, area), size in rows]
    return tuple(sorted(changes, key=lambda one: (one.before or "", one.after or "")))

"""How long boundaries take. Run by `make bench`; one JSON line a figure (docs/partition.md).

The lines are synthetic and the same each time (`tests/mapmaking.py`): a clean tiling of 38 children
and what careless hands make of it, and a tree of four levels. Beside the engine stands GEOS's own
cleaner of coverages on the same drawing in the same run, with what it leaves undone.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import shapely

from tests.mapmaking import METRE, Tiling, dirtied, tiling, tree
from yukuai.engines.partition import Area, Limits, partition
from yukuai.engines.partition.grid import shapes

ROUNDS = 7


def report(name: str, value: object, unit: str, **parameters: object) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    line = {"name": name, "value": value, "unit": unit, "machine": machine}
    print(json.dumps(line | {"parameters": parameters}, ensure_ascii=False), flush=True)


def seconds(work: Callable[[], object]) -> float:
    """The median of some rounds."""
    spans = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


def off_m2(parent: Area, cleaned: "np.ndarray") -> float:
    """What a cleaned coverage has too much or too little of its parent."""
    whole = shapes([parent])[0]
    return float(shapely.symmetric_difference(whole, shapely.union_all(cleaned)).area / METRE**2)


def bench_partition(made: Tiling, dirty: dict[str, Area]) -> None:
    vertices = sum(len(child.xy) for child in dirty.values())
    ours = seconds(lambda: partition(made.parent, dirty))
    result = partition(made.parent, dirty)
    drawn = shapes(list(dirty.values()))
    width = Limits().snap_m * METRE
    theirs = seconds(lambda: shapely.coverage_clean(drawn, gap_width=width))
    cleaned = shapely.coverage_clean(drawn, gap_width=width)
    found = Counter(str(finding.check) for finding in result.findings)
    report(
        "map.partition_s",
        round(ours, 3),
        "s",
        children=len(dirty),
        vertices=vertices,
        findings=dict(found),
        coverage_is_valid=bool(shapely.coverage_is_valid(shapes(list(result.children.values())))),
        off_parent_m2=off_m2(result.parent, shapes(list(result.children.values()))),
    )
    report(
        "map.partition_vs_geos",
        round(ours / theirs, 2),
        "times",
        geos=shapely.geos_version_string,
        coverage_clean_s=round(theirs, 3),
        coverage_is_valid=bool(shapely.coverage_is_valid(cleaned)),
        off_parent_m2=round(off_m2(made.parent, cleaned), 1),
    )


def bench_clean(made: Tiling) -> None:
    spent = seconds(lambda: partition(made.parent, made.children))
    report("map.partition_clean_s", round(spent, 3), "s", vertices=made.vertices)


def bench_tree() -> None:
    levels = tree(5)
    polygons = 1 + sum(len(one.children) for one in levels)
    start = time.perf_counter()
    for one in levels:
        several = [name for name, child in one.children.items() if child.parts > 1]
        result = partition(one.parent, one.children, declared_exclaves=several)
        if not result.accepted or result.findings:
            raise SystemExit(f"a clean tree was not accepted: {result.reason}")
    spent = time.perf_counter() - start
    vertices = sum(one.vertices for one in levels)
    report("map.validate_tree_s", round(spent, 2), "s", polygons=polygons, vertices=vertices)


def main() -> None:
    made = tiling(7, children=38, step_m=42)
    bench_partition(made, dirtied(made, 1))
    bench_clean(made)
    bench_tree()


if __name__ == "__main__":
    main()

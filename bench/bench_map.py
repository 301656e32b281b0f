"""How long boundaries take. Run by `make bench`; one JSON line a figure (docs/partition.md).

The lines are synthetic and the same each time: a clean tiling of 38 children and what careless
hands make of it (`tests/mapmaking.py`), and the real tree with the lines of the demo. Beside the
engine stands GEOS's own cleaner of coverages on the same drawing in the same run, with what it
leaves undone.
"""

import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import shapely

from bench import _mapshaper
from bench._tree import Drawn, draw
from tests.mapmaking import METRE, Tiling, dirtied, tiling
from yukuai.divisions.locating import Locator
from yukuai.engines.partition import Area, Limits, partition, to_wkb
from yukuai.engines.partition.grid import STEPS, shapes

ROUNDS = 7
POINTS = 1_000_000


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


class Watch:
    """Seconds of the clock, and of the processor: what it takes where nobody else works."""

    def __init__(self) -> None:
        self.start = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        clock, processor = self.start
        return (
            round(time.perf_counter() - clock, 2),
            round(time.process_time() - processor, 2),
        )


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


def bench_mapshaper(made: Tiling, dirty: dict[str, Area]) -> None:
    """A run of the command, reading and writing included, less its bare start."""
    if not _mapshaper.install():
        print("mapshaper could not be installed: no figure beside it", file=sys.stderr)
        return
    ours = seconds(lambda: partition(made.parent, dirty))
    with tempfile.TemporaryDirectory(prefix="yukuai-bench-") as folder:
        theirs = _mapshaper.clean(dirty, Path(folder) / "dirty.json")
        result = partition(made.parent, dirty)
        looked = _mapshaper.clean(result.children, Path(folder) / "ours.json")
    spent = theirs.seconds - theirs.start
    report(
        "map.partition_vs_mapshaper",
        round(ours / spent, 2),
        "times",
        mapshaper_s=round(spent, 3),
        version=_mapshaper.VERSION,
        slivers_drawn=theirs.slivers,
        slivers_left_by_us=looked.slivers,
    )


def bench_clean(made: Tiling) -> None:
    spent = seconds(lambda: partition(made.parent, made.children))
    report("map.partition_clean_s", round(spent, 3), "s", vertices=made.vertices)


def bench_sketch() -> Drawn:
    watch = Watch()
    drawn = draw()
    clock, processor = watch.spent()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report("map.sketch_tree_s", clock, "s", processor_s=processor, peak_mib=round(memory))
    return drawn


def bench_tree(drawn: Drawn) -> None:
    layers = list(drawn.layers())
    watch = Watch()
    for parent, children in layers:
        result = partition(parent, children)
        if not result.accepted or result.findings:
            raise SystemExit(f"a clean tree was not accepted: {result.reason}")
    clock, processor = watch.spent()
    below = [area for _parent, children in layers for area in children.values()]
    report(
        "map.validate_tree_s",
        clock,
        "s",
        processor_s=processor,
        polygons=1 + len(below),
        vertices=sum(len(area.xy) for area in [drawn.lines.city, *below]),
    )


def bench_locate(drawn: Drawn) -> None:
    """Points around vertices of communities, so more of them where these are small, looked up in
    all communities; the making of the index included."""
    lines = [to_wkb(area) for area in drawn.lines.communities.values()]
    dice = np.random.default_rng(11)
    vertices = np.concatenate([area.xy for area in drawn.lines.communities.values()]) / STEPS
    lon, lat = (dice.choice(vertices, POINTS) + dice.normal(0, 0.01, (POINTS, 2))).T
    watch = Watch()
    found = Locator(dict(enumerate(lines, 1))).locate(lon, lat)
    clock, processor = watch.spent()
    report(
        "map.locate_1m_points_s",
        clock,
        "s",
        processor_s=processor,
        points=POINTS,
        inside=int((found > 0).sum()),
        communities=len(lines),
    )


def main() -> None:
    made = tiling(7, children=38, step_m=42)
    dirty = dirtied(made, 1)
    bench_partition(made, dirty)
    bench_mapshaper(made, dirty)
    bench_clean(made)
    drawn = bench_sketch()
    bench_tree(drawn)
    bench_locate(drawn)


if __name__ == "__main__":
    main()

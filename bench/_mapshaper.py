"""mapshaper beside the engine: the same drawing cleaned by its `-clean`, and what it finds in ours.

Installed into a folder of its own; the product needs nothing of it.
"""

import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yukuai.engines.partition import Area, to_geojson

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("VAR", ROOT / "var")) / "mapshaper"
VERSION = "0.7.70"
ROUNDS = 3


@dataclass(frozen=True)
class Cleaned:
    """`seconds` of a whole run, `start` of one that has nothing to do; slivers it found."""

    seconds: float
    start: float
    slivers: int


def install() -> bool:
    """Whether it is there, or could be fetched."""
    if (HOME / "node_modules/.bin/mapshaper").exists():
        return True
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "package.json").write_text('{"private": true}')
    command = ["npm", "install", "--no-audit", "--no-fund", f"mapshaper@{VERSION}"]
    return subprocess.run(command, cwd=HOME, capture_output=True, check=False).returncode == 0


def clean(areas: Mapping[str, Area], file: Path) -> Cleaned:
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": to_geojson(area)}
        for name, area in areas.items()
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    words = [str(file), "-clean", "verbose", "-o", str(file.with_suffix(".out.json"))]
    said = [_run(words) for _ in range(ROUNDS)]
    start, _ = _run(["--version"])
    found = re.search(r"Removed [\d,]+ of ([\d,]+) sliver", said[-1][1])
    slivers = int(found[1].replace(",", "")) if found else 0
    return Cleaned(statistics.median(spent for spent, _ in said), start, slivers)


def _run(words: list[str]) -> tuple[float, str]:
    command = [str(HOME / "node_modules/.bin/mapshaper"), *words]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stderr

"""How fast tiles of lines come, beside tipg on the same table. Run by `make bench-map`.

The lines are the synthetic tree of `tests/mapmaking.py`, some 12,500 polygons of three levels, in a
database of their own on the private cluster (`make up` first). tipg, a tile server over PostGIS,
is installed into an environment of its own; the product needs nothing of it. Both are served by two
processes on the same machine in the same run, and asked by wrk for the same tiles with the same
columns. Where tipg cannot be installed, our own figures come alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import psycopg
import shapely

from bench import _city
from bench._site import LUA, ROOT, say, site
from tests.mapmaking import tree
from tests.mvt import tile_of
from yukuai.engines.partition.grid import shapes

NAME = "yukuai_tiles"
VAR = Path(os.environ.get("VAR", ROOT / "var"))
KINDS = ("district", "township", "community")
SIZES = (38, 1_040, 11_400)
ZOOMS = (10, 11, 12, 13, 14)
TILES, SECONDS, CONNECTIONS = 500, 12, 8
READERS = 4
"""As many as ask in the other benches: what one waits is measured with these, what is served at
most with twice as many."""
STARTED_WITHIN = 60
KEPT_AFTER = 8
"""Times each tile is asked for, until no process has one to draw."""
TIPG_PORT = 8199
LAYERS = ",".join(KINDS)
TABLE = "public.divisions_boundary"


def environment() -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": _city.login("yukuai_app", NAME),
        "DATABASE_OWNER_URL": _city.login("yukuai_owner", NAME),
    }


def prepare() -> None:
    """Made once; migrations of today are applied in any case."""
    with psycopg.connect(_city.login("yukuai_owner", "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        new = known.fetchone() is None
        if new:
            connection.execute(f"CREATE DATABASE {NAME} TEMPLATE yukuai_template")
    command = [sys.executable, "manage.py", "migrate", "--database=owner", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    if new:
        with psycopg.connect(_city.login("yukuai_owner", NAME), autocommit=True) as connection:
            fill(connection)


def fill(connection: Any) -> None:
    levels = tree(5, sizes=SIZES)
    counts = (1, SIZES[0], len(levels))
    rows, begun = [], 0
    for kind, ends in zip(KINDS, (counts[0], counts[0] + counts[1], counts[2]), strict=True):
        for one in levels[begun:ends]:
            rows += [(kind, shape) for shape in shapes(list(one.children.values()))]
        begun = ends
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(
            "COPY divisions_division (id, kind, name, code, initials, path, valid_from) FROM STDIN"
        ) as copy:
            for number, (kind, _shape) in enumerate(rows, 1):
                copy.write_row((number, kind, f"示意 {number}", "", "", f"{number}.", "2026-01-01"))
        with cursor.copy(
            "COPY divisions_boundary (division_id, geom, version, valid_from, illustrative, basis,"
            " source, review_number, approved_by, recorded_at) FROM STDIN"
        ) as copy:
            for number, (_kind, shape) in enumerate(rows, 1):
                parts = shapely.transform(shapely.multipolygons(shapely.get_parts(shape)), degrees)
                geom = shapely.to_wkb(shapely.set_srid(parts, 4490), hex=True, include_srid=True)
                said = (1, "2026-01-01", True, "合成", "合成", "", "bench", "2026-01-01T00:00:00Z")
                copy.write_row((number, geom, *said))
    connection.execute("VACUUM (ANALYZE) divisions_boundary, divisions_division")


def degrees(steps: "np.ndarray") -> "np.ndarray":
    return steps / 1e7


def draw_lots() -> list[tuple[int, int, int]]:
    """Tiles that hold something, as many of each zoom, the same each time."""
    dice = np.random.default_rng(1)
    with psycopg.connect(_city.login("yukuai_owner", NAME)) as connection:
        points = connection.execute(
            "SELECT ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom)) FROM divisions_boundary"
            " ORDER BY id"
        ).fetchall()
    chosen = dice.choice(len(points), TILES)
    return [tile_of(*points[at], ZOOMS[turn % len(ZOOMS)]) for turn, at in enumerate(chosen)]


def ask(
    url: str, paths: list[str], *, seconds: int = SECONDS, connections: int = CONNECTIONS
) -> dict[str, float]:
    """What wrk says of asking for the paths in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
        done = subprocess.run(
            [*words, "-s", str(LUA), "-H", "Accept-Encoding: gzip", url],
            env=os.environ | {"PATHS": file.name},
            capture_output=True,
            text=True,
            check=True,
        )
    figures = json.loads(done.stdout.partition("FIGURES ")[2].splitlines()[0])
    assert figures["errors"] == 0, figures
    return dict(figures) | {"rate": figures["requests"] / figures["seconds"]}


@contextmanager
def tipg() -> Iterator[str]:
    """The address of the other server, empty where it cannot be had."""
    home = VAR / "tipg"
    if not (home / "bin" / "uvicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        command = [str(home / "bin" / "pip"), "install", "-q", "tipg", "uvicorn"]
        if subprocess.run(command, capture_output=True).returncode:
            yield ""
            return
    told = _city.server()
    host = quote(str(told.get("host", "localhost")), safe="")
    address = f"postgresql://yukuai_app@{host}/{NAME}"
    serve = [str(home / "bin" / "uvicorn"), "tipg.main:app", "--workers", "2"]
    with (VAR / "log" / "tipg.log").open("wb") as log:
        process = subprocess.Popen(
            [*serve, "--port", str(TIPG_PORT), "--log-level", "warning"],
            env=os.environ | {"DATABASE_URL": address},
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{TIPG_PORT}"
        for _ in range(STARTED_WITHIN * 5):
            if answers(f"{url}/collections/{TABLE}"):
                break
            Event().wait(0.2)
        else:
            raise SystemExit(f"tipg did not start: {VAR}/log/tipg.log")
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main() -> None:
    prepare()
    lots = draw_lots()
    ours = [f"/tiles/{LAYERS}/{z}/{x}/{y}.mvt" for z, x, y in lots]
    tail = "?properties=division_id,version"
    theirs = [f"/collections/{TABLE}/tiles/WebMercatorQuad/{z}/{x}/{y}{tail}" for z, x, y in lots]
    log = VAR / "log"
    log.mkdir(parents=True, exist_ok=True)
    with site(log, worker=False, environment=environment() | {"TILES_KEPT_MB": "0"}) as bare:
        ask(bare.url, ours, seconds=3)
        uncached = ask(bare.url, ours)
    with tipg() as url:
        if url:
            ask(url, theirs, seconds=3)
            other = ask(url, theirs)
    with site(log, worker=False, environment=environment()) as kept:
        asked = 0.0
        while asked < KEPT_AFTER * len(ours):  # each of both processes keeps its own
            asked += ask(kept.url, ours)["requests"]
        cached = ask(kept.url, ours)
        calm = ask(kept.url, ours, connections=READERS)
    said = {"tiles": len(set(lots)), "zooms": f"{ZOOMS[0]}-{ZOOMS[-1]}", "polygons": sum(SIZES)}
    rates = {"uncached": round(uncached["rate"]), "cached": round(cached["rate"])}
    crowded = {"crowded_p99_ms": cached["p99"], "crowded_uncached_p99_ms": uncached["p99"]}
    pace = {"readers": READERS, "at_rate": round(calm["rate"])}
    say("map.tile_p99_ms", calm["p99"], "ms", **pace, **crowded, **said, **rates)
    if not url:
        return
    said |= {"tipg_rate": round(other["rate"]), "tipg_p99_ms": other["p99"]}
    for name, one in (("uncached", uncached), ("cached", cached)):
        ratio = one["rate"] / other["rate"]
        say(f"map.tile_rps_vs_tipg_{name}", ratio, "times", rate=round(one["rate"]), **said)


if __name__ == "__main__":
    main()

"""社区直通车 with a million matters in the table, asked over HTTP as a city would ask.

    make bench-cases            (MATTERS=1000000 SECONDS=20 ONLY=intake,list… are honoured)

One JSON line a figure. Intake is durable, audited, announced; beside it stands what PostgreSQL
itself takes in the same minute (pgbench, the same rows in one prepared statement, no product).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from bench import _city  # noqa: E402

os.environ |= {
    "DATABASE_OWNER_URL": _city.login("yukuai_owner"),
    "CITY_URL": os.environ["DATABASE_URL"],
}

MATTERS = int(os.environ.get("MATTERS", "1000000"))
SECONDS = int(os.environ.get("SECONDS_A_FIGURE", "20"))
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]
OFFICERS = {"community": "sq01", "township": "jd01", "district": "qx01", "city": "sj01"}
INTAKE_CLIENTS, READERS = 8, 4
COUNTED_WITHIN = 900
WORDS = ("的", "楼道灯坏了", "油烟", "垃圾", "第777777次", "电梯")
"""In all of them, in an eighth, in a sixteenth, in a few, in one, in none."""
RAW = """
\\set n random(1, 2000000000)
BEGIN;
SELECT set_config('yukuai.areas', '{""}', true);
INSERT INTO bench_raw_case (division_id, area, body)
    VALUES (:n, '1.2.3.4.', repeat('楼道灯不亮。', 8));
INSERT INTO bench_raw_change (object_id, area, move) VALUES (:n, '1.2.3.4.', 'raise');
INSERT INTO bench_raw_deadline (object_id, area, due_at) VALUES (:n, '1.2.3.4.', now());
INSERT INTO bench_raw_audit (target, area) VALUES ('ZT', '1.2.3.4.');
COMMIT;
"""


def main() -> None:
    made = _city.prepare(MATTERS)
    _start_django()
    from bench._site import say, site

    say("cases.matters", MATTERS, "rows", made_anew=made)
    _count_up()
    with tempfile.TemporaryDirectory(prefix="yukuai-bench-") as log, site(Path(log)) as served:
        for name, bench in BENCHES.items():
            if not ONLY or name in ONLY:
                bench(served)
        say("cases.memory_mib", served.memory_mib(), "MiB", what="web and worker, proportional")


def _start_django() -> None:
    import django
    from psycopg.conninfo import conninfo_to_dict

    os.environ["DATABASE_URL"] = _city.login("yukuai_app")
    django.setup()
    from django.db import connection

    assert dict(conninfo_to_dict(os.environ["DATABASE_URL"]))["dbname"] == _city.NAME
    assert connection.settings_dict["NAME"] == _city.NAME


def _count_up() -> None:
    """The worker's own rounds, until they have nothing left to do: figures are those of a city that
    runs, not of one that was born a minute ago."""
    import psycopg

    from yukuai.cases.tasks import stand, tally

    until = monotonic() + COUNTED_WITHIN
    while not _is_counted():
        assert monotonic() < until, "somebody writes in this cluster all the time"
        tally(timestamp=0)
    stand(timestamp=0)
    with psycopg.connect(_city.login("postgres"), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _is_counted() -> bool:
    import psycopg

    with psycopg.connect(_city.login("postgres"), autocommit=True) as connection:
        row = connection.execute(
            "SELECT coalesce(max(m.change_id), 0) >= (SELECT max(id) FROM workflow_statechange)"
            " AND max(m.recounted_on) = (now() AT TIME ZONE 'Asia/Shanghai')::date"
            " FROM cases_tallymark m"
        ).fetchone()
        return bool(row and row[0])


def _cookie(username: str) -> str:
    """Signed in as `make up` would have it, second factor behind."""
    from django.conf import settings
    from django.test import Client

    from yukuai.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _key() -> str:
    """Of a client that may hand in matters in the whole city, faster than any person."""
    from yukuai.accounts.actors import client_key_hash
    from yukuai.accounts.models import ApiClient
    from yukuai.divisions.models import Division
    from yukuai.kernel import clock

    at, key = clock.now(), "bench-key-of-this-run"
    city = Division.objects.get(kind="city", valid_to=None)
    ApiClient.objects.update_or_create(
        name="负载测量",
        defaults={
            "division": city,
            "purpose": "测量受理的速度",
            "key_hash": client_key_hash(key),
            "may_write": True,
            "valid_from": at - timedelta(days=1),
            "created_by": "bench",
            "per_minute": 10_000_000,
        },
    )
    return key


def _shape(outcome: Any) -> dict[str, Any]:
    return {
        "requests": outcome.requests,
        "errors": outcome.errors,
        "p50_ms": round(outcome.p50_ms, 1),
        "p99_ms": round(outcome.p99_ms, 1),
        "web_cpu_ms": round(outcome.web_ms, 2),
        "database_cpu_ms": round(outcome.database_ms, 2),
    }


def bench_intake(served: Any) -> None:
    from bench._site import load, say

    raw = _raw_rate()
    body = {
        "division_code": _city.HOME,
        "body": "2 单元 3 楼到 5 楼的楼道灯坏了快一个星期，晚上老人下楼看不清楚。第 %d 次。",
        "category_code": "05",
        "place_text": "人和街 41 号 2 单元",
        "name": "冉隆全",
        "phone": "%p",
    }
    headers = {
        "Authorization": f"Bearer {_key()}",
        "Content-Type": "application/json",
        "Idempotency-Key": "bench-%d",
    }
    words = json.dumps(body, ensure_ascii=False)
    ask = {"headers": headers, "method": "POST", "body": words, "connections": INTAKE_CLIENTS}
    before = _count_matters()
    load(served, "/api/v1/cases", seconds=3, **ask)
    outcome = load(served, "/api/v1/cases", seconds=SECONDS, **ask)
    kept = _count_matters() - before
    assert outcome.errors == 0, outcome
    assert kept >= outcome.requests, (kept, outcome.requests)
    say("cases.intake_rps", outcome.per_second, "1/s", clients=INTAKE_CLIENTS, **_shape(outcome))
    say("cases.intake_p95_ms", outcome.p95_ms, "ms")
    say(
        "cases.intake_vs_pgbench",
        outcome.per_second / raw,
        "share",
        pgbench_per_second=round(raw),
        pgbench="four bare inserts, BEGIN and COMMIT, prepared",
    )


def _count_matters() -> int:
    import psycopg

    with psycopg.connect(_city.login("postgres")) as connection:
        row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
        return int(row[0]) if row else 0


def _raw_rate() -> float:
    """Commits a second of the rows of an intake without the product: same columns, bare tables."""
    import psycopg

    tables = {
        "bench_raw_case": "id bigserial PRIMARY KEY, division_id bigint, area varchar, body text",
        "bench_raw_change": "id bigserial PRIMARY KEY, object_id bigint, area varchar, move text",
        "bench_raw_deadline": "id bigserial PRIMARY KEY, object_id bigint, area varchar,"
        " due_at timestamptz",
        "bench_raw_audit": "id bigserial PRIMARY KEY, target text, area varchar",
    }
    with psycopg.connect(_city.login("postgres"), autocommit=True) as connection:
        for name, columns in tables.items():
            connection.execute(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns})")
            connection.execute(f"CREATE INDEX ON {name} (area, id)")
        try:
            return _pgbench()
        finally:
            connection.execute(f"DROP TABLE {', '.join(tables)}")


def _pgbench() -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(RAW)
        script.flush()
        words = ["pgbench", "-n", "-M", "prepared", "-c", str(INTAKE_CLIENTS), "-T", "8"]
        command = [*words, "-f", script.name, _city.login("postgres")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(x for x in done.stdout.splitlines() if x.startswith("tps = "))
    return float(line.split()[2])


def bench_list(served: Any) -> None:
    """The worst officer counts."""
    from bench._site import CORES, load, say

    path = "/work/cases/"
    worst: dict[str, Any] = {}
    for level, username in OFFICERS.items():
        headers = {"Cookie": _cookie(username)}
        load(served, path, seconds=2, connections=READERS, headers=headers)
        outcome = load(served, path, seconds=SECONDS, connections=READERS, headers=headers)
        assert outcome.errors == 0, outcome
        asked = _statements(username, path)
        per_core = outcome.per_second / CORES
        say(f"cases.list_{level}_rps", outcome.per_second, "1/s", **_shape(outcome))
        worst["queries"] = max(worst.get("queries", 0), asked)
        worst["p95"] = max(worst.get("p95", 0), outcome.p95_ms)
        worst["core"] = min(worst.get("core", per_core), per_core)
    say("cases.list_queries", worst["queries"], "statements", path=path)
    say("cases.list_rps_per_core", worst["core"], "1/s", readers=READERS, rows=50)
    say("cases.list_p95_ms", worst["p95"], "ms", readers=READERS)


def _statements(username: str, path: str) -> int:
    """Without those of the transaction itself; the second look, when sessions are settled."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from yukuai.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in asked)


def _newest(username: str) -> str:
    """The address of a matter this officer has on his list."""
    import psycopg

    with psycopg.connect(_city.login("postgres")) as connection:
        row = connection.execute(
            "SELECT c.number FROM cases_case c JOIN accounts_post p ON c.area ^@ p.area"
            " JOIN accounts_user u ON u.id = p.user_id WHERE u.username = %s"
            " AND c.state = 'handling' ORDER BY c.received_at DESC LIMIT 1",
            [username],
        ).fetchone()
    assert row, username
    return f"/work/cases/{row[0]}/"


def _bench_pages(served: Any, name: str, paths: dict[str, str], *, bar: str) -> None:
    """`paths`: page by officer. p95 and statements of the worst."""
    from bench._site import load, say

    worst, asked = 0.0, 0
    for key, path in paths.items():
        username = OFFICERS[key.partition(" ")[0]]
        headers = {"Cookie": _cookie(username)}
        load(served, path, seconds=2, connections=READERS, headers=headers)
        outcome = load(
            served, path, seconds=max(SECONDS // 2, 4), connections=READERS, headers=headers
        )
        assert outcome.errors == 0, (path, outcome)
        say(f"cases.{name}_one", outcome.p95_ms, "ms", who=key, **_shape(outcome))
        worst = max(worst, outcome.p95_ms)
        asked = max(asked, _statements(username, path))
    if bar == "queries":
        say(f"cases.{name}_queries", asked, "statements")
    say(f"cases.{name}_p95_ms", worst, "ms", readers=READERS, statements=asked)


def bench_page(served: Any) -> None:
    paths = {level: _newest(username) for level, username in OFFICERS.items()}
    _bench_pages(served, "page", paths, bar="queries")


def bench_search(served: Any) -> None:
    from urllib.parse import quote

    paths = {
        f"{level} {word}": f"/work/search/?q={quote(word)}" for level in OFFICERS for word in WORDS
    }
    _bench_pages(served, "search", paths, bar="p95")


def bench_board(served: Any) -> None:
    paths = {
        f"{level} {period}": f"/work/board/?period={period}"
        for level in OFFICERS
        for period in ("month", "quarter")
    }
    _bench_pages(served, "board", paths, bar="p95")


BENCHES: dict[str, Callable[[Any], None]] = {
    "list": bench_list,
    "page": bench_page,
    "search": bench_search,
    "board": bench_board,
    "intake": bench_intake,
}

if __name__ == "__main__":
    main()

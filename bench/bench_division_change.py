"""The change of 2025-11-06 over a tree with rows lying in it, in a database of its own.

One JSON line a figure: loading, the change as the product plays it, and the raw limit: as many
rows of a bare table with the same index given another area.
"""

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(os.environ.get("ROWS", "20000"))
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)

sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE"] = f"bench_division_change_{os.getpid()}"


def main() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(0, False, aliases={"default", "owner"}, serialized_aliases=())
    try:
        measure()
    finally:
        connections.close_all()
        teardown_databases(made, 0)


def measure() -> None:
    from tests.db.division_fixtures import load_seed, the_change
    from yukuai.accounts.policy import SYSTEM
    from yukuai.divisions.actions import play_change

    seconds, _created = timed(load_seed)
    tell("division.load", seconds, divisions=12343)
    moving = lie_rows(ROWS, prefix="500105") + lie_rows(ROWS, prefix="500103")
    seconds, change = timed(lambda: play_change(SYSTEM, plan=the_change(), at=AT))
    carried = len(change.details["carried"])
    tell("division.change", seconds, located_rows=moving, rows_moved=ROWS, divisions=47 + carried)
    tell("division.change.raw", raw_limit(), rows_moved=ROWS)


def timed(act):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def lie_rows(count: int, *, prefix: str) -> int:
    """Deadlines over the communities of a district, owned by their townships."""
    from yukuai.divisions.models import Division
    from yukuai.kernel.scope import EVERYWHERE, scope
    from yukuai.workflow.models import Deadline

    communities = list(
        Division.objects.filter(kind="community", code__startswith=prefix).select_related("parent")
    )
    rows = (
        Deadline(
            division=communities[n % len(communities)],
            owner=communities[n % len(communities)].parent,
            workflow=prefix,
            object_id=n,
            name="answer",
            label="答复",
            starts_at=AT,
            due_at=AT + timedelta(days=5),
        )
        for n in range(count)
    )
    with scope(EVERYWHERE):
        return len(Deadline.objects.bulk_create(rows, batch_size=2000))


def raw_limit() -> float:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            'CREATE TABLE raw AS SELECT id, area::varchar(80) COLLATE "C" AS area,'
            ' owner_area::varchar(80) COLLATE "C" AS owner_area'
            " FROM workflow_deadline LIMIT 0"
        )
        cursor.execute("CREATE INDEX ON raw (area); CREATE INDEX ON raw (owner_area)")
        cursor.execute(
            "INSERT INTO raw SELECT n, '1.6.' || n %% 99 || '.', '1.6.'"
            " FROM generate_series(1, %s) n",
            [ROWS],
        )
        cursor.execute("ANALYZE raw")
        seconds, _none = timed(
            lambda: cursor.execute("UPDATE raw SET area = '1.9' || area, owner_area = '1.9'")
        )
        return seconds


def tell(name: str, seconds: float, **parameters: object) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    figure = {"name": name, "value": round(seconds, 3), "unit": "s", "machine": machine}
    print(json.dumps({**figure, "parameters": parameters}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

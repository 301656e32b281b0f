"""A line moves and a register follows it, in a database of its own that goes again. Run by
`make bench-registry` (PEOPLE=100000 is honoured).

One JSON line: buildings of 48 rooms with their people, households, statements and employers, moved
from one community to another batch by batch, with the longest batch; beside it the bare limit, one
statement that gives the people's rows another place.
"""

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = int(os.environ.get("PEOPLE", "100000"))
A_HOUSE = 144
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)

sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE"] = f"bench_relocate_{os.getpid()}"
KEPT = "facts, client_uuid, created_at, changed_at, ended_why"
EACH = "'{}', gen_random_uuid(), now(), now(), ''"
FILL = (
    f"""INSERT INTO registry_building (division_id, area, name, address, lon, lat, {KEPT})
        SELECT 112, '1.2.12.112.', b || '栋', '', 106.511 + b % 97 * 1e-4, 29.51 + b / 97 * 1e-4,
            {EACH} FROM generate_series(1, {PEOPLE // A_HOUSE}) b""",
    """INSERT INTO registry_entrance (division_id, area, building_id, name, "order")
        SELECT division_id, area, id, e::text, e FROM registry_building, generate_series(1, 2) e""",
    f"""INSERT INTO registry_dwelling (division_id, area, building_id, entrance_id, floor, room,
            address, usage, status, owner_name, {KEPT})
        SELECT e.division_id, e.area, e.building_id, e.id, n, n::text, '', '', '', '', {EACH}
        FROM registry_entrance e, generate_series(1, 24) n""",
    f"""INSERT INTO registry_household (division_id, area, dwelling_id, household_kind, hukou_no,
            hukou_address, {KEPT}) SELECT division_id, area, id, '', '', '', {EACH}
        FROM registry_dwelling""",
    f"""INSERT INTO registry_person (division_id, area, holders, name, initials, sex, ethnicity,
            id_type, id_no, id_hint, person_key, phone, phone_hint, phone_hash, marital, education,
            political, nationality, hukou_address, work, {KEPT})
        SELECT 112, '1.2.12.112.', ARRAY['record:' || n], '人' || n, 'r' || n, '1', '01', '111',
            repeat('s', 60), '00', md5('id' || n), repeat('s', 60), '0000', md5('ph' || n), '20',
            '60', '13', '', '', '', {EACH}
        FROM generate_series(1, (SELECT count(*) FROM registry_dwelling) * 3) n""",
    """INSERT INTO registry_occupancy (division_id, area, person_id, dwelling_id, living, since)
        SELECT p.division_id, p.area, p.id, d.id, 'resident', date '2020-01-01'
        FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM registry_person) p
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM registry_dwelling) d
            ON d.n = p.n / 3""",
    """INSERT INTO registry_membership (division_id, area, person_id, household_id, relation, since)
        SELECT o.division_id, o.area, o.person_id, h.id, '20', o.since
        FROM registry_occupancy o JOIN registry_household h ON h.dwelling_id = o.dwelling_id""",
    """INSERT INTO registry_claim (division_id, area, holders, kind, subject_id, field, value,
            digest, evidence, standing, why, claimed_at, settled_by, answer)
        SELECT division_id, area, holders, 'person', id, 'work', '', md5(id::text), '[]', 'other',
            '', now(), '', '' FROM registry_person WHERE id % 10 = 0""",
)


def main() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(0, False, aliases={"default", "owner"}, serialized_aliases=())
    try:
        bench_relocate()
    finally:
        connections.close_all()
        teardown_databases(made, 0)


def bench_relocate() -> None:
    from shapely.geometry import box

    from yukuai.accounts.policy import SYSTEM
    from yukuai.kernel.scope import EVERYWHERE, scope
    from yukuai.registry.relocating import Ground, move_buildings

    people = _fill()
    raw = _raw()
    ground = Ground([box(106.51, 29.5, 106.53, 29.53).wkb], [112])
    after: int | None = 0
    batches, along = [], 0
    while after is not None:
        began = time.perf_counter()
        with scope(EVERYWHERE):
            done = move_buildings(SYSTEM, ground=ground, why="界线调整", after=after, at=AT)
        batches.append(time.perf_counter() - began)
        after, along = done.after, along + done.along["人"]
    assert along == people, (along, people)
    parameters = {
        "people": people,
        "batches": len(batches),
        "longest_batch_s": round(max(batches), 2),
        "one_update_of_the_people_s": round(raw, 2),
    }
    figure = {
        "name": "registry.relocate_s",
        "value": round(sum(batches), 2),
        "unit": "s",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "parameters": parameters,
    }
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def _fill() -> int:
    """Everything lies in 112; its line leaves the ground to 113."""
    from django.core.management import call_command
    from django.db import connection, connections
    from shapely.geometry import MultiPolygon, box

    from tests.places import make_places
    from yukuai.divisions.models import Boundary
    from yukuai.kernel.scope import EVERYWHERE, scope

    make_places()
    call_command("load_codes", verbosity=0)
    for pk, west, east in ((112, 106.5, 106.51), (113, 106.51, 106.53)):
        Boundary.objects.create(
            division_id=pk, geom=MultiPolygon([box(west, 29.5, east, 29.53)]).wkb, version=1,
            valid_from=AT.date(), basis="x", source="合成", approved_by="x", illustrative=True,
            recorded_at=AT,
        )  # fmt: skip
    with scope(EVERYWHERE), connection.cursor() as cursor:
        for sql in FILL:
            cursor.execute(sql)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_person")
        return int(cursor.fetchone()[0])


def _raw() -> float:
    """Undone again."""
    from django.db import connection

    from yukuai.kernel.scope import EVERYWHERE, scope

    class Undo(Exception):
        pass

    began = time.perf_counter()
    try:
        with scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute("UPDATE registry_person SET division_id = 113, area = '1.2.12.113.'")
            seconds = time.perf_counter() - began
            raise Undo
    except Undo:
        return seconds


if __name__ == "__main__":
    main()

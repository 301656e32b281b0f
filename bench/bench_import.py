"""The register at size, in a database of its own that goes again. Run by `make bench-registry`.

    make bench-registry        (ROWS=100000 is honoured)

One JSON line a figure: a file of people with their homes and households through the whole
way (read, judged, sealed, hashed, with evidence, audit and what an undo needs), and beside it
PostgreSQL's COPY of the very rows it made into bare tables, as the limit of this machine.
"""

import io
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(os.environ.get("ROWS", "100000"))

sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE"] = f"bench_import_{os.getpid()}"
MADE = (
    "registry_person",
    "registry_household",
    "registry_building",
    "registry_entrance",
    "registry_dwelling",
    "registry_occupancy",
    "registry_membership",
    "registry_importline",
)


def main() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(0, False, aliases={"default", "owner"}, serialized_aliases=())
    try:
        bench_import()
    finally:
        connections.close_all()
        teardown_databases(made, 0)


def bench_import() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from tests import importing
    from tests.places import make_places

    default = settings.STORAGES["default"]
    default["OPTIONS"] = {"location": tempfile.mkdtemp(prefix="yukuai-bench-")}
    make_places()
    call_command("load_codes", verbosity=0)
    data = _people(ROWS)
    batch, bring, cost = timed(lambda: importing.bring(data, name="名单.xlsx"))
    tell("registry.import_bring_s", bring, processor_s=cost, rows=ROWS, mib=len(data) >> 20)
    batch, check, cost = timed(lambda: importing.tried(batch))
    tell("registry.import_check_s", check, processor_s=cost, found=importing.some(batch.tried))
    batch, run, cost = timed(lambda: importing.written(batch))
    raw, rows = _copy_raw()
    tell(
        f"registry.import_{ROWS // 1000}k_s",
        run,
        processor_s=cost,
        written=importing.some(batch.counts),
        rows_in_tables=rows,
        copy_s=round(raw, 2),
    )
    batch, undo, cost = timed(lambda: importing.undone(batch))
    tell("registry.import_undo_s", undo, processor_s=cost, left=len(batch.left))


def _people(rows: int) -> bytes:
    """Three to a room, six rooms to a floor; half a per cent with a wrong number."""
    import xlsxwriter

    from tests.importing import PEOPLE
    from tests.registering import citizen

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet()
    heads = [*PEOPLE, "民族", "学历", "户籍地址", "工作单位"]
    sheet.write_row(0, 0, heads)
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "水山云月星河江海林石安宁清和"
    for line in range(rows):
        home, place = divmod(line, 3)
        tower, door = divmod(home, 180)
        floor, room = divmod(door, 6)
        name = surnames[line % 16] + given[line // 16 % 14] + given[line // 224 % 14]
        born = f"{1940 + line // 1000 % 80}{1 + line // 80_000 % 12:02}{1 + line // 1000 % 28:02}"
        number = citizen(line % 1000, born)
        sheet.write_row(
            line + 1,
            0,
            [
                name,
                number if line % 200 else number[:-1] + "?",
                f"1990{line:07}",
                f"{tower + 1}栋",
                f"{1 + room // 3}单元",
                f"{floor + 1}{room + 1:02}",
                "常住",
                f"H{home}",
                ("户主", "配偶", "子")[place],
                "汉族",
                "大学本科",
                f"某市某区某街道{home}号",
                "某厂" if line % 3 else "",
            ],
        )
    book.close()
    return made.getvalue()


def _copy_raw() -> tuple[float, dict[str, int]]:
    """The rows that were just written, into bare tables of the same columns, by COPY."""
    from django.db import connections

    spent, rows = 0.0, {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('yukuai.areas', '{\"\"}', false)")
        for table in (*MADE, "audit_auditentry"):
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as out:
                lines = b"".join(bytes(piece) for piece in out)
            cursor.execute(f"CREATE TABLE raw_{table} AS TABLE {table} WITH NO DATA")
            began = time.perf_counter()
            with cursor.copy(f"COPY raw_{table} FROM STDIN") as into:
                into.write(lines)
            spent += time.perf_counter() - began
            rows[table] = lines.count(b"\n")
    return spent, rows


def timed(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it made, how long it took, and how much of our own processor time that was."""
    began, used = time.perf_counter(), _processor()
    result = act()
    return result, time.perf_counter() - began, _processor() - used


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def tell(name: str, seconds: float, **parameters: Any) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    line = {"name": name, "value": round(seconds, 2), "unit": "s", "machine": machine}
    kept = {
        key: round(value, 2) if isinstance(value, float) else value
        for key, value in parameters.items()
    }
    print(json.dumps(line | kept, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

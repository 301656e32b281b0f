"""The real tree, loaded once a module inside a transaction that is never committed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.divisions.actions import load_divisions
from yukuai.divisions.models import Division
from yukuai.divisions.tables import Reorganisation, read_reorganisation, read_rows

SEED = Path(__file__).resolve().parents[2] / "seed"
STATE = date(2023, 6, 30)
THE_DAY = date(2025, 11, 6)
THE_DAY_BEFORE = date(2025, 11, 5)
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@contextmanager
def held() -> Iterator[None]:
    """A transaction in which actions may open their own, as in a test, and which is undone."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    block.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tree as it stood on 2023-06-30, zones included."""
    with django_db_blocker.unblock():
        forget_statistics()
        with held():
            load_seed()
            settle()
            yield
        connection.close()


@pytest.fixture
def tree(loaded: None) -> Iterator[None]:
    """For one test: whatever it changes is undone, whatever it left unsound is found."""
    with held():
        yield
        connection.check_constraints()


def forget_statistics() -> None:
    """Let the planner count pages. Autovacuum sees nothing of what tests write and roll back: it
    would tell the planner that these tables are empty, and every join would be a nested loop."""
    connection.close()
    with connections["owner"].cursor() as cursor:
        for model in apps.get_app_config("divisions").get_models():
            cursor.execute(f"ALTER TABLE {model._meta.db_table} SET (autovacuum_enabled = false)")
            cursor.execute(f"VACUUM {model._meta.db_table}")
    connections["owner"].close()


def settle() -> None:
    """Check now, not again in every test; and forget plans made when the tables were empty."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def load_seed() -> list[int]:
    """How many divisions each table added."""
    created = []
    for name in ("chongqing_divisions.csv", "chongqing_zones.csv"):
        with (SEED / name).open(encoding="utf-8", newline="") as lines:
            rows = read_rows(lines)
        created.append(load_divisions(SYSTEM, rows=rows, on=STATE, source=name, at=AT).created)
    return created


def the_change() -> Reorganisation:
    with (SEED / "chongqing_changes_2025.csv").open(encoding="utf-8", newline="") as lines:
        plan = json.loads((SEED / "chongqing_change_2025.json").read_text("utf-8"))
        return read_reorganisation(plan, lines)


def bearing(code: str) -> Division:
    """Who bears the code, today or ever."""
    return Division.objects.filter(codes__code=code).latest("codes__valid_from")


def administrator(path: str) -> Actor:
    return Actor("系统管理员", (Grant(Role.SYS_ADMIN, path),), user_id=7)


def count_rows() -> dict[str, tuple[int, int | None]]:
    """Rows and largest id of every table of this app, and of the audit log."""
    tables = ("division", "divisioncode", "divisionname", "divisionplacement", "divisionchange")
    names = [*(f"divisions_{table}" for table in tables), "divisions_succession"]
    with connection.cursor() as cursor:
        counted = {}
        for name in names:
            cursor.execute(f"SELECT count(*), max(id) FROM {name}")
            counted[name] = cursor.fetchone()
        return counted


def fingerprint() -> str:
    """Everything this app stores, as one digest: a refusal leaves it as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(digest, '' ORDER BY digest)) FROM ("
            " SELECT md5(t::text) AS digest FROM divisions_division t"
            " UNION ALL SELECT md5(t::text) FROM divisions_divisioncode t"
            " UNION ALL SELECT md5(t::text) FROM divisions_divisionname t"
            " UNION ALL SELECT md5(t::text) FROM divisions_divisionplacement t"
            " UNION ALL SELECT md5(t::text) FROM divisions_divisionchange t"
            " UNION ALL SELECT md5(t::text) FROM divisions_succession t) AS everything"
        )
        return str(cursor.fetchone()[0])

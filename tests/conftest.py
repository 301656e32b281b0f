"""The tests run as the application: bound by row-level security, without the owner's rights."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings

from tests import migrated

# A machine with other work on it is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""A Monday, 12:00 in Chongqing."""


USERS_OF_TESTS = (
    "ALTER TABLE accounts_user ALTER COLUMN id SET START WITH 100001 RESTART WITH 100001"
)
"""Nobody made in a test is taken for an actor with a small number of his own, given by
`officer(user_id=…)`: who acted is not told of his own act."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, django_db_keepdb: bool, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Both doors: pytest-django alone would set up `default` and forget whose mirror it is."""
    with django_db_blocker.unblock():
        with migrated.turn():
            kept = migrated.is_kept()
            if kept:
                connections["owner"].settings_dict["TEST"]["TEMPLATE"] = migrated.name()
            made = setup_databases(
                0,
                False,
                keepdb=django_db_keepdb,
                aliases={"default", "owner"},
                serialized_aliases=(),
            )
            if not kept and not django_db_keepdb:
                connections.close_all()
                migrated.keep(connections["owner"].settings_dict["NAME"])
        with connections["owner"].cursor() as cursor:
            cursor.execute(USERS_OF_TESTS)
        yield
        connections.close_all()
        teardown_databases(made, 0, keepdb=django_db_keepdb)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def real_commits(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Without the rolled-back transaction: visible to other connections, emptied by the owner."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        connection.close()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT format('%I', relname) FROM pg_class c JOIN pg_namespace n"
                " ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r'"
                " AND pg_get_userbyid(relowner) = current_user"
                " AND relname NOT IN"
                " ('django_migrations', 'django_content_type', 'kernel_referenceversion')"
            )
            tables = [name for (name,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(  # as the triggers would have said: what was kept is gone
                "UPDATE kernel_referenceversion SET version = nextval('kernel_reference_version')"
            )
        connections["owner"].close()

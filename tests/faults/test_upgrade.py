"""A database of the first release is brought to this one while somebody goes on reading."""

from collections.abc import Iterator
from threading import Event, Thread

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.faults.installation import Installation

FIRST = ("kernel", "audit", "divisions", "accounts", "workflow", "messaging", "documents", "cases")
"""From below, so that none is taken back: a first migration may stand on a later one below it."""
PATIENCE_MS = 20_000
"""How long a reading may have to wait for a migration."""
FILL = """
    SET yukuai.areas = '{""}';
    INSERT INTO audit_auditentry (happened_at, actor, act, target, area,
        purpose, holders, details)
    SELECT now(), 'test', 'before', 'upgrade:' || n, '1.', '', '{}', '{}'
    FROM generate_series(1, 500) AS n;
    INSERT INTO messaging_developmentsms (reference, phone, text, received_at, holders)
    SELECT gen_random_uuid(), '', '', now(), '{}' FROM generate_series(1, 500);
"""
COUNTS = """
    SELECT (SELECT count(*) FROM audit_auditentry), (SELECT count(*) FROM messaging_developmentsms),
        (SELECT count(*) FROM cases_case)
"""


class Reader:
    """Reads all the time; each reading has a limit."""

    def __init__(self, login: str) -> None:
        self.login, self.over, self.read = login, Event(), 0
        self.faults: list[str] = []
        self.thread = Thread(target=self._read)

    def _read(self) -> None:
        with psycopg.connect(self.login, autocommit=True) as connection:
            connection.execute(f"SET statement_timeout = {PATIENCE_MS}")
            connection.execute("SET yukuai.areas = '{\"\"}'")
            while not self.over.wait(0.02):
                try:
                    connection.execute(COUNTS).fetchone()
                    self.read += 1
                except psycopg.Error as error:
                    self.faults.append(str(error))

    def __enter__(self) -> "Reader":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


@pytest.fixture
def earlier(cluster: Installation) -> Iterator[str]:
    """A second database on the same cluster, as the first release left it."""
    name = "yukuai_earlier"
    cluster.execute(f"CREATE DATABASE {name} OWNER yukuai_owner TEMPLATE yukuai_template")
    before = dict(cluster.environment)
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        cluster.environment[variable] = make_conninfo(before[variable], dbname=name)
    try:
        for app in FIRST:
            cluster.manage("migrate", app, "0001", "--database=owner", "--verbosity=0")
        yield make_conninfo(cluster.superuser, dbname=name)
    finally:
        cluster.environment.update(before)
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_first_release_becomes_this_one_and_its_readers_never_stop(cluster, earlier):
    with psycopg.connect(earlier, autocommit=True) as connection:
        connection.execute(FILL)
        had = connection.execute(COUNTS).fetchone()
    with Reader(make_conninfo(earlier, user="yukuai_app")) as reader:
        cluster.manage("migrate", "--database=owner", "--verbosity=0")
    assert reader.faults == []
    assert reader.read > 20
    with psycopg.connect(earlier) as connection:
        assert connection.execute(COUNTS).fetchone() == had
    assert had[:2] == (500, 500)
    cluster.manage("migrate", "--check", "--database=owner")

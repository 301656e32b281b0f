"""The tables as the migrations leave them, kept in the cluster of the tests between runs: to copy a
database takes a second, to run every migration a quarter of a minute."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections

ROOT = Path(__file__).parents[1]
MADE_BY = (
    "deploy/*.sql",
    "requirements/base.txt",
    "yukuai/*/migrations/*.py",
    "yukuai/kernel/*.py",
    "yukuai/*/constraints.py",
    "yukuai/divisions/*.py",
)
"""Whatever a migration runs or names."""
PREFIX = "yukuai_made_"


def name() -> str:
    digest = hashlib.sha256()
    for path in sorted(one for pattern in MADE_BY for one in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


@contextmanager
def turn() -> Iterator[None]:
    """One worker at a time makes its database: the first migrates, others copy what it keeps."""
    with _cluster() as cluster:
        cluster.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        yield


def is_kept() -> bool:
    with _cluster() as cluster:
        found = cluster.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
        return found.fetchone() is not None


def keep(database: str) -> None:
    """A copy of a database to which nothing is connected; those of other migrations go."""
    with _cluster() as cluster:
        known = cluster.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [PREFIX])
        for (old,) in known.fetchall():
            cluster.execute(f'DROP DATABASE IF EXISTS "{old}"')
        cluster.execute(f'CREATE DATABASE "{name()}" TEMPLATE "{database}"')


def _cluster() -> "psycopg.Connection[tuple[str]]":
    owner = connections["owner"].settings_dict
    where = {"host": owner["HOST"], "port": owner["PORT"] or "5432", "user": owner["USER"]}
    return psycopg.connect(dbname="postgres", autocommit=True, **where)

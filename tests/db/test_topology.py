"""What `partition` makes of dirty lines, beside the topology of PostGIS: its faces are the
children, or the pieces of one that lies in several and is reported as such."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from tests.mapmaking import dirtied, tiling
from yukuai.engines.partition import partition, to_wkb

pytestmark = pytest.mark.django_db
DATABASE = f"yukuai_topology_{os.getpid()}"


def _login(database: str, user: str = "postgres") -> "psycopg.Connection[tuple[int]]":
    owner = connections["owner"].settings_dict
    where = {"host": owner["HOST"], "port": owner["PORT"] or "5432", "user": user}
    return psycopg.connect(dbname=database, autocommit=True, **where)


@pytest.fixture
def topology(db: None) -> Iterator["psycopg.Connection[tuple[int]]"]:
    """A database of its own: the product has no use for the extension."""
    with _login("postgres") as cluster:
        cluster.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cluster.execute(f"CREATE DATABASE {DATABASE} TEMPLATE yukuai_template")
    try:
        with _login(DATABASE) as connection:
            connection.execute("CREATE EXTENSION postgis_topology")
            connection.execute("SELECT topology.CreateTopology('lines', 4490, 0)")
            connection.execute("CREATE TABLE child (id text PRIMARY KEY, geom geometry)")
            yield connection
    finally:
        with _login("postgres") as cluster:
            cluster.execute(f"DROP DATABASE {DATABASE}")


@pytest.mark.parametrize("seed", [3, 2026])
def test_the_faces_of_a_topology_of_the_lines_are_the_children(topology, seed):
    clean = tiling(seed, children=60, step_m=600)
    made = partition(clean.parent, dirtied(clean, seed))
    for key, child in made.children.items():
        topology.execute(
            "INSERT INTO child VALUES (%s, ST_SetSRID(%s::geometry, 4490))",
            [key, to_wkb(child)],
        )
    topology.execute(
        "SELECT topology.ST_CreateTopoGeo('lines', ST_Collect(ST_Boundary(geom))) FROM child"
    )
    faces, pieces, both, broken = topology.execute(_COUNTS).fetchone()
    assert faces == pieces == both
    assert broken == 0
    exclaves = [one for one in made.findings if one.check == "飞地"]
    assert pieces == len(clean.children) + len(exclaves)


_COUNTS = """
    WITH face AS (
        SELECT face_id, topology.ST_GetFaceGeometry('lines', face_id) AS geom
        FROM lines.face WHERE face_id <> 0
    ), piece AS (SELECT (ST_Dump(geom)).geom FROM child)
    SELECT (SELECT count(*) FROM face), (SELECT count(*) FROM piece),
        (SELECT count(*) FROM piece JOIN face ON ST_Equals(piece.geom, face.geom)),
        (SELECT count(*) FROM topology.ValidateTopology('lines'))
"""

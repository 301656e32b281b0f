"""What a dead worker held is handed out again, and nothing that a living one holds."""

import asyncio

import psycopg
import pytest
from django.db import connection
from procrastinate import App, PsycopgConnector

from yukuai.kernel.stalled import revive


@pytest.fixture
def rows(real_commits):
    def run(sql, *values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    return run


def worker(rows, *, silent_for):
    [(key,)] = rows(
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent_for,
    )
    return key


def job(rows, *, held_by, status="doing", queueing_lock=None):
    [(key,)] = rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
        " VALUES ('q', 't', %s, %s, %s) RETURNING id",
        status,
        held_by,
        queueing_lock,
    )
    return key


def reviving():
    login = connection.get_connection_params()
    conninfo = psycopg.conninfo.make_conninfo(
        host=login.get("host"), port=login.get("port"), user=login["user"], dbname=login["dbname"]
    )

    async def run():
        app = App(connector=PsycopgConnector(conninfo=conninfo))
        async with app.open_async():
            return await revive(app)

    return asyncio.run(run())


def state(rows, key):
    return rows("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", key)[0]


def test_the_job_of_a_dead_worker_is_handed_out_again(rows):
    dead = job(rows, held_by=worker(rows, silent_for=60))
    struck_off = job(rows, held_by=None)
    assert reviving() == 2
    assert state(rows, dead) == ("todo", 1)
    assert state(rows, struck_off) == ("todo", 1)


def test_the_job_of_a_living_worker_stays_with_it(rows):
    held = job(rows, held_by=worker(rows, silent_for=5))
    assert reviving() == 0
    assert state(rows, held) == ("doing", 0)


def test_a_round_whose_next_one_waits_is_let_go(rows):
    dead = job(rows, held_by=None, queueing_lock="round")
    waiting = job(rows, held_by=None, status="todo", queueing_lock="round")
    assert reviving() == 1
    assert state(rows, dead)[0] == "failed"
    assert state(rows, waiting) == ("todo", 0)

"""What watchers ask: figures without persons, for watchers alone; ready or not, and why."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import lamps, pack, places, raised
from yukuai.flows import watching
from yukuai.kernel import clock

__all__ = ["lamps", "pack", "places", "raised"]
pytestmark = pytest.mark.django_db


def figures(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def worker_spoke(at):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_the_text_is_what_prometheus_reads(client):
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    said = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert said
    assert [line for line in said if not re.match(r"^[a-z_]+(\{.*\})? \S+$", line)] == []


def test_a_request_is_counted_under_the_name_of_its_route(client):
    row = 'yukuai_requests_total{method="GET",route="portal:healthz",status="200"}'
    client.get("/healthz")
    before = float(figures(client)[row])
    client.get("/healthz")
    assert float(figures(client)[row]) == before + 1


def test_addresses_that_are_tried_out_are_one_route(client):
    for tried in range(3):
        client.get(f"/no-such-place-{tried}/19900000417/")
    said = "\n".join(figures(client))
    assert 'route="none"' in said
    assert "no-such-place" not in said
    assert "19900000417" not in said


def test_figures_count_what_waits_everywhere(client, raised):
    before = figures(client)
    raised()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('q', 't', 'failed')"
        )
    after = figures(client)
    assert after['yukuai_jobs{queue="q",status="failed"}'] == "1.0"
    unsealed = "yukuai_audit_unsealed"
    assert float(after[unsealed]) > float(before[unsealed])
    assert float(after["yukuai_tallies_lag"]) > 0


def test_every_question_is_answered(client):
    said = {re.split(r"[{ ]", name)[0] for name in figures(client)}
    always = {q.name for q in watching.QUESTIONS if not q.labels}
    assert always <= said


@pytest.mark.parametrize(
    ("remote", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("not an address", {}),
    ],
)
def test_whoever_comes_from_outside_finds_nothing(client, remote, headers):
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=remote)
    assert answer.status_code == 404
    assert b"yukuai_" not in answer.content


def test_behind_a_proxy_its_word_counts_and_the_clients_does_not(client, settings):
    settings.TRUSTED_PROXIES = 1
    settings.METRICS_NETWORKS = ["10.20.0.0/16"]
    told = {"X-Forwarded-For": "10.20.0.9, 203.0.113.9"}
    assert client.get("/metrics", headers=told).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.20.0.9"}).status_code == 200


def test_with_a_token_nothing_else_counts(client, settings):
    settings.METRICS_TOKEN = "a-long-word"
    assert client.get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer a-long-wort"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    right = {"Authorization": "Bearer a-long-word"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_ready_with_a_worker_that_speaks(client):
    worker_spoke(clock.now() - timedelta(seconds=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "lacking": []})


def test_not_ready_when_no_worker_spoke_lately(client):
    worker_spoke(clock.now() - timedelta(seconds=watching.SILENT_AFTER + 1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "lacking": ["worker: none spoke lately"]}


def test_not_ready_before_the_database_is_migrated(client, monkeypatch):
    worker_spoke(clock.now())
    known = watching._migrations()
    monkeypatch.setattr(watching, "_migrations", lambda: known | {("cases", "9999_to_come")})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["lacking"] == ["migrations: 1 not applied"]


def test_readiness_asks_the_database_thrice_at_most(client, django_assert_max_num_queries):
    worker_spoke(clock.now())
    with django_assert_max_num_queries(8):
        client.get("/readyz")

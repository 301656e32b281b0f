"""Events from a cursor, and the address outside systems call."""

import json

import pytest
from django.test import Client

from tests.casework import LIN, enforcement, squad
from tests.conftest import NOON
from tests.db.exchange.test_webhooks import whole
from tests.outside import clock, dispatched, notices, outside, stand_in, worker, world
from tests.web.desks import at_most
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import scope
from yukuai.workflow.horizon import advance_horizon

__all__ = [
    "clock",
    "enforcement",
    "outside",
    "squad",
    "stand_in",
    "whole",
    "worker",
    "world",
]
pytestmark = pytest.mark.django_db


def ask(client, **query):
    advance_horizon(SYSTEM, at=NOON)
    return client.get("/api/v1/events", query).json()


def test_a_cursor_gives_each_event_once_and_the_same_again(
    register, raised, enforcement, whole, clock
):
    client = register()
    dispatched(raised(), enforcement)
    first = ask(client, limit=2)
    assert [one["data"]["move"] for one in first["items"]] == ["raise", "accept"]
    assert first["more"]
    rest = ask(client, cursor=first["next"])
    assert [one["data"]["move"] for one in rest["items"]] == ["triage", "dispatch"]
    assert not rest["more"]
    assert ask(client, cursor=rest["next"])["items"] == []
    assert ask(client)["items"] == first["items"] + rest["items"]


def test_another_areas_matter_never_appears(register, raised, places, whole, clock):
    client = register(division=12)
    raised(division_id=1111)
    own = raised(division_id=113)
    assert [one["subject"] for one in ask(client)["items"]] == [own.number]


def test_declared_words_come_and_their_reading_is_on_record(register, raised, whole, clock):
    client = register(fields=["body"])
    case = raised()
    [event] = ask(client)["items"]
    assert event["data"]["body"] == case.body
    with scope((), [f"user:{LIN.user_id}"]):
        assert AuditEntry.objects.filter(act="api.event.read").count() == 1


@pytest.mark.parametrize("cursor", ["-1", "x", str(2**63)])
def test_a_cursor_that_is_none_is_refused(register, cursor, whole):
    answer = register().get("/api/v1/events", {"cursor": cursor})
    assert answer.status_code == 422


def test_it_costs_little(register, raised, whole, clock):
    client = register()
    for _ in range(3):
        raised()
    advance_horizon(SYSTEM, at=NOON)
    with at_most(10):
        assert len(client.get("/api/v1/events").json()["items"]) == 3


# Callbacks


@pytest.fixture
def shared(outside, raised, enforcement, worker):
    there = outside()
    dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    return there, theirs


def post(there, theirs, *steps, code="", **how):
    how = {"stamp": int(NOON.timestamp()), "nonce": "nonce-12345678"} | how
    headers, body = there.call(theirs.id, *steps, **how)
    return Client(enforce_csrf_checks=True).post(
        f"/api/exchange/{code or there.system.code}/callback",
        body,
        content_type="application/json",
        headers=headers,
    )


def test_a_genuine_call_is_kept_and_the_same_again_is_answered_alike(shared):
    there, theirs = shared
    step = there.move(theirs.id, "处置中")
    first, again = post(there, theirs, step), post(there, theirs, step)
    assert (first.status_code, first.json()) == (200, {"code": 0, "kept": 1})
    assert (again.status_code, again.json()) == (200, {"code": 0, "kept": 0})
    assert len(notices()) == 1


def test_a_call_that_is_not_genuine_keeps_nothing_and_is_told_why(shared):
    there, theirs = shared
    step = there.move(theirs.id, "处置中")
    forged = post(there, theirs, step, secret="guessed")
    assert forged.status_code == 401
    assert forged["Content-Type"] == "application/problem+json"
    assert "签名不对" in json.loads(forged.content)["detail"]
    assert post(there, theirs, step, stamp=1).status_code == 401
    assert post(there, theirs, step, code="nobody").status_code == 404
    empty = Client().post(f"/api/exchange/{there.system.code}/callback")
    assert empty.status_code == 401
    assert Client().get(f"/api/exchange/{there.system.code}/callback").status_code == 405
    assert notices() == []


def test_too_many_calls_are_refused_before_anything_is_read(shared, monkeypatch):
    there, theirs = shared
    monkeypatch.setattr("yukuai.api.exchange.PER_MINUTE", 1)
    step = there.move(theirs.id, "处置中")
    assert post(there, theirs, step).status_code == 200
    assert post(there, theirs, step, nonce="nonce-23456789").status_code == 429

"""The board: what every upper level sees, and only that far down as it may count."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.casework import LIN, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.db.cases.test_moves import walk
from tests.db.flows.test_case_stories import appointed
from yukuai.accounts.policy import Role
from yukuai.kernel import clock

__all__ = [
    "appointed",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "squad",
    "steps",
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=1))


@pytest.fixture
def at_desk(appointed: Any) -> Any:
    def make(role: Role, division: int) -> Client:
        client = Client()
        client.force_login(appointed(f"{role}-{division}", role, division))
        return client

    return make


def board(client: Client, path: str = "/work/board/") -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.context["board"]


@pytest.mark.parametrize(
    ("role", "division", "line"),
    [(Role.CITY_OP, 1, 2), (Role.DISTRICT_OP, 2, 12), (Role.TOWNSHIP_OP, 12, 112)],
)
def test_each_level_sees_the_matter_at_the_level_below(at_desk, raised, role, division, line):
    raised()
    seen = board(at_desk(role, division))
    assert seen.total.received == 1
    assert {row.division.id: row.numbers.received for row in seen.lines}[line] == 1
    assert sum(row.numbers.received for row in seen.lines) == 1


def test_the_numbers_are_those_of_what_happened(at_desk, raised, steps):
    walk(raised(), steps, "rated")
    walk(raised(), steps, "dispatched")
    raised()
    total = board(at_desk(Role.DISTRICT_OP, 2)).total
    assert (total.received, total.closed, total.open) == (3, 1, 2)
    assert (total.replied, total.on_time_rate) == (1, 100.0)
    assert (total.asked, total.solved_rate, total.satisfied_rate) == (1, 100.0, 100.0)
    assert total.weeks[-1] == 3


def test_a_clock_that_ran_out_is_an_alarm_with_its_place(at_desk, raised, monkeypatch):
    raised()
    client = at_desk(Role.DISTRICT_OP, 2)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=3))
    seen = board(client)
    assert seen.total.overdue == 1
    [alarm] = seen.alarms
    assert (alarm.place, alarm.label, alarm.number) == ("南社区", "受理", 1)


def test_beside_ones_own_tree_there_is_no_board(at_desk, raised):
    client = at_desk(Role.DISTRICT_OP, 2)
    for division in (11, 1, 987654321):
        assert client.get(f"/work/board/{division}/").status_code == 404


def test_the_numbers_for_a_spreadsheet_name_places_and_nobody(at_desk, raised):
    raised(LIN, name="林小满", phone="19900000417")
    answer = at_desk(Role.DISTRICT_OP, 2).get("/work/board/2/numbers.csv")
    text = answer.content.decode("utf-8-sig")
    assert "南街" in text
    assert "林小满" not in text


@pytest.mark.parametrize("path", ["/work/board/", "/work/board/12/"])
def test_a_board_asks_the_database_fifteen_times_at_most(
    at_desk, raised, django_assert_max_num_queries, path
):
    for _ in range(3):
        raised()
    client = at_desk(Role.DISTRICT_OP, 2)
    client.get(path)
    with django_assert_max_num_queries(15 + SAVEPOINTS, connection=connection):
        client.get(path)


SAVEPOINTS = 3
"""What a test adds: a savepoint and its release around the scope, and the scope emptied."""

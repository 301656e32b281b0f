"""Moves, log and clocks, on a matter that is nobody's model: the engine knows no app above it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from tests.conftest import NOON
from tests.places import make_places
from yukuai.accounts.policy import Actor, Grant, Permission, Role
from yukuai.divisions.models import Division
from yukuai.kernel.errors import Conflict, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.actions import (
    advance,
    drop_deadlines,
    hand_over_deadline,
    meet_deadlines,
    remember,
    start_deadline,
)
from yukuai.workflow.definitions import Move, Workflow
from yukuai.workflow.models import Deadline, StateChange
from yukuai.workflow.queries import list_changes, list_deadlines, list_due, list_offers

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


def not_before_noon(_actor: Actor, _obj: Any, at: Any) -> str:
    return "" if at >= NOON else "中午以前不能送。"


ERRAND = Workflow(
    name="errand",
    states={"open": "待送", "sent": "已送", "done": "办完"},
    initial="open",
    moves=(
        Move(
            "send",
            "送出",
            frozenset({"open"}),
            "sent",
            Permission.CASE_DISPATCH,
            does="交给送的人。",
            guard=not_before_noon,
        ),
        Move(
            "finish", "办完", frozenset({"sent"}), "done", Permission.CASE_CLOSE, why_not="先送出。"
        ),
        Move("expire", "过期", frozenset({"sent"}), "done", Permission.CASE_SETTLE, timed="finish"),
    ),
)


@dataclass
class Errand:
    division: Division
    pk: int = 7
    state: str = "open"
    holders: list[str] = field(default_factory=lambda: ["user:17"])
    workflow: Workflow = ERRAND
    saved: int = 0

    @property
    def area(self) -> str:
        return self.division.path

    def save(self) -> None:
        self.saved += 1


@pytest.fixture
def places():
    with scope(EVERYWHERE):
        return make_places()


def clerk(path: str, role: Role = Role.COMMUNITY_STAFF, department_id: int | None = None) -> Actor:
    return Actor("王工", (Grant(role, path, department_id=department_id),), user_id=5)


SOUTH = clerk("1.2.12.112.")


@pytest.fixture
def errand(places):
    return Errand(places[112])


def start(errand: Errand, name: str = "finish", **changes: Any) -> Deadline:
    given = {"label": "办完", "owner": errand.division, "starts_at": NOON, "due_at": LATER}
    return start_deadline(errand, name, **{**given, **changes})


# Moves


def test_a_move_changes_the_state_and_appends_to_the_log(errand):
    with scope(SOUTH.areas):
        change = advance(
            SOUTH, errand, "send", at=NOON, reason="急", said="已经送出。", to="城管办"
        )
        assert (errand.state, errand.saved) == ("sent", 1)
        [found] = list_changes(SOUTH, obj=errand)
    assert found == change
    assert (found.source, found.target, found.move) == ("open", "sent", "send")
    assert (found.actor, found.user_id, found.happened_at) == ("王工", 5, NOON)
    assert (found.reason, found.said, found.data) == ("急", "已经送出。", {"to": "城管办"})
    assert (found.area, found.holders) == ("1.2.12.112.", ["user:17"])


@pytest.mark.parametrize(
    ("actor", "state", "move", "at", "error", "sentence"),
    [
        (SOUTH, "open", "finish", NOON, Conflict, "先送出。"),
        (SOUTH, "done", "send", NOON, Conflict, "现在是“办完”，不能送出。"),
        (SOUTH, "open", "send", NOON - timedelta(hours=1), Conflict, "中午以前不能送。"),
        (
            clerk("1.2.12.113."),
            "open",
            "send",
            NOON,
            NotPermitted,
            "这里不归您的岗位管，不能派单。",
        ),
        (
            clerk("1.2.12.112.", Role.GRID_WORKER),
            "open",
            "send",
            NOON,
            NotPermitted,
            "您现在的岗位没有“派单”这项权限。",
        ),
    ],
)
def test_a_refused_move_says_why_and_changes_nothing(
    errand, actor, state, move, at, error, sentence
):
    errand.state = state
    with scope(EVERYWHERE):
        with pytest.raises(error) as refused:
            advance(actor, errand, move, at=at)
        assert StateChange.objects.count() == 0
    assert refused.value.message == sentence
    assert (errand.state, errand.saved) == (state, 0)


def test_who_lacks_the_right_is_not_told_about_the_state(errand):
    errand.state = "done"
    with scope(EVERYWHERE), pytest.raises(NotPermitted):
        advance(clerk("1.11."), errand, "send", at=NOON)


def test_a_move_that_does_not_exist_is_a_mistake_of_ours(errand):
    with scope(EVERYWHERE), pytest.raises(KeyError):
        advance(SOUTH, errand, "fly", at=NOON)


def test_the_buttons_say_what_advance_would_say(errand):
    with scope(SOUTH.areas):
        send, finish = list_offers(SOUTH, obj=errand, at=NOON)
        assert (send.allowed, send.reason) == (True, "交给送的人。")
        assert (finish.allowed, finish.reason) == (False, "先送出。")
        [early, _] = list_offers(SOUTH, obj=errand, at=NOON - timedelta(hours=1))
        assert (early.allowed, early.reason) == (False, "中午以前不能送。")
        [foreign, _] = list_offers(clerk("1.11."), obj=errand, at=NOON)
        assert (foreign.allowed, foreign.reason) == (False, "这里不归您的岗位管，不能派单。")


def test_a_note_moves_nothing(errand):
    with scope(SOUTH.areas):
        note = remember(SOUTH, errand, move="note", source="open", at=NOON, reason="打过电话")
    assert (note.source, note.target, errand.state, errand.saved) == ("open", "open", "open", 0)


@pytest.mark.parametrize(
    ("states", "moves", "fault"),
    [
        ({"a": "甲"}, [("go", "a", "b")], "unknown states ['b']"),
        ({"a": "甲", "b": "乙"}, [], "unreachable states ['b']"),
        ({"a": "甲", "b": "乙"}, [("go", "a", "b"), ("go", "b", "a")], "two moves share a name"),
    ],
)
def test_a_table_with_a_hole_does_not_start(states, moves, fault):
    made = tuple(
        Move(name, name, frozenset({source}), target, Permission.CASE_VIEW)
        for name, source, target in moves
    )
    with pytest.raises(ValueError, match="errand") as refused:
        Workflow("errand", states, "a", made)
    assert fault in str(refused.value)


def test_the_diagram_names_no_state_with_a_dash():
    moves = (Move("go", "去", frozenset({"a-b"}), "c-d", Permission.CASE_VIEW),)
    drawn = Workflow("errand", {"a-b": "甲", "c-d": "乙"}, "a-b", moves).mermaid()
    assert "  a_b --> c_d: 去" in drawn
    assert "a-b" not in drawn


def test_the_diagram_shows_every_arrow():
    assert ERRAND.mermaid().splitlines() == [
        "stateDiagram-v2",
        "  [*] --> open",
        "  open: 待送",
        "  sent: 已送",
        "  done: 办完",
        "  open --> sent: 送出",
        "  sent --> done: 办完",
        "  sent --> done: 过期",
    ]


# Clocks


def test_a_clock_runs_until_it_is_met(errand):
    with scope(SOUTH.areas):
        deadline = start(errand, law="产品设定")
        assert deadline.next_reminder_at == NOON + timedelta(days=1)
        assert meet_deadlines(errand, "finish", at=LATER) == 1
        assert meet_deadlines(errand, "finish", at=LATER + timedelta(days=1)) == 0
        [met] = list_deadlines(SOUTH, obj=errand)
    assert (met.met_at, met.next_reminder_at, met.law) == (LATER, None, "产品设定")


def test_without_names_all_clocks_of_the_object_are_met_and_no_others(places, errand):
    other = Errand(places[112], pk=8)
    with scope(SOUTH.areas):
        start(errand, "finish")
        start(errand, "send")
        start(other, "finish")
        assert meet_deadlines(errand, at=LATER) == 2
        assert Deadline.objects.get(met_at=None).object_id == 8


def test_a_dropped_clock_is_no_longer_shown(errand):
    with scope(SOUTH.areas):
        start(errand)
        assert drop_deadlines(errand, "send", at=NOON) == 0
        assert drop_deadlines(errand, "finish", at=NOON) == 1
        assert list(list_deadlines(SOUTH, obj=errand)) == []
        assert Deadline.objects.get().next_reminder_at is None


def test_starting_a_clock_again_drops_the_running_one(errand):
    with scope(SOUTH.areas):
        first = start(errand)
        second = start(errand, starts_at=LATER, due_at=LATER + timedelta(days=1))
        first.refresh_from_db()
        assert (first.dropped_at, second.dropped_at) == (LATER, None)
        assert [d.pk for d in list_deadlines(SOUTH, obj=errand)] == [second.pk]


def test_the_database_allows_one_running_clock_of_a_name(errand):
    with scope(SOUTH.areas):
        start(errand)
        copy = Deadline.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError, match="deadline_running_once"), scope(SOUTH.areas):
        copy.save(force_insert=True)


def test_a_clock_does_not_run_backwards(errand):
    with pytest.raises(IntegrityError, match="deadline_forwards"), scope(SOUTH.areas):
        start(errand, due_at=NOON)


def test_a_clock_handed_over_is_due_at_the_other_door(places, errand):
    upstairs = clerk("1.2.12.", Role.TOWNSHIP_OP)
    soon = LATER + timedelta(days=1)
    with scope(["1.2."]):
        start(errand)
        assert [d.name for d in list_due(SOUTH, workflow="errand", before=soon)] == ["finish"]
        assert hand_over_deadline(errand, "finish", owner=places[12], department_id=None) == 1
        assert list(list_due(SOUTH, workflow="errand", before=soon)) == []
        [due] = list_due(upstairs, workflow="errand", before=soon)
    assert (due.owner_id, due.owner_area, due.area) == (12, "1.2.12.", "1.2.12.112.")
    assert (due.starts_at, due.due_at) == (NOON, LATER)


def test_a_clock_at_a_departments_door_is_not_at_its_neighbours(places, errand):
    office, other = (clerk("1.2.12.", Role.DEPT_OP, department_id=n) for n in (3, 4))
    with scope(["1.2."]):
        start(errand, owner=places[12], department_id=3)
        asked = {"workflow": "errand", "before": LATER + timedelta(days=1)}
        assert [d.owner_department_id for d in list_due(office, **asked)] == [3]
        assert list(list_due(other, **asked)) == []
        assert list(list_due(clerk("1.2.12.", Role.TOWNSHIP_OP), **asked)) == []


def test_what_is_due_stands_in_the_order_it_is_due(errand):
    with scope(SOUTH.areas):
        start(errand, "late", due_at=LATER)
        start(errand, "early", due_at=NOON + timedelta(hours=1))
        start(errand, "next-week", due_at=NOON + timedelta(days=7))
        due = list_due(SOUTH, workflow="errand", before=LATER + timedelta(seconds=1))
        assert [d.name for d in due] == ["early", "late"]
        assert list(list_due(SOUTH, workflow="case", before=LATER)) == []

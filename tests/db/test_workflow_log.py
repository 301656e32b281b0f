"""Log and clocks in the database: never rewritten, in their place, seen by whom they concern."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections

from tests.conftest import NOON
from tests.db.test_workflow_engine import SOUTH, Errand, start
from tests.places import make_places
from yukuai.divisions.models import Division
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.actions import relocate_log, remember
from yukuai.workflow.models import Deadline, StateChange


def raw(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.fixture
def places(db):
    with scope(EVERYWHERE):
        return make_places()


@pytest.fixture
def errand(places):
    errand = Errand(places[112])
    with scope(EVERYWHERE):
        remember(SOUTH, errand, move="note", at=NOON, reason="原来的")
        start(errand)
    return errand


@pytest.fixture
def kept(real_commits):
    """The same, seen by other connections too."""
    with scope(EVERYWHERE):
        errand = Errand(make_places()[112])
        remember(SOUTH, errand, move="note", at=NOON, reason="原来的")
        start(errand)
    return errand


REWRITES = [
    "UPDATE workflow_statechange SET reason = 'x'",
    "UPDATE workflow_statechange SET target = 'done', area = area",
    "DELETE FROM workflow_statechange",
    "TRUNCATE workflow_statechange",
]


@pytest.mark.parametrize("sql", REWRITES)
def test_the_application_may_not_rewrite_the_log(kept, sql):
    with pytest.raises(ProgrammingError, match="permission denied"), scope(EVERYWHERE):
        connection.cursor().execute(sql)
    with scope(EVERYWHERE):
        assert StateChange.objects.get().reason == "原来的"


@pytest.mark.parametrize("sql", REWRITES)
def test_the_owner_is_refused_too(kept, sql):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('yukuai.areas', '{\"\"}', false)")
        with pytest.raises(ProgrammingError, match=r"statechange_append_only: \w+ refused"):
            cursor.execute(sql)
    with scope(EVERYWHERE):
        assert StateChange.objects.get().reason == "原来的"


def test_log_and_clocks_follow_a_division_that_moves(kept):
    with scope(EVERYWHERE):
        Division.objects.filter(pk=112).update(parent_id=111, path="1.11.111.112.")
    with scope(["1.2."]):
        assert (StateChange.objects.count(), Deadline.objects.count()) == (0, 0)
    with scope(["1.11."]):
        assert StateChange.objects.get().area == "1.11.111.112."
        deadline = Deadline.objects.get()
    assert (deadline.area, deadline.owner_area) == ("1.11.111.112.", "1.11.111.112.")


def test_log_and_clocks_follow_a_matter_that_moves(places, errand):
    with scope(EVERYWHERE):
        errand.division = places[113]
        relocate_log(errand)
    with scope(["1.2.12.113."]):
        change, deadline = StateChange.objects.get(), Deadline.objects.get()
    assert (change.division_id, change.area, change.reason) == (113, "1.2.12.113.", "原来的")
    assert (deadline.division_id, deadline.area) == (113, "1.2.12.113.")


@pytest.mark.parametrize("table", ["workflow_statechange", "workflow_deadline"])
def test_no_row_names_a_path_it_is_not_at(errand, table):
    with pytest.raises(IntegrityError, match="area_follows_division"), scope(EVERYWHERE):
        connection.cursor().execute(f"UPDATE {table} SET area = '1.11.'")


@pytest.mark.parametrize("table", ["workflow_statechange", "workflow_deadline"])
@pytest.mark.parametrize(
    ("areas", "holders", "seen"),
    [
        (["1.2.12.112."], [], 1),
        (["1.2."], [], 1),
        ([""], [], 1),
        (["1.2.12.113."], [], 0),
        (["1.11.", "1.2.12.113."], [], 0),
        (["1.2.12.11."], [], 0),
        ([], [], 0),
        ([], ["user:17"], 1),
        ([], ["user:1", "ticket:a"], 0),
        (["1.11."], ["user:17"], 1),
    ],
)
def test_raw_sql_sees_what_lies_in_the_scope_or_is_ones_own(errand, table, areas, holders, seen):
    with scope(areas, holders):
        assert raw(f"SELECT count(*) FROM {table}") == [(seen,)]


@pytest.mark.parametrize("table", ["workflow_statechange", "workflow_deadline"])
def test_without_a_scope_raw_sql_sees_nothing(errand, table):
    assert raw(f"SELECT count(*) FROM {table}") == [(0,)]


def test_nothing_is_remembered_outside_ones_area(places):
    with pytest.raises(ProgrammingError, match="row-level security"), scope(["1.11."]):
        remember(SOUTH, Errand(places[112]), move="note", at=NOON)


def test_no_clock_is_set_outside_ones_area(places):
    with pytest.raises(ProgrammingError, match="row-level security"), scope(["1.11."]):
        start(Errand(places[112]), due_at=NOON + timedelta(days=1))

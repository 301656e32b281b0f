"""Clocks and what hangs on days: thirty days for the court, an agreement in effect, a visit."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOON
from tests.mediation import DAY, PATHS, read, walk
from yukuai.accounts.policy import SYSTEM
from yukuai.disputes import actions
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.actions import remind_of_deadlines
from yukuai.workflow.models import Deadline

pytestmark = pytest.mark.django_db


def clocks(dispute, **found):
    with scope(EVERYWHERE):
        rows = Deadline.objects.filter(workflow="dispute", object_id=dispute.pk, **found)
        return {row.name: row for row in rows.order_by("pk")}


def running(dispute):
    return clocks(dispute, met_at=None, dropped_at=None)


def test_one_clock_of_mediation_goes_along_from_mediator_to_mediator(registered, steps):
    dispute = walk(registered(), steps, "assigned")
    [first] = running(dispute).values()
    assert (first.name, first.owner_id) == ("mediate", 112)
    steps["recuse"](dispute)
    assert {name: c.owner_id for name, c in running(dispute).items()} == {
        "mediate": 12,
        "assign": 12,
    }
    steps["assign"](dispute)
    again = running(dispute)
    assert list(again) == ["mediate"]
    assert (again["mediate"].pk, again["mediate"].due_at) == (first.pk, first.due_at)


def test_thirty_days_for_the_court_count_from_the_day_it_is_in_effect(registered, steps):
    dispute = walk(registered(), steps, "fulfilment")
    confirm = running(dispute)["confirm"]
    # 2 March in effect: the first day does not count, the thirtieth is 1 April, to its end.
    assert confirm.due_at == datetime(2026, 4, 2, tzinfo=SHANGHAI)
    assert "第三十三条" in confirm.law


def test_they_are_reminded_before_the_thirty_days_end(registered, steps):
    dispute = walk(registered(), steps, "fulfilment")
    remind_of_deadlines(SYSTEM, at=NOON + timedelta(days=25))
    assert running(dispute)["confirm"].reminded == 80


@pytest.mark.parametrize(
    ("result", "column"), [("applied", "met_at"), ("not-wanted", "dropped_at")]
)
def test_nobody_is_reminded_of_the_court_when_it_is_settled(
    registered, steps, staff, result, column
):
    dispute = walk(registered(), steps, "fulfilment")
    actions.note_confirmation(staff["mediator"], dispute_id=dispute.pk, result=result, at=NOON)
    assert "confirm" not in running(dispute)
    assert getattr(clocks(dispute)["confirm"], column) == NOON
    with pytest.raises(Conflict, match="已经记过"):
        actions.note_confirmation(staff["mediator"], dispute_id=dispute.pk, result=result, at=NOON)


def test_an_oral_agreement_is_in_effect_from_the_day_it_was_reached(registered, steps, staff):
    dispute = registered()
    for name in ("assign", "mediate", "hold_session"):
        steps[name](dispute)
    actions.agree(
        staff["mediator"],
        dispute_id=dispute.pk,
        form="oral",
        facts="争车位。",
        terms="轮着停。",
        at=NOON,
    )
    actions.take_effect(staff["mediator"], dispute_id=dispute.pk, at=NOON + timedelta(days=2))
    assert (read(dispute.pk).effective_on, read(dispute.pk).state) == (DAY, "fulfilment")
    assert running(dispute)["confirm"].due_at == datetime(2026, 4, 2, tzinfo=SHANGHAI)


@pytest.mark.parametrize("day", [None, DAY - timedelta(days=1), DAY + timedelta(days=1)])
def test_a_written_one_is_not_in_effect_before_it_is_signed(registered, steps, staff, day):
    dispute = walk(registered(), steps, "agreed")
    with pytest.raises(InvalidInput) as refusal:
        actions.take_effect(staff["mediator"], dispute_id=dispute.pk, signed_on=day, at=NOON)
    assert list(refusal.value.fields) == ["signed_on"]
    assert (read(dispute.pk).state, read(dispute.pk).effective_on) == ("agreed", None)


def test_no_agreement_without_a_session_and_no_end_without_an_address(registered, steps, staff):
    dispute = walk(registered(), steps, "mediating")
    with pytest.raises(Conflict, match="至少一次调解"):
        steps["agree"](dispute)
    with pytest.raises(Conflict, match="写清地址"):
        actions.fail_mediation(
            staff["mediator"], dispute_id=dispute.pk, ways={"court": " "}, at=NOON
        )
    assert read(dispute.pk).state == "mediating"


def test_nothing_is_filed_before_somebody_asked_whether_it_was_done(registered, steps, staff):
    dispute = walk(registered(), steps, "fulfilment")
    with pytest.raises(Conflict, match="履行回访"):
        steps["archive"](dispute)
    with pytest.raises(InvalidInput, match="还有 1 项"):
        actions.visit_fulfilment(
            staff["mediator"], dispute_id=dispute.pk, done={}, outcome="fulfilled", at=NOON
        )
    actions.visit_fulfilment(staff["mediator"], dispute_id=dispute.pk, done={}, at=NOON)
    assert "visit" in running(dispute)
    steps["visit"](dispute)
    assert "archive" in running(dispute)
    steps["archive"](dispute)
    assert (read(dispute.pk).state, running(dispute)) == ("archived", {})


def test_a_date_lies_ahead_and_has_a_place(registered, steps, staff):
    dispute = walk(registered(), steps, "assigned")
    for next_at, place, field in (
        (NOON, "调解室", "next_at"),
        (NOON + timedelta(hours=1), "", "place"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            actions.open_mediation(
                staff["mediator"], dispute_id=dispute.pk, next_at=next_at, place=place, at=NOON
            )
        assert list(refusal.value.fields) == [field]
    assert read(dispute.pk).state == "assigned"


def test_a_refused_mediator_is_not_given_it_again(registered, steps, staff, mediators):
    dispute = walk(registered(), steps, "assigned")
    steps["refuse"](dispute)
    with pytest.raises(Conflict, match="当事人不接受"):
        actions.assign_mediator(
            staff["justice"], dispute_id=dispute.pk, mediator_id=mediators["mediator"].pk, at=NOON
        )
    assert read(dispute.pk).mediator is None


def test_who_ends_it_leaves_no_clock_running(registered, steps):
    for state in PATHS:
        dispute = walk(registered(), steps, state)
        if state in ("withdrawn", "archived"):
            assert running(dispute) == {}
        else:
            assert running(dispute)

"""What arrives is told to whoever is on duty; outside the shifts, to the whole window."""

from datetime import timedelta

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.duty import people, put, shift
from yukuai.accounts.models import User
from yukuai.accounts.policy import SYSTEM
from yukuai.flows.case_messages import announce_case_move
from yukuai.flows.deadline_messages import announce_deadline
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message, MessageTemplate
from yukuai.workflow.models import Deadline, StateChange

__all__ = [
    "enforcement", "lamps", "pack", "people", "places", "raised", "shift", "squad", "steps",
]  # fmt: skip


@pytest.fixture
def words(db):
    User.objects.create(id=901, kind="resident", username="r901")  # who raises the matters
    for code in ("case-received", "desk-arrived", "deadline-50", "deadline-100"):
        MessageTemplate.objects.create(code=code, channel="inbox", text="有事。", placeholders=[])


def told():
    with scope(EVERYWHERE):
        rows = Message.objects.filter(recipient__kind="staff").order_by("recipient")
        return list(rows.values_list("recipient", flat=True))


def announce(case, at):
    with scope(EVERYWHERE):
        change = StateChange.objects.get(workflow="case", object_id=case.pk, move="raise")
    announce_case_move(SYSTEM, case_id=case.pk, change_id=change.pk, move="raise", at=at)


def test_an_arrival_goes_to_the_one_on_duty(people, shift, raised, words):
    put(shift, people["colleague"])
    announce(raised(), NOON)
    assert told() == [12]


def test_outside_the_shifts_an_arrival_goes_to_everybody_at_the_window(
    people, shift, raised, words
):
    put(shift, people["colleague"])
    announce(raised(), NOON + timedelta(hours=3))
    assert told() == [11, 12]


@pytest.mark.parametrize(("percent", "who"), [(50, [12]), (100, [11, 12])])
def test_a_clock_reminds_the_one_on_duty_until_it_has_run_out(
    people, shift, raised, words, percent, who
):
    put(shift, people["colleague"])
    case = raised()
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(workflow="case", object_id=case.pk, name="accept")
    announce_deadline(SYSTEM, deadline_id=clock.pk, percent=percent, at=NOON)
    assert told() == who

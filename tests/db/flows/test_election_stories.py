"""Who hears of an election: the committee, the township, nobody else."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.conftest import NOON
from tests.db.elections.conftest import storage
from tests.electing import COMMITTEE, NEIGHBOUR, TOWN, places, planned, ruled
from tests.offices import make_post, make_staff
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import Role
from yukuai.elections import actions
from yukuai.flows.election_messages import announce_election_deadline, announce_step
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message
from yukuai.workflow.models import Deadline, StateChange

__all__ = ["places", "ruled", "storage"]
pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def offices(places):
    call_command("load_message_templates", verbosity=0)
    make_post(make_staff("hand", id=COMMITTEE.user_id), Role.ELECTION_COMMITTEE, places[112])
    make_post(make_staff("next", id=NEIGHBOUR.user_id), Role.ELECTION_COMMITTEE, places[113])
    make_post(make_staff("town", id=TOWN.user_id), Role.TOWNSHIP_OP, places[12])


def told():
    with scope(EVERYWHERE):
        rows = Message.objects.order_by("pk").values_list("recipient_id", "title")
        return list(rows)


def test_each_hears_what_the_other_did_and_once(offices):
    election = planned()
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(workflow="election").exclude(move="start")
        lines = list(rows.order_by("pk").values_list("pk", "move"))
    for change_id, move in lines * 2:
        announce_step(SYSTEM, election_id=election.pk, change_id=change_id, move=move, at=NOON)
    assert [(who, title.partition("：")[0]) for who, title in told()] == [
        (COMMITTEE.user_id, "指导机构成立"),
        (COMMITTEE.user_id, "选举委员会成立"),
        (TOWN.user_id, "公布选举办法"),
    ]


@pytest.mark.parametrize(("percent", "heard"), [(50, []), (80, ["hand"]), (100, ["hand", "town"])])
def test_a_clock_that_ran_out_is_the_townships_business_too(offices, percent, heard):
    planned()
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(name="roll")
    said = {"deadline_id": clock.pk, "percent": percent, "at": NOON + timedelta(days=20)}
    announce_election_deadline(SYSTEM, **said)
    announce_election_deadline(SYSTEM, **said)
    names = {COMMITTEE.user_id: "hand", TOWN.user_id: "town"}
    assert [names[who] for who, _title in told()] == heard


def test_what_is_over_reminds_nobody(offices):
    election = planned()
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(name="roll")
    actions.annul_election(TOWN, number=election.number, reason="程序违法", at=NOON)
    announce_election_deadline(SYSTEM, deadline_id=clock.pk, percent=100, at=NOON)
    assert told() == []

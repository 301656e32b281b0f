"""Two hands at once: one of them is told that it came second."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.mediation import quarrel, read, walk
from yukuai.disputes import actions
from yukuai.disputes.actions.registering import AlreadyRegistered
from yukuai.disputes.models import Dispute
from yukuai.kernel.errors import Conflict, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange


@pytest.fixture
def db(real_commits):
    """Real commits, so that the other connection sees them."""


def both(*acts):
    together = Barrier(len(acts))

    def run(act):
        try:
            together.wait()
            return act()
        except (Conflict, NotFound) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_forms_of_one_quarrel_at_once_make_one_dispute(staff, mediators, dispute_pack):
    one = uuid4()
    answers = both(
        *[
            lambda: actions.register_dispute(
                staff["registrar"], quarrel=quarrel(client_uuid=one), at=NOON
            )
        ]
        * 2
    )
    assert sum(isinstance(answer, AlreadyRegistered) for answer in answers) == 1
    with scope(EVERYWHERE):
        assert Dispute.objects.count() == 1


def test_a_party_refuses_while_the_mediator_begins_one_of_them_comes_first(registered, steps):
    dispute = walk(registered(), steps, "assigned")
    answers = both(lambda: steps["refuse"](dispute), lambda: steps["investigate"](dispute))
    found = read(dispute.pk)
    assert found.state == "registered"
    assert found.mediator is None
    with scope(EVERYWHERE):
        moves = StateChange.objects.filter(workflow="dispute", object_id=dispute.pk)
        made = set(moves.values_list("move", flat=True))
    refused = any(isinstance(answer, NotFound | Conflict) for answer in answers)
    assert ("investigate" in made) is not refused


def test_two_officers_assign_at_once_and_one_mediator_has_it(registered, staff, mediators, steps):
    dispute = registered()
    answers = both(
        *[
            lambda name=name: actions.assign_mediator(
                staff["justice"],
                dispute_id=dispute.pk,
                mediator_id=mediators[name].pk,
                at=NOON,
            )
            for name in ("mediator", "second")
        ]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    found = read(dispute.pk)
    users = [key for key in found.holders if key.startswith("user:")]
    assert users == [f"user:{found.mediator.user_id}"]

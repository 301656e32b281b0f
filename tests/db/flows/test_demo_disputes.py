"""The two quarrels of the demo: made once, seen by their own, told to nobody."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import NOON
from tests.db.test_account_demo import tree
from yukuai.accounts.demo import seed_people
from yukuai.disputes.models import Dispute, Mediator
from yukuai.documents.models import IssuedDocument
from yukuai.flows.demo_disputes import seed_disputes, seed_mediators
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline

__all__ = ["tree"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at", [NOON, NOON + timedelta(hours=10, minutes=30)])
def test_the_demo_has_two_quarrels_and_making_them_again_changes_nothing(tree, at: datetime):
    for command in ("load_rulepacks", "load_dispute_kinds", "load_calendar"):
        call_command(command, verbosity=0)
    people = seed_people(at)
    for made in (2, 0):
        seed_mediators(people, at)
        assert seed_disputes(people, at) == made
    assert Mediator.objects.count() == 2
    with scope(EVERYWHERE):
        states = set(Dispute.objects.values_list("state", flat=True))
        assert states == {"mediating", "fulfilment"}
        assert IssuedDocument.objects.count() == 4
        late = Deadline.objects.filter(workflow="dispute", met_at=None, due_at__lt=at)
        assert not late.filter(dropped_at=None).exists()
    told = ProcrastinateJob.objects.filter(task_name__contains="dispute")
    assert not told.exists()

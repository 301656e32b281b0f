"""A round that takes longer than its period is not joined by the next one."""

from typing import Any

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import LIN
from tests.conftest import NOON
from tests.db.cases.test_at_once import raise_one, town
from tests.db.test_workflow_reminders import in_another_connection
from yukuai.accounts.models import User
from yukuai.accounts.policy import SYSTEM
from yukuai.flows import arrivals
from yukuai.flows.arrivals import announce_arrivals, set_aside_arrivals
from yukuai.kernel.models import Gathered

__all__ = ["town"]


@pytest.fixture
def three_matters(town: None) -> None:
    call_command("load_message_templates", verbosity=0)
    User.objects.create(pk=LIN.user_id, username="lin")
    for _ in range(3):
        raise_one()


def test_the_next_round_leaves_what_is_left_to_the_one_that_runs(
    three_matters: None, monkeypatch: pytest.MonkeyPatch
):
    met: list[int] = []
    tell = arrivals.tell_of

    def tell_and_look(mail: Any, moved: Any) -> None:
        tell(mail, moved)
        for act in (announce_arrivals, set_aside_arrivals):
            met.append(in_another_connection(lambda act=act: act(SYSTEM, at=NOON)))

    monkeypatch.setattr(arrivals, "A_ROUND", 2)
    with monkeypatch.context() as patch:
        patch.setattr(arrivals, "tell_of", tell_and_look)
        assert announce_arrivals(SYSTEM, at=NOON) == 2
    assert met == [0, 0, 0, 0]
    assert (Gathered.objects.count(), ProcrastinateJob.objects.count()) == (1, 0)
    assert announce_arrivals(SYSTEM, at=NOON) == 1

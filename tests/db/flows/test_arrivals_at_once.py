"""A round beside another one, and beside whoever proposes about the same person."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import LIN
from tests.conftest import NOON
from tests.db.cases.test_at_once import raise_one, town
from tests.db.test_workflow_reminders import in_another_connection
from yukuai.accounts.actors import phone_hash, user_key
from yukuai.accounts.models import User
from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import raise_case
from yukuai.cases.actions.intake import Told
from yukuai.cases.models import Category
from yukuai.flows import arrivals
from yukuai.flows.arrivals import announce_arrivals, set_aside_arrivals
from yukuai.kernel.actions import as_step
from yukuai.kernel.locks import hold
from yukuai.kernel.models import Gathered
from yukuai.kernel.scope import EVERYWHERE, scope

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


def round_that_does_not_wait() -> str:
    try:
        with scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '100ms', true)")
            as_step(announce_arrivals)(SYSTEM, at=NOON)
    except OperationalError as error:
        return str(error).partition("due to ")[2].splitlines()[0]
    return ""


@pytest.mark.parametrize("person", [user_key(901), phone_hash("19900000417")])
def test_two_who_propose_about_one_person_see_each_other_by_account_and_by_telephone(
    three_matters: None, person: str
):
    lamps = Category.objects.create(code="05", name="路灯", plain_name="路灯", source="test")
    words = {"division_id": 112, "body": "路灯不亮。", "phone": "19900000417"}
    told = Told(client_uuid=uuid4(), category_id=lamps.pk, **words)
    raise_case(LIN, told=told, at=NOON)
    with scope(EVERYWHERE):
        hold(f"cases.cluster:{person}")
        assert in_another_connection(round_that_does_not_wait) == "lock timeout"
    assert announce_arrivals(SYSTEM, at=NOON) == 4

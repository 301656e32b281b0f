"""Several workers and several facts at the same moment."""

from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from tests.conftest import NOON
from tests.db.test_workflow_reminders import in_another_connection
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import outbox
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import queue_sms
from yukuai.messaging.events import SmsQueued
from yukuai.messaging.models import Delivery, MessageTemplate
from yukuai.messaging.rules import LEASE
from yukuai.messaging.sending import claim_delivery, requeue_due

PHONE, OTHER = "19900000417", "19900000418"


@pytest.fixture(autouse=True)
def template(real_commits, monkeypatch):
    monkeypatch.setitem(outbox.SUBSCRIBERS, SmsQueued, [])
    with scope(EVERYWHERE):
        MessageTemplate.objects.create(code="accepted", channel="sms", text="收下了。")


def queue(phone: str, *, patience: str = "5s") -> Delivery:
    with scope(EVERYWHERE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
        return queue_sms(
            SYSTEM, phone=phone, template="accepted", values={}, dedupe=str(uuid4()), at=NOON
        )


def refused_for_waiting(phone: str) -> bool:
    try:
        queue(phone, patience="100ms")
    except OperationalError as error:
        assert "lock timeout" in str(error)  # noqa: PT017
        return True
    return False


def test_two_texts_to_one_telephone_count_each_other_and_others_do_not_wait():
    with scope(EVERYWHERE):
        queue_sms(SYSTEM, phone=PHONE, template="accepted", values={}, dedupe="first", at=NOON)
        assert in_another_connection(lambda: refused_for_waiting(PHONE))
        assert not in_another_connection(lambda: refused_for_waiting(OTHER))
    assert queue(PHONE).state == "dropped"


def test_two_sweeps_share_the_texts_and_neither_waits():
    kept = [queue(f"1990000060{n}").pk for n in range(3)]
    with scope(EVERYWHERE):
        Delivery.objects.select_for_update().get(pk=kept[0])  # the first one's
        assert in_another_connection(lambda: requeue_due(SYSTEM, at=NOON + LEASE)) == 2
    assert requeue_due(SYSTEM, at=NOON + LEASE) == 1


def test_of_two_jobs_for_one_attempt_only_one_gets_it():
    delivery = queue(PHONE)

    def claim():
        return claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=0, at=NOON)

    claimed = [in_another_connection(claim), claim()]
    assert [outgoing is not None for outgoing in claimed] == [True, False]

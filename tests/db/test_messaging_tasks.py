"""The worker's own entrances: a queued text is a job row, and the jobs do what the steps say."""

from datetime import timedelta

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import NOON
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import queue_sms
from yukuai.messaging.gateways.fake import FakeGateway
from yukuai.messaging.models import Delivery, MessageTemplate
from yukuai.messaging.rules import LEASE
from yukuai.messaging.tasks import deliver, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(settings):
    settings.SMS_GATEWAY = "yukuai.messaging.gateways.fake.FakeGateway"
    FakeGateway.reset()
    MessageTemplate.objects.create(code="accepted", channel="sms", text="收下了。")
    yield
    FakeGateway.reset()


@action
def queue(actor, *, refused=False):
    delivery = queue_sms(
        actor, phone="19900000417", template="accepted", values={}, dedupe="once", at=NOON
    )
    if refused:
        raise NotPermitted("不行。")
    return delivery


def jobs() -> list[tuple[str, dict[str, int]]]:
    rows = ProcrastinateJob.objects.filter(queue_name="sms").order_by("id")
    return list(rows.values_list("task_name", "args"))


def test_a_queued_text_is_a_job_of_the_same_transaction():
    delivery = queue(SYSTEM)
    assert jobs() == [
        ("yukuai.messaging.tasks.deliver", {"delivery_id": delivery.pk, "attempt": 0})
    ]


def test_a_refused_fact_leaves_neither_text_nor_job():
    with pytest.raises(NotPermitted):
        queue(SYSTEM, refused=True)
    assert jobs() == []
    with scope(EVERYWHERE):
        assert Delivery.objects.count() == 0


def test_the_job_sends_and_the_sweep_takes_up_what_was_lost():
    delivery = queue(SYSTEM)
    with time_machine.travel(NOON + LEASE, tick=False):
        sweep(timestamp=0)
        assert len(jobs()) == 2
        deliver(delivery_id=delivery.pk, attempt=0)
    with time_machine.travel(NOON + LEASE + timedelta(hours=1), tick=False):
        sweep(timestamp=0)
    assert len(jobs()) == 2
    assert [sent.text for sent in FakeGateway.sent] == ["收下了。"]

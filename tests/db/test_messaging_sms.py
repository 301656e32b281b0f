"""Texts: queued with the fact, sent after it, tried again, never to many, never lost."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from tests.conftest import NOON
from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.kernel import outbox
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import NotPermitted, Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import queue_sms
from yukuai.messaging.codes import SmsCodeSender
from yukuai.messaging.events import SmsQueued
from yukuai.messaging.gateways.fake import FakeGateway
from yukuai.messaging.models import Delivery, DeliveryState, MessageTemplate
from yukuai.messaging.queries import list_failed_deliveries
from yukuai.messaging.rules import BACKOFF, LEASE
from yukuai.messaging.sending import claim_delivery, deliver_sms, record_receipt, requeue_due

pytestmark = pytest.mark.django_db
PHONE, OTHER = "19900000417", "19900000418"
NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=SHANGHAI)
MORNING = datetime(2026, 3, 3, 7, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


class Queue:
    """Stands where the worker's queue stands."""

    def __init__(self):
        self.jobs = []

    def batch_defer(self, *jobs):
        self.jobs += [(job["delivery_id"], job["attempt"]) for job in jobs]


@pytest.fixture
def jobs(monkeypatch):
    queue = Queue()
    monkeypatch.setitem(outbox.SUBSCRIBERS, SmsQueued, [queue])
    return queue.jobs


@pytest.fixture
def gateway(settings):
    settings.SMS_GATEWAY = "yukuai.messaging.gateways.fake.FakeGateway"
    FakeGateway.reset()
    yield FakeGateway
    FakeGateway.reset()


@pytest.fixture(autouse=True)
def templates(db, jobs, gateway):
    for code, urgent in [("accepted", False), ("closed", False), ("alarm", True)]:
        MessageTemplate.objects.create(
            code=code,
            channel="sms",
            text="{number} 已受理。",
            placeholders=["number"],
            urgent=urgent,
        )
    MessageTemplate.objects.create(
        code="sign-in-code", channel="sms", text="验证码 {code}", placeholders=["code"], urgent=True
    )


@action
def text(actor, *, at=NOON, phone=PHONE, template="accepted", dedupe=None, number="CQ1"):
    return queue_sms(
        actor,
        phone=phone,
        template=template,
        values={"number": number},
        dedupe=dedupe or str(uuid4()),
        at=at,
    )


def fresh(delivery: Delivery) -> Delivery:
    with scope(EVERYWHERE):
        return Delivery.objects.get(pk=delivery.pk)


def attempt(delivery: Delivery, number: int, at: datetime) -> Delivery:
    deliver_sms(delivery_id=delivery.pk, attempt=number, at=at)
    return fresh(delivery)


# Queueing


def test_a_text_is_queued_with_the_fact_and_sent_after_it(jobs, gateway):
    delivery = text(SYSTEM)
    assert jobs == [(delivery.pk, 0)]
    assert gateway.sent == []
    sent = attempt(delivery, 0, NOON + MINUTE)
    assert [(s.phone, s.text) for s in gateway.sent] == [(PHONE, "CQ1 已受理。")]
    assert (sent.state, sent.sent_at, sent.attempts) == ("sent", NOON + MINUTE, 1)
    assert (sent.gateway_id, sent.next_try_at) == (f"fake-{delivery.reference}", None)


def test_a_refused_fact_leaves_no_text_and_no_job_in_the_queue():
    @action
    def refuse(actor):
        queue_sms(
            actor, phone=PHONE, template="accepted", values={"number": "1"}, dedupe="x", at=NOON
        )
        raise NotPermitted("不行。")

    with pytest.raises(NotPermitted):
        refuse(SYSTEM)
    with scope(EVERYWHERE):
        assert Delivery.objects.count() == 0


def test_queueing_twice_is_queueing_once(jobs):
    first = text(SYSTEM, dedupe="case:1:accepted")
    again = text(SYSTEM, dedupe="case:1:accepted", number="CQ2", at=NOON + timedelta(hours=1))
    assert again.pk == first.pk
    assert fresh(first).text == "CQ1 已受理。"
    assert len(jobs) == 1


def test_an_officer_queues_a_text_to_somebody_he_cannot_read(gateway):
    officer = Actor("王工", (Grant(Role.COMMUNITY_STAFF, "1.2."),), ("user:99",), 99)
    attempt(text(officer), 0, NOON)
    assert len(gateway.sent) == 1


def test_number_and_words_lie_sealed_and_belong_to_the_telephone():
    delivery = text(SYSTEM)
    seen = {}
    for name, areas, holders in [
        ("telephone", [], [f"phone:{phone_hash(PHONE)}"]),
        ("neighbour", [], [f"phone:{phone_hash(OTHER)}"]),
        ("officer", ["1."], []),
    ]:
        with scope(areas, holders), connection.cursor() as cursor:
            cursor.execute("SELECT phone, text FROM messaging_delivery")
            seen[name] = cursor.fetchall()
    assert seen["neighbour"] == seen["officer"] == []
    [(phone, words)] = seen["telephone"]
    assert phone.startswith("s1:")
    assert words.startswith("s1:")
    assert fresh(delivery).phone == PHONE


# Limits


def test_the_same_text_waits_a_minute_or_is_dropped_with_the_reason(jobs):
    text(SYSTEM)
    dropped = text(SYSTEM, at=NOON + timedelta(seconds=59))
    other = text(SYSTEM, template="closed", at=NOON + timedelta(seconds=59))
    neighbour = text(SYSTEM, phone=OTHER, at=NOON + timedelta(seconds=59))
    later = text(SYSTEM, at=NOON + MINUTE)
    states = [fresh(d).state for d in (dropped, other, neighbour, later)]
    assert states == ["dropped", "queued", "queued", "queued"]
    assert dropped.error == "一分钟内给这个号码发过同样的短信，每分钟最多 1 条。"
    assert (dropped.next_try_at, dropped.attempts) == (None, 0)
    assert (dropped.pk, 0) not in jobs


def test_ten_an_hour_is_enough():
    for n in range(10):
        assert text(SYSTEM, at=NOON + n * 5 * MINUTE).state == "queued"
    refused = text(SYSTEM, at=NOON + 59 * MINUTE)
    assert refused.error == "一小时内给这个号码发过 10 条，最多 10 条。"
    assert text(SYSTEM, at=NOON + 60 * MINUTE).state == "queued"


def test_thirty_a_day_is_enough_and_what_was_dropped_does_not_count():
    for n in range(30):
        assert text(SYSTEM, at=NOON + n * 30 * MINUTE).state == "queued"
    for n in range(2):
        refused = text(SYSTEM, at=NOON + timedelta(hours=15, minutes=10 * n))
        assert refused.error == "一天内给这个号码发过 30 条，最多 30 条。"
    assert text(SYSTEM, at=NOON + timedelta(hours=24)).state == "queued"


def test_codes_are_limited_elsewhere_and_take_nobodys_place():
    for _ in range(12):
        SmsCodeSender().send_code(phone=PHONE, code="123456", at=NOON)
    assert text(SYSTEM).state == "queued"


# The night


def test_at_night_a_text_waits_for_seven_and_is_then_taken_up(jobs, gateway):
    delivery = text(SYSTEM, at=NIGHT)
    assert (delivery.state, delivery.next_try_at, jobs) == ("queued", MORNING, [])
    assert requeue_due(SYSTEM, at=MORNING - MINUTE) == 0
    assert requeue_due(SYSTEM, at=MORNING) == 1
    assert jobs == [(delivery.pk, 0)]
    assert attempt(delivery, 0, MORNING).state == "sent"


def test_an_urgent_text_does_not_wait(jobs):
    delivery = text(SYSTEM, template="alarm", at=NIGHT)
    assert jobs == [(delivery.pk, 0)]


def test_a_job_that_waited_until_night_puts_the_text_back(gateway):
    delivery = text(SYSTEM, at=NOON)
    kept = attempt(delivery, 0, NIGHT)
    assert (kept.state, kept.attempts, kept.next_try_at) == ("queued", 0, MORNING)
    assert gateway.sent == []


# Trying again


def test_each_failure_waits_longer_and_the_sixth_is_the_last(gateway, jobs):
    delivery = text(SYSTEM, template="alarm")
    gateway.broken = "网关没有回应。"
    at = NOON
    for number, wait in enumerate(BACKOFF):
        failed = attempt(delivery, number, at)
        assert (failed.state, failed.attempts, failed.error) == (
            "queued",
            number + 1,
            "网关没有回应。",
        )
        assert failed.next_try_at == at + wait
        at += wait
        assert requeue_due(SYSTEM, at=at - timedelta(seconds=1)) == 0
        assert requeue_due(SYSTEM, at=at) == 1
    last = attempt(delivery, len(BACKOFF), at)
    assert (last.state, last.attempts, last.next_try_at) == ("failed", 6, None)
    assert requeue_due(SYSTEM, at=at + timedelta(days=30)) == 0
    assert jobs == [(delivery.pk, n) for n in range(6)]


def test_a_gateway_that_recovers_gets_the_text_once(gateway):
    delivery = text(SYSTEM)
    gateway.broken = "网关没有回应。"
    attempt(delivery, 0, NOON)
    gateway.broken = ""
    sent = attempt(delivery, 1, NOON + MINUTE)
    assert (sent.state, sent.error, len(gateway.sent)) == ("sent", "", 1)


def test_a_job_that_runs_twice_sends_once(gateway):
    delivery = text(SYSTEM)
    attempt(delivery, 0, NOON)
    attempt(delivery, 0, NOON)
    attempt(delivery, 1, NOON)
    assert len(gateway.sent) == 1
    deliver_sms(delivery_id=delivery.pk + 999, attempt=0, at=NOON)


def test_a_worker_killed_before_sending_is_replaced_after_the_lease(gateway, jobs):
    delivery = text(SYSTEM)
    assert claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=0, at=NOON) is not None
    assert claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=0, at=NOON) is None
    assert requeue_due(SYSTEM, at=NOON + LEASE - MINUTE) == 0
    assert requeue_due(SYSTEM, at=NOON + LEASE) == 1
    assert jobs == [(delivery.pk, 0), (delivery.pk, 1)]
    assert attempt(delivery, 1, NOON + LEASE).state == "sent"
    assert len(gateway.sent) == 1


def test_a_worker_killed_after_sending_does_not_make_a_second_text(gateway):
    delivery = text(SYSTEM)
    outgoing = claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=0, at=NOON)
    gateway().send(phone=outgoing.phone, text=outgoing.text, reference=outgoing.reference)
    requeue_due(SYSTEM, at=NOON + LEASE)
    sent = attempt(delivery, 1, NOON + LEASE)
    assert (sent.state, sent.attempts) == ("sent", 2)
    assert len(gateway.sent) == 1


def test_a_text_that_kills_every_worker_ends_as_failed():
    delivery = text(SYSTEM)
    for number in range(len(BACKOFF) + 1):
        claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=number, at=NOON)
    assert claim_delivery(SYSTEM, delivery_id=delivery.pk, attempt=6, at=NOON) is None
    ended = fresh(delivery)
    assert (ended.state, ended.error) == ("failed", "发送时系统中断，重试次数已用完。")


def test_a_lost_job_is_made_good_by_the_sweep(jobs):
    delivery = text(SYSTEM)
    jobs.clear()
    assert requeue_due(SYSTEM, at=NOON + LEASE) == 1
    assert requeue_due(SYSTEM, at=NOON + LEASE) == 0
    assert jobs == [(delivery.pk, 0)]


# Receipts


@pytest.mark.parametrize(
    ("delivered", "said", "state", "error"),
    [
        (True, "", "delivered", ""),
        (False, "空号", "failed", "空号"),
        (False, "", "failed", "运营商说没有送达。"),
    ],
)
def test_a_receipt_says_what_became_of_a_text(delivered, said, state, error):
    delivery = text(SYSTEM)
    attempt(delivery, 0, NOON)
    receipt = {"reference": delivery.reference, "delivered": delivered, "error": said}
    assert record_receipt(SYSTEM, **receipt, at=NOON + MINUTE)
    assert record_receipt(SYSTEM, **{**receipt, "delivered": not delivered}, at=NOON + 2 * MINUTE)
    known = fresh(delivery)
    assert (known.state, known.error, known.receipt_at) == (state, error, NOON + MINUTE)


def test_a_receipt_for_nobody_is_not_ours():
    assert not record_receipt(SYSTEM, reference=uuid4(), delivered=True, at=NOON)


def test_a_receipt_that_overtakes_our_own_note_knows_better(gateway, monkeypatch):
    delivery = text(SYSTEM)
    plain = FakeGateway.send

    def quick(self, **sent):
        receipt = plain(self, **sent)
        record_receipt(SYSTEM, reference=sent["reference"], delivered=True, at=NOON)
        return receipt

    monkeypatch.setattr(FakeGateway, "send", quick)
    known = attempt(delivery, 0, NOON)
    assert (known.state, known.gateway_id) == ("delivered", f"fake-{delivery.reference}")


# Codes


def test_a_code_goes_out_at_once_even_at_night_and_is_not_kept(gateway):
    SmsCodeSender().send_code(phone=PHONE, code="402817", at=NIGHT)
    assert [(s.phone, s.text) for s in gateway.sent] == [(PHONE, "验证码 402817")]
    with scope(EVERYWHERE):
        delivery = Delivery.objects.get()
    assert (delivery.template, delivery.state, delivery.text) == ("sign-in-code", "sent", "")
    assert delivery.sent_at == NIGHT


def test_a_code_that_cannot_be_sent_is_said_at_once_and_never_sent_later(gateway, jobs, caplog):
    gateway.broken = "网关没有回应。"
    with pytest.raises(Unavailable, match="验证码没有发出"):
        SmsCodeSender().send_code(phone=PHONE, code="402817", at=NOON)
    with scope(EVERYWHERE):
        delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "网关没有回应。")
    assert requeue_due(SYSTEM, at=NOON + timedelta(days=1)) == 0
    assert jobs == []
    assert "402817" not in caplog.text


# Who looks after it


def admin(path: str, role: Role = Role.SYS_ADMIN) -> Actor:
    return Actor("管理员", (Grant(role, path),), ("user:5",), 5)


def test_the_citys_administrator_sees_what_did_not_arrive_without_its_words():
    text(SYSTEM)
    text(SYSTEM, at=NOON + timedelta(seconds=5))
    SmsCodeSender().send_code(phone=OTHER, code="402817", at=NOON)
    with scope(admin("1.").areas):
        [stopped] = list_failed_deliveries(admin("1."))
        assert Delivery.objects.count() == 0
    assert (stopped.template, stopped.phone_tail) == ("accepted", "尾号 0417")
    assert (stopped.state, stopped.attempts) == ("没有发送", 0)
    assert stopped.error.startswith("一分钟内")
    assert not hasattr(stopped, "text")


@pytest.mark.parametrize(
    "actor", [admin("1.2."), admin("1.", Role.CITY_OP), admin("1.", Role.AUDITOR)]
)
def test_nobody_else_sees_the_outbox(actor):
    with scope(actor.areas), pytest.raises(NotPermitted):
        list_failed_deliveries(actor)


def test_what_is_finished_is_not_tried_again_says_the_database():
    delivery = text(SYSTEM)
    with pytest.raises(IntegrityError, match="tried_while_queued"), scope(EVERYWHERE):
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.SENT)

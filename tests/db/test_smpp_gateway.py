"""From the outbox through a real SMS centre and back: what is told is told once, and nothing that
was acknowledged is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests.conftest import NOON
from tests.places import make_places
from tests.standins.smsc import Smsc, running, until
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Unavailable
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import About, queue_sms
from yukuai.messaging.codes import SmsCodeSender
from yukuai.messaging.feeding import Feeder
from yukuai.messaging.gateways.smpp.account import Account
from yukuai.messaging.models import (
    Delivery,
    GatewayLink,
    IncomingSms,
    MessageTemplate,
    PartState,
    PhoneTask,
    SmsPart,
)
from yukuai.messaging.sending import deliver_sms
from yukuai.messaging.spooling import expire_parts, note_link, recover_parts

PHONE = "19900000417"
LONG = "请带身份证到社区办事大厅，三楼左手第二间。" * 14 + "一二三四五六"
NIGHT = NOON + timedelta(hours=11)


@pytest.fixture(autouse=True)
def ground(real_commits: None, settings: Any) -> Iterator[None]:
    settings.SMS_GATEWAY = "yukuai.messaging.gateways.smpp.SmppGateway"
    make_places()
    words = {"said": "{words}", "alarm": "{words}", "sms-refused": "以后不发了。"}
    for code, text in words.items():
        MessageTemplate.objects.create(
            code=code, channel="sms", text=text, placeholders=["words"], urgent=code == "alarm"
        )
    MessageTemplate.objects.create(
        code="sign-in-code", channel="sms", text="验证码 {code}", placeholders=["code"], urgent=True
    )
    with time_machine.travel(NOON), muted():
        yield


@contextmanager
def fed(smsc: Smsc, **told: Any) -> Iterator[Feeder]:
    """The process at the gateway, in a thread; it has stopped when this ends."""
    told = {"rate": 500, "first_wait": 0.05, "answer_within": 5, "source": "10690000"} | told
    account = Account("127.0.0.1", smsc.port, "yukuai", "secret", **told)
    ready, made = threading.Event(), []

    async def run() -> None:
        made.append((Feeder(account), asyncio.get_running_loop()))
        ready.set()
        await made[0][0].run()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    ready.wait(10)
    feeder, loop = made[0]
    try:
        yield feeder
    finally:
        loop.call_soon_threadsafe(feeder.stop.set)
        thread.join(30)
        assert not thread.is_alive()


def bound() -> None:
    """As if the process stood at the gateway: it says so itself a moment later."""
    note_link(SYSTEM, bound=True, rate=20, at=clock.now())


@action
def tell(actor, *, words, phone, template, dedupe, about, at):
    values = {"words": words}
    return queue_sms(
        actor, phone=phone, template=template, values=values, dedupe=dedupe, about=about, at=at
    )


def say(words: str, *, phone: str = PHONE, template: str = "said", at: Any = NOON) -> Delivery:
    """A text about a matter of 南社区, put into the queue of the gateway as a job would."""
    bound()
    about = About(112, "case", 7, "ZT-2603-000007")
    dedupe = f"{phone}:{words[:9]}"
    made: Delivery = tell(
        SYSTEM, words=words, phone=phone, template=template, dedupe=dedupe, about=about, at=at
    )
    deliver_sms(delivery_id=made.pk, attempt=0, at=at)
    return made


def look(rows: Callable[[], Any]) -> Any:
    with scope(EVERYWHERE):
        return rows()


def fresh(delivery: Delivery) -> Delivery:
    return look(lambda: Delivery.objects.get(pk=delivery.pk))


def is_state(delivery: Delivery, state: str) -> Callable[[], bool]:
    return lambda: fresh(delivery).state == state


def parts(delivery: Delivery) -> list[SmsPart]:
    return look(lambda: list(SmsPart.objects.filter(delivery=delivery).order_by("number")))


def calls() -> list[PhoneTask]:
    return look(lambda: list(PhoneTask.objects.order_by("pk")))


# Out, and what became of it


def test_a_text_is_sent_when_it_has_an_id_and_delivered_when_its_receipt_came():
    with running() as smsc, fed(smsc):
        delivery = say("路灯修好了。")
        until(is_state(delivery, "sent"))
        [one] = smsc.submitted
        sent = fresh(delivery)
        assert (sent.gateway_id, sent.sent_at is not None) == (one.message_id, True)
        smsc.bring_receipt(one.message_id, "DELIVRD")
        until(is_state(delivery, "delivered"))
    assert smsc.shown(PHONE) == ["路灯修好了。"]
    assert calls() == []


def test_before_somebody_is_bound_nothing_is_queued_and_the_sentence_says_so():
    made = tell(SYSTEM, words="好", phone=PHONE, template="said", dedupe="x", about=None, at=NOON)
    deliver_sms(delivery_id=made.pk, attempt=0, at=NOON)
    kept = fresh(made)
    assert (kept.state, kept.attempts) == ("queued", 1)
    assert kept.error == "短信网关现在没有连上短信中心。稍后会自动再试。"
    assert kept.next_try_at == NOON + timedelta(minutes=1)
    assert parts(made) == []


def test_a_text_in_the_queue_is_not_sent_and_not_tried_by_anybody_else():
    delivery = say("好")
    kept = fresh(delivery)
    assert (kept.state, kept.next_try_at, kept.gateway_id) == ("queued", None, "")


@pytest.mark.parametrize("optional", [False, True])
def test_a_receipt_of_failure_makes_a_call_where_the_matter_lies(optional):
    with running() as smsc, fed(smsc):
        delivery = say("路灯修好了。")
        until(is_state(delivery, "sent"))
        smsc.bring_receipt(smsc.submitted[0].message_id, "UNDELIV", optional=optional)
        until(is_state(delivery, "failed"))
    [call] = calls()
    assert (call.area, call.number, call.reason) == ("1.2.12.112.", "ZT-2603-000007", "failed")
    assert (call.phone, call.words, call.phone_tail) == (PHONE, "路灯修好了。", "0417")
    assert call.detail.startswith("手机收不到")


def test_three_hundred_characters_arrive_in_parts_that_join_and_count_as_one_text():
    with running(receipts={"*": "DELIVRD"}) as smsc, fed(smsc):
        delivery = say(LONG)
        until(is_state(delivery, "delivered"))
        assert len(LONG) == 300
        assert smsc.shown(PHONE) == [LONG]
        pieces = smsc.sent_to(PHONE)
    assert [len(one.text) for one in pieces] == [67, 67, 67, 67, 32]
    assert {(one.place[0], one.place[1]) for one in pieces} == {(delivery.pk & 0xFF, 5)}
    assert all(one.esm_class == 0x40 and one.data_coding == 8 for one in pieces)
    assert [part.text for part in parts(delivery)] == [""] * 5


def test_a_text_of_five_parts_has_arrived_only_with_the_fifth_receipt():
    with running() as smsc, fed(smsc):
        delivery = say(LONG)
        until(is_state(delivery, "sent"))
        *most, last = [one.message_id for one in smsc.submitted]
        for message_id in [*most, most[0]]:
            smsc.bring_receipt(message_id, "DELIVRD")
        until(lambda: len(smsc.acknowledged) == 5)
        assert fresh(delivery).state == "sent"
        smsc.bring_receipt(last, "DELIVRD")
        until(is_state(delivery, "delivered"))


def test_a_receipt_that_overtakes_its_answer_and_one_on_its_way_are_understood():
    with running(receipts={"*": "DELIVRD"}, receipt_first=True) as smsc, fed(smsc):
        first = say("一")
        until(is_state(first, "delivered"))
        smsc.receipts = {"*": "ENROUTE"}
        second = say("二", phone="19900000418")
        until(lambda: len(smsc.acknowledged) == 2)
        until(is_state(second, "sent"))


def test_ids_that_are_spelt_in_two_ways_are_one():
    with running(receipts={"*": "DELIVRD"}, hex_ids=True) as smsc, fed(smsc, hex_ids=True):
        until(is_state(say("一"), "delivered"))


def test_a_code_goes_out_at_night_and_its_words_are_kept_nowhere():
    with time_machine.travel(NIGHT), running() as smsc, fed(smsc):
        note_link(SYSTEM, bound=True, rate=20, at=NIGHT)
        SmsCodeSender().send_code(phone=PHONE, code="402817", at=NIGHT)
        until(lambda: smsc.shown(PHONE) == ["验证码 402817"])
        until(lambda: look(lambda: Delivery.objects.get().state) == "sent")
    kept = look(lambda: (Delivery.objects.get().text, SmsPart.objects.get().text))
    assert kept == ("", "")


def test_a_code_without_anybody_at_the_gateway_is_said_at_once():
    with pytest.raises(Unavailable, match="验证码没有发出"):
        SmsCodeSender().send_code(phone=PHONE, code="402817", at=NOON)
    assert look(lambda: SmsPart.objects.count()) == 0


# The centre that is unwell


def test_a_centre_that_has_too_much_to_do_is_given_time_and_gets_everything_once():
    with running() as smsc, fed(smsc) as feeder:
        smsc.statuses.extend([0x58, 0x58, 0x14, 0x58])
        made = [say(f"第 {n} 条", phone=f"199000010{n:02d}") for n in range(12)]
        until(lambda: all(fresh(one).state == "sent" for one in made))
        assert feeder.pace.rate < 500
    assert Counter(one.text for one in smsc.submitted) == {f"第 {n} 条": 1 for n in range(12)}
    assert {fresh(one).attempts for one in made} == {1}


def test_a_number_that_nobody_has_is_not_tried_again_and_becomes_a_call():
    with running(status_of={f"86{PHONE}": 0x0B}) as smsc, fed(smsc):
        delivery = say("好")
        until(is_state(delivery, "failed"))
    assert fresh(delivery).error == "短信中心说没有这个号码。"
    assert [call.reason for call in calls()] == ["failed"]
    assert [part.text for part in parts(delivery)] == [""]


def test_any_other_refusal_is_tried_again_later_and_only_what_was_refused():
    with running() as smsc, fed(smsc, window=1):
        smsc.statuses.extend([0, 0x08])
        delivery = say(LONG)
        until(lambda: len(smsc.submitted) == 4)
        until(lambda: fresh(delivery).next_try_at is not None)
        kept = fresh(delivery)
        assert (kept.state, kept.error) == ("queued", "短信中心没有收下（代码 0x8）。")
        assert [part.state for part in parts(delivery)].count(PartState.REFUSED) == 1
        deliver_sms(delivery_id=delivery.pk, attempt=1, at=NOON + timedelta(minutes=1))
        until(is_state(delivery, "sent"))
    assert smsc.shown(PHONE) == [LONG]
    assert len(smsc.submitted) == 5


def test_an_answer_without_an_id_is_no_answer_and_after_the_second_somebody_telephones():
    with running(empty_ids=True) as smsc, fed(smsc):
        delivery = say("好")
        until(is_state(delivery, "failed"))
    assert fresh(delivery).error == "短信中心两次都没有回应，不知道发出去没有。"
    assert (len(smsc.submitted), len(smsc.shown(PHONE))) == (2, 1)
    assert [(part.unsure, part.submits) for part in parts(delivery)] == [(2, 2)]
    assert len(calls()) == 1


def test_what_was_on_its_way_when_the_line_was_cut_goes_out_once_more_and_says_so():
    with running(cut_after=2) as smsc, fed(smsc):
        delivery = say(LONG)
        until(is_state(delivery, "sent"))
    assert smsc.binds == 2
    assert smsc.shown(PHONE) == [LONG]
    again = [part.number for part in parts(delivery) if part.unsure]
    assert again
    assert all(count <= 2 for count in Counter(one.text for one in smsc.submitted).values())


def test_two_hundred_texts_while_the_centre_restarts_all_arrive_and_each_is_shown_once():
    made = [say(f"第 {n} 条", phone=f"1990001{n:04d}") for n in range(200)]
    with running() as smsc, fed(smsc):
        until(lambda: len(smsc.submitted) > 60)
        smsc.stop()
        smsc.start()
        until(lambda: len(smsc.submitted) > 130)
        smsc.stop()
        smsc.start()
        until(lambda: all(fresh(one).state == "sent" for one in made[-1:]) and sent_all(made))
    assert smsc.binds == 3
    for n in range(200):
        assert smsc.shown(f"1990001{n:04d}") == [f"第 {n} 条"]
    unsure = look(lambda: SmsPart.objects.filter(unsure=1).count())
    assert len(smsc.submitted) <= 200 + unsure
    assert unsure <= 20


def sent_all(made: list[Delivery]) -> bool:
    return look(lambda: Delivery.objects.filter(state="sent").count()) == len(made)


def test_a_second_process_waits_for_the_first():
    with running() as smsc, fed(smsc) as first, fed(smsc) as second:
        until(lambda: first.session or second.session)
        until(is_state(say("好"), "sent"))
        assert (first.session is None) != (second.session is None)
        assert smsc.binds == 1


def test_a_killed_process_loses_nothing_and_doubles_only_what_was_not_acknowledged():
    today = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with running() as smsc, time_machine.travel(today):
        smsc.silent = True
        phones = [f"1990002{n:04d}" for n in range(5)]
        made = [
            say(f"第 {n} 条", phone=phone, template="alarm", at=today)
            for n, phone in enumerate(phones)
        ]
        with process(smsc) as gateway:
            until(lambda: len(smsc.submitted) == 5)
            gateway.send_signal(signal.SIGKILL)
            gateway.wait(10)
        smsc.silent = False
        with process(smsc) as gateway:
            until(lambda: sent_all(made))
            gateway.send_signal(signal.SIGTERM)
            assert gateway.wait(20) == 0
    assert smsc.goodbyes == 1
    assert [(part.submits, part.unsure) for one in made for part in parts(one)] == [(2, 1)] * 5
    for n, phone in enumerate(phones):
        assert smsc.shown(phone) == [f"第 {n} 条"]
    assert look(lambda: GatewayLink.objects.get().bound) is False


@contextmanager
def process(smsc: Smsc) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py smpp_gateway`, as operations start it."""
    told = connection.settings_dict
    url = f"host={told['HOST']} port={told['PORT'] or 5432} user={told['USER']} "
    environment = os.environ | {
        "DATABASE_URL": url + f"dbname={told['NAME']}",
        "SMPP_HOST": "127.0.0.1",
        "SMPP_PORT": str(smsc.port),
        "SMPP_SYSTEM_ID": "yukuai",
        "SMPP_PASSWORD": "secret",
        "SMPP_WINDOW": "5",
    }
    command = [sys.executable, "manage.py", "smpp_gateway"]
    started = subprocess.Popen(command, env=environment)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
            started.wait(10)


# The night, and what waits too long


def test_at_night_what_is_not_urgent_waits_in_the_queue_too():
    calm = say("好")
    alarm = say("起火了", template="alarm", phone="19900000418")
    with time_machine.travel(NIGHT), running() as smsc, fed(smsc):
        until(is_state(alarm, "sent"))
        assert fresh(calm).state == "queued"
    assert [one.text for one in smsc.submitted] == ["起火了"]
    with time_machine.travel(NIGHT + timedelta(hours=9)), running() as smsc, fed(smsc):
        until(is_state(calm, "sent"))


def test_what_nobody_fetched_for_a_day_is_told_by_telephone_and_a_code_is_void():
    delivery = say("好")
    SmsCodeSender().send_code(phone="19900000418", code="402817", at=NOON)
    assert expire_parts(SYSTEM, at=NOON + timedelta(minutes=1)) == 0
    assert expire_parts(SYSTEM, at=NOON + timedelta(minutes=3)) == 1
    assert expire_parts(SYSTEM, at=NOON + timedelta(days=2)) == 1
    assert fresh(delivery).state == "failed"
    assert look(lambda: SmsPart.objects.exclude(text="").count()) == 0
    assert [call.delivery_id for call in calls()] == [delivery.pk]


def test_nothing_left_on_its_way_is_nothing_to_recover():
    assert recover_parts(SYSTEM, at=NOON) == 0


# What telephones say


def test_td_stops_texts_once_and_the_next_one_becomes_a_call():
    with running() as smsc, fed(smsc):
        until(is_state(say("一"), "sent"))
        for _ in range(3):
            smsc.bring_text(f"86{PHONE}", "TD")
        until(lambda: len(smsc.acknowledged) == 3)
        confirmed = look(lambda: Delivery.objects.get(template="sms-refused"))
        deliver_sms(delivery_id=confirmed.pk, attempt=0, at=NOON)
        until(lambda: smsc.shown(PHONE) == ["一", "以后不发了。"])
        stopped = say("二")
        alarm = say("起火了", template="alarm")
        until(is_state(alarm, "sent"))
    assert (fresh(stopped).state, fresh(stopped).error) == (
        "dropped",
        "这个号码退订了短信，改打电话。",
    )
    assert smsc.shown(PHONE) == ["一", "以后不发了。", "起火了"]
    assert [(call.reason, call.words) for call in calls()] == [("refused", "二")]
    assert look(lambda: IncomingSms.objects.count()) == 1


def test_an_answer_to_a_text_asks_the_desk_to_call_back():
    with running() as smsc, fed(smsc):
        until(is_state(say("路灯修好了。"), "sent"))
        smsc.bring_text(f"86{PHONE}", "没有修好，二楼还黑着")
        smsc.bring_text("10086", "尊敬的客户")
        header = bytes.fromhex("050003070302")
        smsc.bring_text(f"86{PHONE}", "请来看", header=header)
        until(lambda: len(smsc.acknowledged) == 3)
    [call] = calls()
    assert (call.reason, call.phone, call.area) == ("replied", PHONE, "1.2.12.112.")
    assert call.words == "没有修好，二楼还黑着\n（第 2 条，共 3 条）请来看"


def test_a_text_that_the_centre_brings_again_is_kept_once():
    with running() as smsc, fed(smsc):
        until(is_state(say("好"), "sent"))
        for _ in range(2):
            smsc.bring_text(f"86{PHONE}", "收到")
        until(lambda: len(smsc.acknowledged) == 2)
    assert look(lambda: IncomingSms.objects.get().text) == "收到"
    assert calls()[0].words == "收到"

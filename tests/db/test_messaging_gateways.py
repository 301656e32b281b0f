"""One contract, run against the fake and the development gateway alike."""

from uuid import uuid4

import pytest
from django.db import connection

from yukuai.accounts.gateways import register_sender
from yukuai.accounts.policy import ANYBODY
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.scope import scope
from yukuai.messaging.codes import SmsCodeSender
from yukuai.messaging.gateways.development import DevelopmentGateway
from yukuai.messaging.gateways.fake import FakeGateway
from yukuai.messaging.gateways.sms import NoGateway, sms_gateway
from yukuai.messaging.models import DevelopmentSms
from yukuai.messaging.queries import list_development_texts

pytestmark = pytest.mark.django_db
PHONE = "19900000417"


def sent_by_the_fake() -> list[str]:
    return [sent.text for sent in FakeGateway.sent]


def sent_by_the_development_gateway() -> list[str]:
    with scope([""]):
        return [sms.text for sms in DevelopmentSms.objects.order_by("pk")]


@pytest.fixture(
    params=[
        (FakeGateway, sent_by_the_fake),
        (DevelopmentGateway, sent_by_the_development_gateway),
    ],
    ids=["fake", "development"],
)
def gateway(request):
    FakeGateway.reset()
    yield request.param
    FakeGateway.reset()


def test_a_text_goes_out_and_has_a_receipt(gateway):
    make, sent = gateway
    receipt = make().send(phone=PHONE, text="路灯修好了。", reference=uuid4())
    assert sent() == ["路灯修好了。"]
    assert receipt.gateway_id


def test_the_same_reference_is_sent_once_and_has_the_same_receipt(gateway):
    make, sent = gateway
    reference = uuid4()
    first = make().send(phone=PHONE, text="路灯修好了。", reference=reference)
    again = make().send(phone=PHONE, text="路灯修好了。", reference=reference)
    assert again == first
    assert sent() == ["路灯修好了。"]


def test_another_reference_is_another_text_even_with_the_same_words(gateway):
    make, sent = gateway
    receipts = {make().send(phone=PHONE, text="好。", reference=uuid4()) for _ in range(2)}
    assert sent() == ["好。", "好。"]
    assert len(receipts) == 2


def test_a_gateway_that_does_not_work_says_so_and_sends_nothing(gateway, settings):
    make, sent = gateway
    settings.DEMO, FakeGateway.broken = False, "网关没有回应。"
    with pytest.raises(Unavailable) as refused:
        make().send(phone=PHONE, text="好。", reference=uuid4())
    assert refused.value.message.endswith("。")
    assert sent() == []


@pytest.mark.parametrize(
    ("path", "demo", "chosen"),
    [
        ("", True, DevelopmentGateway),
        ("", False, NoGateway),
        ("yukuai.messaging.gateways.fake.FakeGateway", True, FakeGateway),
        ("yukuai.messaging.gateways.fake.FakeGateway", False, FakeGateway),
    ],
)
def test_the_settings_choose_the_gateway(settings, path, demo, chosen):
    settings.SMS_GATEWAY, settings.DEMO = path, demo
    assert type(sms_gateway()) is chosen


def test_without_a_gateway_the_sentence_says_what_to_set():
    with pytest.raises(Unavailable, match="请系统管理员设置 SMS_GATEWAY"):
        NoGateway().send(phone=PHONE, text="好。", reference=uuid4())


def test_accounts_sends_its_codes_by_text():
    mine = SmsCodeSender()
    registered = register_sender(mine)
    assert register_sender(registered) is mine
    assert type(registered) is SmsCodeSender


def test_the_development_texts_are_listed_newest_first_with_the_tail_only(settings):
    for text in ("第一条。", "汉" * 71):
        DevelopmentGateway().send(phone=PHONE, text=text, reference=uuid4())
    with scope(()):
        newest, oldest = list_development_texts(ANYBODY)
        assert DevelopmentSms.objects.count() == 0
    assert (newest.phone_tail, newest.parts, newest.characters) == ("尾号 0417", 2, 71)
    assert (oldest.text, oldest.parts) == ("第一条。", 1)
    settings.DEMO = False
    with scope(()), pytest.raises(NotFound):
        list_development_texts(ANYBODY)


def test_development_texts_lie_sealed():
    DevelopmentGateway().send(phone=PHONE, text="路灯修好了。", reference=uuid4())
    with scope([""]), connection.cursor() as cursor:
        cursor.execute("SELECT phone, text FROM messaging_developmentsms")
        [(phone, text)] = cursor.fetchall()
    assert phone.startswith("s1:")
    assert text.startswith("s1:")

"""“我的”: the switch for texts."""

import pytest

from tests.casework import lamps, pack, places
from tests.conftest import NOON
from tests.web.portal_fixtures import PHONE, clock, resident, signed_in, town, words
from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import receive_sms
from yukuai.messaging.models import Delivery, MessageTemplate, SmsConsent

__all__ = ["clock", "lamps", "pack", "places", "resident", "signed_in", "town"]
pytestmark = pytest.mark.django_db


def consent():
    with scope(EVERYWHERE):
        return SmsConsent.objects.filter(phone_hash=phone_hash(PHONE)).first()


def test_texts_are_on_until_somebody_says_otherwise(signed_in):
    assert "办事短信开着" in words(signed_in.get("/me/"))
    assert consent() is None


def test_the_switch_turns_them_off_and_on_again(signed_in):
    assert signed_in.post("/me/texts/", {"wanted": "no"}).headers["Location"] == "/me/"
    assert (consent().refused, consent().said) == (True, "page")
    shown = words(signed_in.get("/me/"))
    assert "办事短信关着。3月2日在“我的”里关的。" in shown
    assert "社区给您打电话" in shown
    signed_in.post("/me/texts/", {"wanted": "yes"})
    assert consent().refused is False
    assert "办事短信开着" in words(signed_in.get("/me/"))
    with scope(EVERYWHERE):
        acts = AuditEntry.objects.filter(act__contains="texts").order_by("pk")
        assert [entry.act for entry in acts] == ["resident.refuse-texts", "resident.want-texts"]
        assert Delivery.objects.count() == 0


def test_what_was_refused_by_text_shows_and_can_be_taken_back(signed_in):
    MessageTemplate.objects.create(code="sms-refused", channel="sms", text="不发了。")
    receive_sms(SYSTEM, phone=PHONE, text="ＴＤ。", digest="1", at=NOON)
    assert "3月2日回短信关的" in words(signed_in.get("/me/"))
    signed_in.post("/me/texts/", {"wanted": "yes"})
    receive_sms(SYSTEM, phone=PHONE, text="退订", digest="2", at=NOON)
    assert consent().refused is True
    with scope(EVERYWHERE):
        assert Delivery.objects.filter(template="sms-refused").count() >= 1


def test_what_one_says_is_of_his_own_telephone_only(signed_in, client):
    signed_in.post("/me/texts/", {"wanted": "no", "phone": "19900000999"})
    with scope(EVERYWHERE):
        assert SmsConsent.objects.count() == 1
    client.logout()
    assert client.post("/me/texts/", {"wanted": "no"}).headers["Location"].startswith("/signin/")


def test_nobody_reads_what_anothers_telephone_said(signed_in):
    signed_in.post("/me/texts/", {"wanted": "no"})
    for areas, holders in [((), ["user:999"]), (("1.2.",), ()), ((), ())]:
        with scope(areas, holders):
            assert SmsConsent.objects.count() == 0

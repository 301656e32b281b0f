"""我的登记: whoever proves who he is reads his own record, has it corrected and sees who looked."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.casework import lamps, pack, places
from tests.conftest import NOON
from tests.registering import (
    DAY,
    KEEPER,
    again,
    building,
    citizen,
    codes,
    dwelling,
    kept,
    person,
)
from tests.web.portal_fixtures import PHONE, clock, resident, signed_in, town
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.models import Claim

__all__ = ["clock", "codes", "lamps", "pack", "places", "resident", "signed_in", "town"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "codes")]
RECORD, PROVE = "/me/record/", "/me/record/prove/"
ME = {"name": "黎某某", "number": citizen()}


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def own():
    return person("黎某某", id_no=citizen(), phone=PHONE, work="一厂")


@pytest.fixture
def proved(signed_in, own):
    assert signed_in.post(PROVE, ME).headers["Location"] == RECORD
    return signed_in


def log(act):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act=act))


def test_nobody_signed_in_comes_no_further_than_the_door(client, own):
    for path in (RECORD, PROVE, f"{RECORD}{own.pk}/open/phone/", f"{RECORD}{own.pk}/wrong/work/"):
        assert client.get(path).headers["Location"].startswith("/signin/")
        assert client.post(path).headers["Location"].startswith("/signin/")


def test_before_he_has_proved_who_he_is_nothing_is_shown(signed_in, own):
    page = words(signed_in.get(RECORD))
    assert "先核对是您本人" in page
    assert "一厂" not in page
    for path in (f"{RECORD}{own.pk}/wrong/work/",):
        assert signed_in.get(path).status_code == 404
        assert signed_in.post(path, {"value": "二厂"}).status_code == 404
    assert signed_in.post(f"{RECORD}{own.pk}/open/phone/").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"name": "别人"}, {"number": citizen(2)}, {"number": "1"}, {"number": "' OR 1=1"}]
)
def test_when_one_thing_does_not_agree_nothing_is_said(signed_in, own, wrong):
    answer = signed_in.post(PROVE, ME | wrong)
    assert answer.status_code == 422
    assert "带证件到社区窗口" in words(answer)
    assert "一厂" not in words(signed_in.get(RECORD))
    assert answer.context["form"]["name"].value() == (ME | wrong)["name"]


def test_his_tries_are_limited_and_come_back_after_an_hour(signed_in, own, clock):
    told = [signed_in.post(PROVE, ME | {"name": "别人"}).status_code for _ in range(6)]
    assert told == [422] * 5 + [429]
    assert signed_in.post(PROVE, ME).status_code == 429
    with time_machine.travel(NOON + timedelta(hours=1, minutes=1), tick=False):
        assert signed_in.post(PROVE, ME).headers["Location"] == RECORD


def test_he_reads_his_record_in_plain_words_with_its_sources(proved, own):
    door = dwelling(building())
    told = {"person_id": own.pk, "dwelling_id": door.pk, "living": "resident"}
    actions.move_in(KEEPER, **told, since=DAY, at=NOON)
    family = kept("household", links={"dwelling_id": door.pk})
    join = {"household_id": family.pk, "person_id": own.pk, "relation": "02"}
    actions.join_household(KEEPER, **join, since=DAY, at=NOON)
    page = words(proved.get(RECORD))
    for said in ("黎某某", "一厂", "窗口登记", "核实过", "1栋 101", "户主", "••••0417"):
        assert said in page, said
    assert PHONE not in page
    assert citizen() not in page


def test_a_masked_number_is_opened_by_himself_and_by_post_alone(proved, own):
    path = f"{RECORD}{own.pk}/open/phone/"
    assert proved.get(path).status_code == 405
    answer = proved.post(path)
    assert "199 0000 0417" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert [entry.details["fields"] for entry in log("registry.own")] == [["手机号"]]
    for field in ("name", "facts", "nothing"):
        assert proved.post(f"{RECORD}{own.pk}/open/{field}/").status_code == 404
    other = person("另一个", phone="19900000555")
    assert proved.post(f"{RECORD}{other.pk}/open/phone/").status_code == 404


def test_a_correction_keeps_what_was_typed_and_changes_nothing_yet(proved, own):
    path = f"{RECORD}{own.pk}/wrong/work/"
    assert "工作单位应该是" in words(proved.get(path))
    same = proved.post(path, {"value": "一厂", "why": "写错了"})
    assert same.status_code == 422
    assert "和现在登记的一样" in words(same)
    assert same.context["form"]["why"].value() == "写错了"
    assert proved.post(path, {"value": "", "why": "x"}).status_code == 422
    assert proved.post(path, {"value": "二厂", "why": "换了"}).headers["Location"] == RECORD
    assert again(own).work == "一厂"
    page = words(proved.get(RECORD))
    assert "工作单位：二厂" in page
    assert "等社区核对" in page


@pytest.mark.parametrize("field", ["id_no", "id_type", "nothing"])
def test_papers_are_corrected_at_the_window(proved, own, field):
    path = f"{RECORD}{own.pk}/wrong/{field}/"
    assert proved.get(path).status_code == 404
    assert proved.post(path, {"value": "1"}).status_code == 404


def test_a_code_is_chosen_and_a_date_is_a_date(proved, own):
    assert proved.post(f"{RECORD}{own.pk}/wrong/marital/", {"value": "99"}).status_code == 422
    proved.post(f"{RECORD}{own.pk}/wrong/marital/", {"value": "20"})
    wrong_day = proved.post(f"{RECORD}{own.pk}/wrong/birth_date/", {"value": "1988-02-30"})
    assert wrong_day.status_code == 422
    with scope(EVERYWHERE):
        assert [claim.value for claim in Claim.objects.all()] == ["20"]


@pytest.mark.parametrize(
    ("accepted", "answer", "said"),
    [(True, "", "改好了"), (False, "单位证明是一厂。", "没有改")],
)
def test_he_reads_what_became_of_it(proved, own, accepted, answer, said):
    proved.post(f"{RECORD}{own.pk}/wrong/work/", {"value": "二厂", "why": "换了"})
    with scope(EVERYWHERE):
        claim = Claim.objects.get()
    decided = {"claim_id": claim.pk, "accepted": accepted, "answer": answer}
    actions.settle_correction(KEEPER, **decided, at=NOON)
    page = words(proved.get(RECORD))
    assert said in page
    assert answer in page
    assert again(own).work == ("二厂" if accepted else "一厂")


def test_he_sees_who_looked_at_his_record_and_for_which_purpose(proved, own):
    look = {"kind": "person", "subject_id": own.pk, "field": "phone", "purpose": "contact"}
    actions.reveal(KEEPER, **look, at=NOON)
    page = words(proved.get("/me/viewers/"))
    assert "打开了您登记的内容：手机号" in page
    assert "用途：联系本人" in page
    assert "登记了您的信息" in page
    other = person("另一个")
    actions.reveal(KEEPER, **look | {"subject_id": other.pk}, at=NOON)
    assert words(proved.get("/me/viewers/")).count("打开了您登记的内容") == 1


def test_a_record_that_has_ended_is_not_shown(proved, own):
    actions.end_record(KEEPER, kind="person", subject_id=own.pk, why="moved", on=DAY, at=NOON)
    page = words(proved.get(RECORD))
    assert "现在没有您的登记" in page
    assert "一厂" not in page

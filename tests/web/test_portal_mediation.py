"""我的人民调解: what a party sees of his own, and what he may say for himself."""

import pytest

from tests.mediation import (
    LI,
    WANG,
    dispute_pack,
    kinds,
    mediators,
    places,
    read,
    registered,
    staff,
    steps,
    walk,
)
from tests.web.desks import at_most
from tests.web.mediation_desks import at_noon, sofa
from yukuai.disputes.actions import note_look
from yukuai.disputes.models import Remark
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "at_noon",
    "dispute_pack",
    "kinds",
    "mediators",
    "places",
    "registered",
    "sofa",
    "staff",
    "steps",
]
pytestmark = pytest.mark.django_db


def url(dispute, *rest):
    return "/".join([f"/mediation/{dispute.number}", *rest, ""])


def test_a_party_sees_that_it_exists_how_it_stands_and_the_next_date(registered, steps, sofa):
    dispute = walk(registered(), steps, "mediating")
    client = sofa("respondent")
    assert "人民调解" in client.get("/me/").content.decode()
    assert dispute.number in client.get("/mediation/").content.decode()
    page = client.get(url(dispute)).content.decode()
    for said in ("正在调解", "社区调解室", "明天 12:00", "王小满", "调解员", "南街司法所"):
        assert said in page
    for hidden in ("漏水", "天花板", WANG, LI, "1,200", "看过现场"):
        assert hidden not in page


def test_a_stranger_finds_nothing_and_the_link_is_not_even_there(registered, steps, sofa):
    dispute = walk(registered(), steps, "mediating")
    client = sofa("stranger")
    assert "/mediation/" not in client.get("/me/").content.decode()
    assert "没有您的调解" in client.get("/mediation/").content.decode()
    for address in (url(dispute), url(dispute, "refuse"), url(dispute, "leave")):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)
    assert read(dispute.pk).state == "mediating"


def test_he_refuses_the_mediator_without_saying_why(registered, steps, sofa):
    dispute = walk(registered(), steps, "assigned")
    client = sofa("respondent")
    assert "可以不说理由" in client.get(url(dispute, "refuse")).content.decode()
    answer = client.post(url(dispute, "refuse"), follow=True)
    assert "另找一位调解员" in answer.content.decode()
    assert read(dispute.pk).state == "registered"
    assert client.get(url(dispute, "refuse")).status_code == 409


def test_his_reason_is_sealed_and_the_other_side_does_not_read_it(registered, steps, sofa):
    dispute = walk(registered(), steps, "assigned")
    sofa("respondent").post(url(dispute, "refuse"), {"reason": "他和王家是亲戚。"})
    with scope(EVERYWHERE):
        assert Remark.objects.get().words == "他和王家是亲戚。"
    page = sofa("applicant").get(url(dispute)).content.decode()
    assert "亲戚" not in page


def test_he_leaves_and_the_mediation_is_over_for_both(registered, steps, sofa):
    dispute = walk(registered(), steps, "mediating")
    answer = sofa("applicant").post(url(dispute, "leave"), follow=True)
    assert "调解到此结束" in answer.content.decode()
    assert read(dispute.pk).state == "withdrawn"
    assert "不调解了" in sofa("respondent").get(url(dispute)).content.decode()


def test_once_the_agreement_is_in_effect_nobody_just_leaves(registered, steps, sofa):
    dispute = walk(registered(), steps, "fulfilment")
    client = sofa("applicant")
    page = client.get(url(dispute)).content.decode()
    assert "双方要按协议履行" in page
    assert "双方可以一起申请司法确认" in page
    client.post(url(dispute, "leave"))
    assert read(dispute.pk).state == "fulfilment"


def test_where_else_to_go_is_told_to_both(registered, steps, sofa):
    dispute = walk(registered(), steps, "failed")
    assert "南区人民法院，南街 1 号" in sofa("respondent").get(url(dispute)).content.decode()


def test_he_reads_who_looked(registered, steps, sofa, staff):
    dispute = walk(registered(), steps, "assigned")
    mediator = staff["mediator"]
    with scope(mediator.areas, mediator.holders):
        note_look(mediator, dispute=read_inside(dispute), at=dispute.changed_at)
    page = sofa("respondent").get("/me/viewers/").content.decode()
    assert "看了这件调解的内容" in page
    assert "经办调解" in page


def read_inside(dispute):
    return type(dispute).objects.get(pk=dispute.pk)


def test_the_list_costs_the_same_for_many(registered, steps, sofa):
    for _ in range(3):
        walk(registered(), steps, "assigned")
    client = sofa("respondent")
    client.get("/mediation/")
    with at_most(8):
        client.get("/mediation/")

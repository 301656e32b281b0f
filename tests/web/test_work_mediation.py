"""/work/disputes/: the pages of a mediator and of a judicial office, without scripts."""

import re
from uuid import uuid4

import pytest

from tests.mediation import (
    LI,
    WANG,
    dispute_pack,
    kinds,
    mediators,
    party_of,
    places,
    read,
    registered,
    staff,
    steps,
    walk,
)
from tests.web.desks import at_most
from tests.web.mediation_desks import at_noon, seat
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.disputes.models import Dispute, Mediator
from yukuai.flows.dispute_documents import issue_dispute_paper
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "at_noon",
    "dispute_pack",
    "kinds",
    "mediators",
    "places",
    "registered",
    "seat",
    "staff",
    "steps",
]
pytestmark = pytest.mark.django_db
LIST = "/work/disputes/"
SECRETS = ("王小满", "李大有", WANG, LI)


def url(dispute, *rest):
    return "/".join([f"/work/disputes/{dispute.number}", *map(str, rest), ""])


def typed(**changes):
    return {
        "client_uuid": str(uuid4()),
        "origin": "counter",
        "kind": "neighbour",
        "about": "楼上漏水泡坏了天花板。",
        "amount": "1,200.50",
        "division": "112",
        "applicant_name": "王小满",
        "applicant_phone": WANG,
        "respondent_name": "李大有",
        "respondent_phone": "",
        **changes,
    }


def test_an_empty_list_says_what_will_be_there(seat, kinds):
    assert "现在没有您经办的纠纷" in seat("mediator").get(LIST).content.decode()
    assert "等您指派调解员" in seat("justice").get(LIST).content.decode()
    searched = seat("justice").get(LIST, {"q": "JF-1"}).content.decode()
    assert "没有这样的纠纷" in searched


def test_a_quarrel_is_written_down_once_and_its_page_opens(seat, mediators, dispute_pack):
    clerk, words = seat("registrar"), typed()
    answers = [clerk.post("/work/disputes/register/", words, follow=True) for _ in range(2)]
    with scope(EVERYWHERE):
        dispute = Dispute.objects.get()
        assert dispute.particulars.amount_fen == 120_050
    for answer in answers:
        page = answer.content.decode()
        assert dispute.number in page
        assert "1,200.50 元" in page
        for secret in SECRETS:
            assert secret not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"about": ""}, "写明双方争的是什么。"),
        ({"amount": "一千"}, "金额写元"),
        ({"respondent_name": "Li"}, "姓名用 2 个以上的汉字"),
        ({"respondent_phone": WANG}, "同一个手机号"),
        ({"kind": ""}, "选一个纠纷类型。"),
    ],
)
def test_bad_input_is_said_and_what_was_typed_is_kept(seat, kinds, dispute_pack, changes, said):
    answer = seat("registrar").post("/work/disputes/register/", typed(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="王小满"' in page
    with scope(EVERYWHERE):
        assert not Dispute.objects.exists()


OUTSIDERS = ["colleague", "second", "town", "neighbour", "other_justice", "bureau", "district"]


@pytest.mark.parametrize("who", [*OUTSIDERS, "city", "admin", "registrar", "grid"])
def test_for_everybody_else_every_address_of_it_is_404(registered, steps, seat, who):
    dispute = walk(registered(), steps, "assigned")
    party = party_of(dispute, "applicant").pk
    client = seat(who)
    for address in (
        url(dispute),
        url(dispute, "do", "investigate"),
        url(dispute, "parties", party),
        url(dispute, "papers", 1),
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"purpose": "ask"}).status_code in (404, 405), address
    assert read(dispute.pk).state == "assigned"


def test_somebody_elses_dispute_is_in_no_list_and_found_by_no_search(registered, steps, seat):
    dispute = walk(registered(), steps, "assigned")
    for who in ("registrar", "colleague", "second", "bureau"):
        client = seat(who)
        assert dispute.number not in client.get(LIST, {"state": "all"}).content.decode()
        found = client.get(LIST, {"q": dispute.number}).content.decode()
        assert "没有这样的纠纷" in found
    search = seat("town").get("/work/search/", {"q": dispute.number}).content.decode()
    assert f"/work/disputes/{dispute.number}/" not in search


def test_a_mediator_reads_it_with_the_parties_half_named(registered, steps, seat):
    dispute = walk(registered(), steps, "mediating")
    page = seat("mediator").get(url(dispute)).content.decode()
    assert "楼上漏水泡坏了天花板。" in page
    assert "王某" in page
    assert "尾号 0601" in page
    for secret in SECRETS:
        assert secret not in page


def test_a_party_is_opened_one_by_one_with_a_purpose_on_record(registered, steps, seat):
    dispute = walk(registered(), steps, "assigned")
    client = seat("mediator")
    address = url(dispute, "parties", party_of(dispute, "applicant").pk)
    assert "看一次记一次" in client.get(address).content.decode()
    refused = client.post(address)
    assert refused.status_code == 422
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="dispute.party").exists()
    shown = client.post(address, {"purpose": "meet"})
    page = shown.content.decode()
    assert "王小满" in page
    assert "李大有" not in page
    assert "no-store" in shown.headers["Cache-Control"]
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="dispute.party")
        assert (entry.purpose, entry.user_id) == ("约双方调解", 13)


WAY = {
    "assign": {"mediator": None},
    "investigate": {},
    "inquire": {"words": "看过现场。"},
    "mediate": {"next_on": "2026-03-05", "next_hour": "14:30", "place": "社区调解室"},
    "change_date": {"next_on": "2026-03-06", "next_hour": "09:00", "place": "社区调解室"},
    "hold_session": {"held_on": "2026-03-02", "present": None, "record": "双方各让一步。"},
    "agree": {
        "form": "written",
        "facts": "楼上漏水。",
        "terms": "赔 1200 元。",
        "what_1": "付 1200 元",
        "due_1": "2026-03-20",
    },
    "take_effect": {"signed_on": "2026-03-02"},
    "note_confirmation": {"result": "not-wanted"},
    "visit": {"outcome": "fulfilled", "words": "钱收到了。"},
    "archive": {},
}


def test_the_whole_way_is_gone_with_plain_forms(registered, seat, mediators):
    dispute = registered()
    for name, said in WAY.items():
        client = seat("justice" if name == "assign" else "mediator")
        words = dict(said)
        if name == "assign":
            words["mediator"] = mediators["mediator"].pk
        if name == "hold_session":
            words["present"] = [party_of(dispute, side).pk for side in ("applicant", "respondent")]
        if name == "visit":
            with scope(EVERYWHERE):
                words[f"done_{dispute.items.get().pk}"] = "2026-03-02"
        page = client.get(url(dispute, "do", name)).content.decode()
        words["seen"] = re.search(r'name="seen" value="([^"]+)"', page)[1]
        answer = client.post(url(dispute, "do", name), words)
        assert answer.status_code == 302, (name, answer.content.decode()[-3000:])
    assert read(dispute.pk).state == "archived"


def test_a_refused_act_stays_in_its_place_with_its_reason(registered, steps, seat):
    dispute = walk(registered(), steps, "mediating")
    page = seat("mediator").get(url(dispute)).content.decode()
    assert "还不能达成协议。" in page
    assert "先记下至少一次调解，再写协议。" in page
    office = seat("justice").get(url(dispute)).content.decode()
    assert "由指派的人民调解员来做。" in office


def test_a_form_that_came_too_late_keeps_what_was_written(registered, steps, seat):
    dispute = walk(registered(), steps, "assigned")
    client = seat("mediator")
    page = client.get(url(dispute, "do", "recuse")).content.decode()
    stamp = re.search(r'name="seen" value="([^"]+)"', page)[1]
    steps["investigate"](dispute)
    answer = client.post(url(dispute, "do", "recuse"), {"seen": stamp, "reason": "他是我表哥。"})
    assert answer.status_code == 409
    assert "他是我表哥。" in answer.content.decode()
    assert read(dispute.pk).state == "investigating"


def test_whoever_gives_it_back_is_led_to_the_list(registered, steps, seat):
    dispute = walk(registered(), steps, "assigned")
    client = seat("mediator")
    answer = client.post(url(dispute, "do", "recuse"), {"reason": "他是我表哥。"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert dispute.number not in answer.content.decode()


def test_a_paper_is_handed_to_its_mediator_alone(registered, steps, seat):
    dispute = walk(registered(), steps, "agreed")
    issue_dispute_paper(SYSTEM, dispute_id=dispute.pk, move="agree", at=read(dispute.pk).changed_at)
    client = seat("mediator")
    page = client.get(url(dispute)).content.decode()
    address = re.search(r'href="(/work/disputes/[^"]+/papers/\d+/)"', page)[1]
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer.headers["Cache-Control"]
    for who in OUTSIDERS:
        assert seat(who).get(address).status_code == 404


def test_the_list_costs_the_same_for_many_as_for_one(registered, steps, seat):
    client = seat("justice")
    for _ in range(4):
        walk(registered(), steps, "assigned")
    client.get(LIST)
    with at_most(12):
        page = client.get(LIST)
    assert page.content.decode().count("王某、李某") == 4


def test_the_page_of_a_dispute_is_counted_too(registered, steps, seat):
    dispute = walk(registered(), steps, "fulfilment")
    client = seat("mediator")
    client.get(url(dispute))
    with at_most(22):
        assert client.get(url(dispute)).status_code == 200


def test_the_register_lists_whom_one_may_assign_and_takes_new_ones(seat, staff, kinds):
    justice = seat("justice")
    page = justice.get("/work/mediators/").content.decode()
    assert "名册上还没有人" in page
    answer = justice.post(
        "/work/mediators/", {"person": "13-112", "specialties": ["neighbour"]}, follow=True
    )
    assert "列入名册了" in answer.content.decode()
    mediator = Mediator.objects.get()
    assert mediator.specialties == ["neighbour"]
    justice.post(f"/work/mediators/{mediator.pk}/", {"specialties": ["property"]})
    mediator.refresh_from_db()
    assert (mediator.specialties, mediator.active) == (["property"], False)
    assert seat("other_justice").get(f"/work/mediators/{mediator.pk}/").status_code == 404
    for who in ("registrar", "mediator", "town"):
        assert seat(who).get("/work/mediators/").status_code == 403


def test_the_register_costs_the_same_for_many(seat, mediators):
    client = seat("justice")
    client.get("/work/mediators/")
    with at_most(12):
        client.get("/work/mediators/")


def test_above_there_are_numbers_and_none_that_points_at_somebody(registered, steps, seat):
    for _ in range(4):
        walk(registered(), steps, "mediating")
    lone = registered(kind="property")
    page = seat("bureau").get("/work/mediation-numbers/").content.decode()
    assert "没结束的共 5 件" in page
    assert "少，不显示" in page
    assert lone.number not in page
    shown = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', page)]
    assert all(count >= 3 for count in shown), shown
    district = seat("district")
    district.get("/work/mediation-numbers/")
    with at_most(15):
        district.get("/work/mediation-numbers/")
    below = seat("bureau").get("/work/mediation-numbers/12/").content.decode()
    assert "南街的调解数字" in below
    assert seat("bureau").get("/work/mediation-numbers/111/").status_code == 403


def test_fewer_than_three_are_not_even_added_up(registered, seat):
    registered()
    page = seat("bureau").get("/work/mediation-numbers/").content.decode()
    assert "没结束的不到 3 件" in page
    assert not re.findall(r'<td class="n">\d+</td>', page)

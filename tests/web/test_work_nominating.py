"""From the final roll on by pages alone: nominations, the joint review, candidates, proxies; and
who is turned away."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.db.elections.conftest import storage
from tests.electing import (
    CLOSING,
    PANEL,
    ROLL,
    SETTLED,
    contest,
    entrust,
    nominate,
    nominating,
    on,
    places,
    post,
    ruled,
    settled,
    submitted,
)
from tests.offices import make_department, make_post, make_staff
from tests.pictures import picture
from tests.web.electing import asks_little, at, client_of, read, signed_in, url, words
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.elections.models import Kin, Nominee, Opinion, Proxy, Screening
from yukuai.elections.states import ElectionState
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["places", "ruled", "storage"]
pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def site(places, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SETTLED)
    return signed_in(places)


@pytest.fixture
def departments(places, site):
    """Three departments of the district with an officer each, signed in; by kind."""
    found = {}
    for n, kind in enumerate(PANEL):
        office = make_department(places[2], f"南区{kind}局", kind=kind)
        user = make_staff(f"office-{n}", display_name=f"{kind}经办人")
        make_post(user, Role.DEPT_OP, places[2], department=office)
        found[kind] = Client()
        found[kind].force_login(user)
    return found


def test_nominations_are_opened_and_received(site):
    election = settled(*ROLL, "水清浅")
    hand = site["committee"]
    closes = str(SETTLED.date() + timedelta(days=5))
    assert hand.post(url(election, "do/open_nominations/"), {"closes": closes}).status_code == 302
    assert read().state == ElectionState.NOMINATING

    page = words(hand.get(url(election, "nominees/")))
    assert "选民提名要10名以上联名" in page
    chair = contest(election, "chair")
    said = {"contest_id": chair, "name": "风满楼", "by": "VOTERS", "signers": "\n".join(ROLL[:9])}
    refused = hand.post(url(election, "nominees/"), said)
    assert refused.status_code == 422
    assert "要10名以上选民联名，现在9名" in words(refused)
    assert "云中鹤" in refused.content.decode(), "what was typed is kept"
    said["signers"] = "\n".join(ROLL[:10])
    assert hand.post(url(election, "nominees/"), said).status_code == 302
    said = {"contest_id": chair, "name": "水清浅", "by": "PARTY", "signers": ""}
    assert hand.post(url(election, "nominees/"), said).status_code == 302

    day = words(hand.get(url(election)))
    assert "水清浅要退出选举委员会" in day
    assert "还不能送联审" in day
    page = words(hand.get(url(election, "nominees/")))
    assert "水清浅选举委员会本人" in page


def test_kin_are_declared_dropped_and_a_nominee_withdraws(site):
    election = nominating()
    nominee = nominate(election, "风满楼")
    other = nominate(election, "雨潇湘", "member")
    hand = site["committee"]
    path = url(election, f"nominees/{nominee.pk}/kin/")
    assert "云出岫（选举委员会）" in words(hand.get(path))
    said = {"who": f"other-{other.pk}", "name": "", "relation": "spouse"}
    assert hand.post(path, said).status_code == 302
    said = {"who": "somebody", "name": "", "relation": "child"}
    assert "写明近亲属是谁" in words(hand.post(path, said))
    with scope(EVERYWHERE):
        kin = Kin.objects.get()
    assert (kin.nominee_id, kin.other_id, kin.member_id) == (nominee.pk, other.pk, None)
    assert hand.post(url(election, f"kin/{kin.pk}/drop/"), {"reason": "写错了"}).status_code == 302
    gone = url(election, f"nominees/{nominee.pk}/withdraw/")
    assert hand.post(gone, {"reason": "本人不愿意"}).status_code == 302
    assert "退出本人不愿意" in words(hand.get(url(election, "nominees/")))
    with scope(EVERYWHERE):
        assert not Kin.objects.exists()


def test_others_look_at_nominations_and_receive_none(site):
    election = nominating()
    nominee = nominate(election, "风满楼")
    said = {"contest_id": contest(election, "chair"), "name": "雨潇湘", "by": "PARTY"}
    for who in ("staff", "town"):
        page = site[who].get(url(election, "nominees/"))
        assert page.status_code == 200
        assert "收一份提名" not in words(page)
        assert site[who].post(url(election, "nominees/"), said).status_code == 403
        gone = url(election, f"nominees/{nominee.pk}/withdraw/")
        assert site[who].post(gone, {"reason": "不喜欢他"}).status_code == 403
    assert site["neighbour"].get(url(election, "nominees/")).status_code == 404
    with scope(EVERYWHERE):
        assert list(Nominee.objects.values_list("name", "withdrawn_on")) == [("风满楼", None)]


def test_the_pages_ask_few_questions(site):
    election = nominating()
    for name in ROLL[:3]:
        nominate(election, name, "member")
    for rest in ("", "nominees/"):
        asks_little(site["committee"], url(election, rest))


# The joint review

BAR = {"decision": "BAR", "bar_code": "CRIMINAL_PENALTY", "basis_ref": "南公函〔2026〕17号"}
SECRETS = ("CRIMINAL_PENALTY", "受过刑事处罚", "南公函", "公安", "申辩", "处罚已经撤销")


def sent(site):
    election = submitted()
    answer = site["district"].post(f"/work/reviews/district/{election.number}/ask/")
    assert answer.status_code == 302
    return election


def opinion_of(name, kind):
    with scope(EVERYWHERE):
        return Opinion.objects.get(
            screening__name=name, unit_department__kind=kind, signed_at=None
        ).pk


def sign_all(departments):
    for kind, client in departments.items():
        page = client.get("/work/reviews/").content.decode()
        for path in re.findall(r'action="(/work/reviews/\d+/)"', page):
            assert client.post(path, {"decision": "PASS"}).status_code == 302, kind


def test_the_district_sends_and_a_department_answers_with_one_click(site, departments):
    election = submitted()
    lead, police = site["district"], departments["公安"]
    assert "7人，分送各部门" in words(lead.get("/work/reviews/district/"))
    lead.post(f"/work/reviews/district/{election.number}/ask/")
    page = words(police.get("/work/reviews/"))
    assert "要反馈7人" in page
    assert "城市居民委员会组织法（2025）第十八条" in page, "the law stands beside"
    assert "被开除党籍" in page
    path = f"/work/reviews/{opinion_of('风满楼', '公安')}/"
    assert police.post(path, {"decision": "NO_RECORD"}).status_code == 302
    assert "要反馈6人" in words(police.get("/work/reviews/"))
    assert "签过了：没有记录" in words(police.get(path))

    path = f"/work/reviews/{opinion_of('雨潇湘', '公安')}/"
    refused = police.post(path, {"decision": "BAR", "basis_ref": "南公函〔2026〕17号"})
    assert refused.status_code == 422
    assert "选法律规定的一种情形" in words(refused)
    assert police.post(path, BAR).status_code == 302
    assert site["district"].get(path).status_code == 403
    assert departments["民政"].get(path).status_code == 404


def test_the_district_sees_who_is_late_and_leads_to_the_end(site, departments, monkeypatch):
    sent(site)
    monkeypatch.setattr(clock, "now", lambda: CLOSING + timedelta(days=30))
    lead = Client()
    lead.force_login(User.objects.get(username="district"))
    assert "南区公安局77" in words(lead.get("/work/reviews/district/"))
    monkeypatch.setattr(clock, "now", lambda: SETTLED)
    lead, police = site["district"], departments["公安"]
    path = f"/work/reviews/{opinion_of('风满楼', '公安')}/"
    police.post(path, {"decision": "CAUTION", "basis_ref": "南公函〔2026〕18号"})
    sign_all(departments)
    assert "要会商" in words(lead.get("/work/reviews/district/"))
    with scope(EVERYWHERE):
        one = Screening.objects.get(name="风满楼")
    person = f"/work/reviews/people/{one.pk}/"
    page = words(lead.get(person))
    assert "需要会商南公函〔2026〕18号" in page
    said = {"statement": "情况已经说明"}
    assert lead.post(f"{person}case/", said).status_code == 302
    assert "本人申辩" in words(police.get(f"/work/reviews/{opinion_of('风满楼', '公安')}/"))
    path = f"/work/reviews/{opinion_of('风满楼', '公安')}/"
    police.post(path, {"decision": "CAUTION", "basis_ref": "南公函〔2026〕19号"})
    said = {"settled": "PASS", "basis_ref": "联席纪要3号"}
    assert lead.post(f"{person}settle/", said).status_code == 302
    with scope(EVERYWHERE):
        assert Nominee.objects.get(name="风满楼").review == "pass"


def test_the_district_chooses_its_departments(site, departments, places):
    page = site["district"].get("/work/reviews/district/panel/").content.decode()
    assert page.count("checked") == 3, "the usual ones"
    pk = re.search(r'value="(\d+)"[^>]*checked', page)[1]
    site["district"].post("/work/reviews/district/panel/", {"departments": [pk]})
    assert "参加联审的1个部门" in words(site["district"].get("/work/reviews/district/"))
    assert site["other"].get("/work/reviews/district/").status_code == 200


@pytest.mark.parametrize("who", ["committee", "staff", "town"])
def test_no_page_tells_the_community_why_or_by_whom(site, departments, who):
    """The attack: an officer of the community, and the committee, ask everywhere they can."""
    election = sent(site)
    departments["公安"].post(f"/work/reviews/{opinion_of('风满楼', '公安')}/", BAR)
    sign_all(departments)
    with scope(EVERYWHERE):
        screening, opinion = (
            Screening.objects.get(name="风满楼"),
            Opinion.objects.get(decision="BAR"),
        )
        assert Nominee.objects.get(name="风满楼").review == "bar"
    asking = site[who]
    page = words(asking.get(url(election, "nominees/")))
    assert "不通过" in page, "this much they learn"
    open_to_them = ["", "nominees/", "roll/", "objections/"]
    for path in [url(election, rest) for rest in open_to_them]:
        said = asking.get(path).content.decode()
        assert [secret for secret in SECRETS if secret in said] == [], path
    closed = [
        "/work/reviews/",
        f"/work/reviews/{opinion.pk}/",
        "/work/reviews/district/",
        "/work/reviews/district/panel/",
        f"/work/reviews/people/{screening.pk}/",
        f"/work/reviews/people/{screening.pk}/settle/",
        f"/work/reviews/people/{screening.pk}/case/",
        reverse("work:audit"),
        reverse("work:audit-export"),
    ]
    for path in closed:
        answer = asking.get(path)
        assert answer.status_code == 403, path
        assert [secret for secret in SECRETS if secret in words(answer)] == [], path
    for path in closed[:7]:
        assert asking.post(path, BAR).status_code == 403, path
    for path in (
        f"/api/v1/elections/{election.number}/reviews/",
        f"/api/v1/opinions/{opinion.pk}/",
        f"/work/elections/{election.number}/reviews/",
    ):
        assert asking.get(path).status_code in (401, 403, 404), path
    found = words(asking.get("/work/search/?q=南公函"))
    assert "17号" not in found.replace("南公函", "", 1)


def test_another_district_leads_nothing_here(site, departments):
    election = sent(site)
    with scope(EVERYWHERE):
        one = Screening.objects.get(name="风满楼")
    other = site["other"]
    assert other.get(f"/work/reviews/people/{one.pk}/").status_code == 404
    assert "风满楼" not in words(other.get("/work/reviews/district/"))
    assert other.post(f"/work/reviews/district/{election.number}/ask/").status_code == 404


def test_the_pages_of_a_review_ask_few_questions(site, departments):
    sent(site)
    for client, path in (
        (departments["公安"], "/work/reviews/"),
        (site["district"], "/work/reviews/district/"),
    ):
        asks_little(client, path)


# Candidates, their meeting, proxies


def test_candidates_meeting_and_proxies_by_pages_alone(site, departments, monkeypatch):
    election = sent(site)
    sign_all(departments)
    hand = at(monkeypatch, on(6))
    said = {"voter": "苏明月", "holder": "风满楼", "relation": "VOTER"}
    assert hand.post(url(election, "proxies/"), said).status_code == 302
    assert hand.post(url(election, "do/publish_candidates/"), {"extra": 1}).status_code == 302
    page = words(hand.get(url(election, "candidates/")))
    assert "1雨潇湘10" in page
    assert "委员应选4人，候选人5人" in page
    day = words(hand.get(url(election)))
    assert "告知苏明月：委托失效了" in day
    assert "还不能开始介绍候选人" in day

    refused = hand.post(url(election, "proxies/"), said)
    assert refused.status_code == 422
    assert "候选人不得接受委托投票" in words(refused)
    with scope(EVERYWHERE):
        void = Proxy.objects.get()
    hand.post(url(election, f"proxies/{void.pk}/tell/"))
    assert "告知苏明月" not in words(hand.get(url(election)))
    said["holder"] = "陆小川"
    assert hand.post(url(election, "proxies/"), said).status_code == 302

    post(election, "candidates", at=on(6))
    assert hand.post(url(election, "do/begin_campaign/")).status_code == 302
    assert "还没有记下候选人和选民的见面会" in words(hand.get(url(election)))
    said = {"held_on": str(on(6).date()), "place": "社区礼堂", "present": 120}
    refused = hand.post(url(election, "forum/"), said)
    assert "上传见面会的记录" in words(refused)
    said["upload"] = SimpleUploadedFile("记录.jpg", picture(), "image/jpeg")
    assert hand.post(url(election, "forum/"), said).status_code == 302
    page = hand.get(url(election, "candidates/")).content.decode()
    record = re.search(r'href="([^"]+/record/)"', page)[1]
    assert hand.get(record).status_code == 200
    assert client_of("neighbour").get(record).status_code == 404

    hand = at(monkeypatch, on(2))
    assert hand.post(url(election, "do/close_proxies/")).status_code == 302
    assert read().state == ElectionState.PROXY_CLOSED
    assert "委托投票名单" in words(hand.get(url(election)))
    assert "登记一份书面委托" not in words(hand.get(url(election, "proxies/")))


def test_others_look_at_candidates_and_proxies_and_change_nothing(site):
    election = nominating()
    proxy = entrust(election, "苏明月", "陆小川")
    for who in ("staff", "town"):
        assert site[who].get(url(election, "candidates/")).status_code == 200
        assert "登记一份书面委托" not in words(site[who].get(url(election, "proxies/")))
        said = {"voter": "秦望北", "holder": "陆小川", "relation": "VOTER"}
        assert site[who].post(url(election, "proxies/"), said).status_code == 403
        for rest in (f"proxies/{proxy.pk}/cancel/", f"proxies/{proxy.pk}/tell/", "forum/"):
            assert site[who].post(url(election, rest), {"reason": "x"}).status_code == 403
    for rest in ("candidates/", "proxies/", f"proxies/{proxy.pk}/cancel/"):
        assert site["neighbour"].get(url(election, rest)).status_code == 404
    hand = site["committee"]
    hand.post(url(election, f"proxies/{proxy.pk}/cancel/"), {"reason": "改托别人"})
    with scope(EVERYWHERE):
        assert Proxy.objects.get().ended_why == "改托别人"


def test_the_later_pages_ask_few_questions(site, departments, monkeypatch):
    election = sent(site)
    sign_all(departments)
    hand = at(monkeypatch, on(6))
    entrust(election, "苏明月", "风满楼", at=on(6))
    asks_little(hand, url(election))
    hand.post(url(election, "do/publish_candidates/"), {"extra": 1})
    asks_little(hand, url(election))
    post(election, "candidates", at=on(6))
    hand.post(url(election, "do/begin_campaign/"))
    for rest in ("", "candidates/", "proxies/"):
        asks_little(hand, url(election, rest))

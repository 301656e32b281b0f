"""民主选举 over HTTP: the township begins, the committee goes on by its pages alone, others look or
are turned away."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import NOON
from tests.db.elections.conftest import storage
from tests.electing import (
    DAY,
    SPOTS,
    TODAY,
    kept,
    listed,
    places,
    post,
    published,
    registering,
    ruled,
)
from tests.pictures import picture
from tests.web.electing import asks_little, read, signed_in, url, words
from yukuai.accounts.models import User
from yukuai.elections.models import Objection, Voter
from yukuai.elections.states import ElectionState, VoterState
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["places", "ruled", "storage"]
pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def site(places, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return signed_in(places)


MEETING = {"kind": "delegates", "held_on": str(TODAY), "entitled": 45, "present": 40, "agreed": 38}


def test_from_the_task_to_the_final_roll_by_pages_alone(site, monkeypatch):
    kept("风满楼", serial=1)
    kept("雨潇湘", serial=2)
    town, hand = site["town"], site["committee"]
    said = {"body": "community", "term": 7, "day": str(DAY), "timing": ""}
    answer = town.post("/work/elections/start/112/", said)
    election = read()
    assert answer.url == url(election)

    said = {"document": "街办〔2026〕3号", "trained_on": str(TODAY)}
    assert town.post(url(election, "do/set_guidance/"), said).status_code == 302
    said = MEETING | {
        "members": "水清浅 主任\n云出岫 副主任\n石中玉 委员\n月如钩",
        "spots": "\n".join(SPOTS),
        "place": "人和街88号",
    }
    assert town.post(url(election, "do/form_committee/"), said).status_code == 302
    said = MEETING | {"seats_chair": 1, "seats_vice": 1, "seats_member": 5, "seats_woman": 0}
    said |= {"electorate": "VOTERS", "day": str(DAY)}
    assert hand.post(url(election, "do/adopt_plan/"), said).status_code == 302
    said = {"closes": str(TODAY + timedelta(days=10))}
    assert hand.post(url(election, "do/open_registration/"), said).status_code == 302

    hand.post(url(election, "roll/propose/"))
    page = hand.get(url(election, "roll/?state=proposed"))
    ids = re.findall(r'name="voter" value="(\d+)"', page.content.decode())
    assert len(ids) == 2
    hand.post(url(election, "roll/confirm/"), {"voter": ids})
    assert hand.post(url(election, "do/publish_roll/")).status_code == 302
    assert read().state == ElectionState.ROLL_PUBLISHED

    page = hand.get(url(election))
    assert "名单公告还没有" not in words(page), "no button begins the term"
    with scope(EVERYWHERE):
        notice = election.notices.order_by("pk").last()
        spot = election.spots.order_by("pk").first()
    photo = SimpleUploadedFile("公告.jpg", picture(), "image/jpeg")
    said = {"spot_id": spot.pk, "posted_on": str(TODAY), "picture": photo}
    assert hand.post(url(election, f"notices/{notice.pk}/post/"), said).status_code == 302
    assert read().state == ElectionState.ROLL_OBJECTION

    said = {"by": "冉某", "wish": "add", "about": "云中鹤", "reason": "要求列入"}
    assert hand.post(url(election, "objections/"), said).status_code == 302
    refused = hand.post(url(election, "do/finalize_roll/"))
    assert refused.status_code == 409
    assert "差2项：申诉第1号没有决定" in words(refused)
    said = {"upheld": "no", "decision": "不是本社区居民"}
    assert hand.post(url(election, "objections/1/"), said).status_code == 302
    later = NOON + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    hand = Client()  # a week later nobody is signed in any more
    hand.force_login(User.objects.get(username="committee"))
    assert hand.post(url(election, "do/finalize_roll/")).status_code == 302
    assert (read().state, read().roll_size) == (ElectionState.ROLL_FINAL, 2)


def test_what_was_typed_is_kept_when_it_is_refused(site):
    said = {"body": "community", "term": 7, "day": "2020-01-01", "timing": "渝民〔2026〕1号"}
    answer = site["town"].post("/work/elections/start/112/", said)
    assert answer.status_code == 422
    assert "日期要在" in words(answer)
    assert "渝民〔2026〕1号" in answer.content.decode()


def test_a_refused_step_stays_in_its_place_with_its_reason(site):
    election = published()
    page = site["committee"].get(url(election))
    assert "距选举日" in words(page)
    election = post(election, "roll")
    page = words(site["committee"].get(url(election)))
    assert "还不能确定名单，差1项" in page
    assert "城市居民委员会组织法" in page


@pytest.mark.parametrize("who", ["staff", "town", "district"])
def test_others_look_and_have_no_button(site, who):
    election = listed("风满楼")
    page = site[who].get(url(election))
    assert page.status_code == 200
    assert "do/publish_roll" not in page.content.decode()
    said = {"voter": "1"}
    assert site[who].post(url(election, "roll/confirm/"), said).status_code == 403


def test_another_committee_finds_nothing(site):
    election = listed("风满楼")
    with scope(EVERYWHERE):
        voter = Voter.objects.get()
        notice = election.notices.first()
    neighbour = site["neighbour"]
    for rest in (
        "", "roll/", "roll.pdf", "objections/", "do/publish_roll/", f"notices/{notice.pk}/",
        f"notices/{notice.pk}/paper.pdf", f"roll/{voter.pk}/strike/",
    ):  # fmt: skip
        assert neighbour.get(url(election, rest)).status_code == 404, rest
    neighbour.post(url(election, "roll/confirm/"), {"voter": voter.pk})
    neighbour.post(url(election, f"roll/{voter.pk}/restore/"))
    said = {"reason": "不喜欢他"}
    assert neighbour.post(url(election, f"roll/{voter.pk}/strike/"), said).status_code == 404
    with scope(EVERYWHERE):
        assert Voter.objects.get().state == VoterState.LISTED


def test_whoever_has_no_part_in_elections_is_turned_away(site):
    assert site["grid"].get("/work/elections/").status_code == 403


def test_a_township_starts_none_of_another(site, places):
    assert site["town"].get("/work/elections/start/1111/").status_code == 404


def test_the_paper_and_its_twin(site):
    election = published()
    with scope(EVERYWHERE):
        notice = election.notices.order_by("pk").last()
    answer = site["staff"].get(url(election, f"notices/{notice.pk}/paper.pdf"))
    assert answer.content.startswith(b"%PDF")
    twin = site["staff"].get(url(election, f"notices/{notice.pk}/page.svg"))
    assert twin["Content-Type"].startswith("image/svg")
    assert site["staff"].get(url(election, "roll.pdf")).content.startswith(b"%PDF")


def test_a_file_that_is_no_photograph_is_refused(site):
    election = published()
    with scope(EVERYWHERE):
        notice, spot = election.notices.order_by("pk").last(), election.spots.first()
    fake = SimpleUploadedFile("公告.jpg", b"<script>", "image/jpeg")
    said = {"spot_id": spot.pk, "posted_on": str(TODAY), "picture": fake}
    answer = site["committee"].post(url(election, f"notices/{notice.pk}/post/"), said)
    assert answer.status_code == 422
    assert read().state == ElectionState.ROLL_PUBLISHED


def test_somebody_is_struck_and_put_back(site):
    election = listed("风满楼", "雨潇湘")
    with scope(EVERYWHERE):
        voter = Voter.objects.get(name="雨潇湘")
    hand = site["committee"]
    asked = hand.get(url(election, f"roll/{voter.pk}/strike/"))
    assert "把雨潇湘从名单剔除" in words(asked)
    hand.post(url(election, f"roll/{voter.pk}/strike/"), {"reason": "已迁出"})
    assert "雨潇湘" in words(hand.get(url(election, "roll/?state=struck")))
    hand.post(url(election, f"roll/{voter.pk}/restore/"))
    assert "雨潇湘" in words(hand.get(url(election, "roll/")))


def test_only_who_is_of_age_is_offered(site):
    kept("云中鹤", serial=31)
    kept("云小童", born="2015-01-01", serial=32)
    election = registering()
    page = words(site["committee"].get(url(election, "roll/add/?name=云")))
    assert "云中鹤" in page
    assert "云小童" not in page


def test_an_objection_is_decided_by_the_committee_alone(site):
    election = published()
    said = {"by": "冉某", "wish": "add", "about": "云中鹤", "reason": "要求列入"}
    assert site["town"].post(url(election, "objections/"), said).status_code == 403
    with scope(EVERYWHERE):
        assert not Objection.objects.exists()


def test_the_page_asks_few_questions(site):
    election = post(published(), "roll")
    asks_little(site["committee"], url(election))


def test_nobody_writes_without_a_token(site):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/work/elections/start/112/", {}).status_code in (302, 403)

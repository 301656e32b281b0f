"""换届选举 on 民政易: anybody reads what hangs on the boards; the roll is nobody's to read."""

import re

import pytest
from django.test import Client

from tests.conftest import NOON
from tests.db.elections.conftest import storage
from tests.electing import TOWN, formed, guided, places, planned, published, ruled
from yukuai.elections import actions
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["places", "ruled", "storage"]
pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def visitor(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    client = Client()
    client.cookies["community"] = "112"
    return client


def words(answer):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_nothing_is_told_before_the_first_announcement(visitor):
    guided()
    assert "现在没有选举" in words(visitor.get("/elections/"))


def test_without_a_community_it_is_asked_for(visitor):
    del visitor.cookies["community"]
    assert "您在哪个村（社区）" in words(visitor.get("/elections/"))


def test_anybody_reads_the_days_the_announcements_and_the_committee(visitor):
    planned()
    page = words(visitor.get("/elections/"))
    assert "第七届居民委员会换届" in page
    assert "40天后投票" in page
    assert "水清浅（主任）" in page
    assert "月如钩" not in page, "in reserve"
    assert "南社区选字第2号" in page
    assert "不在网上投票" in page


def test_the_paper_is_there_for_everybody_of_the_place(visitor):
    election = formed()
    with scope(EVERYWHERE):
        notice = election.notices.get()
    page = visitor.get(f"/elections/notices/{notice.pk}/")
    assert "推选" in words(page)
    assert visitor.get(f"/elections/notices/{notice.pk}/paper.pdf").content.startswith(b"%PDF")
    large = visitor.get(f"/elections/notices/{notice.pk}/paper.pdf?large=1")
    assert large.content.startswith(b"%PDF")
    assert visitor.get(f"/elections/notices/{notice.pk}/page.svg").status_code == 200


def test_a_paper_that_is_no_announcement_is_not_handed_out(visitor):
    election = formed()
    with scope(EVERYWHERE):
        notice = election.notices.get()
    visitor.cookies["community"] = "113"
    assert visitor.get(f"/elections/notices/{notice.pk}/paper.pdf").status_code == 404
    assert visitor.get("/elections/notices/999999/").status_code == 404


def test_the_names_of_the_roll_stand_on_no_page(visitor):
    election = published("风满楼", "雨潇湘")
    with scope(EVERYWHERE):
        notices = list(election.notices.values_list("pk", flat=True))
    pages = ["/elections/", *(f"/elections/notices/{pk}/" for pk in notices)]
    said = "".join(words(visitor.get(page)) for page in pages)
    assert "名单上有没有我" in said
    assert "风满楼" not in said
    assert "雨潇湘" not in said


def test_a_halt_is_told_without_its_reason(visitor):
    election = planned()
    said = {"halt": "suspended", "reason": "有人举报贿选", "at": NOON}
    actions.halt_election(TOWN, number=election.number, **said)
    page = words(visitor.get("/elections/"))
    assert "暂停调查" in page
    assert "贿选" not in page

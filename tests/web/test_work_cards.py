"""选民证 over HTTP: made, printed, handed out, replaced, checked by the committee's pages alone."""

import io
import re

import pypdf
import pytest

from tests.db.elections.conftest import storage
from tests.electing import (
    COMMITTEE,
    POLLING,
    SETTLED,
    carded,
    cards_of,
    finalized,
    handed_out,
    places,
    published,
    ruled,
    shown,
)
from tests.web.electing import asks_little, signed_in, url, words
from yukuai.audit.models import AuditEntry
from yukuai.elections import actions
from yukuai.elections.cards import verify
from yukuai.elections.models import Voter, VoterCard
from yukuai.elections.states import CardState
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workbench.elections import cards as views

__all__ = ["places", "ruled", "storage"]
pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def site(places, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SETTLED)
    return signed_in(places)


def pages(answer):
    read = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return [page.extract_text() for page in read]


def check(client, election, code):
    return client.post(url(election, "cards/check/"), {"code": code})


def used(election, card):
    said = {"ballots": 2, "desk": "二号台", "client_uuid": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
    said |= {"text": shown(card), "used_at": POLLING, "at": POLLING}
    return actions.use_card(COMMITTEE, number=election.number, **said)


def test_from_the_final_roll_to_a_card_in_the_hand_by_pages_alone(site):
    election = finalized("风满楼", "雨潇湘")
    hand = site["committee"]
    assert "制选民证：2人还没有证" in words(hand.get(url(election)))
    assert "制证2张" in words(hand.get(url(election, "cards/")))
    assert hand.post(url(election, "cards/make/")).url == url(election, "cards/")
    page = hand.get(url(election, "cards/")).content.decode()
    [key] = re.findall(r"\b[0-9a-f]{64}\b", page)
    card = cards_of(election)["风满楼"]
    assert verify(shown(card), bytes.fromhex(key)).card == card.code, "without us"

    assert "还没有证" not in words(hand.get(url(election)))
    [sheet] = pages(hand.get(url(election, "cards.pdf?station=第一投票站")))
    assert all(said in sheet for said in ("风满楼", "雨潇湘", "0001", "0002", "第一投票站"))
    [sheet] = pages(hand.get(url(election, "cards/register.pdf")))
    assert "领证人签名" in sheet

    page = hand.get(url(election, "cards/?group="))
    ids = re.findall(r'name="card" value="(\d+)"', page.content.decode())
    assert len(ids) == 2
    said = {"card": ids[:1], "taker": "self", "issued_on": str(SETTLED.date()), "group": ""}
    assert hand.post(url(election, "cards/issue/"), said).status_code == 302
    answer = hand.post(url(election, "cards/find/"), {"code": "2"})
    assert answer.url == url(election, f"cards/{ids[1]}/")
    said = {"taker": "family", "taker_name": "雨之子", "issued_on": str(SETTLED.date())}
    assert hand.post(answer.url, said).status_code == 302
    assert {card.state for card in cards_of(election).values()} == {CardState.ISSUED}

    lost = cards_of(election)["雨潇湘"]
    asked = hand.get(url(election, f"cards/{lost.pk}/replace/"))
    assert "补发雨潇湘的选民证" in words(asked)
    hand.post(url(election, f"cards/{lost.pk}/replace/"), {"reason": "洗衣服洗坏了"})
    assert "已作废" in words(check(hand, election, shown(lost)))
    assert cards_of(election)["雨潇湘"].number == 3


def test_what_was_typed_is_kept_when_an_issue_is_refused(site):
    election = carded("风满楼")
    card = cards_of(election)["风满楼"]
    said = {"taker": "family", "taker_name": "", "issued_on": str(SETTLED.date())}
    answer = site["committee"].post(url(election, f"cards/{card.pk}/"), said)
    assert answer.status_code == 422
    assert "写明代领人的姓名" in words(answer)
    assert cards_of(election)["风满楼"].state == CardState.MADE


def test_a_check_answers_in_large_words_and_names_nobody(site):
    election = carded("风满楼", "雨潇湘")
    hand = site["committee"]
    page = check(hand, election, shown(cards_of(election)["风满楼"]))
    assert "未发放" in words(page)
    card = handed_out(election)["风满楼"]
    for code in (shown(card), shown(card).lower(), card.code, card.code[:4] + "-" + card.code[4:]):
        page = check(hand, election, code)
        assert page.status_code == 200
        assert "有效" in words(page)
        assert f"第{card.number:04}号风某" in words(page)
        assert "风满楼" not in page.content.decode()
        assert "no-store" in page["Cache-Control"]
    assert "伪造" in words(check(hand, election, shown(card)[:-5] + "AAAAA"))
    assert "不是这次选举的" in words(check(hand, election, "K7RM-2XPQ-94TW"))
    used(election, card)
    page = words(check(hand, election, shown(card)))
    assert "已领票" in page
    assert "在二号台" in page


def test_an_empty_check_asks_for_a_card(site):
    election = carded("风满楼")
    answer = check(site["committee"], election, " ")
    assert answer.status_code == 422
    assert "verdict" not in answer.content.decode()


def test_ids_are_not_found_by_trying(site, monkeypatch):
    monkeypatch.setattr(views, "TYPED_AN_HOUR", 2)
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    hand = site["committee"]
    for code in ("AAAA-AAAA-AAA2", "AAAA-AAAA-AAA3"):
        assert check(hand, election, code).status_code == 200
    assert check(hand, election, card.code).status_code == 429, "also where it would be right"
    assert hand.post(url(election, "cards/find/"), {"code": card.code}).status_code == 429
    assert check(hand, election, shown(card)).status_code == 200, "what is signed is not guessed"


def test_every_check_is_on_record_without_a_name(site):
    election = carded("风满楼")
    check(site["committee"], election, shown(cards_of(election)["风满楼"]))
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="election.check-card")
    assert entry.details == {"answer": "unissued", "card": 1}


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("town", 403), ("neighbour", 404)])
def test_nobody_else_opens_or_changes_anything(site, who, status):
    election = carded("风满楼")
    card = cards_of(election)["风满楼"]
    for rest in (
        "cards/", "cards/?group=", "cards.pdf", "cards/register.pdf", "cards/check/",
        f"cards/{card.pk}/", f"cards/{card.pk}/replace/",
    ):  # fmt: skip
        assert site[who].get(url(election, rest)).status_code == status, rest
    said = {"code": shown(card), "card": card.pk, "taker": "self", "reason": "丢了"}
    said |= {"issued_on": str(SETTLED.date())}
    for rest in (
        "cards/make/", "cards/issue/", "cards/find/", "cards/check/", f"cards/{card.pk}/",
        f"cards/{card.pk}/replace/",
    ):  # fmt: skip
        assert site[who].post(url(election, rest), said).status_code == status, rest
    with scope(EVERYWHERE):
        assert VoterCard.objects.get().state == CardState.MADE


def test_before_the_roll_is_final_there_are_no_cards(site):
    election = published("风满楼")
    answer = site["committee"].get(url(election, "cards/"))
    assert answer.status_code == 409
    assert "名单确定以后才有选民证" in words(answer)
    assert "cards/" not in site["committee"].get(url(election)).content.decode()


def test_a_house_is_handed_out_at_once(site):
    election = finalized("风满楼", "雨潇湘", "云中鹤")
    homes = {"风满楼": "1栋 301", "雨潇湘": "11栋 2单元 301", "云中鹤": "1栋 1201"}
    with scope(EVERYWHERE):
        for name, home in homes.items():
            Voter.objects.filter(name=name).update(group="嘉西苑", home=home)
    hand = site["committee"]
    hand.post(url(election, "cards/make/"))
    page = hand.get(url(election, "cards/?group=嘉西苑&house=1栋")).content.decode()
    ids = re.findall(r'name="card" value="(\d+)" checked', page)
    assert len(ids) == 2
    [sheet] = pages(hand.get(url(election, "cards/register.pdf?group=嘉西苑&house=1栋")))
    assert ("云中鹤" in sheet, "雨潇湘" in sheet) == (True, False)
    said = {"card": ids, "taker": "self", "issued_on": str(SETTLED.date())}
    answer = hand.post(url(election, "cards/issue/"), said | {"group": "嘉西苑", "house": "1栋"})
    assert answer.status_code == 302
    states = {name: card.state for name, card in cards_of(election).items()}
    assert states == {"风满楼": "issued", "云中鹤": "issued", "雨潇湘": "made"}


def test_a_group_with_nothing_to_print_says_so(site):
    election = carded("风满楼")
    handed_out(election)
    answer = site["committee"].get(url(election, "cards.pdf?which=waiting"))
    assert answer.status_code == 404
    assert "没有要打印的选民证" in words(answer)


@pytest.mark.parametrize("rest", ["", "cards/", "cards/?group="])
def test_a_page_asks_few_questions(site, rest):
    election = carded("风满楼", "雨潇湘", "云中鹤")
    handed_out(election)
    asks_little(site["committee"], url(election, rest))

"""One contract, run against the fake and the four stand-ins alike."""

from datetime import date, timedelta

import pytest

from tests.conftest import NOON
from tests.standins.shapes import SHAPES
from yukuai.exchange.gateways import signing
from yukuai.exchange.gateways.fake import FakePort
from yukuai.exchange.gateways.http import HttpPort
from yukuai.exchange.gateways.port import (
    Call,
    Channel,
    Forged,
    Outgoing,
    Rejected,
    Said,
    Unreachable,
    Wanted,
)
from yukuai.exchange.gateways.protocol import preset

FIELDS = {"number": "ZT-2603-000001", "title": "路灯", "body": "路灯不亮。", "division_code": "X1"}
NEWS = {"state": "处置中", "words": "已签收。", "at": "2026-03-02T12:00:00+08:00"}


class Real:
    """A stand-in and the adapter that speaks to it."""

    numbered = True

    def __init__(self, kind, stand_in):
        self.there = stand_in(kind)
        self.there.secret = "shared"
        self.numbered = kind != "letters"
        self.port = HttpPort(
            Channel("c", "某系统", self.there.url, preset(kind), ("shared",), 2, 1)
        )

    def taken(self):
        return [matter.our_number for matter in self.there.matters.values()]

    def heard(self):
        return [one["words"] for one in self.there.heard]

    def open(self, body):
        return self.there.open(body=body, division="X1").id

    def move(self, id, words):
        self.there.move(id, self.there.shape.tells, words)

    def fail(self, times):
        self.there.faults = ["500"] * times

    def refuse(self):
        self.there.faults = ["refuse"]

    def call(self, id, at=NOON, secret="shared"):
        steps = self.there.matters[id].steps
        stamp = int(at.timestamp())
        return Call(*self.there.call(id, *steps, stamp=stamp, nonce="a-nonce-0", secret=secret))


class Fake:
    numbered = True

    def __init__(self):
        FakePort.reset()
        self.port = FakePort(Channel("c", "伪系统", "", {}, ("shared",)))

    @property
    def world(self):
        return self.port.world

    def taken(self):
        return [one.fields["number"] for one in self.world.pushed if one.opens]

    def heard(self):
        return [one.fields["words"] for one in self.world.pushed if not one.opens]

    def _say(self, id, body, words, state):
        place = len(self.world.stories.get(id, ())) + 1
        at = NOON + timedelta(minutes=len(self.world.order) + 1)
        said = Said(id, place, state, at, number=f"伪{id}", words=words, body=body)
        self.port.say(said)

    def open(self, body):
        id = f"T{len(self.world.stories) + 1}"
        self._say(id, body, "", "新")
        return id

    def move(self, id, words):
        self._say(id, self.world.stories[id][0].body, words, "进展")

    def fail(self, times):
        self.world.failing = times

    def refuse(self):
        self.world.refusing = "不归我们。"

    def call(self, id, at=NOON, secret="shared"):
        call = self.port.signed(*self.world.stories[id], at=at)
        if secret == "shared":
            return call
        return Call(signing.sign("hmac-sm3", secret, call.body, at=at), call.body)


@pytest.fixture(params=["fake", *SHAPES])
def side(request, stand_in):
    return Fake() if request.param == "fake" else Real(request.param, stand_in)


def opening(key="k1"):
    return Outgoing(key, True, FIELDS)


def test_a_matter_is_taken_and_has_their_id(side):
    taken = side.port.push(opening())
    assert taken.external_id
    assert taken.number
    assert side.taken() == ["ZT-2603-000001"]


def test_the_same_key_is_one_matter_with_the_same_id(side):
    assert side.port.push(opening()) == side.port.push(opening())
    assert len(side.taken()) == 1
    side.port.push(opening("k2"))
    assert len(side.taken()) == 2


def test_a_word_about_it_arrives_once(side):
    taken = side.port.push(opening())
    news = Outgoing("k1-2", False, NEWS, taken.external_id)
    side.port.push(news)
    assert side.port.push(news).external_id == taken.external_id
    assert side.heard() == ["已签收。"]


def test_a_fault_of_theirs_is_unreachable_and_the_next_try_goes_through(side):
    side.fail(1)
    with pytest.raises(Unreachable):
        side.port.push(opening())
    assert side.port.push(opening()).external_id
    assert len(side.taken()) == 1


def test_a_refusal_is_rejected_and_takes_nothing(side):
    side.refuse()
    with pytest.raises(Rejected, match="不归"):
        side.port.push(opening())
    assert side.taken() == []


def test_changes_come_oldest_first_page_by_page_each_once(side):
    ids = [side.open(f"第 {n} 件") for n in range(5)]
    cursor, seen, pages = "", [], 0
    while True:
        page = side.port.pull(Wanted(cursor=cursor))
        seen += [said.external_id for said in page.items]
        cursor, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert (seen, pages) == (ids, 3)
    assert side.port.pull(Wanted(cursor=cursor)).items == ()
    side.move(ids[0], "有新进展")
    assert side.port.pull(Wanted(cursor=cursor)).items[-1].words == "有新进展"


def test_one_matter_tells_its_whole_story_in_order(side):
    id = side.open("路灯不亮。")
    side.move(id, "到场")
    side.move(id, "换灯")
    items = side.port.pull(Wanted(external_id=id)).items
    assert [said.words for said in items] == ["", "到场", "换灯"]
    assert sorted(said.sequence for said in items) == [said.sequence for said in items]
    assert {said.numbered for said in items} == {side.numbered}
    assert {said.body for said in items} == {"路灯不亮。"}


def test_a_day_lists_what_they_hold(side):
    ids = [side.open("一"), side.open("二"), side.open("三")]
    page = side.port.pull(Wanted(day=date(2026, 3, 2)))
    assert {said.external_id for said in page.items} == set(ids)


def test_a_genuine_call_is_heard_and_a_forged_or_late_one_is_not(side):
    id = side.open("路灯不亮。")
    heard = side.port.callback(side.call(id), at=NOON)
    assert [said.external_id for said in heard.items] == [id]
    assert heard.nonce
    with pytest.raises(Forged):
        side.port.callback(side.call(id, secret="guessed"), at=NOON)
    with pytest.raises(Forged):
        side.port.callback(side.call(id), at=NOON + timedelta(seconds=301))
    call = side.call(id)
    with pytest.raises(Forged):
        side.port.callback(Call(call.headers, call.body + b" "), at=NOON)

"""Proxies: in writing, in time, three at most, never to a candidate, and only when published."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from tests.db.elections.test_preparing import clocks, notices, text_of
from tests.electing import (
    COMMITTEE,
    KEEPER,
    NEIGHBOUR,
    ROLL,
    SETTLED,
    again,
    campaigning,
    entrust,
    forum,
    nominating,
    on,
    published,
    reviewed,
    settled,
    with_candidates,
)
from yukuai.elections import actions
from yukuai.elections.models import Proxy
from yukuai.elections.queries import list_proxies, list_to_tell
from yukuai.elections.schedule import Step
from yukuai.elections.states import ElectionState
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.usefixtures("ruled")


def held(election):
    with scope(EVERYWHERE):
        rows = list_proxies(COMMITTEE, election=election)
        return [(one.voter.name, one.holder.name) for one in rows if one.ended_on is None]


def to_tell(election):
    with scope(EVERYWHERE):
        return [one.voter.name for one in list_to_tell(COMMITTEE, election=election)]


def test_a_voter_asks_another_of_the_roll():
    election = settled()
    made = entrust(election, "苏明月", "陆小川", relation="KIN")
    assert (made.registered_on, held(election)) == (SETTLED.date(), [("苏明月", "陆小川")])


def test_three_at_most_and_the_fourth_is_refused_with_its_article():
    election = settled()
    for voter in ROLL[:3]:
        entrust(election, voter, "柳如烟")
    with pytest.raises(InvalidInput, match="不得超过 3 人") as refused:
        entrust(election, ROLL[3], "柳如烟")
    assert "第十九条" in refused.value.fields["holder"]
    assert len(held(election)) == 3


@pytest.mark.parametrize(
    ("voter", "holder", "field"),
    [
        ("苏明月", "苏明月", "holder"),
        ("苏明月", "路人甲", "holder"),
        ("路人甲", "苏明月", "voter"),
        ("风满楼", "苏明月", "voter"),
        ("苏明月", "风满楼", "holder"),
        ("雨潇湘", "苏明月", "holder"),
    ],
)
def test_a_proxy_against_the_rules_is_refused_at_its_field(voter, holder, field):
    election = settled()
    entrust(election, "风满楼", "雨潇湘")
    with pytest.raises(InvalidInput) as refused:
        entrust(election, voter, holder)
    assert field in refused.value.fields
    assert held(election) == [("风满楼", "雨潇湘")]


def test_it_is_taken_back_and_another_asked():
    election = settled()
    made = entrust(election, "苏明月", "陆小川")
    with pytest.raises(InvalidInput, match="已经委托过一人"):
        entrust(election, "苏明月", "柳如烟")
    said = {"proxy_id": made.pk, "why": "改托别人", "at": SETTLED}
    actions.cancel_proxy(COMMITTEE, number=election.number, **said)
    entrust(election, "苏明月", "柳如烟")
    assert held(election) == [("苏明月", "柳如烟")]
    with pytest.raises(Conflict, match="已经失效"):
        actions.cancel_proxy(COMMITTEE, number=election.number, **said)
    assert to_tell(election) == [], "he took it back himself"


def test_who_becomes_a_candidate_holds_none_and_his_voters_are_told(places):
    election = reviewed(places)
    for voter in ("苏明月", "陆小川"):
        entrust(election, voter, "风满楼", at=on(10))
    entrust(election, "秦望北", "柳如烟", at=on(10))
    said = {"number": election.number, "extra": 1, "at": on(6)}
    election = actions.publish_candidates(COMMITTEE, **said)
    assert held(election) == [("秦望北", "柳如烟")]
    assert to_tell(election) == ["苏明月", "陆小川"]
    with pytest.raises(InvalidInput, match="候选人不得接受委托"):
        entrust(election, "苏明月", "雨潇湘", at=on(5))
    entrust(election, "苏明月", "柳如烟", at=on(5))
    assert to_tell(election) == ["陆小川"], "who asked somebody else knows it"
    with scope(EVERYWHERE):
        void = Proxy.objects.get(voter__name="陆小川")
    actions.tell_of_void(COMMITTEE, number=election.number, proxy_id=void.pk, at=on(5))
    assert to_tell(election) == []
    with pytest.raises(Conflict, match="不用再告知"):
        actions.tell_of_void(COMMITTEE, number=election.number, proxy_id=void.pk, at=on(5))


def test_where_delegates_vote_there_is_none():
    election = settled(electorate="DELEGATES")
    with pytest.raises(InvalidInput, match="居民代表选举不实行委托投票"):
        entrust(election, "苏明月", "陆小川")


def test_they_are_registered_from_the_final_roll_until_three_days_before(places):
    early = published("苏明月", "陆小川")
    with pytest.raises(Conflict, match="名单确定以后"):
        entrust(early, "苏明月", "陆小川")


def test_behind_the_term_nobody_registers_or_takes_back(places):
    election = campaigning(places)
    made = entrust(election, "苏明月", "陆小川", at=on(3))
    with pytest.raises(Conflict, match="已经截止"):
        entrust(election, "秦望北", "陆小川", at=on(2))
    with pytest.raises(Conflict, match="已经截止"):
        actions.cancel_proxy(
            COMMITTEE, number=election.number, proxy_id=made.pk, why="后悔", at=on(2)
        )


def test_the_list_is_published_after_a_meeting_and_in_time(places):
    election = campaigning(places)
    entrust(election, "苏明月", "陆小川", relation="KIN", at=on(4))
    entrust(election, "秦望北", "柳如烟", at=on(4))
    said = {"number": election.number}
    with pytest.raises(Conflict, match="差 2 项：还没有记下候选人和选民的见面会；委托登记到"):
        actions.close_proxies(COMMITTEE, at=on(4), **said)
    forum(election)
    with pytest.raises(Conflict, match="差 1 项：最晚要在"):
        actions.close_proxies(COMMITTEE, at=on(1), **said)
    done = again(actions.close_proxies(COMMITTEE, at=on(2), **said))
    assert done.state == ElectionState.PROXY_CLOSED
    text = text_of(notices(done)[-1])
    assert "共有2人书面委托他人投票" in text
    assert "苏明月陆小川近亲属" in text
    assert "秦望北柳如烟其他选民" in text
    assert done.done[Step.PROXIES] == on(3).date()
    assert done.done[Step.PROXY_LIST] == on(2).date()
    assert {Step.PROXIES, Step.PROXY_LIST}.isdisjoint(clocks(done))
    with pytest.raises(Conflict):
        entrust(done, "楚江开", "柳如烟", at=on(2))


def test_nobody_asked_is_said_too(places):
    election = campaigning(places)
    forum(election)
    done = actions.close_proxies(COMMITTEE, number=election.number, at=on(3))
    assert "登记期间没有人委托他人投票" in text_of(notices(done)[-1])


@pytest.mark.parametrize(("actor", "refusal"), [(KEEPER, NotPermitted), (NEIGHBOUR, NotFound)])
def test_the_committee_alone_registers(actor, refusal):
    election = nominating()
    said = {"voter": "苏明月", "holder": "陆小川", "relation": "VOTER", "at": SETTLED}
    with pytest.raises(refusal):
        actions.register_proxy(actor, number=election.number, **said)


def test_the_database_keeps_one_proxy_a_voter(places):
    election = with_candidates(places)
    made = entrust(election, "苏明月", "陆小川", at=on(6))
    with pytest.raises(IntegrityError, match="proxy_one_at_a_time"), scope(EVERYWHERE):
        Proxy.objects.create(
            election=election,
            division=election.division,
            voter=made.voter,
            holder=made.holder,
            relation="VOTER",
            registered_on=on(6).date() + timedelta(days=1),
        )

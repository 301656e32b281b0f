"""Formal candidates: only who passed, in the order of the nominations, more than there are seats,
in time; and their meeting with the voters."""

import pytest

from tests.db.elections.test_preparing import clocks, notices, text_of
from tests.electing import (
    CLOSING,
    COMMITTEE,
    DAY,
    KEEPER,
    LEAD,
    NEIGHBOUR,
    again,
    campaigning,
    filled,
    forum,
    nominate,
    nominating,
    offices,
    on,
    post,
    reviewed,
    sign,
    sign_all,
    under_review,
    with_candidates,
)
from yukuai.elections import actions
from yukuai.elections.models import Candidate, Contest, Election, Forum, Nominee
from yukuai.elections.queries import get_election, list_candidates
from yukuai.elections.schedule import Step
from yukuai.elections.states import ElectionState
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.usefixtures("ruled")
BAR = {"decision": "BAR", "bar_code": "CRIMINAL_PENALTY", "basis_ref": "南公函17号"}


def candidates(election):
    with scope(EVERYWHERE):
        read = get_election(COMMITTEE, number=election.number)
        return {
            contest.office: [(one.place, one.nominee.name, one.nominations) for one in rows]
            for contest, rows in list_candidates(COMMITTEE, election=read)
        }


def test_they_stand_in_the_order_of_their_nominations(places):
    election = with_candidates(places)
    assert candidates(election) == {
        "chair": [(1, "雨潇湘", 10), (2, "风满楼", 1)],
        "member": [
            (1, "云中鹤", 10), (2, "叶知秋", 10), (3, "沈青山", 10), (4, "顾长风", 10),
            (5, "江远舟", 1),
        ],
    }  # fmt: skip
    assert election.state == ElectionState.CANDIDATES_PUBLISHED


def test_the_announcement_names_them_and_the_rail_is_done(places):
    election = again(with_candidates(places))
    said = text_of(notices(election)[-1])
    assert "正式候选人共7人" in said
    assert "雨潇湘、风满楼" in said
    assert "候选人不得接受委托" in said
    assert election.done[Step.CANDIDATES] == on(6).date()
    assert Step.CANDIDATES not in clocks(election)
    assert Step.PROXIES in clocks(election)


def test_nobody_stands_by_silence(places):
    panel = offices(places)
    election = under_review()
    sign_all(panel["民政"], panel["公安"])
    with pytest.raises(Conflict, match="还有 7 人没有联审结果，超期的也不算通过"):
        actions.publish_candidates(COMMITTEE, number=election.number, extra=1, at=on(6))
    with scope(EVERYWHERE):
        assert not Candidate.objects.exists()


def test_whoever_is_barred_stands_nowhere_and_too_few_are_not_published(places):
    panel = offices(places)
    election = under_review()
    sign(panel["公安"], "江远舟", **BAR)
    sign_all(*panel.values())
    with pytest.raises(Conflict, match="委员应选 4 人，通过 4 人，至少要 5 人"):
        actions.publish_candidates(COMMITTEE, number=election.number, extra=1, at=on(6))


def test_a_barred_one_among_enough_is_left_out(places):
    panel = offices(places)
    election = filled(nominating())
    nominate(election, "楚江开", "member")
    election = actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    actions.ask_departments(LEAD, number=election.number, at=CLOSING)
    sign(panel["公安"], "云中鹤", **BAR)
    sign_all(*panel.values())
    done = actions.publish_candidates(COMMITTEE, number=election.number, extra=1, at=on(6))
    names = [name for _place, name, _number in candidates(done)["member"]]
    assert names == ["叶知秋", "沈青山", "顾长风", "江远舟", "楚江开"]


def test_only_so_many_more_than_seats_but_equals_stand_together(places):
    panel = offices(places)
    election = filled(nominating())
    for name in ("苏明月", "陆小川"):
        nominate(election, name, "member")
    election = actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    actions.ask_departments(LEAD, number=election.number, at=CLOSING)
    sign_all(*panel.values())
    done = actions.publish_candidates(COMMITTEE, number=election.number, extra=1, at=on(6))
    assert len(candidates(done)["member"]) == 7, "three were nominated equally often for the fifth"


def test_five_days_before_is_the_last_day(places):
    election = reviewed(places)
    said = {"number": election.number, "extra": 1}
    with pytest.raises(Conflict, match="公布正式候选人"):
        actions.publish_candidates(COMMITTEE, at=on(4), **said)
    done = actions.publish_candidates(COMMITTEE, at=on(5), **said)
    assert done.state == ElectionState.CANDIDATES_PUBLISHED


@pytest.mark.parametrize("extra", [0, -1, 10])
def test_there_are_more_candidates_than_seats(places, extra):
    election = reviewed(places)
    with pytest.raises(InvalidInput):
        actions.publish_candidates(COMMITTEE, number=election.number, extra=extra, at=on(6))


def test_whoever_withdraws_before_is_not_published_and_nobody_withdraws_after(places):
    election = reviewed(places)
    with scope(EVERYWHERE):
        gone, stays = (Nominee.objects.get(name=name).pk for name in ("江远舟", "风满楼"))
    said = {"number": election.number, "why": "本人不愿意", "at": CLOSING}
    actions.withdraw_nominee(COMMITTEE, nominee_id=gone, **said)
    with pytest.raises(Conflict, match="委员应选 4 人，通过 4 人"):
        actions.publish_candidates(COMMITTEE, number=election.number, extra=1, at=on(6))
    with pytest.raises(Conflict, match="已经退出了"):
        actions.withdraw_nominee(COMMITTEE, nominee_id=gone, **said)
    published = published_with_fewer_seats()
    with pytest.raises(Conflict, match="公布以前才能退出"):
        actions.withdraw_nominee(
            COMMITTEE, number=published, nominee_id=stays, why="不愿意", at=on(5)
        )


def published_with_fewer_seats():
    """After somebody withdrew the other four are enough for three seats."""
    with scope(EVERYWHERE):
        Contest.objects.filter(office="member").update(seats=3)
        number = Election.objects.get().number
    actions.publish_candidates(COMMITTEE, number=number, extra=1, at=on(6))
    return number


@pytest.mark.parametrize(("actor", "refusal"), [(KEEPER, NotPermitted), (NEIGHBOUR, NotFound)])
def test_the_committee_alone_publishes_them(places, actor, refusal):
    election = reviewed(places)
    with pytest.raises(refusal):
        actions.publish_candidates(actor, number=election.number, extra=1, at=on(6))


# The meeting with the voters


def test_they_are_introduced_once_their_list_hangs(places):
    election = with_candidates(places)
    with pytest.raises(Conflict, match="没有一处张贴的照片"):
        actions.begin_campaign(COMMITTEE, number=election.number, at=on(6))
    post(election, "candidates", at=on(6))
    done = actions.begin_campaign(COMMITTEE, number=election.number, at=on(6))
    assert done.state == ElectionState.CAMPAIGN


def test_a_meeting_is_kept_with_its_record(places):
    election = campaigning(places)
    forum(election)
    with scope(EVERYWHERE):
        one = Forum.objects.get()
    assert (one.place, one.present, one.held_on) == ("社区礼堂", 120, on(5).date())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"upload": None}, "upload"),
        ({"place": " "}, "place"),
        ({"present": 0}, "present"),
        ({"held_on": on(7).date()}, "held_on"),
        ({"held_on": on(1).date()}, "held_on"),
    ],
)
def test_a_meeting_without_record_place_people_or_day_is_not_kept(places, given, field):
    election = campaigning(places)
    with pytest.raises(InvalidInput) as refused:
        forum(election, **given)
    assert field in refused.value.fields


def test_on_election_day_nobody_campaigns(places):
    election = campaigning(places)
    with pytest.raises(Conflict, match="选举日停止"):
        forum(election, at=on(0))
    assert on(0).date() == DAY
    with scope(EVERYWHERE):
        assert not Forum.objects.exists()

"""From the task to the roll's registration: who does what, what is announced, which clocks run."""

import re
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest

from tests.conftest import NOON
from tests.electing import (
    CHOSEN,
    COMMITTEE,
    DAY,
    KEEPER,
    MEETING,
    NEIGHBOUR,
    SEATS,
    SPOTS,
    TODAY,
    TOWN,
    again,
    formed,
    guided,
    planned,
    post,
    published,
    registering,
    start,
)
from yukuai.documents.paper import document_pdf
from yukuai.elections import actions
from yukuai.elections.actions import Chosen, Met
from yukuai.elections.models import Member
from yukuai.elections.offices import Office, Seats
from yukuai.elections.queries import get_election, list_elections, list_notices, list_startable
from yukuai.elections.schedule import Step
from yukuai.elections.states import ElectionState
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.queries import list_running_of

pytestmark = pytest.mark.usefixtures("ruled")


def clocks(election):
    with scope(EVERYWHERE):
        rows = list_running_of(TOWN, workflow="election", object_ids=[election.pk])
        return {row.name: row.due_at for row in rows}


def seen(actor, rows):
    with scope(actor.areas, actor.holders):
        return list(rows(actor))


def notices(election):
    with scope(EVERYWHERE):
        return [one.notice for one in list_notices(TOWN, election=election)]


def text_of(notice):
    data = document_pdf(notice.document)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    return "".join(text.split())


def test_a_township_begins_it_with_the_rules_of_election_day():
    election = again(start())
    assert (election.state, election.title) == (ElectionState.DRAFT, "第七届居民委员会换届")
    assert re.fullmatch(r"XJ-2026-\d{6}", election.number)
    assert election.law_pack.code == "RC-2025"
    assert election.local_pack.code == "CQ-community-2026"
    assert election.rules.days("roll_published") == 20
    assert election.committee_name == "南社区居民选举委员会"
    ends = clocks(election)
    assert ends[Step.ROLL].astimezone().date() <= DAY - timedelta(days=19)
    assert Step.OBJECTIONS not in ends, "they run from the roll"


def test_a_village_elects_by_the_law_of_villages():
    assert again(start(body="village")).law_pack.code == "VC-2025"


@pytest.mark.parametrize("actor", [COMMITTEE, KEEPER])
def test_nobody_else_begins_one(actor):
    said = {"division_id": 112, "body": "community", "term": 7, "day": DAY, "at": NOON}
    with pytest.raises((NotPermitted, NotFound)):
        actions.start_election(actor, **said)


def test_one_of_a_year_at_a_time():
    first = start()
    with pytest.raises(Conflict, match="已经有一个任务"):
        start()
    actions.annul_election(TOWN, number=first.number, reason="程序违法", at=NOON)
    assert start().number != first.number


def test_who_sees_it():
    election = start()
    for actor in (COMMITTEE, TOWN, KEEPER):
        assert [one.pk for one in seen(actor, list_elections)] == [election.pk]
    assert seen(NEIGHBOUR, list_elections) == []
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders), pytest.raises(NotFound):
        get_election(NEIGHBOUR, number=election.number)


def test_a_township_sees_which_communities_have_none_yet():
    begun = start()
    offered = {one.division.name: one.election for one in seen(TOWN, list_startable)}
    assert set(offered) == {"南社区", "坡社区"}
    assert offered["坡社区"] is None
    assert offered["南社区"].number == begun.number


def test_the_committee_is_announced_by_name():
    election = formed()
    [first] = notices(election)
    assert first.number == "南社区选字第1号"
    said = text_of(first)
    assert "水清浅（主任）、云出岫（副主任）、石中玉（委员）。" in said
    assert "月如钩" not in said, "whoever is in reserve is not a member"
    assert "南社区居民选举委员会" in said
    assert election.place == "人和街88号"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"met": Met("delegates", TODAY, 45, 29, 29)}, "present"),
        ({"met": Met("delegates", TODAY, 45, 30, 15)}, "agreed"),
        ({"met": Met("assembly", TODAY, 45, 20, 10)}, "agreed"),
        ({"met": Met("delegates", TODAY, 45, 46, 40)}, "present"),
        ({"met": Met("delegates", TODAY + timedelta(days=1), 45, 40, 40)}, "held_on"),
        ({"chosen": CHOSEN[1:]}, "members"),
        ({"chosen": (*CHOSEN, Chosen("水清浅"))}, "members"),
        ({"chosen": CHOSEN[:2]}, "members"),
        ({"spots": ("",)}, "spots"),
        ({"place": " "}, "place"),
    ],
)
def test_a_committee_that_was_not_formed_rightly_is_refused(given, field):
    with pytest.raises(InvalidInput) as refused:
        formed(**given)
    assert field in refused.value.fields


def test_two_thirds_of_forty_five_delegates_are_thirty():
    assert formed(met=Met("delegates", TODAY, 45, 30, 16)).state == ElectionState.COMMITTEE_FORMED


def test_whoever_leaves_is_followed_by_the_next_in_reserve():
    election = formed()
    with scope(EVERYWHERE):
        vice = Member.objects.get(election=election, office="VICE")
    said = {"member_id": vice.pk, "why": "被提名为候选人", "at": NOON}
    actions.replace_member(COMMITTEE, number=election.number, **said)
    with scope(EVERYWHERE):
        serving = Member.objects.filter(election=election, left_on=None, since__isnull=False)
        assert dict(serving.values_list("name", "office")) == {
            "水清浅": "CHAIR", "石中玉": "MEMBER", "月如钩": "VICE",
        }  # fmt: skip
    said = text_of(notices(election)[-1])
    assert "云出岫因被提名为候选人退出南社区居民选举委员会，由月如钩（副主任）依次递补。" in said


def test_a_chair_does_not_leave_an_empty_place():
    election = formed(chosen=CHOSEN[:3])
    with scope(EVERYWHERE):
        chair = Member.objects.get(election=election, office="CHAIR")
    said = {"member_id": chair.pk, "why": "生病", "at": NOON}
    with pytest.raises(Conflict, match="先补选"):
        actions.replace_member(COMMITTEE, number=election.number, **said)


def test_the_plan_sets_the_seats_and_the_day():
    election = again(planned())
    with scope(EVERYWHERE):
        seats = dict(election.contests.values_list("office", "seats"))
    assert seats == {"chair": 1, "vice": 1, "member": 5}
    said = text_of(notices(election)[-1])
    assert "南社区选字第2号" in said
    assert "应选7人：主任1人、副主任1人、委员5人" in said
    assert f"选举日为{DAY.year}年{DAY.month}月{DAY.day}日" in said


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contests": (Seats(Office.CHAIR, 1), Seats(Office.MEMBER, 3))}, "seats_member"),
        ({"contests": (Seats(Office.CHAIR, 1), Seats(Office.MEMBER, 9))}, "seats_member"),
        ({"contests": (Seats(Office.MEMBER, 5),)}, "seats_chair"),
        ({"electorate": "ONLINE"}, "electorate"),
        ({"day": TODAY + timedelta(days=19)}, "day"),
        ({"day": TODAY}, "day"),
        ({"day": TODAY + timedelta(days=400)}, "day"),
    ],
)
def test_a_plan_against_the_law_is_refused_with_its_article(given, field):
    with pytest.raises(InvalidInput) as refused:
        planned(**given)
    assert field in refused.value.fields


def test_the_last_day_that_still_leaves_twenty_days_for_the_roll():
    assert planned(day=TODAY + timedelta(days=20)).day == TODAY + timedelta(days=20)


def test_another_day_moves_what_is_not_done_and_is_announced():
    election = planned()
    before = clocks(election)
    later = DAY + timedelta(days=7)
    said = {"number": election.number, "reason": "和县里的统一安排一致", "at": NOON}
    actions.change_day(COMMITTEE, day=later, **said)
    after = clocks(election)
    assert after.keys() == before.keys()
    assert all(after[name] == before[name] + timedelta(days=7) for name in after)
    said = text_of(notices(election)[-1])
    assert f"改为{later.year}年{later.month}月{later.day}日" in said


def test_a_committee_acts_only_in_its_own_place():
    election = formed()
    said = {"met": MEETING, "contests": SEATS, "electorate": "VOTERS", "day": DAY, "at": NOON}
    for actor, refusal in ((NEIGHBOUR, NotFound), (KEEPER, NotPermitted), (TOWN, NotPermitted)):
        with pytest.raises(refusal):
            actions.adopt_plan(actor, number=election.number, **said)


def test_halted_nothing_moves_and_its_clocks_stop():
    election = planned()
    said = {"halt": "suspended", "reason": "有人举报贿选，正在调查", "at": NOON}
    actions.halt_election(TOWN, number=election.number, **said)
    assert clocks(election) == {}
    closes = TODAY + timedelta(days=9)
    with pytest.raises(Conflict, match="暂停调查"):
        actions.open_registration(COMMITTEE, number=election.number, closes=closes, at=NOON)
    actions.resume_election(TOWN, number=election.number, reason="查无实据", at=NOON)
    assert Step.ROLL in clocks(election)
    done = actions.open_registration(COMMITTEE, number=election.number, closes=closes, at=NOON)
    assert done.state == ElectionState.REGISTRATION_OPEN


def test_a_photograph_proves_that_it_hangs():
    election = registering()
    post(election, "plan", spot=0)
    with pytest.raises(Conflict, match="已经有照片"):
        post(election, "plan", spot=0)
    post(election, "plan", spot=1)
    with scope(EVERYWHERE):
        posted = {one.notice.kind: one.posted for one in list_notices(TOWN, election=election)}
    assert posted == {"committee": 0, "plan": len(SPOTS), "registration": 0}


def test_a_mistake_is_put_right_under_its_own_number():
    election = planned()
    wrong = notices(election)[-1]
    body = "选举日写错了，应为三月三日。"
    said = {"notice_id": wrong.pk, "body": body, "at": NOON}
    made = actions.correct_notice(COMMITTEE, number=election.number, **said)
    assert made.number == "南社区选字第2号（更正）"
    with pytest.raises(Conflict, match="已经更正过"):
        actions.correct_notice(COMMITTEE, number=election.number, **said)
    again_said = {**said, "notice_id": made.pk}
    twice = actions.correct_notice(COMMITTEE, number=election.number, **again_said)
    assert twice.number == "南社区选字第2号（更正二）"
    opened = actions.open_registration(
        COMMITTEE, number=election.number, closes=TODAY + timedelta(days=9), at=NOON
    )
    assert notices(opened)[-1].number == "南社区选字第3号", "no number is used twice or left out"


def test_steps_are_taken_in_order():
    election = guided()
    said = {"met": MEETING, "contests": SEATS, "electorate": "VOTERS", "day": DAY, "at": NOON}
    with pytest.raises(Conflict):
        actions.adopt_plan(COMMITTEE, number=election.number, **said)


def test_what_was_to_be_decided_has_as_many_days_more_as_it_stood_still():
    election = published()
    said = {"by": "某某", "wish": "add", "about": "某某", "reason": "没有列入"}
    objection = actions.object_to_roll(COMMITTEE, number=election.number, **said, at=NOON)
    before = clocks(election)["objection-1"]
    said = {"halt": "suspended", "reason": "有人举报贿选，正在调查", "at": NOON}
    actions.halt_election(TOWN, number=election.number, **said)
    assert clocks(election) == {}
    later = NOON + timedelta(days=4)
    actions.resume_election(TOWN, number=election.number, reason="查无实据", at=later)
    assert clocks(election)["objection-1"] == before + timedelta(days=4)
    due = objection.due_at
    with scope(EVERYWHERE):
        objection.refresh_from_db()
    assert objection.due_at == due + timedelta(days=4)

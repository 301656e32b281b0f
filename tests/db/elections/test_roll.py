"""The roll: out of the register, once in the city, published in time, objected to, settled."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.electing import (
    BIRTHDAY,
    CHOSEN,
    COMMITTEE,
    DAY,
    MEETING,
    NEIGHBOUR,
    SEATS,
    SPOTS,
    TODAY,
    TOWN,
    again,
    confirm_all,
    kept,
    listed,
    post,
    published,
    registering,
)
from tests.people import officer, resident
from yukuai.accounts.policy import Role
from yukuai.elections import actions
from yukuai.elections.models import Listing, Voter
from yukuai.elections.queries import list_objections, roll_numbers
from yukuai.elections.queries.public import find_own_line
from yukuai.elections.schedule import Step
from yukuai.elections.states import Basis, ElectionState, VoterState
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.queries.own import list_own_ids
from yukuai.workflow.calendar import end_of_day
from yukuai.workflow.queries import list_deadlines

pytestmark = pytest.mark.usefixtures("ruled")


def voters(election):
    with scope(EVERYWHERE):
        rows = Voter.objects.filter(election=election)
        return {row.name: row for row in rows}


def states(election):
    return {name: row.state for name, row in voters(election).items()}


def elsewhere(name, serial):
    """The neighbouring community holds an election of its own, and has him on its roll."""
    kept(name, serial=serial, at=113)
    said = {"division_id": 113, "body": "community", "term": 3, "day": DAY, "at": NOON}
    other = actions.start_election(TOWN, **said)
    said = {"document": "街办〔2026〕3号", "trained_on": TODAY, "at": NOON}
    actions.set_guidance(TOWN, number=other.number, **said)
    said = {"met": MEETING, "chosen": CHOSEN, "spots": SPOTS, "place": "坡上1号", "at": NOON}
    actions.form_committee(TOWN, number=other.number, **said)
    said = {"met": MEETING, "contests": SEATS, "electorate": "VOTERS", "day": DAY, "at": NOON}
    actions.adopt_plan(NEIGHBOUR, number=other.number, **said)
    closes = TODAY + timedelta(days=10)
    actions.open_registration(NEIGHBOUR, number=other.number, closes=closes, at=NOON)
    actions.propose_roll(NEIGHBOUR, number=other.number, at=NOON)
    return other


def test_the_register_proposes_whoever_is_of_age_on_election_day():
    kept("刚成年", born=str(BIRTHDAY), serial=1)
    kept("差一天", born=str(BIRTHDAY + timedelta(days=1)), serial=2)
    kept("老住户", born="1950-01-01", serial=3)
    election = registering()
    assert actions.propose_roll(COMMITTEE, number=election.number, at=NOON) == 2
    assert states(election) == {"刚成年": VoterState.PROPOSED, "老住户": VoterState.PROPOSED}
    assert actions.propose_roll(COMMITTEE, number=election.number, at=NOON) == 0, "once"


def test_whoever_was_asked_is_listed():
    election = listed("风满楼", "雨潇湘")
    assert set(states(election).values()) == {VoterState.LISTED}
    with scope(EVERYWHERE):
        numbers = roll_numbers(TOWN, election=election)
    assert (numbers.listed, numbers.by_basis) == (2, {Basis.RC_RESIDENT: 2})


def test_on_two_rolls_of_the_city_nobody_stands():
    kept("两头住", serial=5)
    here = registering()
    actions.propose_roll(COMMITTEE, number=here.number, at=NOON)
    there = elsewhere("两头住", 5)
    assert confirm_all(here) == (1, 0)
    assert confirm_all(there, NEIGHBOUR) == (0, 1)
    assert states(there) == {"两头住": VoterState.ELSEWHERE}
    row = voters(there)["两头住"]
    said = {"number": there.number, "voter_id": row.pk, "at": NOON}
    with pytest.raises(Conflict, match="全市只能登记一处"):
        actions.restore_voter(NEIGHBOUR, **said)
    strike = {"voter_id": voters(here)["两头住"].pk, "why": "本人到坡社区登记", "at": NOON}
    actions.strike_voter(COMMITTEE, number=here.number, **strike)
    assert actions.restore_voter(NEIGHBOUR, **said).state == VoterState.LISTED


def test_an_election_that_ended_keeps_nobody_from_another():
    election = listed("风满楼")
    actions.annul_election(TOWN, number=election.number, reason="程序违法", at=NOON)
    with scope(EVERYWHERE):
        assert not Listing.objects.exists()


def test_another_committee_sees_no_line_of_it():
    election = listed("风满楼")
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders):
        assert Voter.objects.count() == 0
    with pytest.raises(NotFound):
        actions.propose_roll(NEIGHBOUR, number=election.number, at=NOON)


def test_a_roll_is_not_published_while_anybody_waits():
    kept("没问到", serial=9)
    election = registering()
    actions.propose_roll(COMMITTEE, number=election.number, at=NOON)
    with pytest.raises(Conflict, match="差 2 项：名单上还没有人；还有 1 人没有核对"):
        actions.publish_roll(COMMITTEE, number=election.number, at=NOON)


def test_a_roll_is_published_twenty_days_before_at_the_latest():
    election = listed("风满楼")
    last = DAY - timedelta(days=20)
    late = NOON + (last + timedelta(days=1) - TODAY)
    with pytest.raises(Conflict, match="最晚要在"):
        actions.publish_roll(COMMITTEE, number=election.number, at=late)
    on_time = NOON + (last - TODAY)
    done = actions.publish_roll(COMMITTEE, number=election.number, at=on_time)
    assert done.state == ElectionState.ROLL_PUBLISHED


def test_objections_begin_where_it_hangs_and_count_from_its_day():
    election = published()
    assert election.state == ElectionState.ROLL_PUBLISHED
    assert post(election, "roll").state == ElectionState.ROLL_OBJECTION
    with scope(EVERYWHERE):
        ends = {row.name: row.due_at for row in list_deadlines(TOWN, obj=election)}
    assert ends[Step.OBJECTIONS] == end_of_day(TODAY + timedelta(days=7)), "a Saturday is passed"


def objection(election, **given):
    said = {"by": "冉某", "wish": "add", "about": "云中鹤", "reason": "在外地工作，要求列入"}
    return actions.object_to_roll(COMMITTEE, number=election.number, at=NOON, **{**said, **given})


def test_an_objection_has_three_days_of_its_own():
    election = published()
    one = objection(election)
    assert one.serial == 1
    assert one.due_at == end_of_day(TODAY + timedelta(days=3))
    said = {"serial": 1, "upheld": False, "decision": "不是本社区居民", "at": NOON}
    actions.decide_objection(COMMITTEE, number=election.number, **said)
    with pytest.raises(Conflict, match="已经决定过"):
        actions.decide_objection(COMMITTEE, number=election.number, **said)


def test_what_is_upheld_is_carried_out():
    election = published("风满楼", "雨潇湘")
    row = voters(election)["雨潇湘"]
    objection(election, wish="strike", about="雨潇湘", voter_id=row.pk)
    said = {"serial": 1, "upheld": True, "decision": "户籍已迁出", "at": NOON}
    actions.decide_objection(COMMITTEE, number=election.number, **said)
    assert states(election) == {"风满楼": VoterState.LISTED, "雨潇湘": VoterState.STRUCK}
    with scope(EVERYWHERE):
        assert Listing.objects.count() == 1


def test_whoever_is_to_come_stands_on_it_before_it_is_said_so():
    election = published()
    person = kept("云中鹤", serial=8)
    objection(election)
    said = {"serial": 1, "upheld": True, "decision": "本人表示参加", "at": NOON}
    with pytest.raises(Conflict, match="先把云中鹤列入名单"):
        actions.decide_objection(COMMITTEE, number=election.number, **said)
    added = {"person_id": person.pk, "basis": Basis.RC_HUKOU, "at": NOON}
    actions.add_voter(COMMITTEE, number=election.number, **added)
    assert actions.decide_objection(COMMITTEE, number=election.number, **said).upheld


def test_a_roll_is_final_when_the_term_is_over_and_everything_decided():
    election = published("风满楼", "雨潇湘")
    post(election, "roll")
    objection(election)
    with pytest.raises(Conflict, match="差 2 项：申诉第 1 号没有决定；申诉期到"):
        actions.finalize_roll(COMMITTEE, number=election.number, at=NOON)
    said = {"serial": 1, "upheld": False, "decision": "不是本社区居民", "at": NOON}
    actions.decide_objection(COMMITTEE, number=election.number, **said)
    over = NOON + timedelta(days=8)
    done = actions.finalize_roll(COMMITTEE, number=election.number, at=over)
    assert (done.state, again(done).roll_size) == (ElectionState.ROLL_FINAL, 2)
    with pytest.raises(Conflict):
        objection(election)
    row = voters(election)["风满楼"]
    with pytest.raises(Conflict, match="名单确定以前"):
        actions.strike_voter(
            COMMITTEE, number=election.number, voter_id=row.pk, why="迁走了", at=over
        )


def test_objections_come_to_the_committee_in_order():
    election = published()
    objection(election)
    objection(election, about="月上柳")
    said = {"serial": 1, "upheld": False, "decision": "不是本社区居民", "at": NOON}
    actions.decide_objection(COMMITTEE, number=election.number, **said)
    with scope(EVERYWHERE):
        assert [one.serial for one in list_objections(TOWN, election=election)] == [2, 1]


@pytest.mark.parametrize("basis", ["HUKOU_RESIDENT", "", "WHATEVER"])
def test_a_ground_the_law_does_not_know_is_refused(basis):
    person = kept("云中鹤", serial=8)
    election = registering()
    said = {"person_id": person.pk, "basis": basis, "at": NOON}
    with pytest.raises(InvalidInput):
        actions.add_voter(COMMITTEE, number=election.number, **said)


def test_an_earlier_day_makes_nobody_of_the_roll_too_young():
    kept("刚成年", born=str(BIRTHDAY), serial=1)
    election = registering()
    actions.propose_roll(COMMITTEE, number=election.number, at=NOON)
    confirm_all(election)
    said = {"number": election.number, "reason": "和县里一致", "at": NOON}
    with pytest.raises(InvalidInput, match="1 人不满 18 周岁"):
        actions.change_day(COMMITTEE, day=DAY - timedelta(days=1), **said)
    later = DAY + timedelta(days=1)
    assert actions.change_day(COMMITTEE, day=later, **said).day == later


def test_a_child_is_not_listed_by_hand_either():
    person = kept("小童", born="2015-01-01", serial=8)
    election = registering()
    said = {"person_id": person.pk, "basis": Basis.RC_HUKOU, "at": NOON}
    with pytest.raises(InvalidInput, match="不满 18"):
        actions.add_voter(COMMITTEE, number=election.number, **said)


def test_nobody_of_another_community_is_listed_by_hand():
    person = kept("邻村人", serial=8, at=113)
    election = registering()
    said = {"person_id": person.pk, "basis": Basis.RC_HUKOU, "at": NOON}
    with pytest.raises(InvalidInput, match="底数里没有"):
        actions.add_voter(COMMITTEE, number=election.number, **said)


def test_staff_of_the_community_do_not_keep_the_roll():
    election = listed("风满楼")
    staff = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=90)
    row = voters(election)["风满楼"]
    with pytest.raises(NotPermitted):
        actions.strike_voter(staff, number=election.number, voter_id=row.pk, why="x", at=NOON)


def test_whoever_has_shown_who_he_is_finds_his_own_line_and_no_other():
    person = kept("云中鹤", serial=8)
    election = registering()
    added = {"person_id": person.pk, "basis": Basis.RC_HUKOU, "at": NOON}
    actions.add_voter(COMMITTEE, number=election.number, **added)
    me, stranger = resident(901, *person.holders), resident(902, "record:nobody")
    with scope(me.areas, me.holders):
        ids = list_own_ids(me)
        assert find_own_line(me, election=election, persons=ids).name == "云中鹤"
        assert Voter.objects.count() == 0, "what was widened is narrow again"
    with scope(stranger.areas, stranger.holders):
        assert list_own_ids(stranger) == []
        assert find_own_line(stranger, election=election, persons=[]) is None

"""Nominations: by whom, how many, whose kin leaves the committee, what goes to the review."""

from datetime import timedelta

import pytest

from tests.db.elections.test_preparing import clocks, notices, text_of
from tests.electing import (
    CLOSING,
    COMMITTEE,
    KEEPER,
    NEIGHBOUR,
    ROLL,
    SETTLED,
    TEN,
    TOWN,
    contest,
    filled,
    kept,
    nominate,
    nominating,
    settled,
)
from yukuai.elections import actions
from yukuai.elections.models import Kin, Member, Nomination, Nominator, Nominee
from yukuai.elections.offices import Office, Seats
from yukuai.elections.queries import get_election, list_fields
from yukuai.elections.states import ElectionState
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.usefixtures("ruled")


def fields(election):
    with scope(EVERYWHERE):
        read = get_election(TOWN, number=election.number)
        return {
            field.contest.office: [(one.nominee.name, one.number) for one in field.standing]
            for field in list_fields(TOWN, election=read)
        }


def leaving(election):
    with scope(EVERYWHERE):
        read = get_election(TOWN, number=election.number)
        return sorted(one.member.name for one in read.entangled)


def member(name):
    with scope(EVERYWHERE):
        return Member.objects.get(name=name)


def test_the_announcement_says_posts_conditions_and_how():
    election = nominating()
    said = text_of(notices(election)[-1])
    assert "关于候选人提名推荐的公告" in said
    assert "应选5人：主任1人、委员4人" in said
    assert "被开除党籍" in said
    assert "宗族" not in said, "a residents' committee: the law of villages alone says it"
    assert "党组织或者10名以上选民联名提名" in said
    assert election.state == ElectionState.NOMINATING


def test_a_village_is_told_of_clans_and_anybody_nominates_alone():
    election = nominating(body="village")
    said = text_of(notices(election)[-1])
    assert "利用宗族或者黑恶势力" in said
    assert "由党组织或者选民提名" in said
    nominate(election, "风满楼", signers=("雨潇湘",))
    assert fields(election)["chair"] == [("风满楼", 1)]


def test_nominating_ends_before_the_candidates_must_hang():
    election = settled()
    said = {"number": election.number, "at": SETTLED}
    with pytest.raises(InvalidInput):
        actions.open_nominations(COMMITTEE, closes=election.day - timedelta(days=4), **said)
    made = actions.open_nominations(COMMITTEE, closes=election.day - timedelta(days=5), **said)
    assert made.nominated_until == election.day - timedelta(days=5)


def test_ten_voters_nominate_jointly_and_nine_do_not():
    election = nominating()
    with pytest.raises(InvalidInput, match="要 10 名以上选民联名，现在 9 名"):
        nominate(election, "楚江开", signers=TEN[:9])
    with scope(EVERYWHERE):
        assert not Nominee.objects.exists(), "a refusal leaves nothing behind"
    nominate(election, "楚江开", signers=TEN)
    assert fields(election)["chair"] == [("楚江开", 10)]


def test_the_number_of_nominations_is_kept_and_orders_them():
    election = nominating()
    nominate(election, "风满楼")
    nominate(election, "雨潇湘", signers=TEN)
    assert fields(election)["chair"] == [("雨潇湘", 10), ("风满楼", 1)]
    with scope(EVERYWHERE):
        numbers = sorted(Nomination.objects.values_list("by", "number"))
    assert numbers == [("PARTY", 1), ("VOTERS", 10)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "路人甲"}, "name"),
        ({"signers": (*TEN[:9], "路人甲")}, "signers"),
        ({"signers": (*TEN, TEN[0])}, "signers"),
        ({"by": "PARTY", "signers": TEN}, "signers"),
        ({"by": "SELF"}, "by"),
        ({"contest_id": 0}, "contest_id"),
    ],
)
def test_a_nomination_that_is_not_right_is_refused_at_its_field(given, field):
    election = nominating()
    said = {"contest_id": contest(election, "chair"), "name": "楚江开", "by": "VOTERS"}
    said |= {"signers": TEN, "at": SETTLED} | given
    with pytest.raises(InvalidInput) as refused:
        actions.nominate(COMMITTEE, number=election.number, **said)
    assert field in refused.value.fields


def test_nobody_nominates_more_than_there_are_seats():
    election = nominating(*ROLL, "谢飞白")
    nominate(election, "风满楼", signers=TEN)
    with pytest.raises(InvalidInput, match="已经提名 1 人，不能多于应选的 1 人"):
        nominate(election, "雨潇湘", signers=TEN)
    nominate(election, "雨潇湘")
    with pytest.raises(InvalidInput, match="党组织在这个职务上已经提名 1 人"):
        nominate(election, "云中鹤")
    for name in ROLL[2:6]:
        nominate(election, name, "member", signers=TEN)
    with pytest.raises(InvalidInput, match="不能多于应选的 4 人"):
        nominate(election, "谢飞白", "member", signers=TEN)


def test_nobody_nominates_one_person_for_two_offices_or_twice():
    election = nominating()
    nominate(election, "风满楼", signers=TEN)
    with pytest.raises(InvalidInput, match="不能提名两个职务"):
        nominate(election, "风满楼", "member", signers=TEN)
    with pytest.raises(InvalidInput, match="已经提名过这个人"):
        nominate(election, "风满楼", signers=(*ROLL[2:], "风满楼", "雨潇湘"))
    nominate(election, "风满楼", "member")
    assert fields(election) == {"chair": [("风满楼", 10)], "member": [("风满楼", 1)]}


def test_of_two_of_one_name_the_birthday_tells():
    kept("风满楼", serial=40, born="1975-02-03")
    election = nominating()
    with pytest.raises(InvalidInput, match="名单上有 2 位风满楼"):
        nominate(election, "风满楼")
    assert nominate(election, "风满楼 1975-02-03").voter.birth_date.year == 1975


def test_the_seat_of_a_woman_is_for_women():
    seats = (Seats(Office.CHAIR, 1), Seats(Office.MEMBER, 3), Seats(Office.WOMAN, 1))
    election = nominating(contests=seats)
    with scope(EVERYWHERE):
        election.voters.filter(name="雨潇湘").update(sex="2")
        election.voters.filter(name="风满楼").update(sex="1")
    with pytest.raises(InvalidInput, match="提名妇女"):
        nominate(election, "风满楼", "woman")
    assert nominate(election, "雨潇湘", "woman").sex == "2"


def test_whoever_withdraws_counts_no_more_and_frees_his_nominators():
    election = nominating()
    gone = nominate(election, "风满楼", signers=TEN)
    said = {"nominee_id": gone.pk, "why": "本人不愿意", "at": SETTLED}
    actions.withdraw_nominee(COMMITTEE, number=election.number, **said)
    with pytest.raises(Conflict, match="已经退出"):
        nominate(election, "风满楼")
    nominate(election, "雨潇湘", signers=TEN)
    assert fields(election)["chair"][0] == ("雨潇湘", 10)


def test_a_member_of_the_committee_who_is_nominated_leaves_it():
    election = nominating(*ROLL, "水清浅")
    filled(election)
    nominate(election, "水清浅", "member")
    assert leaving(election) == ["水清浅"]
    with pytest.raises(Conflict, match="水清浅要退出选举委员会"):
        actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    said = {"member_id": member("水清浅").pk, "why": "被提名为候选人", "at": CLOSING}
    actions.replace_member(COMMITTEE, number=election.number, **said)
    done = actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    assert done.state == ElectionState.JOINT_REVIEW


def test_so_does_a_member_whose_near_kin_is_nominated():
    election = nominating()
    filled(election)
    with scope(EVERYWHERE):
        nominee = Nominee.objects.get(name="雨潇湘")
    said = {"nominee_id": nominee.pk, "relation": "spouse", "at": SETTLED}
    actions.declare_kin(COMMITTEE, number=election.number, member_id=member("云出岫").pk, **said)
    assert leaving(election) == ["云出岫"]
    with pytest.raises(Conflict, match="已经记过"):
        actions.declare_kin(
            COMMITTEE, number=election.number, member_id=member("云出岫").pk, **said
        )
    with pytest.raises(Conflict, match="云出岫要退出"):
        actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)


def test_two_of_one_name_are_told_apart():
    election = nominating(*ROLL, "水清浅")
    nominate(election, "水清浅", "member")
    with scope(EVERYWHERE):
        kin = Kin.objects.get()
    said = {"kin_id": kin.pk, "why": "同名，不是一个人", "at": SETTLED}
    actions.drop_kin(COMMITTEE, number=election.number, **said)
    assert leaving(election) == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"relation": "cousin"}, InvalidInput),
        ({"relation": "self", "name": "路人甲"}, InvalidInput),
        ({"relation": "child"}, InvalidInput),
    ],
)
def test_kin_is_declared_with_a_person_and_a_relation(given, refusal):
    election = nominating()
    nominee = nominate(election, "风满楼")
    with pytest.raises(refusal):
        actions.declare_kin(
            COMMITTEE, number=election.number, nominee_id=nominee.pk, at=SETTLED, **given
        )


def test_an_equal_number_of_candidates_does_not_go_to_the_review():
    election = nominating()
    filled(election, besides=("江远舟",))
    with pytest.raises(Conflict, match="委员应选 4 人，提名 4 人，至少要 5 人"):
        actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    nominate(election, "江远舟", "member")
    with pytest.raises(Conflict, match="才截止"):
        actions.submit_nominees(COMMITTEE, number=election.number, at=SETTLED)
    done = actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)
    assert done.state == ElectionState.JOINT_REVIEW
    assert clocks(done)["review"] > CLOSING + timedelta(days=9)
    with scope(EVERYWHERE):
        assert set(Nominee.objects.values_list("review", flat=True)) == {"pending"}


def test_after_the_last_day_no_nomination_is_received():
    election = nominating()
    with pytest.raises(Conflict, match="日期以内才收提名"):
        nominate(election, "风满楼", at=CLOSING + timedelta(days=1))


@pytest.mark.parametrize(("actor", "refusal"), [(KEEPER, NotPermitted), (NEIGHBOUR, NotFound)])
def test_nobody_but_the_committee_receives_nominations(actor, refusal):
    election = nominating()
    said = {"contest_id": contest(election, "chair"), "name": "风满楼", "by": "PARTY"}
    with pytest.raises(refusal):
        actions.nominate(actor, number=election.number, at=SETTLED, **said)


def test_another_committee_sees_nobody_of_it():
    election = nominating()
    nominate(election, "风满楼", signers=TEN)
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders):
        for model in (Nominee, Nomination, Nominator, Kin):
            assert not model.objects.exists()

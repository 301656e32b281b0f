"""The rules: shares as whole numbers, layers over each other, and what no law says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.tally.elections import PACKS, adopted, contest, pack, plan, poll, rules
from tests.unit.engines.tally.elections import ballots as papers
from yukuai.engines.tally import Electorate, Layer, Missing, Plan, Rules, Share, Unreadable, count

NAMES = sorted(path.stem for path in PACKS.glob("elections-*.toml"))


@pytest.mark.parametrize(
    ("written", "whole", "least", "said"),
    [
        (">1/2", 1000, 501, "过半数"),
        (">1/2", 601, 301, "过半数"),
        (">=2/3", 45, 30, "三分之二以上"),
        (">2/3", 45, 31, "超过三分之二"),
        (">=1/3", 560, 187, "三分之一以上"),
        (">=1/10", 50, 5, "10分之一以上"),
    ],
)
def test_the_words_of_the_law_are_comparisons_of_whole_numbers(written, whole, least, said):
    share = Share.read(written)
    assert (share.least(whole), str(share)) == (least, said)


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.integers(0, 10_000))
def test_the_least_number_that_holds_is_the_least(numerator, denominator, strict, whole):
    share = Share(numerator, denominator, strict)
    least = share.least(whole)
    assert share.holds(least, whole)
    assert least == 0 or not share.holds(least - 1, whole)


@pytest.mark.parametrize("written", ["1/2", ">1/0", ">0/2", ">=1/3 ", ">0.5", ">12345/2", 1])
def test_what_is_no_share_is_refused(written):
    with pytest.raises(Unreadable):
        Share.read(written)


def test_a_later_layer_wins_and_a_meeting_may_not_set_aside_an_article():
    assert rules().whole("rerun_extra") == 1
    assert rules(rerun_extra=2).whole("rerun_extra") == 2
    with pytest.raises(
        Unreadable, match="选举办法不能改 win：村民委员会组织法（2025）第十八条已有规定"
    ):
        rules(win=">=1/3")


def test_what_the_law_leaves_open_is_asked_for_and_may_be_adopted():
    old = ("elections-count", "elections-RC-2018", "elections-CQ-community-2018")
    office = contest("m", 1, "AB")
    held = poll(papers((11, {"m": "A"})))
    with pytest.raises(Missing, match="都没有写 quorum_voters：法律没有规定的，要由选举办法写明"):
        count(plan(office, registered=20, rules=rules(*old)), [held])
    said = {"quorum_voters": ">1/2", "win": ">1/2", "women_seat_mode": "NONE"}
    method = rules(*old, **said)
    assert count(plan(office, registered=20, rules=method), [held]).seated("m") == ("A",)


def test_the_packs_say_what_the_table_of_the_laws_says():
    village, community = rules(), rules("elections-RC-2025")
    old = rules("elections-VC-2018")
    assert village.range("committee_size") == (3, 7)
    assert community.range("committee_size") == (5, 9)
    assert (village.days("roll_published"), village.days("handover")) == (20, 10)
    assert str(community.share("quorum_delegates")) == "超过三分之二"
    assert community.share("recall_voters") == Share(1, 10, False)
    assert village.share("recall_voters") == Share(1, 5, False)
    assert community.whole("nominators_min") == 10
    assert village.codes("bar_codes") == community.codes("bar_codes")
    assert not old.says("bar_codes")
    assert not old.says("proxy_max")
    assert not old.says("kin_avoid")
    assert not old.flag("withdraw_kin")
    assert village.flag("withdraw_kin")
    assert not rules("elections-RC-2018").says("win")
    assert (village.codes("proxy_of"), old.codes("proxy_of")) == (("KIN", "VOTERS"), ("KIN",))
    assert community.choice("women_seat_mode", silent="NONE") == "NONE"
    assert village.choice("women_seat_mode") == "PRIORITY"


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_a_pack_is_typed_and_either_of_the_law_or_a_choice_marked_as_one(name):
    params = pack(name)["params"]
    for entry in params.get("limits", {}).values():
        assert "kind" in entry
    for part in params.values():
        for key, entry in part.items():
            law = entry.get("article", "")
            assert entry["source"].startswith(f"{law}：" if law else "产品设定"), key


def test_rules_and_plans_come_back_from_their_data():
    method = plan(contest("m", 1, "AB"), kin=["AB"], electorate=Electorate.HOUSEHOLDS)
    read = Rules.read(method.rules.as_data())
    assert read == method.rules
    assert Plan.read(method.as_data(), read) == method


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"contests": []}, "至少一栏"),
        ({"kin": [["A", "A"]]}, "两个人"),
        ({"kin": [["A", "Z"]]}, "两个人"),
        ({"vacant": ["z"]}, "没有这一栏"),
        ({"registered": -1}, "整数"),
        ({"registered": True}, "整数"),
        ({"registered": 10**9}, "整数"),
        ({"electorate": "ALL"}, "不认识"),
        ({"election": "e" * 33}, "最多 32 字"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(change, why):
    data = plan(contest("m", 1, "AB")).as_data() | change
    with pytest.raises(Unreadable, match=why):
        Plan.read(data, rules())


def test_a_plan_lists_offices_from_the_highest_and_each_person_once():
    data = plan(contest("m", 1, "AB")).as_data()
    chair = {**data["contests"][0], "id": "c", "office": "CHAIR"}
    with pytest.raises(Unreadable, match="从高到低"):
        Plan.read({**data, "contests": [*data["contests"], chair]}, rules())
    with pytest.raises(Unreadable, match="重复的人"):
        Plan.read({**data, "people": data["people"] * 2}, rules())


def test_a_pack_of_the_loader_and_one_of_a_method_are_told_apart():
    assert not Layer.read(pack("elections-VC-2025")).adopted
    assert Layer.read(adopted(rerun_extra=2)).adopted
    with pytest.raises(Unreadable, match="没有写 code"):
        Layer.read({"version": 1, "params": {}})

"""E1 to E16 of the specification (domain.md §2.7), and what stands in the log of each."""

import pytest

from tests.unit.engines.tally.elections import (
    COMMUNITY,
    apart,
    ballots,
    contest,
    plan,
    poll,
    rerun,
    rules,
    run_off,
)
from yukuai.engines.tally import Electorate, Needed, Office, Reason, Standing, Status, count

CHAIR = contest("c", 1, "甲乙", Office.CHAIR)
TWO = contest("m", 2, "ABC")
FOUR = contest("m", 2, "ABCD", Office.MEMBER)
PLAIN = {"women_seat_mode": "NONE"}


def sentences(result):
    return [entry.sentence for entry in result.log.entries]


def test_e1_more_than_half_of_those_who_voted_elects():
    given = ballots((305, {"c": "甲"}), (290, {"c": "乙"}), (6, {"c": "void"}))
    result = count(plan(CHAIR, rules=rules(**PLAIN)), [poll(given, issued=620)])
    [counted] = result.polls
    assert (counted.registered, counted.issued, counted.collected) == (1000, 620, 601)
    assert result.seated("c") == ("甲",)
    assert result.reasons["c", "乙"] is Reason.NO_MAJORITY
    assert counted.tally.papers == {Status.VALID: 595, Status.INVALID: 6}
    assert "投票：投票 601 人，登记 1000 人，要过半数（1202>1000），有效。" in sentences(result)
    assert "主任：投票 601 人，过半数要 301 票。" in sentences(result)


def test_e2_exactly_half_is_not_more_than_half():
    result = count(plan(CHAIR), [poll(ballots((500, {"c": "甲"})))])
    assert result.standing is Standing.INVALID_ELECTION
    assert "500 人，登记 1000 人，要过半数（1000不大于1000），选举无效" in result.sentence
    assert result.seats == ()
    assert count(plan(CHAIR), [poll(ballots((501, {"c": "甲"})))]).seated("c") == ("甲",)


def test_e3_more_papers_back_than_handed_out_void_the_election():
    result = count(plan(CHAIR), [poll(ballots((621, {"c": "甲"})), issued=620)])
    assert result.standing is Standing.INVALID_ELECTION
    assert result.sentence == "投票：收回 621 张，多于发出 620 张，选举无效。"
    assert count(plan(CHAIR), [poll(ballots((620, {"c": "甲"})), issued=620)]).seated("c")


def test_e4_of_those_over_half_the_most_votes_win():
    given = apart("m", 600, A=420, B=350, C=320)
    result = count(plan(contest("m", 2, "ABC"), rules=rules(**PLAIN)), [poll(given)])
    assert result.seated("m") == ("A", "B")
    assert result.reasons["m", "C"] is Reason.FEWER_VOTES


def test_e5_only_the_tied_are_voted_on_again_and_the_most_votes_win():
    method = plan(TWO, rules=rules(**PLAIN))
    first = poll(apart("m", 600, A=420, B=330, C=330))
    result = count(method, [first])
    assert result.seated("m") == ("A",)
    [need] = result.needs
    assert (need.kind, need.persons, need.seats) == (Needed.RUN_OFF, ("B", "C"), 1)
    assert need.sentence == "委员：B某、C某票数相同，在这 2 人中再次投票选 1 人，得票多的当选。"
    again = count(method, [first, run_off("m", "BC", apart("m", 585, B=300, C=285))])
    assert again.seated("m") == ("A", "B")
    assert again.reasons["m", "B"] is Reason.ELECTED_IN_RUN_OFF


def test_e5_a_second_tie_is_voted_on_once_more_and_nothing_is_drawn():
    method = plan(TWO, rules=rules(**PLAIN))
    held = [poll(apart("m", 600, A=420, B=330, C=330))]
    held.append(run_off("m", "BC", apart("m", 580, B=290, C=290)))
    assert count(method, held).needs[0].persons == ("B", "C")
    held.append(run_off("m", "BC", apart("m", 500, B=249, C=251)))
    assert count(method, held).seated("m") == ("A", "C")


def test_e6_the_tied_who_all_have_a_seat_need_no_further_vote():
    given = apart("m", 600, A=330, B=330, C=310)
    result = count(plan(TWO, rules=rules(**PLAIN)), [poll(given)])
    assert (result.seated("m"), result.needs[1:]) == (("A", "B"), ())


def e7():
    first = poll(apart("m", 600, A=420, B=290, C=200, D=100))
    return plan(FOUR, rules=rules(**PLAIN)), first


def test_e7_a_seat_that_is_left_goes_to_a_rerun_of_the_next_two():
    method, first = e7()
    result = count(method, [first])
    assert (result.seated("m"), result.vacancies) == (("A",), {"m": 1})
    [need] = result.needs
    assert (need.kind, need.persons, need.seats) == (Needed.RERUN, ("B", "C"), 1)
    assert need.required
    assert need.sentence == "委员：另行选举 1 人，候选人按得票多少为B某（290 票）、C某（200 票）。"


@pytest.mark.parametrize(
    ("b", "c", "seated"),
    [
        (250, 300, ("A", "C")),  # E8: the order of the first vote counts for nothing
        (186, 170, ("A",)),  # E9
        (187, 170, ("A", "B")),
    ],
)
def test_e8_e9_a_rerun_asks_for_a_third_of_the_papers_and_the_most_votes(b, c, seated):
    method, first = e7()
    result = count(method, [first, rerun("m", "BC", apart("m", 560, B=b, C=c))])
    assert result.seated("m") == seated
    assert any("投票 560 人，最低 187 票" in said for said in sentences(result))


def test_e10_the_best_woman_over_half_comes_first_where_no_woman_sits_above():
    offices = [
        contest("c", 1, "XY", Office.CHAIR),
        contest("v", 1, "UV", Office.VICE),
        contest("m", 3, "ABCD"),
    ]
    head = {"c": "X", "v": "U"}
    given = apart("m", 600, A=480, B=450, C=400, D=310)
    given = [one.__class__(one.id, one.status, {**one.columns, **heads(head)}) for one in given]
    result = count(plan(*offices), [poll(given)])
    assert set(result.seated("m")) == {"D", "A", "B"}
    assert result.reasons["m", "D"] is Reason.ELECTED_AS_WOMAN
    assert result.reasons["m", "C"] is Reason.FEWER_VOTES
    assert result.standing is Standing.COMPLETE


def heads(marks):
    return ballots((1, marks))[0].columns


def test_e11_without_a_woman_over_half_one_seat_waits_for_a_rerun_of_women():
    result = count(
        plan(contest("m", 3, "ABCD")), [poll(apart("m", 600, A=480, B=450, C=400, D=300))]
    )
    assert result.seated("m") == ("A", "B")
    assert result.reasons["m", "C"] is Reason.FEWER_VOTES
    [need] = result.needs
    assert (need.kind, need.women, need.seats, need.persons) == (Needed.RERUN, True, 1, ("D",))
    assert (need.required, need.short) == (True, 1)


@pytest.mark.parametrize(("turnout", "valid"), [(30, False), (31, True)])
def test_e12_delegates_need_more_than_two_thirds(turnout, valid):
    method = plan(CHAIR, registered=45, electorate=Electorate.DELEGATES, rules=rules(*COMMUNITY))
    result = count(method, [poll(ballots((turnout, {"c": "甲"})))])
    assert (result.standing is not Standing.INVALID_ELECTION) is valid
    assert rules().share("delegates_quorum").holds(30, 45)


def test_e13_too_many_chosen_void_the_column_which_counts_among_the_papers():
    given = ballots((301, {"m": "AB"}), (300, {"m": "ABC"}))
    result = count(plan(TWO), [poll(given)])
    [counted] = result.polls
    assert (counted.collected, counted.turnout) == (601, 601)
    assert counted.tally.columns["m"] == {Status.VALID: 301, Status.INVALID: 300}
    assert counted.tally.reasons["m"] == {"OVERVOTE": 300}
    assert counted.tally.votes("m") == {"A": 301, "B": 301}


def test_e14_the_wife_of_the_chairman_gives_way_to_the_next_over_half():
    offices = [contest("c", 1, "XY", Office.CHAIR), contest("m", 1, "DAB")]
    given = ballots(
        (310, {"c": "X", "m": "D"}), (290, {"c": "X", "m": "A"}), (0, {"c": "X", "m": "B"})
    )
    method = plan(*offices, kin=["XD"], rules=rules(**PLAIN))
    alone = count(method, [poll(given)])
    assert (alone.seated("c"), alone.seated("m"), alone.vacancies["m"]) == (("X",), (), 1)
    assert alone.reasons["m", "D"] is Reason.KIN
    assert [need.persons for need in alone.needs] == [("A", "B")]
    two = plan(offices[0], contest("m", 2, "DAB"), kin=["XD"], rules=rules(**PLAIN))
    given = ballots((400, {"c": "X", "m": "DA"}), (200, {"c": "X", "m": "DB"}))
    assert count(two, [poll(given)]).seated("m") == ("A",)
    said = (
        "委员：D某与已就位的X某是近亲属，X某职务高或先就位，保留；D某不就位，由过半数者依次递补。"
    )
    assert said in sentences(alone)


def test_e16_votes_for_two_offices_are_not_added_up():
    offices = [contest("c", 1, "甲乙", Office.CHAIR), contest("m", 1, "甲丙")]
    given = ballots((250, {"c": "甲"}), (320, {"m": "甲"}), (30, {"c": "乙", "m": "丙"}))
    result = count(plan(*offices, rules=rules(**PLAIN)), [poll(given)])
    assert (result.seated("c"), result.seated("m")) == ((), ("甲",))
    assert result.reasons["c", "甲"] is Reason.NO_MAJORITY
    [counted] = result.polls
    assert counted.tally.rows["c", "甲"].votes == 250
    assert counted.tally.rows["m", "甲"].votes == 320

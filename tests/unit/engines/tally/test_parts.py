"""The steps one by one: what a ballot says, reviews, ties, women, kin, seats that are left."""

from dataclasses import replace

import pytest

from tests.unit.engines.tally.elections import (
    COMMUNITY,
    apart,
    ballots,
    contest,
    names,
    plan,
    poll,
    rerun,
    rules,
    run_off,
)
from yukuai.engines.tally import (
    Ballot,
    Box,
    Column,
    Electorate,
    Group,
    Needed,
    Office,
    Reason,
    Review,
    Standing,
    Status,
    Stock,
    Unreadable,
    WriteIn,
    count,
    same_twice,
)

PLAIN = rules(women_seat_mode="NONE")
ONE = contest("m", 1, "AB")


def one_ballot(column, *, rest=9, method=None, **more):
    """Counts it among others for B; what was found of it."""
    given = [Ballot("1-0", Status.VALID, {"m": column}), *ballots((rest, {"m": "B"}))]
    method = method or plan(ONE, registered=10, others="X", rules=PLAIN)
    return count(method, [poll(given, **more)])


def sentences(result):
    return [entry.sentence for entry in result.log.entries]


# What a ballot says


@pytest.mark.parametrize(
    ("approved", "against", "row", "votes", "void"),
    [
        ("A", "", None, {"A": 1}, {}),
        ("A", "A", None, {}, {"A": 1}),
        ("", "", ("for", "甲"), {"A": 1}, {}),
        ("", "", ("none", "甲"), {"A": 1}, {}),
        ("", "", ("against", "甲"), {}, {}),
        ("A", "", ("for", "甲"), {"A": 1}, {}),
        ("", "A", ("for", "甲"), {}, {"A": 1}),
        ("", "", ("for", "丙"), {"X": 1}, {}),
        ("", "", ("for", "看不清"), {}, {}),
        ("", "", ("none", None), {}, {}),
    ],
)
def test_a_written_name_counts_once_and_a_row_with_both_marks_never(
    approved, against, row, votes, void
):
    written = (WriteIn(1, *row),) if row else ()
    column = Column(Status.VALID, tuple(approved), tuple(against), written)
    result = one_ballot(column, names=names(甲="A", 丙="X", 看不清=""))
    rows = result.polls[0].tally.rows
    assert {p: rows["m", p].votes for p in "AX" if rows["m", p].votes} == votes
    assert {p: rows["m", p].void for p in "AX" if rows["m", p].void} == void
    assert result.polls[0].tally.illegible["m"] == bool(row and row[1] == "看不清")


def test_a_written_name_counts_among_the_chosen():
    column = Column(Status.VALID, ("A",), (), (WriteIn(1, "for", "丙"),))
    result = one_ballot(column, names=names(丙="X"))
    assert result.polls[0].tally.reasons["m"] == {"OVERVOTE": 1}


def test_nothing_is_declared_while_a_ballot_or_a_name_is_undecided():
    named = one_ballot(Column(Status.VALID, (), (), (WriteIn(1, "for", "丙"),)))
    assert named.standing is Standing.UNJUDGED
    assert named.sentence == "还有 1 处另选他人的姓名没有认定"
    disputed = one_ballot(Column(Status.DISPUTED))
    assert (disputed.standing, disputed.seats) == (Standing.UNJUDGED, ())
    assert disputed.sentence == "还有 1 张疑难票没有认定"


def test_foreign_papers_are_noted_and_not_counted():
    given = [*ballots((9, {"m": "B"})), Ballot("1-99", Status.FOREIGN, {})]
    result = count(plan(ONE, registered=10, rules=PLAIN), [poll(given)])
    [counted] = result.polls
    assert (counted.collected, counted.tally.foreign, counted.tally.counted) == (9, 1, 9)
    said = (
        "投票：有效 9 张、部分有效 0 张、弃权 0 张、废票 0 张，合计 9 张，另有非本次选票 1 张不计。"
    )
    assert said in sentences(result)


def two_offices(**method):
    offices = [contest("c", 1, "AB", Office.CHAIR), contest("m", 1, "AB")]
    given = ballots((1, {"c": "A", "m": "A"}), (9, {"c": "B"}))
    made = plan(*offices, registered=10, rules=rules(women_seat_mode="NONE", **method))
    [counted] = count(made, [poll(given)]).polls
    tally = counted.tally
    return tally.votes("c").get("A", 0), tally.votes("m").get("A", 0), dict(tally.papers)


def test_one_person_for_two_offices_voids_his_rows_or_the_paper_as_the_method_says():
    assert two_offices() == (0, 0, {Status.VALID: 10})
    assert two_offices(two_offices="BALLOT") == (0, 0, {Status.VALID: 9, Status.INVALID: 1})
    assert two_offices(two_offices="ALLOWED") == (1, 1, {Status.VALID: 10})


def test_too_many_in_one_column_void_it_or_the_paper_as_the_method_says():
    offices = [contest("c", 1, "AB", Office.CHAIR), contest("m", 1, "DE")]
    given = ballots((1, {"c": "AB", "m": "D"}), (9, {"c": "B", "m": "E"}))
    for scope, status, votes in (("CONTEST", Status.PARTIAL, 1), ("BALLOT", Status.INVALID, 0)):
        method = plan(*offices, registered=10, rules=rules(overvote_scope=scope))
        [counted] = count(method, [poll(given)]).polls
        assert counted.tally.papers[status] == 1
        assert counted.tally.votes("m").get("D", 0) == votes


def test_what_is_not_on_the_paper_is_not_counted():
    with pytest.raises(Unreadable, match="有票上没有的候选人"):
        one_ballot(Column(Status.VALID, ("Z",)))
    given = [Ballot("1-1", Status.VALID, {"z": Column(Status.VALID)})]
    with pytest.raises(Unreadable, match="没有的一栏"):
        count(plan(ONE, registered=1, rules=PLAIN), [poll(given)])
    with pytest.raises(Unreadable, match="出现了两次"):
        count(plan(ONE, registered=1, rules=PLAIN), [poll(ballots((1, {"m": "A"})) * 2)])


def test_two_entries_are_compared_ballot_by_ballot():
    first = ballots((2, {"m": "A"}), (1, {"m": "B"}))
    second = [*first[:1], replace(first[1], columns=first[2].columns)]
    assert same_twice(first, first) == ()
    assert same_twice(first, second) == ("1-2", "1-3")


# Papers


@pytest.mark.parametrize(
    ("box", "stock", "why"),
    [
        (Box("1", "封", 10, 0, 11), None, "票箱 1：收回 11 张，逐张计了 10 张"),
        (Box("1", "封", 9, 10, 10), None, "票箱 1：换回 10 张，多于发出 9 张"),
        (Box("1", "封", 10, 0, 10), Stock(12, 1), "印票不平账，差 1 张"),
        (Box("1", "封", 10, 0, 10), Stock(10, 1), "印票不平账，差 -1 张"),
    ],
)
def test_papers_that_do_not_balance_stop_the_count(box, stock, why):
    held = replace(poll(ballots((10, {"m": "B"}))), boxes=(box,), stock=stock)
    result = count(plan(ONE, registered=10, rules=PLAIN), [held])
    assert result.standing is Standing.UNRECONCILED
    assert result.sentence.startswith(why)
    balanced = replace(held, boxes=(Box("1", "封", 10, 0, 10),), stock=Stock(12, 1, 1))
    assert count(plan(ONE, registered=10, rules=PLAIN), [balanced]).seated("m") == ("B",)


def test_a_method_may_compare_with_those_who_signed_in():
    signed = rules(women_seat_mode="NONE", overballot_basis="SIGNED_IN", turnout_basis="SIGNED_IN")
    held = poll(ballots((10, {"m": "B"})))
    method = plan(ONE, registered=10, rules=signed)
    for signed_in, seated in ((9, ()), (10, ("B",))):
        box = replace(held.boxes[0], signed_in=signed_in)
        result = count(method, [replace(held, boxes=(box,))])
        assert (result.seated("m"), result.polls[0].turnout) == (seated, signed_in)
    with pytest.raises(Unreadable, match="没有写 signed_in"):
        count(method, [held])


def test_offices_voted_on_apart_have_papers_and_a_turnout_of_their_own():
    offices = [contest("c", 1, "AB", Office.CHAIR), contest("m", 1, "DE")]
    method = plan(*offices, registered=20, rules=PLAIN)
    polls = [
        poll(ballots((12, {"c": "A"})), contests=("c",)),
        poll(ballots((11, {"m": "D"})), contests=("m",)),
    ]
    result = count(method, polls)
    assert [(one.turnout, one.collected) for one in result.polls] == [(12, 12), (11, 11)]
    assert (result.seated("c"), result.seated("m")) == (("A",), ("D",))
    with pytest.raises(Unreadable, match="每个职位要正好投票一次"):
        count(method, polls[:1])


# Review


def test_whoever_is_written_in_and_has_the_majority_is_reviewed_before_he_is_seated():
    given = [
        Ballot(
            f"1-{n}", Status.VALID, {"m": Column(Status.VALID, (), (), (WriteIn(1, "for", "丙"),))}
        )
        for n in range(8)
    ] + ballots((2, {"m": "B"}), start=20)
    for review, seated, standing in (
        (Review.PENDING, (), Standing.OPEN),
        (Review.PASS, ("X",), Standing.COMPLETE),
        (Review.BAR, (), Standing.OPEN),
    ):
        method = plan(
            ONE,
            registered=10,
            others="X",
            rules=rules(women_seat_mode="NONE", min_members=1),
            X=review,
        )
        result = count(method, [poll(given, names=names(丙="X"))])
        assert (result.seated("m"), result.standing) == (seated, standing)
        kinds = [need.kind for need in result.needs]
        wanted = {Review.PENDING: [Needed.REVIEW], Review.PASS: [], Review.BAR: [Needed.RERUN]}
        assert kinds == wanted[review]


def test_a_seat_won_by_one_who_may_not_hold_it_stays_empty():
    method = plan(contest("m", 2, "ABC"), rules=PLAIN, A=Review.BAR)
    result = count(method, [poll(apart("m", 600, A=420, B=350, C=320))])
    assert (result.seated("m"), result.vacancies["m"]) == (("B",), 1)
    assert result.reasons["m", "C"] is Reason.FEWER_VOTES
    assert result.needs[0].persons == ("C",)
    assert result.needs[0].short == 1


# Ties, women, kin


def test_a_vote_among_others_than_the_tied_is_not_passed_over():
    method = plan(contest("m", 2, "ABC"), rules=PLAIN)
    first = poll(apart("m", 600, A=420, B=330, C=330))
    with pytest.raises(Unreadable, match="不是票数相同要再投的人"):
        count(method, [first, run_off("m", "AC", apart("m", 500, A=300, C=200))])


def test_two_women_tied_for_the_seat_are_voted_on_again():
    method = plan(contest("m", 3, "ABCDF"))
    first = poll(apart("m", 600, A=400, B=380, C=370, D=310, F=310))
    [need] = count(method, [first]).needs
    assert (need.persons, need.seats) == (("D", "F"), 1)
    result = count(method, [first, run_off("m", "DF", apart("m", 400, D=150, F=250))])
    assert set(result.seated("m")) == {"F", "A", "B"}


def test_a_woman_tied_with_men_for_the_last_seat_has_it_without_another_vote():
    result = count(plan(contest("m", 2, "ACD")), [poll(apart("m", 600, A=400, C=350, D=350))])
    assert result.seated("m") == ("A", "D")
    assert result.needs[1:] == ()


def test_a_chairwoman_leaves_the_other_seats_to_the_votes():
    offices = [contest("c", 1, "DX", Office.CHAIR), contest("m", 2, "ABF")]
    given = ballots((310, {"c": "D", "m": "AB"}), (290, {"c": "X", "m": "F"}))
    assert count(plan(*offices), [poll(given)]).seated("m") == ("A", "B")


def test_a_contest_for_women_seats_women_only():
    women = contest("w", 1, "DF", group=Group.WOMEN)
    method = plan(
        contest("m", 1, "AB"),
        women,
        registered=10,
        others="X",
        rules=rules(women_seat_mode="SEPARATE_CONTEST"),
    )
    rows = (WriteIn(1, "for", "X"),)
    given = [
        Ballot(f"1-{n}", Status.VALID, {"m": Column(Status.VALID, ("A",)), "w": column})
        for n, column in enumerate([Column(Status.VALID, (), (), rows)] * 8)
    ]
    result = count(method, [poll(given)])
    assert (result.seated("w"), result.reasons["w", "X"]) == ((), Reason.NOT_ELIGIBLE)


def kin_of_equal_votes():
    method = plan(contest("m", 2, "ABC"), kin=["AB"], rules=PLAIN)
    return method, poll(apart("m", 600, A=400, B=400, C=350))


def test_kin_with_equal_votes_are_voted_on_again_and_the_next_moves_up():
    method, first = kin_of_equal_votes()
    [need] = count(method, [first]).needs
    assert (need.kind, need.persons) == (Needed.RUN_OFF, ("A", "B"))
    assert "是近亲属，票数相同" in need.sentence
    result = count(method, [first, run_off("m", "AB", apart("m", 500, A=240, B=260))])
    assert result.seated("m") == ("B", "C")
    assert result.reasons["m", "A"] is Reason.KIN
    assert result.reasons["m", "B"] is Reason.ELECTED_IN_RUN_OFF


def test_a_chain_of_kin_loses_only_those_whose_kin_stays():
    """C gives way to B; so A, kin of C alone, stays."""
    method = plan(contest("m", 3, "BCAE"), kin=["BC", "CA"], rules=PLAIN)
    result = count(method, [poll(apart("m", 600, B=450, C=440, A=430, E=400))])
    assert result.seated("m") == ("B", "A", "E")
    assert result.reasons["m", "C"] is Reason.KIN


def test_without_a_rule_of_kin_they_sit_together():
    old = rules(
        "elections-count", "elections-VC-2018", "elections-CQ-village-2018", women_seat_mode="NONE"
    )
    method = plan(contest("m", 2, "ABC"), kin=["AB"], rules=old)
    assert count(method, [poll(apart("m", 600, A=400, B=390, C=350))]).seated("m") == ("A", "B")


# Seats that are left


def village(*, vacant=()):
    offices = [
        contest("c", 1, "AB", Office.CHAIR),
        contest("v", 1, "CU", Office.VICE),
        contest("m", 2, "DEF"),
    ]
    method = plan(
        *offices, registered=30, rules=rules(women_seat_mode="NONE"), vacant=frozenset(vacant)
    )
    given = ballots((10, {"c": "A", "v": "C", "m": "DE"}), (10, {"c": "B", "v": "C", "m": "DE"}))
    return method, poll(given)


def test_with_three_seated_a_meeting_may_leave_the_chair_empty():
    method, first = village()
    [need] = count(method, [first]).needs
    assert (need.contest, need.required, need.persons) == ("c", False, ("A", "B"))
    left = count(*(lambda m, f: (m, [f]))(*village(vacant=["c"])))
    assert left.standing is Standing.COMPLETE
    assert sentences(left)[-2] == "主任暂缺，由副主任C某主持工作。"


def test_a_rerun_that_seats_nobody_leaves_the_seat_to_the_vice():
    method, first = village()
    result = count(method, [first, rerun("c", "AB", ballots((16, {"c": ""})))])
    assert result.standing is Standing.COMPLETE
    assert result.vacancies["c"] == 1
    assert "主任暂缺，由副主任C某主持工作。" in sentences(result)


def test_a_rerun_with_too_few_voters_is_void_and_asked_for_again():
    method, first = village()
    result = count(method, [first, rerun("c", "AB", ballots((15, {"c": "A"})))])
    assert (result.seated("c"), [need.contest for need in result.needs]) == ((), ["c"])
    assert result.polls[1].valid is False
    assert count(method, [first, rerun("c", "AB", ballots((16, {"c": "A"})))]).seated("c") == ("A",)


@pytest.mark.parametrize(
    ("method", "turnout", "valid"),
    [
        ({}, 30, False),
        ({}, 31, True),
        ({"rerun_quorum_basis": "NONE"}, 1, True),
        ({"rerun_quorum_basis": "OWN", "rerun_quorum": ">1/2"}, 22, False),
        ({"rerun_quorum_basis": "OWN", "rerun_quorum": ">1/2"}, 23, True),
    ],
)
def test_a_rerun_of_delegates_needs_as_many_as_the_first_vote_or_what_was_adopted(
    method, turnout, valid
):
    made = plan(
        contest("m", 1, "AB"),
        registered=45,
        electorate=Electorate.DELEGATES,
        rules=rules(*COMMUNITY, women_seat_mode="NONE", **method),
    )
    held = [poll(ballots((20, {"m": "A"}), (20, {"m": "B"})))]
    held.append(rerun("m", "AB", ballots((turnout, {"m": "A"}))))
    assert count(made, held).seated("m") == (("A",) if valid else ())


def test_whoever_was_written_in_may_stand_again_once_he_is_reviewed():
    written = Column(Status.VALID, ("A",), (), (WriteIn(1, "for", "丙"),))
    given = [Ballot(f"1-{n}", Status.VALID, {"m": written}) for n in range(5)]
    given += ballots((6, {"m": "A"}), (1, {"m": "AB"}), start=20)
    for review, persons in ((Review.PENDING, ("B", "C")), (Review.PASS, ("X", "B"))):
        method = plan(contest("m", 2, "ABC"), registered=20, others="X", rules=PLAIN, X=review)
        [need] = count(method, [poll(given, names=names(丙="X"))]).needs
        assert need.persons == persons
        said = "X某（5 票）没有资格审查结论，通过的也列入。"
        assert (said in need.sentence) is (review is Review.PENDING)


def test_a_rerun_nobody_asked_for_is_not_passed_over():
    method, first = village()
    with pytest.raises(Unreadable, match="委员没有这样的缺额，不能另行选举"):
        count(method, [first, rerun("m", "DF", ballots((20, {"m": "F"})))])
    with pytest.raises(Unreadable, match="主任没有这样的缺额"):
        count(method, [first, rerun("c", "AB", ballots((20, {"c": "A"})), women=True)])
    tied = plan(contest("m", 2, "ABC"), registered=1000, rules=PLAIN)
    held = [poll(apart("m", 600, A=420, B=330, C=330)), rerun("m", "BC", [])]
    with pytest.raises(Unreadable, match="还有职位没有确定"):
        count(tied, held)


def test_the_womans_seat_is_taken_from_one_that_is_empty_anyway():
    method = plan(contest("m", 2, "ABC"), A=Review.BAR)
    result = count(method, [poll(apart("m", 600, A=420, B=350, C=320))])
    assert (result.seated("m"), result.vacancies["m"]) == (("B",), 1)
    assert [(need.women, need.seats) for need in result.needs] == [(True, 1)]


def test_a_tie_in_a_rerun_is_voted_on_again():
    method, first = village()
    held = [first, rerun("c", "AB", ballots((8, {"c": "A"}), (8, {"c": "B"})))]
    [need] = count(method, held).needs
    assert (need.kind, need.persons) == (Needed.RUN_OFF, ("A", "B"))
    held.append(run_off("c", "AB", ballots((3, {"c": "A"}), (5, {"c": "B"}))))
    assert count(method, held).seated("c") == ("B",)


def test_the_kin_of_a_chairman_chosen_later_gives_up_the_lower_seat():
    method, first = village()
    method = replace(method, kin=frozenset([frozenset("AD")]))
    assert count(method, [first]).seated("m") == ("D", "E")
    result = count(method, [first, rerun("c", "AB", ballots((20, {"c": "A"})))])
    assert (result.seated("c"), result.seated("m")) == (("A",), ("E",))
    assert result.reasons["m", "D"] is Reason.KIN
    assert result.vacancies["m"] == 1
    lower = replace(method, kin=frozenset([frozenset("AC")]))
    [need] = count(lower, [first]).needs
    assert need.persons == ("A", "B")  # C is vice, lower than the chair


def test_a_community_has_to_fill_five_seats():
    method = plan(
        contest("m", 5, "ABCDEF"),
        registered=20,
        electorate=Electorate.HOUSEHOLDS,
        rules=rules(*COMMUNITY, women_seat_mode="NONE"),
    )
    [need] = count(method, [poll(ballots((11, {"m": "ABCD"})))]).needs
    assert (need.required, need.persons) == (True, ("E", "F"))
    assert count(method, [poll(ballots((11, {"m": "ABCDE"})))]).standing is Standing.COMPLETE


def test_of_equals_at_the_end_of_the_list_all_stand():
    first = poll(apart("m", 600, A=420, B=200, C=100, D=100))
    [need] = count(plan(contest("m", 2, "ABCD"), rules=PLAIN), [first]).needs
    assert need.persons == ("B", "C", "D")


def test_old_rules_may_add_higher_votes_to_lower_ones():
    offices = [contest("c", 1, "AB", Office.CHAIR), contest("m", 1, "AE")]
    given = ballots((6, {"c": "A"}), (6, {"c": "B", "m": "A"}))
    for flag, seated in ((True, ("A",)), (False, ())):
        method = plan(
            *offices, registered=20, rules=rules(women_seat_mode="NONE", cumulate_downward=flag)
        )
        assert count(method, [poll(given)]).seated("m") == seated


def test_one_seat_reads_as_a_story():
    method = plan(contest("m", 2, "ABC"), kin=["AB"], rules=PLAIN)
    result = count(method, [poll(apart("m", 600, A=420, B=350, C=320))])
    story = [entry.sentence for entry in result.log.story("m", "B")]
    assert story == [
        "登记参加选举 1000 人，名单已定。",
        "投票：各箱平账，1（封条封1）600 张，共收回 600 张。",
        "投票：收回 600 张，不多于发出 600 张。",
        "投票：投票人数 600 人。",
        "投票：有效 600 张、部分有效 0 张、弃权 0 张、废票 0 张，合计 600 张。",
        "投票：投票 600 人，登记 1000 人，要过半数（1200>1000），有效。",
        "委员：投票 600 人，过半数要 301 票。",
        "委员：达到的有：A某 420 票、B某 350 票、C某 320 票。",
        "委员：B某与已就位的A某是近亲属，A某票多，保留；B某不就位，由过半数者依次递补。",
        "委员：就位 2 人，缺额 0，不再变化。",
        "选举有效，当选 2 人。",
    ]
    articles = {entry.step: entry.article for entry in result.log.entries if entry.article}
    assert articles[12] == "村民委员会组织法（2025）第八条"
    assert articles[7] == "村民委员会组织法（2025）第十八条"
    assert articles[2] == "产品设定（elections-count-2026）"

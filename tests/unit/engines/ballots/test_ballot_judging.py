"""The table of domain rule 2.5, row by row, and E13; then which pictures are one ballot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.ballots.papers import a_contest, a_spec
from yukuai.engines.ballots.judging import judge, to_json
from yukuai.engines.ballots.layout import lay_out
from yukuai.engines.ballots.rulings import ParameterError, parse_parameters
from yukuai.engines.ballots.spec import parse_spec

PEOPLE = [("a", "田维国"), ("b", "向春兰"), ("c", "秦勇"), ("d", "龚玉梅")]


def named(*ids, names=PEOPLE):
    return [{"id": one, "name": name} for one, name in names if one in ids]


ZR = a_contest("zr", seats=1, write_ins=1) | {"options": named("a", "b")}
WY = a_contest("wy", seats=2, write_ins=2) | {"options": named("b", "c", "d")}
LAYOUT = lay_out(parse_spec(a_spec(ZR, WY)))


def a_page(marks=(), *, unsure=(), layout=LAYOUT, page=1, **said):
    """A line of READ.jsonl: `marks` as contest.option.column; a name is wy.+1.name."""
    positions = [
        {
            "contest": one.contest,
            "option": one.option,
            "column": one.column,
            "decision": decided(f"{one.contest}.{one.option}.{one.column}", marks, unsure),
        }
        for one in (*layout.page(page).positions, *layout.page(page).names)
    ]
    return {
        "page": page,
        "status": "ok",
        "reason": None,
        "batch": "QS-01",
        "positions": positions,
    } | said


def decided(key, marks, unsure):
    return "definite" if key in marks else "marginal" if key in unsure else "empty"


def a_refusal(reason, **said):
    return {
        "page": None,
        "status": "refused",
        "reason": reason,
        "batch": None,
        "positions": [],
    } | said


def judged(*lines, layout=LAYOUT, rulings=(), **rules):
    parameters = parse_parameters(rules)
    return [to_json(one) for one in judge(layout, lines, rules=parameters, rulings=rulings)]


def one(*marks, rulings=(), unsure=(), **rules):
    (ballot,) = judged(a_page(marks, unsure=unsure), rulings=rulings, **rules)
    return ballot


def a_name(contest, row, name):
    return {"ballot": "QS-01-1", "contest": contest, "row": row, "name": name}


def reasons(contest):
    return [(row["option"], row["reason"]) for row in contest["rows"]]


# Single rows of the table


def test_e13_more_chosen_than_seats_voids_the_contest_and_not_the_ballot():
    ballot = one("wy.b.for", "wy.c.for", "wy.d.for", "zr.a.for")
    assert ballot["status"] == "PARTIAL"
    assert (ballot["contests"]["wy"]["status"], ballot["contests"]["wy"]["reason"]) == (
        "INVALID",
        "OVERVOTE",
    )
    assert ballot["contests"]["wy"]["for"] == []
    assert ballot["contests"]["zr"]["for"] == ["a"]


def test_more_chosen_than_seats_voids_the_ballot_where_the_rules_say_so():
    ballot = one("wy.b.for", "wy.c.for", "wy.d.for", "zr.a.for", overvote="BALLOT")
    assert ballot["status"] == "INVALID"
    assert {contest["reason"] for contest in ballot["contests"].values()} == {"OVERVOTE"}


def test_as_many_as_seats_or_fewer_are_valid_and_rejections_do_not_count_towards_them():
    ballot = one("wy.b.for", "wy.c.for", "wy.d.against")
    assert ballot["status"] == "VALID"
    assert ballot["contests"]["wy"]["for"] == ["b", "c"]
    assert ballot["contests"]["wy"]["against"] == ["d"]
    assert ballot["contests"]["zr"]["status"] == "BLANK"


def test_nothing_marked_is_blank_and_counts_as_a_ballot():
    ballot = one()
    assert ballot["status"] == "BLANK"
    assert {contest["status"] for contest in ballot["contests"].values()} == {"BLANK"}


def test_one_person_in_two_offices_loses_both_rows_or_the_ballot():
    marks = ("zr.b.for", "wy.b.for", "wy.c.for")
    ballot = one(*marks)
    assert ballot["status"] == "VALID"
    assert [ballot["contests"][of]["for"] for of in ("zr", "wy")] == [[], ["c"]]
    assert reasons(ballot["contests"]["wy"]) == [("b", "TWO_OFFICES")]
    assert one(*marks, two_offices="BALLOT")["status"] == "INVALID"


def test_one_person_in_two_offices_is_known_by_a_name_written_by_hand_too():
    marks = ("zr.b.for", "wy.+1.for", "wy.+1.name")
    ballot = one(*marks, rulings=[a_name("wy", 1, "向春兰")])
    assert [ballot["contests"][of]["for"] for of in ("zr", "wy")] == [[], []]
    marks = ("zr.+1.for", "zr.+1.name", "wy.+1.for", "wy.+1.name")
    ballot = one(*marks, rulings=[a_name("zr", 1, "罗世全"), a_name("wy", 1, "罗世全")])
    assert [ballot["contests"][of]["write_ins"][0]["mark"] for of in ("zr", "wy")] == [
        "none",
        "none",
    ]


def test_an_office_that_was_overvoted_is_no_office_held():
    ballot = one("zr.b.for", "wy.b.for", "wy.c.for", "wy.d.for")
    assert ballot["contests"]["zr"]["for"] == ["b"]


def test_for_and_against_in_one_row_voids_the_row_or_asks_people():
    marks = ("wy.b.for", "wy.b.against", "wy.c.for")
    ballot = one(*marks)
    assert ballot["contests"]["wy"]["for"] == ["c"]
    assert reasons(ballot["contests"]["wy"]) == [("b", "CONTRADICTION")]
    asked = one(*marks, contradiction="DISPUTED")
    assert (asked["status"], asked["contests"]["wy"]["reason"]) == ("DISPUTED", "CONTRADICTION")


def test_a_row_that_was_voided_does_not_make_too_many():
    ballot = one("wy.b.for", "wy.b.against", "wy.c.for", "wy.d.for")
    assert ballot["contests"]["wy"]["status"] == "VALID"


def test_what_cannot_be_read_is_disputed_and_names_its_boxes():
    ballot = one("wy.c.for", unsure=("wy.b.for",))
    assert ballot["status"] == "DISPUTED"
    contest = ballot["contests"]["wy"]
    assert (contest["status"], contest["reason"]) == ("DISPUTED", "MARGINAL")
    assert contest["unsure"] == [{"option": "b", "column": "for"}]
    assert ballot["contests"]["zr"]["status"] == "BLANK"


def test_people_decide_what_was_marginal_and_the_rest_stays():
    ruling = {"ballot": "QS-01-1", "contest": "wy", "option": "b", "column": "for", "marked": True}
    ballot = one("wy.c.for", unsure=("wy.b.for",), rulings=[ruling])
    assert ballot["contests"]["wy"]["for"] == ["b", "c"]
    ballot = one("wy.c.for", unsure=("wy.b.for",), rulings=[ruling, ruling | {"marked": False}])
    assert ballot["contests"]["wy"]["for"] == ["c"]


def test_a_name_waits_for_people_and_then_is_text_or_an_option():
    marks = ("wy.+1.for", "wy.+1.name", "wy.c.for")
    waiting = one(*marks)["contests"]["wy"]
    assert waiting["status"] == "VALID"
    assert waiting["write_ins"] == [{"row": 1, "mark": "for", "name": None}]
    assert waiting["unsure"] == [{"option": "+1", "column": "name"}]
    named = one(*marks, rulings=[a_name("wy", 1, "罗世全")])["contests"]["wy"]
    assert named["write_ins"] == [{"row": 1, "mark": "for", "name": "罗世全"}]
    assert named["unsure"] == []


def test_a_candidate_written_by_hand_counts_once():
    marks = ("wy.+1.for", "wy.+1.name", "wy.c.for")
    contest = one(*marks, rulings=[a_name("wy", 1, "秦勇")])["contests"]["wy"]
    assert (contest["for"], contest["write_ins"]) == (["c"], [])
    assert reasons(contest) == [("+1", "ALREADY_CHOSEN")]
    contest = one(*marks, rulings=[a_name("wy", 1, "龚玉梅")])["contests"]["wy"]
    assert contest["for"] == ["c", "d"]
    assert contest["write_ins"] == [{"row": 1, "mark": "for", "name": "d"}]


def test_a_candidate_rejected_in_his_row_and_written_by_hand_is_neither():
    marks = ("wy.c.against", "wy.+1.for", "wy.+1.name")
    contest = one(*marks, rulings=[a_name("wy", 1, "秦勇")])["contests"]["wy"]
    assert (contest["for"], contest["against"], contest["write_ins"]) == ([], [], [])
    assert reasons(contest) == [("c", "CONTRADICTION"), ("+1", "CONTRADICTION")]


def test_one_name_in_two_rows_counts_once():
    marks = ("wy.+1.for", "wy.+1.name", "wy.+2.for", "wy.+2.name", "wy.c.for")
    names = [a_name("wy", 1, "罗世全"), a_name("wy", 2, "罗世全")]
    contest = one(*marks, rulings=names)["contests"]["wy"]
    assert (contest["status"], len(contest["write_ins"])) == ("VALID", 1)


def test_names_not_yet_read_that_may_be_too_many_are_disputed():
    marks = ("wy.+1.for", "wy.+1.name", "wy.b.for", "wy.c.for")
    contest = one(*marks)["contests"]["wy"]
    assert (contest["status"], contest["reason"]) == ("DISPUTED", "WRITE_IN")
    assert one(*marks, rulings=[a_name("wy", 1, "秦勇")])["contests"]["wy"]["status"] == "VALID"
    assert (
        one(*marks, rulings=[a_name("wy", 1, "罗世全")])["contests"]["wy"]["reason"] == "OVERVOTE"
    )


def test_a_name_that_cannot_be_read_voids_its_row():
    contest = one("wy.+1.for", "wy.+1.name", "wy.c.for", rulings=[a_name("wy", 1, "")])["contests"][
        "wy"
    ]
    assert (contest["for"], contest["write_ins"]) == (["c"], [])
    assert reasons(contest) == [("+1", "ILLEGIBLE")]


def test_a_name_two_candidates_have_is_for_people_until_they_say_which():
    twice = [("a", "秦勇"), ("b", "秦勇"), ("c", "田维国")]
    contest = a_contest("wy", seats=1, write_ins=1) | {"options": named("a", "b", "c", names=twice)}
    layout = lay_out(parse_spec(a_spec(contest)))
    page = a_page(("wy.+1.for", "wy.+1.name"), layout=layout)
    (ballot,) = judged(page, layout=layout, rulings=[a_name("wy", 1, "秦勇")])
    assert ballot["contests"]["wy"]["reason"] == "SAME_NAME"
    (ballot,) = judged(page, layout=layout, rulings=[a_name("wy", 1, "b")])
    assert ballot["contests"]["wy"]["for"] == ["b"]


def test_a_mark_without_a_name_is_a_void_row_and_a_name_without_a_mark_goes_by_the_rules():
    assert reasons(one("wy.+1.for")["contests"]["wy"]) == [("+1", "NO_NAME")]
    asked = one("wy.+1.name")["contests"]["wy"]
    assert (asked["status"], asked["reason"]) == ("DISPUTED", "NO_MARK")
    assert one("wy.+1.name", bare_name="NONE")["contests"]["wy"]["write_ins"] == []
    counted = one("wy.+1.name", bare_name="FOR")["contests"]["wy"]
    assert counted["write_ins"] == [{"row": 1, "mark": "for", "name": None}]


def test_a_signature_or_a_secret_mark_is_for_the_committee_which_may_void_the_ballot():
    ballot = one("wy.c.for", rulings=[{"ballot": "QS-01-1", "status": "INVALID"}])
    assert (ballot["status"], ballot["reason"], ballot["contests"]) == ("INVALID", "RULED", {})


@pytest.mark.parametrize("reason", ["NOT_THIS_ELECTION", "FOREIGN_PAPER", "BLANK_PAGE"])
def test_paper_that_is_not_ours_is_foreign(reason):
    (ballot,) = judged(a_refusal(reason))
    assert (ballot["status"], ballot["reason"], ballot["contests"]) == ("FOREIGN", reason, {})


@pytest.mark.parametrize("reason", ["TORN", "UNREADABLE_CODE", "DUPLICATE_IMAGE", "OTHER_EDITION"])
def test_what_may_be_ours_is_disputed_until_people_have_said_what_is_on_it(reason):
    (ballot,) = judged(a_refusal(reason))
    assert (ballot["status"], ballot["reason"]) == ("DISPUTED", reason)
    assert {one["reason"] for one in ballot["contests"].values()} == {"PAGE_REFUSED"}
    seen = [
        {"ballot": "QS-01-1", "contest": "zr", "for": ["a"], "against": []},
        {
            "ballot": "QS-01-1",
            "contest": "wy",
            "for": [],
            "against": ["b"],
            "write_ins": [{"row": 1, "mark": "for", "name": "罗世全"}],
        },
    ]
    (ballot,) = judged(a_refusal(reason), rulings=seen)
    assert ballot["status"] == "VALID"
    assert ballot["contests"]["wy"]["write_ins"] == [{"row": 1, "mark": "for", "name": "罗世全"}]


@given(st.sets(st.sampled_from([f"wy.{o}.{c}" for o in "bcd" for c in ("for", "against")])))
def test_no_contest_ever_has_more_than_its_seats_or_one_person_on_both_sides(marks):
    contest = one(*marks)["contests"]["wy"]
    assert len(contest["for"]) <= 2
    assert not set(contest["for"]) & set(contest["against"])


def test_rules_and_rulings_that_make_no_sense_are_told():
    with pytest.raises(ParameterError, match="不认识的判票参数：colour。"):
        parse_parameters({"colour": "red"})
    with pytest.raises(ParameterError, match="overvote 应当是 CONTEST、BALLOT 之一。"):
        parse_parameters({"overvote": "ROW"})
    with pytest.raises(ParameterError, match="缺少字段"):
        one(rulings=[{"ballot": "QS-01-1", "contest": "wy"}])
    with pytest.raises(ParameterError, match="只能是 INVALID"):
        one(rulings=[{"ballot": "QS-01-1", "status": "VALID"}])


# Pictures of one ballot

LONG = lay_out(parse_spec(a_spec(a_contest("db", options=40, seats=9, write_ins=0))))


def pages_of(*lines, layout=LONG):
    return [(ballot["pages"], ballot["status"]) for ballot in judged(*lines, layout=layout)]


def front(**said):
    return a_page(layout=LONG, page=1, **said)


def back(**said):
    return a_page(layout=LONG, page=2, **said)


def test_both_sides_of_a_sheet_are_one_ballot_in_any_order():
    assert LONG.papers == ((1, 2),)
    assert pages_of(front(), back(), back(), front()) == [([1, 2], "BLANK"), ([3, 4], "BLANK")]


def test_a_side_that_is_missing_or_was_refused_leaves_the_ballot_to_people():
    assert pages_of(front(), front(), back()) == [([1], "DISPUTED"), ([2, 3], "BLANK")]
    torn = a_refusal("TORN")
    assert pages_of(torn, back(), front(), torn) == [([1, 2], "DISPUTED"), ([3, 4], "DISPUTED")]
    assert pages_of(front(), back(batch="QS-02")) == [([1], "DISPUTED"), ([2], "DISPUTED")]


def test_a_foreign_sheet_between_two_sides_parts_them_and_is_a_ballot_of_its_own():
    lines = (front(), a_refusal("FOREIGN_PAPER"), front(), back())
    assert pages_of(*lines) == [([1], "DISPUTED"), ([2], "FOREIGN"), ([3, 4], "BLANK")]


def test_the_blank_back_of_a_sheet_is_no_ballot_but_a_blank_sheet_is_foreign():
    blank = a_refusal("BLANK_PAGE")
    lines = (a_page(), blank, blank, a_page(), blank)
    assert pages_of(*lines, layout=LAYOUT) == [([1], "BLANK"), ([3], "FOREIGN"), ([4], "BLANK")]
    assert pages_of(blank, a_page(), layout=LAYOUT) == [([2], "BLANK")]


def test_contests_on_papers_of_their_own_are_ballots_of_their_own():
    layout = lay_out(parse_spec(a_spec(ZR, WY, one_paper=False)))
    lines = (a_page(layout=layout, page=2), a_page(layout=layout, page=1))
    assert [list(ballot["contests"]) for ballot in judged(*lines, layout=layout)] == [
        ["wy"],
        ["zr"],
    ]


def test_a_ballot_is_named_by_its_batch_and_its_first_picture():
    ballots = judged(a_page(), a_page(batch="QS-02"), a_refusal("TORN"))
    assert [ballot["ballot"] for ballot in ballots] == ["QS-01-1", "QS-02-2", "QS-01-3"]

"""拆单: each part goes its own way by the table; the resident has one number and one timeline."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import (
    CLERK,
    COLLEAGUE,
    DISTRICT,
    ELSEWHERE,
    LIN,
    NEIGHBOUR,
    TOWN,
    TWO,
    count_by_child,
    read,
)
from tests.conftest import NOON
from tests.db.cases.test_handling import running
from tests.db.cases.test_moves import snapshot, walk
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions, statistics
from yukuai.cases.actions.parts import Share
from yukuai.cases.filters import Filter, filter_cases
from yukuai.cases.models import Case
from yukuai.cases.parts import find_main, list_parts
from yukuai.cases.public import count_since
from yukuai.cases.queries import list_changed_cases, list_own_cases
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture
def water(places):
    return Department.objects.create(
        division=places[2], name="区水利局", short_name="水利局", kind="水利"
    )


@pytest.fixture
def plumber(water):
    return officer(Role.DEPT_OP, "1.2.", user_id=72, department_id=water.pk)


@pytest.fixture
def split(raised, steps, water):
    """A main matter with the squad, one part with the community, one with the water office."""

    def make(**told):
        case = raised(**told)
        walk(case, steps, "triaged")
        shares = (
            Share("换楼道灯。", "minor", 112),
            Share("查一查水管是不是漏到电线上。", "major", 2, water.pk),
        )
        made = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
        steps["dispatch"](case)
        steps["sign"](case)
        return read(case.pk), *[read(part.pk) for part in made]

    return make


@pytest.fixture
def part_steps(plumber):
    """One right way to make each move with a part of the water office."""
    one = {"at": NOON}
    return {
        "sign": lambda p: actions.sign_case(plumber, case_id=p.pk, **one),
        "reply": lambda p: actions.reply_case(
            plumber, case_id=p.pk, answer="水管修好了。", outcome="solved", **one
        ),
        "send_back": lambda p: actions.send_back(CLERK, case_id=p.pk, reason="还漏。", **one),
        "finish": lambda p: actions.finish_part(CLERK, case_id=p.pk, **one),
        "request_return": lambda p: actions.request_return(
            plumber, case_id=p.pk, reason="归供水公司。", **one
        ),
        "grant_return": lambda p: actions.decide_return(
            TOWN, case_id=p.pk, granted=True, reason="", **one
        ),
        "cancel_part": lambda p: actions.cancel_part(
            CLERK, case_id=p.parent_id, part_id=p.pk, reason="不用查了。", **one
        ),
        "review": lambda p: actions.review_case(CLERK, case_id=p.pk, **one),
        "visit": lambda p: actions.record_visit(
            COLLEAGUE, case_id=p.pk, reached=False, answers=actions.closing.Answers(), **one
        ),
        "close": lambda p: actions.close_case(CLERK, case_id=p.pk, **one),
        "withdraw": lambda p: actions.withdraw_case(LIN, case_id=p.pk, **one),
        "split_at_unit": lambda p: actions.split_case(plumber, case_id=p.pk, shares=TWO, **one),
    }


PART_PATHS = {
    "dispatched": [],
    "handling": ["sign"],
    "replied": ["sign", "reply"],
    "finished": ["sign", "reply", "finish"],
    "return-requested": ["request_return"],
    "triaged": ["request_return", "grant_return"],
    "cancelled": ["cancel_part"],
}
NEVER_A_PART = {"review", "visit", "close", "withdraw", "split_at_unit"}


def finish(part, steps):
    for name in ("sign", "reply", "finish"):
        steps[name](part)


def do_at_home(part):
    """The part that the community has: one signs and replies, another one checks."""
    actions.sign_case(CLERK, case_id=part.pk, at=NOON)
    actions.reply_case(CLERK, case_id=part.pk, answer="灯换了。", outcome="solved", at=NOON)
    actions.finish_part(COLLEAGUE, case_id=part.pk, at=NOON)


def test_parts_have_numbers_of_the_main_one_and_nothing_of_the_resident(split):
    main, lamps, pipes = split(name="林小满", phone="19900000417", lon=106.5, lat=29.5)
    assert [p.number for p in (lamps, pipes)] == [f"{main.number}-1", f"{main.number}-2"]
    for part in (lamps, pipes):
        assert part.parent_id == main.pk
        assert part.source == "split"
        assert (part.holders, part.reporter_id, part.phone_hash) == ([], None, "")
        assert (part.area, part.lon, part.lat) == (main.area, 106.5, 29.5)
        assert part.rule_pack_id == main.rule_pack_id
    assert (lamps.triage, lamps.state, lamps.unit_area) == ("minor", "dispatched", "1.2.12.112.")
    assert (pipes.triage, pipes.state, pipes.unit_area) == ("major", "dispatched", "1.2.")
    assert lamps.title == "换楼道灯"


def test_every_move_of_a_part_is_made_by_the_table_or_refused_and_changes_nothing(
    split, part_steps
):
    for state, path in PART_PATHS.items():
        _main, _lamps, part = split()
        for name in path:
            part_steps[name](part)
        assert read(part.pk).state == state
        offered = {m.name for m in CASE_WORKFLOW.moves_from(state)} - NEVER_A_PART
        before = snapshot(part)
        for name in part_steps.keys() - offered:
            with pytest.raises(DomainError) as refusal:
                part_steps[name](part)
            assert refusal.value.message.endswith("。"), (state, name)
            assert snapshot(part) == before, (state, name)


def test_the_end_of_a_part_is_no_end_of_a_main_matter(raised, steps):
    case = raised()
    walk(case, steps, "replied")
    with pytest.raises(Conflict, match="这不是分单"):
        actions.finish_part(CLERK, case_id=case.pk, at=NOON)
    assert read(case.pk).state == "replied"


def test_the_handler_of_a_part_does_not_check_it_himself(split):
    _main, lamps, _pipes = split()
    actions.sign_case(CLERK, case_id=lamps.pk, at=NOON)
    actions.reply_case(CLERK, case_id=lamps.pk, answer="换了。", outcome="solved", at=NOON)
    with pytest.raises(Conflict, match="另一个人"):
        actions.finish_part(CLERK, case_id=lamps.pk, at=NOON)
    actions.finish_part(COLLEAGUE, case_id=lamps.pk, at=NOON)
    assert read(lamps.pk).closed_at == NOON
    assert running(lamps) == {}


def test_the_main_matter_is_answered_when_every_part_is_done(split, steps, part_steps):
    main, lamps, pipes = split()
    with pytest.raises(Conflict, match="还有 2 份分单没有办完"):
        steps["reply"](main)
    do_at_home(lamps)
    with pytest.raises(Conflict, match="还有 1 份分单没有办完"):
        steps["reply"](main)
    assert read(main.pk).state == "handling"
    finish(pipes, part_steps)
    steps["reply"](main)
    for name in ("review", "visit", "close", "rate"):
        steps[name](main)
    assert read(main.pk).state == "rated"


def test_a_cancelled_part_is_not_waited_for(split, steps, part_steps):
    main, lamps, pipes = split()
    do_at_home(lamps)
    part_steps["cancel_part"](pipes)
    steps["reply"](main)
    assert read(main.pk).state == "replied"
    assert running(pipes) == {}


def test_the_resident_reads_one_timeline_and_of_the_parts_what_they_say(split, part_steps):
    main, lamps, pipes = split()
    finish(pipes, part_steps)
    do_at_home(lamps)
    with scope((), LIN.holders):
        assert [c.number for c in list_own_cases(LIN)] == [main.number]
        assert Case.objects.count() == 1
        rows = StateChange.objects.exclude(said="").order_by("pk")
        told = [(c.object_id, c.move, c.actor.rpartition("，")[2], c.said) for c in rows]
    assert {row[0] for row in told} == {main.pk}
    assert (main.pk, "part-sign", "区水利局", "区水利局已经接手。") in told
    assert (main.pk, "part-reply", "区水利局", "水管修好了。") in told
    assert (main.pk, "part-reply", "南社区", "灯换了。") in told
    assert not any("换楼道灯" in said for *_rest, said in told)
    assert not any("定为“小事”" in said for *_rest, said in told)


@pytest.mark.parametrize("table", ["cases_case", "workflow_statechange", "workflow_deadline"])
def test_by_raw_sql_the_resident_has_no_row_of_a_part(split, table):
    main, lamps, pipes = split()
    column = "id" if table == "cases_case" else "object_id"
    parts = [lamps.pk, pipes.pk]
    with scope((), LIN.holders), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s)", [parts])
        assert cursor.fetchone() == (0,)
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [main.pk])
        assert cursor.fetchone()[0] > 0


def test_no_clock_of_a_part_ends_after_the_promise_to_the_resident(split, part_steps):
    main, lamps, pipes = split()
    for part in (lamps, pipes):
        assert part.promised_at <= main.promised_at
        assert all(clock.due_at <= main.promised_at for clock in running(part).values())
    finish_in_time = main.promised_at - timedelta(hours=2)
    for name in ("sign", "reply"):
        part_steps[name](pipes)
    actions.send_back(CLERK, case_id=pipes.pk, reason="还漏。", at=finish_in_time)
    assert running(pipes)["resolve"].due_at == main.promised_at


def test_a_part_of_a_late_matter_is_late_from_its_first_moment(raised, steps):
    case = raised()
    walk(case, steps, "handling")
    promised = read(case.pk).promised_at
    after = promised + timedelta(days=2)
    made = actions.split_case(steps_squad(case), case_id=case.pk, shares=TWO, at=after)
    for part in made:
        assert read(part.pk).promised_at == promised
        assert {clock.due_at for clock in running(part).values()} == {promised}


def steps_squad(case):
    row = read(case.pk)
    return officer(Role.DEPT_OP, row.unit_area, user_id=61, department_id=row.unit_department_id)


def test_another_class_of_the_main_matter_shortens_its_parts(raised, steps, water):
    case = raised()
    walk(case, steps, "triaged")
    shares = (Share("换灯。", "major", 2, water.pk), Share("查线路。", "major"))
    made = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    assert read(made[0].pk).promised_at == read(case.pk).promised_at
    steps["retriage"](case)
    promised = read(case.pk).promised_at
    assert promised.isoformat() == "2026-03-09T16:00:00+00:00"
    for part in made:
        assert read(part.pk).promised_at == promised
        assert all(clock.due_at <= promised for clock in running(part).values())


def test_an_extension_of_a_part_stays_within_the_main_promise(split, part_steps, plumber):
    main, lamps, pipes = split()
    part_steps["sign"](pipes)
    with pytest.raises(InvalidInput, match="不能晚过主单答应居民的时间（3月16日）"):
        actions.ask_extension(plumber, case_id=pipes.pk, working_days=1, reason="等配件。", at=NOON)
    assert read(pipes.pk).state == "handling"
    actions.sign_case(CLERK, case_id=lamps.pk, at=NOON)
    actions.ask_extension(CLERK, case_id=lamps.pk, working_days=2, reason="等灯。", at=NOON)
    actions.decide_extension(
        TOWN, case_id=lamps.pk, granted=True, working_days=2, reason="", at=NOON
    )
    assert read(lamps.pk).promised_at.isoformat() == "2026-03-11T16:00:00+00:00"
    assert read(main.pk).promised_at == main.promised_at


def test_a_matter_is_counted_once(split, part_steps, places):
    _main, lamps, pipes = split()
    finish(pipes, part_steps)
    do_at_home(lamps)
    since = NOON - timedelta(days=1)
    figures = count_since(TOWN, area="1.2.", since=since)
    assert (figures.received, figures.closed) == (1, 0)
    span = statistics.Span(since, LATER)
    with scope(DISTRICT.areas), statistics.counting(DISTRICT, within=places[2]) as subtree:
        counted = count_by_child(subtree, span=span, at=LATER, midnight=LATER)
        categories = statistics.count_categories(subtree, span=span, before=since)
    numbers = counted["12"]
    assert (numbers.received, numbers.closed, numbers.replied, numbers.open) == (1, 0, 0, 1)
    assert categories == [("没有选类", 1, 0)]


def test_a_matter_that_is_late_with_all_its_parts_is_one_late_matter(split, places):
    main, _lamps, _pipes = split()
    late = main.promised_at + timedelta(days=1)
    span = statistics.Span(NOON - timedelta(days=1), late)
    with scope(DISTRICT.areas), statistics.counting(DISTRICT, within=places[2]) as subtree:
        counted = count_by_child(subtree, span=span, at=late, midnight=late)
    assert counted["12"].overdue == 1


def numbers_in(actor, **wanted):
    with scope(actor.areas, actor.holders):
        return {case.number for case in filter_cases(actor, wanted=Filter(**wanted))}


def test_lists_show_a_matter_once_and_its_parts_to_whoever_has_nothing_else(split, plumber, squad):
    main, lamps, pipes = split()
    for actor in (CLERK, TOWN, DISTRICT, squad):
        assert numbers_in(actor) == {main.number}
    assert numbers_in(plumber) == {pipes.number}
    assert numbers_in(TOWN, parts=True) == {main.number, lamps.number, pipes.number}
    assert numbers_in(TOWN, text=lamps.number) == {lamps.number}
    with scope(TOWN.areas):
        followed = list_changed_cases(TOWN, since=None, after=None)
        assert [case.number for case in followed] == [main.number]


def test_whoever_has_a_part_reads_what_was_said_and_no_more(split, plumber):
    main, lamps, pipes = split(name="林小满", phone="19900000417", wanted="快一点")
    with scope(plumber.areas, plumber.holders):
        seen = find_main(plumber, case=Case.objects.get(pk=pipes.pk))
        assert (seen.number, seen.body, seen.may_open) == (main.number, main.body, False)
    for case in (main, lamps):
        with pytest.raises(NotFound):
            actions.reveal_contact(plumber, case_id=case.pk, purpose="ask", at=NOON)
    with pytest.raises(Conflict, match="请主单的牵头单位"):
        actions.reveal_contact(plumber, case_id=pipes.pk, purpose="ask", at=NOON)
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="case.contact").exists()


def test_the_lead_reads_what_became_of_the_parts_wherever_they_lie(split, squad, part_steps):
    main, lamps, pipes = split()
    finish(pipes, part_steps)
    with scope(squad.areas, squad.holders):
        parts = list_parts(squad, case=Case.objects.get(pk=main.pk))
    assert [(p.number, p.unit, p.answer, p.may_open) for p in parts] == [
        (lamps.number, "南社区", "", False),
        (pipes.number, "区水利局", "水管修好了。", False),
    ]


@pytest.mark.parametrize("actor", [NEIGHBOUR, ELSEWHERE, LIN])
def test_whoever_may_not_look_at_the_matter_does_not_split_it(raised, steps, actor):
    case = raised()
    walk(case, steps, "triaged")
    before = snapshot(case)
    with pytest.raises(NotFound):
        actions.split_case(actor, case_id=case.pk, shares=TWO, at=NOON)
    assert snapshot(case) == before


def test_an_upper_level_does_not_split_what_a_unit_has_in_hand(raised, steps):
    case = raised()
    walk(case, steps, "handling")
    with pytest.raises(NotPermitted, match="不在您单位手里"):
        actions.split_case(TOWN, case_id=case.pk, shares=TWO, at=NOON)
    with scope(EVERYWHERE):
        assert not Case.objects.filter(parent=case.pk).exists()


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (TWO[:1], "至少拆成 2 份"),
        (TWO * 4, "最多再拆 6 份"),
        ((Share(" ", "minor"), TWO[0]), "写明这一份办什么"),
        ((Share("换灯。", ""), TWO[0]), "选大事、小事还是私事"),
        ((Share("换灯。", "major", 112), TWO[0]), "大事不能交社区办"),
        ((Share("换灯。", "minor", 111), TWO[0]), "不管这个地方"),
    ],
)
def test_a_split_that_cannot_be_made_makes_nothing(raised, steps, shares, said):
    case = raised()
    walk(case, steps, "triaged")
    before = snapshot(case)
    with pytest.raises(InvalidInput, match=said):
        actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    assert snapshot(case) == before
    with scope(EVERYWHERE):
        assert Case.objects.count() == 1


def test_the_parts_of_a_department_wait_for_the_desk_with_the_class_it_proposed(raised, steps):
    case = raised()
    walk(case, steps, "handling")
    squad = steps_squad(case)
    sent = (Share("换灯。", "minor", 112), TWO[1])
    with pytest.raises(InvalidInput, match="由社区或街道来派"):
        actions.split_case(squad, case_id=case.pk, shares=sent, at=NOON)
    made = actions.split_case(squad, case_id=case.pk, shares=TWO, at=NOON)
    assert [(read(p.pk).state, read(p.pk).triage) for p in made] == [
        ("accepted", "minor"), ("accepted", "major"),
    ]  # fmt: skip
    assert running(made[0])["triage"].owner_area == "1.2.12.112."
    actions.triage_case(CLERK, case_id=made[0].pk, triage="minor", at=NOON)
    actions.dispatch_case(CLERK, case_id=made[0].pk, unit_id=112, at=NOON)
    assert read(made[0].pk).state == "dispatched"


def test_the_lead_takes_back_what_nobody_has_signed_for(split, squad, part_steps):
    main, lamps, pipes = split()
    part_steps["sign"](pipes)
    one = {"case_id": main.pk, "at": NOON}
    with pytest.raises(Conflict, match="已经有单位签收"):
        actions.cancel_part(squad, part_id=pipes.pk, reason="算了。", **one)
    with pytest.raises(InvalidInput, match="写明为什么撤销"):
        actions.cancel_part(squad, part_id=lamps.pk, reason=" ", **one)
    actions.cancel_part(squad, part_id=lamps.pk, reason="灯已经亮了。", **one)
    assert (read(lamps.pk).state, read(pipes.pk).state) == ("cancelled", "handling")
    with scope(EVERYWHERE):
        line = StateChange.objects.get(object_id=lamps.pk, move="cancel_part")
        assert (line.reason, line.user_id) == ("灯已经亮了。", 61)
        entry = AuditEntry.objects.get(act="case.cancel_part")
        assert (entry.target, entry.user_id) == (lamps.number, 61)


def test_a_part_is_not_taken_back_through_another_matter_or_by_its_own_unit(split, raised, plumber):
    _main, _lamps, pipes = split()
    other = raised()
    with pytest.raises(NotFound):
        actions.cancel_part(CLERK, case_id=other.pk, part_id=pipes.pk, reason="试。", at=NOON)
    with pytest.raises(NotFound):
        actions.cancel_part(
            plumber, case_id=pipes.parent_id, part_id=pipes.pk, reason="试。", at=NOON
        )
    assert read(pipes.pk).state == "dispatched"


def test_another_part_may_join_and_numbers_go_on_behind_what_was_cancelled(
    split, squad, part_steps
):
    main, _lamps, pipes = split()
    part_steps["cancel_part"](pipes)
    [third] = actions.split_case(squad, case_id=main.pk, shares=TWO[:1], at=NOON)
    assert third.number == f"{main.number}-3"


def test_a_private_matter_is_not_split_and_a_split_one_does_not_become_private(raised, steps):
    case = raised()
    steps["accept"](case)
    actions.triage_case(CLERK, case_id=case.pk, triage="private", at=NOON)
    with pytest.raises(Conflict, match="私事不拆单"):
        steps["split_at_desk"](case)
    steps["retriage"](case)
    steps["split_at_desk"](case)
    with pytest.raises(InvalidInput, match="还有分单在办"):
        actions.retriage_case(CLERK, case_id=case.pk, triage="private", reason="改。", at=NOON)
    assert read(case.pk).triage == "minor"


def test_the_resident_withdraws_while_no_part_was_given_out(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    made = actions.split_case(CLERK, case_id=case.pk, shares=TWO, at=NOON)
    steps["withdraw"](case)
    assert read(case.pk).state == "withdrawn"
    assert {read(p.pk).state for p in made} == {"cancelled"}
    assert all(running(p) == {} for p in made)


def test_but_not_when_somebody_is_on_the_way(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    shares = (Share("换灯。", "minor", 112), TWO[1])
    made = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    with pytest.raises(Conflict, match="已经派人去办了"):
        steps["withdraw"](case)
    assert read(case.pk).state == "triaged"
    assert [read(p.pk).state for p in made] == ["dispatched", "triaged"]


def test_a_split_matter_stays_where_it_lies_until_its_parts_are_done(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    made = actions.split_case(CLERK, case_id=case.pk, shares=TWO, at=NOON)
    move = {"division_id": 113, "reason": "在坡社区的地界。", "at": NOON}
    for one in (case, made[0]):
        with pytest.raises(Conflict, match="拆过单"):
            actions.relocate_case(TOWN, case_id=one.pk, **move)
    for part in made:
        actions.cancel_part(CLERK, case_id=case.pk, part_id=part.pk, reason="错了。", at=NOON)
    actions.relocate_case(TOWN, case_id=case.pk, **move)
    assert {read(p.pk).area for p in (case, *made)} == {"1.2.12.113."}
    with scope(CLERK.areas):
        assert not StateChange.objects.exists()


def test_a_reopened_matter_may_be_split_once_more(split, steps, part_steps):
    main, lamps, pipes = split()
    do_at_home(lamps)
    finish(pipes, part_steps)
    for name in ("reply", "review", "visit", "close", "reopen", "dispatch", "sign"):
        steps[name](main)
    made = actions.split_case(steps_squad(main), case_id=main.pk, shares=TWO, at=NOON)
    assert [p.number for p in made] == [f"{main.number}-3", f"{main.number}-4"]

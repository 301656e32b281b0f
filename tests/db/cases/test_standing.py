"""How things stand, kept by rounds: at every moment what the rows say, at every level."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.casework import CLERK, COLLEAGUE, DISTRICT, ELSEWHERE, LIN, NEIGHBOUR, TOWN, TWO, read
from tests.conftest import NOON
from tests.db.cases.test_moves import PATHS, walk
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions, standing, statistics
from yukuai.cases.actions.parts import Share
from yukuai.cases.models import Case, Standing, StandingMark, StandingTally
from yukuai.cases.standing import NOW, refresh_standing
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.divisions.models import Division, DivisionChange
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.oversight.queries import get_board
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db
SOON, EVENING = NOON + timedelta(minutes=1), NOON + timedelta(hours=8)
CITY = officer(Role.CITY_OP, "1.", user_id=91)
OTHER = officer(Role.DISTRICT_OP, "1.11.", user_id=92)
BOARDS = (
    *((CITY, 1), (DISTRICT, 2), (OTHER, 11), (TOWN, 12), (ELSEWHERE, 111)),
    *((CLERK, 112), (NEIGHBOUR, 113)),
)
MOVED_OTHERWISE = {"archive", "give_help", "ask_help", "withdraw_help", "gather_help"} | {
    *("cancel_part", "finish", "guide", "object", "part_accepted", "part_triaged"),
}


def write_down(at: Any = NOON) -> int:
    with scope(EVERYWHERE):
        newest = StateChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return refresh_standing(SYSTEM, until=newest, at=at)


def boards(at: Any) -> list[Any]:
    found = []
    for actor, division in BOARDS:
        with scope(actor.areas, actor.holders):
            board = get_board(actor, division_id=division, name="month", at=at)
        found.append((division, board.total, board.lines))
    return found


def from_rows(monkeypatch: Any, at: Any) -> list[Any]:
    with monkeypatch.context() as patch:
        patch.setattr(statistics, "_find_marks", lambda: (None, None))
        return boards(at)


@pytest.fixture
def agree(monkeypatch: Any) -> Any:
    """What was written down, mended by what has moved since, is what the rows say; and they were
    not asked."""

    def check(at: Any = SOON) -> None:
        rows = from_rows(monkeypatch, at)
        with monkeypatch.context() as patch:
            patch.setattr(statistics, "_STANDING", "the rows are not asked")
            assert boards(at) == rows

    return check


@pytest.mark.parametrize(
    "move", [move for move in CASE_WORKFLOW.moves if move.name not in MOVED_OTHERWISE]
)
def test_after_any_move_boards_say_what_the_rows_say(
    raised: Any, steps: Any, agree: Any, move: Any
):
    for source in sorted(move.sources & PATHS.keys()):
        case = raised(urgent=(move.name, source) == ("dispatch", "accepted"))
        walk(case, steps, source)
        assert write_down() != 0
        steps[move.name](case)
        agree()
        agree(EVENING)
    write_down(SOON)
    agree()


def test_after_what_moves_nothing_boards_say_what_the_rows_say(
    raised: Any, steps: Any, squad: Any, agree: Any
):
    case = raised()
    walk(case, steps, "handling")
    write_down()
    actions.supervise_case(DISTRICT, case_id=case.pk, reason="三天没有动静。", at=NOON)
    agree()
    write_down()
    assert boards(SOON)[0][1].supervised == 1
    actions.answer_supervision(squad, case_id=case.pk, answer="配件明天到。", at=NOON)
    agree()


def test_a_matter_that_is_split_counts_once_with_the_clocks_of_its_parts(
    raised: Any, steps: Any, squad: Any, agree: Any
):
    case = raised()
    walk(case, steps, "handling")
    write_down()
    actions.split_case(squad, case_id=case.pk, shares=TWO, at=NOON)
    agree()
    write_down()
    with scope(EVERYWHERE):
        part = Case.objects.filter(parent=case.pk).first()
    assert part is not None
    actions.cancel_part(squad, case_id=case.pk, part_id=part.pk, reason="不用了。", at=NOON)
    agree()
    agree(EVENING)
    write_down(SOON)
    agree()


def test_a_part_goes_its_way_and_is_finished(raised: Any, steps: Any, agree: Any):
    case = raised()
    walk(case, steps, "triaged")
    shares = (Share("换楼道灯。", "minor", 112), Share("查线路。", "major"))
    part, _other = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    one = {"case_id": part.pk, "at": NOON}
    for act in (
        lambda: steps["retriage"](case),
        lambda: steps["dispatch"](case),
        lambda: steps["sign"](case),
        lambda: actions.sign_case(CLERK, **one),
        lambda: actions.reply_case(CLERK, answer="灯换了。", outcome="solved", **one),
        lambda: actions.finish_part(COLLEAGUE, **one),
    ):
        write_down()
        act()
        agree()
        agree(EVENING)


def test_when_the_main_matter_is_withdrawn_the_merged_one_stands_again(raised: Any, agree: Any):
    main, case = raised(), raised()
    actions.merge_case(CLERK, case_id=case.pk, into_id=main.pk, reason="同一盏灯。", at=NOON)
    write_down()
    actions.withdraw_case(LIN, case_id=main.pk, at=NOON)
    agree()
    write_down()
    actions.release_merged(SYSTEM, case_id=main.pk, at=NOON)
    agree()
    assert total_open(1) == 1


def test_what_closed_and_is_archived_stands_no_longer(raised: Any, steps: Any, agree: Any):
    case = raised()
    walk(case, steps, "closed")
    until = read(case.pk).rate_until
    write_down(until)
    assert actions.archive_due(SYSTEM, at=until) == 1
    agree(until)


def test_a_line_that_was_not_whole_yet_is_read_behind_the_mark(raised: Any, steps: Any, agree: Any):
    case = raised()
    write_down()
    steps["accept"](case)
    steps["triage"](case)
    with scope(EVERYWHERE):
        newest = StateChange.objects.latest("pk").pk
    assert refresh_standing(SYSTEM, until=newest - 1, at=NOON) == 1
    assert StandingMark.objects.get().change_id == newest - 1
    agree()
    assert refresh_standing(SYSTEM, until=newest, at=NOON) == 1
    assert write_down() == 0
    agree()


def test_those_who_help_bring_their_clocks(
    raised: Any, steps: Any, squad: Any, places: Any, agree: Any
):
    water = Department.objects.create(division=places[2], name="区水利局", short_name="水利局")
    case = raised()
    walk(case, steps, "handling")
    write_down()
    asked = {"case_id": case.pk, "department_ids": [water.pk], "question": "管线归谁？"}
    actions.ask_help(squad, **asked, at=NOON)
    agree()
    write_down()
    helper = officer(Role.DEPT_OP, "1.2.", user_id=72, department_id=water.pk)
    actions.give_help(helper, case_id=case.pk, opinion="归我们。", at=NOON)
    agree()


def test_a_matter_taken_to_another_district_stands_there_and_no_longer_here(
    raised: Any, agree: Any
):
    case = raised(division_id=1111)
    write_down()
    assert (total_open(11), total_open(2)) == (1, 0)
    actions.relocate_case(CITY, case_id=case.pk, division_id=112, reason="在南社区。", at=NOON)
    assert (total_open(11), total_open(2)) == (0, 1)
    agree()
    write_down()
    agree()
    with scope(EVERYWHERE):
        assert list(Standing.objects.values_list("matter", "area")) == [(case.pk, "1.2.12.112.")]


def total_open(division: int) -> int:
    return next(total.open for one, total, _lines in boards(SOON) if one == division)


def test_a_clock_runs_out_between_two_rounds(raised: Any, agree: Any):
    raised(urgent=True)
    write_down()
    before = boards(NOON + timedelta(minutes=1))[0][1]
    late = boards(NOON + timedelta(hours=3))[0][1]
    assert (before.overdue, late.overdue) == (0, 1)
    agree(NOON + timedelta(hours=3))


def test_who_began_before_the_round_sees_the_moment_he_began_at(raised: Any, agree: Any):
    raised(urgent=True)
    write_down(EVENING)
    assert boards(SOON)[0][1].overdue == 0
    agree(SOON)


def test_a_round_looks_at_what_has_moved_and_at_nothing_else(raised: Any, steps: Any):
    first = raised()
    raised()
    assert write_down() == -1
    assert write_down() == 0
    steps["accept"](first)
    assert write_down(SOON) == 1


def test_on_another_day_the_rows_are_read_until_a_round_has_run(
    raised: Any, agree: Any, monkeypatch: Any
):
    raised()
    write_down()
    tomorrow = NOON + timedelta(days=1)
    assert boards(tomorrow) == from_rows(monkeypatch, tomorrow)
    assert write_down(tomorrow) == -1
    agree(tomorrow)


def test_after_a_change_of_divisions_the_rows_are_read_until_a_round_has_run(
    raised: Any, agree: Any
):
    raised()
    write_down()
    with scope(EVERYWHERE):
        StandingTally.objects.update(open=7)
    assert total_open(1) == 7
    DivisionChange.objects.create(
        key="k",
        title="改名",
        kind="rename",
        effective=date(2026, 3, 2),
        reason="试",
        recorded_at=NOON,
    )
    assert total_open(1) == 1
    assert write_down() == -1
    agree()


def test_far_behind_the_log_everything_is_written_anew(raised: Any, monkeypatch: Any, agree: Any):
    monkeypatch.setattr(standing, "FAR_BEHIND", 2)
    write_down()
    for _ in range(3):
        raised()
    assert write_down(SOON) == -1
    agree()
    assert StandingMark.objects.get().at == SOON


def test_what_is_written_down_for_a_place_is_the_sum_of_its_matters(raised: Any, steps: Any):
    for division in (112, 113, 1111):
        case = raised(division_id=division)
        if division == 112:
            walk(case, steps, "handling")
    write_down()
    with scope(EVERYWHERE):
        matters = list(Standing.objects.values(*NOW))
        sums = list(StandingTally.objects.order_by("area").values("area", *NOW))
    assert [row["area"] for row in sums] == ["1.11.111.", "1.2.12."]
    assert {n: sum(row[n] for row in sums) for n in NOW} == {
        n: sum(row[n] for row in matters) for n in NOW
    }


def test_the_oldest_clocks_tell_the_same_alarms_as_all_of_them(raised: Any, monkeypatch: Any):
    for minutes, division in enumerate((1111, 112, 113, 112, 1111)):
        raised(division_id=division, at=NOON + timedelta(minutes=minutes))
    late = NOON + timedelta(days=9)
    for most in (1, 2, 7):
        told = [alarms(most, late, sample, monkeypatch) for sample in (1, 2, 3, 200)]
        assert told == [told[0]] * 4
    assert [(a.division_id, a.number) for a in alarms(7, late, 200, monkeypatch)] == [
        (112, 2),
        (113, 1),
        (1111, 2),
    ]
    assert alarms(7, NOON, 200, monkeypatch) == []


def alarms(most: int, at: Any, sample: int, monkeypatch: Any) -> list[Any]:
    monkeypatch.setattr(statistics, "_SAMPLE", sample)
    with scope(CITY.areas), statistics.counting(CITY, within=Division.objects.get(pk=1)) as subtree:
        return statistics.list_alarms(subtree, at=at, most=most)


def test_another_district_reads_nothing_of_this_one(raised: Any):
    raised()
    raised(division_id=1111)
    write_down()
    with scope(("1.11.",)), connection.cursor() as cursor:
        for table in ("cases_standing", "cases_standingtally"):
            cursor.execute(f"SELECT DISTINCT area FROM {table}")
            assert all(area.startswith("1.11.") for (area,) in cursor.fetchall())


def test_whoever_raises_a_matter_finds_it_on_the_board_at_once(raised: Any, agree: Any):
    write_down()
    raised(LIN)
    assert total_open(1) == 1
    agree()

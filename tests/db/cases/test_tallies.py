"""The counts behind the boards: kept up by the log, equal to a recount, and never behind today."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.casework import CLERK, DISTRICT, LIN, TOWN
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions, tallies
from yukuai.cases.actions.closing import Answers
from yukuai.cases.models import Case, DayTally, MonthTally, TallyMark
from yukuai.cases.standing import refresh_standing
from yukuai.cases.tallies import refresh_tallies
from yukuai.divisions.following import repoint_rows
from yukuai.divisions.models import DivisionChange
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.oversight.queries import get_board
from yukuai.workflow.models import StateChange

DAY = timedelta(days=1)
GOOD = Answers(contacted=True, solved="yes", satisfied=True)
CITY = officer(Role.CITY_OP, "1.", user_id=91)


LATER = NOON + 7 * DAY
"""Every day of these tests is over then."""


def newest_line() -> int:
    return StateChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def refresh(at: Any = NOON) -> None:
    with scope(EVERYWHERE):
        newest = newest_line()
    while refresh_tallies(SYSTEM, until=newest, at=at):
        pass


def kept() -> list[dict[str, Any]]:
    with scope(EVERYWHERE):
        days = DayTally.objects.order_by("area", "direct", "whole", "day", "category_id").values()
        months = MonthTally.objects.order_by("area", "month").values()
        rows = [*days, *months]
        return [{k: v for k, v in row.items() if k != "id"} for row in rows]


def recounted(at: Any = NOON) -> list[dict[str, Any]]:
    with scope(EVERYWHERE):
        TallyMark.objects.update(recounted_on=date(2000, 1, 1))
    refresh(at)
    return kept()


@pytest.fixture
def lives(raised: Any, steps: Any, lamps: Any) -> Any:
    """Matters of some days, in two districts, each as far as it came."""

    def make() -> list[Case]:
        first = raised(LIN, at=NOON - 3 * DAY, category_id=lamps.pk)
        for name in ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"):
            steps[name](first)
        actions.rate_case(LIN, case_id=first.pk, answers=GOOD, at=NOON)
        second = raised(LIN, at=NOON - DAY)
        for name in ("accept", "triage", "dispatch", "sign", "reply"):
            steps[name](second)
        third = raised(LIN, at=NOON - 10 * DAY, division_id=1111)
        return [first, second, third]

    return make


@pytest.mark.django_db
def test_what_the_log_keeps_up_is_what_a_recount_finds(lives: Any, steps: Any):
    refresh(LATER)
    _first, second, _third = lives()
    refresh(LATER)
    after_life = kept()
    assert after_life
    assert after_life == recounted(LATER)
    actions.send_back(CLERK, case_id=second.pk, reason="5 楼还不亮。", at=NOON + DAY)
    steps["reply"](second)
    refresh(LATER)
    assert kept() == recounted(LATER)


@pytest.mark.django_db
def test_a_round_counts_days_that_are_over_for_today_is_read_from_the_rows(raised: Any):
    raised(LIN, at=NOON - DAY)
    refresh()
    raised(LIN, at=NOON - DAY)
    raised(LIN, at=NOON)
    refresh()
    rows = [row for row in kept() if row["area"] == "1.2.12." and "day" in row]
    assert [(row["day"], row["received"]) for row in rows] == [(date(2026, 3, 1), 2)]
    assert kept() == recounted()


@pytest.mark.django_db
def test_a_reply_given_again_on_another_day_moves_its_count(lives: Any, squad: Any):
    _first, second, _third = lives()
    refresh(LATER)
    later = NOON + 2 * DAY
    actions.send_back(CLERK, case_id=second.pk, reason="还差。", at=later)
    actions.reply_case(squad, case_id=second.pk, answer="又修了。", outcome="solved", at=later)
    refresh(LATER)
    rows = [row for row in kept() if row["area"] == "1.2.12." and row["replied"]]
    assert {row["day"]: row["replied"] for row in rows} == {
        date(2026, 3, 2): 1,
        date(2026, 3, 4): 1,
    }


@pytest.mark.django_db
def test_a_matter_that_lay_elsewhere_is_counted_where_it_lies(raised: Any):
    case = raised(LIN, at=NOON - DAY, division_id=1111)
    refresh()
    actions.relocate_case(CITY, case_id=case.pk, division_id=112, reason="在南社区。", at=NOON)
    refresh()
    found = {row["area"] for row in kept() if row["received"]}
    assert found == {"1.", "1.2.", "1.2.12.", "1.2.12.112."}
    assert kept() == recounted()


@pytest.mark.django_db
def test_after_a_change_of_divisions_everything_is_counted_anew(lives: Any):
    lives()
    refresh()
    before = kept()
    with scope(EVERYWHERE):
        DayTally.objects.filter(level=2).delete()
    refresh()
    assert kept() != before
    DivisionChange.objects.create(
        key="k",
        title="改名",
        kind="rename",
        effective=date(2026, 3, 2),
        reason="试",
        recorded_at=NOON,
    )
    refresh()
    assert kept() == before


@pytest.mark.django_db
def test_far_behind_the_log_everything_is_counted_anew_at_once(lives: Any, monkeypatch: Any):
    monkeypatch.setattr(tallies, "BATCH", 2)
    monkeypatch.setattr(tallies, "FAR_BEHIND", 3)
    refresh(LATER)
    with scope(EVERYWHERE):
        before = newest_line()
    lives()
    with scope(EVERYWHERE):
        until = newest_line()
    assert until - before > 3
    refresh_tallies(SYSTEM, until=until, at=LATER)
    mark = TallyMark.objects.get()
    assert (mark.change_id, mark.refreshed_on) == (until, LATER.date())
    assert kept() == recounted(LATER) != []


@pytest.mark.django_db
def test_a_little_behind_the_log_is_read_by_rounds(raised: Any, monkeypatch: Any):
    monkeypatch.setattr(tallies, "BATCH", 2)
    refresh(LATER)
    with scope(EVERYWHERE):
        before = newest_line()
    for _ in range(3):
        raised(LIN, at=NOON - DAY)
    with scope(EVERYWHERE):
        until = newest_line()
    refresh_tallies(SYSTEM, until=until, at=LATER)
    assert TallyMark.objects.get().change_id == before + 2 < until


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "division"), [(CITY, 1), (DISTRICT, 2), (TOWN, 12), (CLERK, 112)]
)
@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_a_board_says_the_same_with_tallies_and_without(
    lives: Any, actor: Any, division: int, period: str
):
    lives()
    at = NOON + timedelta(minutes=1)
    plain = get_board_in_scope(actor, division, period, at)
    refresh()
    tallied = get_board_in_scope(actor, division, period, at)
    assert tallied.total == plain.total
    assert [line.numbers for line in tallied.lines] == [line.numbers for line in plain.lines]
    assert tallied.categories == plain.categories
    assert plain.total.weeks[-1] >= 1


def get_board_in_scope(actor: Any, division: int, period: str, at: Any) -> Any:
    with scope(actor.areas, actor.holders):
        return get_board(actor, division_id=division, name=period, at=at)


@pytest.mark.django_db
def test_what_happened_since_the_last_round_is_on_the_board_at_once(lives: Any, raised: Any):
    lives()
    refresh()
    raised(LIN, at=NOON)
    at = NOON + timedelta(minutes=1)
    assert get_board_in_scope(CITY, 1, "week", at).total.received == 1
    refresh()
    assert get_board_in_scope(CITY, 1, "week", at).total.received == 1


@pytest.mark.django_db
def test_when_no_round_ran_for_days_the_board_counts_the_rows(lives: Any, raised: Any):
    lives()
    refresh()
    raised(LIN, at=NOON + 2 * DAY)
    raised(LIN, at=NOON + 3 * DAY)
    at = NOON + 5 * DAY
    weeks = get_board_in_scope(CITY, 1, "month", at).total.weeks
    assert sum(weeks) == 5


@pytest.mark.django_db
def test_counts_of_an_earlier_release_are_not_read_and_made_anew(lives: Any):
    lives()
    refresh()
    before = kept()
    with scope(EVERYWHERE):
        DayTally.objects.update(received=7)
        MonthTally.objects.update(received=[])
    TallyMark.objects.update(shape=0)
    at = NOON + timedelta(minutes=1)
    assert get_board_in_scope(CITY, 1, "month", at).total.received == 1
    assert get_board_in_scope(TOWN, 12, "month", at).total.weeks[-2:] == [0, 2]
    refresh()
    assert kept() == before


@pytest.mark.django_db
def test_places_with_counts_of_the_same_day_are_merged(raised: Any, places: Any):
    raised(LIN, at=NOON - DAY, division_id=112)
    raised(LIN, at=NOON - DAY, division_id=113)
    raised(LIN, at=NOON - DAY, division_id=1111)
    refresh()
    write_down()
    with scope(EVERYWHERE):
        repoint_rows(places[113], places[112])
        repoint_rows(places[111], places[12])
        received = DayTally.objects.filter(area="1.2.12.", whole=True).values_list("received")
        assert sorted(received) == [(1,), (2,)]
    at = NOON + timedelta(minutes=1)
    assert get_board_in_scope(CITY, 1, "quarter", at).total.received == 3


def write_down() -> None:
    with scope(EVERYWHERE):
        until = newest_line()
    refresh_standing(SYSTEM, until=until, at=NOON)


@pytest.mark.django_db
def test_a_month_of_a_community_is_a_row_with_a_number_for_each_of_its_days(raised: Any):
    for at in (NOON - 40 * DAY, NOON - 2 * DAY, NOON - 2 * DAY, NOON - DAY):
        raised(LIN, at=at)
    refresh(LATER)
    raised(LIN, at=NOON)
    refresh(LATER)
    with scope(("1.2.12.112.",)):
        rows = MonthTally.objects.order_by("month").values_list("month", "days", "received")
        assert list(rows) == [
            (date(2026, 1, 1), [21], [1]),
            (date(2026, 2, 1), [28], [2]),
            (date(2026, 3, 1), [1, 2], [1, 1]),
        ]
    with scope(("1.2.12.113.",)):
        assert not MonthTally.objects.exists()


@pytest.mark.django_db
def test_another_district_reads_no_tallies_of_this_one(lives: Any):
    lives()
    refresh()
    with scope(("1.11.",)), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT area FROM cases_daytally ORDER BY 1")
        assert [area for (area,) in cursor.fetchall()] == ["1.11.", "1.11.111."]

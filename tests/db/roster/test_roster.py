"""值班表: made by its own window, read in its area, kept whole."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.casework import CLERK, COLLEAGUE, DISTRICT, ELSEWHERE, NEIGHBOUR, TOWN
from tests.conftest import NOON
from tests.duty import MONDAY, put
from tests.people import officer, visitor
from yukuai.accounts.policy import SYSTEM, Permission, Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.roster import actions
from yukuai.roster.models import Assignment, Shift
from yukuai.roster.queries import (
    Manned,
    find_staff_now,
    get_desk,
    list_gaps,
    list_manned,
    list_rows,
)

ASKED = {"division_id": 112, "department_id": None, "permission": Permission.CASE_ACCEPT}
GRID = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
EVENING = NOON.replace(hour=14)
"""22:00 in Chongqing."""


def live():
    with scope(EVERYWHERE):
        return list(
            Assignment.objects.filter(ended_at=None)
            .order_by("starts_at", "pk")
            .values_list("day", "shift__name", "post__user")
        )


def now_asked(at=NOON, **more):
    with scope(EVERYWHERE):
        return find_staff_now(SYSTEM, **ASKED, at=at, **more)


def gaps(actor=CLERK, at=NOON):
    with scope(actor.areas):
        desk = get_desk(actor, division_id=112)
        return [(gap.day, gap.shift.name) for gap in list_gaps(actor, desk=desk, at=at)]


def test_an_officer_of_the_window_sits_in_a_shift_and_the_audit_says_who_put_him_there(
    people, shift
):
    row = put(shift, people["colleague"])
    assert live() == [(MONDAY, "早班", 12)]
    assert (row.starts_at, row.ends_at) == (
        NOON - timedelta(hours=3, minutes=30),
        NOON + timedelta(hours=2),
    )
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="roster.assign")
    assert (entry.user_id, entry.area) == (11, "1.2.12.112.")


@pytest.mark.parametrize("actor", [NEIGHBOUR, ELSEWHERE])
def test_another_area_finds_no_shift_whatever_number_is_guessed(people, shift, actor):
    with pytest.raises(NotFound):
        actions.assign(actor, shift_id=shift.pk, day=MONDAY, post_id=people["clerk"].pk, at=NOON)
    with pytest.raises(NotFound):
        actions.end_shift(actor, shift_id=shift.pk, at=NOON)
    row = put(shift, people["clerk"])
    with pytest.raises(NotFound):
        actions.unassign(actor, assignment_id=row.pk, at=NOON)
    assert live() == [(MONDAY, "早班", 11)]


def test_the_database_hides_a_roster_from_another_area_by_itself(people, shift):
    put(shift, people["clerk"])
    for actor, seen in ((NEIGHBOUR, 0), (ELSEWHERE, 0), (CLERK, 1), (TOWN, 1)):
        with scope(actor.areas):
            assert (Shift.objects.count(), Assignment.objects.count()) == (seen, seen)


def test_a_grid_worker_neither_makes_nor_reads_a_roster(people, shift):
    with pytest.raises(NotFound):
        actions.assign(GRID, shift_id=shift.pk, day=MONDAY, post_id=people["clerk"].pk, at=NOON)
    assert live() == []


def test_the_street_makes_the_roster_of_its_community_and_of_its_departments(
    people, shift, enforcement, squad
):
    actions.assign(TOWN, shift_id=shift.pk, day=MONDAY, post_id=people["clerk"].pk, at=NOON)
    made = actions.use_default_shifts(TOWN, division_id=12, department_id=enforcement.pk, at=NOON)
    assert [(str(one), one.source) for one in made] == [
        ("早班 08:30–14:00", "产品设定"),
        ("晚班 14:00–20:30", "产品设定"),
    ]
    with pytest.raises(NotPermitted):
        actions.end_shift(squad, shift_id=made[0].pk, at=NOON)
    with scope(EVERYWHERE):
        assert Shift.objects.filter(ended_at=None).count() == 3


def test_only_who_holds_a_post_at_the_window_can_sit_there(people, shift):
    with pytest.raises(InvalidInput, match="不在这个窗口"):
        put(shift, people["neighbour"])
    with scope(EVERYWHERE):
        people["colleague"].valid_to = NOON - timedelta(hours=1)
        people["colleague"].save()
    with pytest.raises(InvalidInput, match="不在这个窗口"):
        put(shift, people["colleague"])
    assert live() == []


def test_a_shift_that_is_over_or_does_not_come_that_day_is_not_filled(people, shift):
    with pytest.raises(InvalidInput, match="已经过去"):
        put(shift, people["clerk"], day=MONDAY - timedelta(days=1))
    weekend = actions.add_shift(
        CLERK,
        division_id=112,
        name="周末班",
        starts=time(20),
        ends=time(8),
        weekdays=[6, 7],
        at=NOON,
    )
    with pytest.raises(InvalidInput, match="这一天没有班"):
        put(weekend, people["clerk"])
    row = put(weekend, people["clerk"], day=date(2026, 3, 7))
    assert row.ends_at - row.starts_at == timedelta(hours=12)


def test_twice_in_one_shift_is_refused(people, shift):
    put(shift, people["clerk"])
    with pytest.raises(InvalidInput, match="已经排在这个班里"):
        put(shift, people["clerk"])
    assert len(live()) == 1


def test_two_officers_swap_their_shifts_and_the_history_keeps_what_was(people, shift):
    tuesday = MONDAY + timedelta(days=1)
    one, other = put(shift, people["clerk"]), put(shift, people["colleague"], day=tuesday)
    actions.swap(COLLEAGUE, assignment_id=one.pk, other_id=other.pk, at=NOON)
    assert live() == [(MONDAY, "早班", 12), (tuesday, "早班", 11)]
    with scope(EVERYWHERE):
        ended = Assignment.objects.exclude(ended_at=None).order_by("pk")
        assert [(e.pk, e.ended_how, e.ended_by) for e in ended] == [
            (one.pk, "换班", COLLEAGUE.label),
            (other.pk, "换班", COLLEAGUE.label),
        ]
    with pytest.raises(NotFound):
        actions.swap(CLERK, assignment_id=one.pk, other_id=other.pk, at=NOON)


def test_a_swap_with_another_window_changes_nothing(people, shift):
    there = actions.add_shift(
        TOWN, division_id=113, name="早班", starts=time(8, 30), ends=time(14), at=NOON
    )
    one = put(shift, people["clerk"])
    other = actions.assign(
        TOWN, shift_id=there.pk, day=MONDAY, post_id=people["neighbour"].pk, at=NOON
    )
    with pytest.raises(InvalidInput, match="本窗口"):
        actions.swap(TOWN, assignment_id=one.pk, other_id=other.pk, at=NOON)
    assert {user for _, _, user in live()} == {11, 31}


def test_somebody_else_sits_in_his_stead_but_not_twice_and_not_in_what_is_over(people, shift):
    row = put(shift, people["clerk"])
    made = actions.replace(CLERK, assignment_id=row.pk, post_id=people["colleague"].pk, at=NOON)
    assert live() == [(MONDAY, "早班", 12)]
    with pytest.raises(Conflict, match="已经过去"):
        actions.unassign(CLERK, assignment_id=made.pk, at=EVENING)
    assert live() == [(MONDAY, "早班", 12)]


def test_last_week_is_copied_where_nobody_is_yet(people, shift):
    for n, who in ((0, "clerk"), (1, "colleague"), (2, "clerk")):
        put(shift, people[who], day=MONDAY + timedelta(days=n))
    next_monday = MONDAY + timedelta(days=7)
    put(shift, people["colleague"], day=next_monday)
    copied = {"division_id": 112, "monday": next_monday, "at": NOON}
    assert actions.copy_week(CLERK, **copied) == 2
    assert actions.copy_week(CLERK, **copied) == 0
    assert live()[3:] == [
        (next_monday, "早班", 12),
        (next_monday + timedelta(days=1), "早班", 12),
        (next_monday + timedelta(days=2), "早班", 11),
    ]


def test_who_left_his_post_is_not_copied(people, shift):
    put(shift, people["colleague"])
    with scope(EVERYWHERE):
        people["colleague"].valid_to = NOON + timedelta(hours=1)
        people["colleague"].save()
    later = NOON + timedelta(days=2)
    monday = MONDAY + timedelta(days=7)
    assert actions.copy_week(CLERK, division_id=112, monday=monday, at=later) == 0


def test_a_gap_is_seen_three_days_ahead_and_not_where_the_shift_is_over(people, shift):
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    assert gaps() == [(day, "早班") for day in days]
    assert gaps(at=EVENING) == [(days[1], "早班"), (days[2], "早班")]
    put(shift, people["clerk"], day=days[1])
    assert gaps() == [(days[0], "早班"), (days[2], "早班")]


def test_a_window_without_shifts_has_no_gaps(people):
    assert gaps() == []


def test_the_week_marks_the_holiday_of_the_calendar(people, shift):
    from yukuai.workflow.models import SpecialDay

    SpecialDay.objects.create(day=MONDAY, working=False, name="补休", source="test")
    with scope(CLERK.areas):
        rows = list_rows(CLERK, desk=get_desk(CLERK, division_id=112), monday=MONDAY, at=NOON)
    assert [row.holiday for row in rows] == ["补休放假", *[""] * 6]


def test_a_shift_that_ends_frees_whoever_was_assigned_later(people, shift):
    put(shift, people["clerk"])
    put(shift, people["clerk"], day=MONDAY + timedelta(days=1))
    actions.end_shift(CLERK, shift_id=shift.pk, at=NOON)
    assert live() == [(MONDAY, "早班", 11)]


# Who is told


def test_whoever_is_on_duty_is_asked_and_all_of_them_when_nobody_is(people, shift):
    assert now_asked() == [11, 12]
    put(shift, people["colleague"])
    assert now_asked() == [12]
    assert now_asked(at=EVENING) == [11, 12]


def test_who_moved_it_himself_is_not_asked_and_somebody_else_is(people, shift):
    put(shift, people["colleague"])
    assert now_asked(but=12) == [11]


def test_the_roster_narrows_in_one_statement(people, shift):
    put(shift, people["colleague"])
    with scope(EVERYWHERE), CaptureQueriesContext(connection) as asked:
        find_staff_now(SYSTEM, **ASKED, at=NOON)
    assert len(asked) == 1


def test_who_is_assigned_but_left_his_post_is_not_asked(people, shift):
    put(shift, people["colleague"])
    with scope(EVERYWHERE):
        people["colleague"].valid_to = NOON
        people["colleague"].save()
    assert now_asked() == [11]


def test_a_visitor_learns_that_a_window_is_manned_and_until_when_and_nothing_else(people, shift):
    put(shift, people["clerk"])
    with scope(()):
        found = list_manned(visitor(), division_ids=[112, 113], at=NOON)
        assert Assignment.objects.count() == 0
    assert found == [Manned(112, None, NOON + timedelta(hours=2))]
    with scope(()):
        assert list_manned(visitor(), division_ids=[112], at=EVENING) == []


def test_a_district_reads_the_roster_of_a_community_below(people, shift):
    put(shift, people["clerk"])
    with scope(DISTRICT.areas):
        desk = get_desk(DISTRICT, division_id=112)
        rows = list_rows(DISTRICT, desk=desk, monday=MONDAY, at=NOON)
    assert [len(cell.people) for cell in rows[0].cells] == [1]

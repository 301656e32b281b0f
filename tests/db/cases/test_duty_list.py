"""职责清单: what may be pushed down to a community, where, from when; and what is refused."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection

from tests.casework import CLERK, LIN, TOWN, read
from tests.conftest import NOON
from tests.db.cases.lists import NORTH, SOUTH, on_the_list
from tests.db.cases.test_moves import walk
from tests.people import officer, visitor
from yukuai.accounts.policy import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.actions.dispatch import OutsideDutyList
from yukuai.cases.duties import list_duties_that_hold
from yukuai.cases.models import Category, DutyItem, DutyRefusal
from yukuai.cases.models.duties import find_duty
from yukuai.cases.notices import list_notices
from yukuai.cases.statistics import Span, counting
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
HERE = "1.2.12.112."
TODAY = NOON.date()


@pytest.fixture
def fumes(db):
    return Category.objects.create(
        code="04",
        name="油烟",
        plain_name="油烟扰民",
        triage="major",
        department_kind="城市管理",
        source="test",
    )


@pytest.fixture
def major(raised, steps, fumes):
    def make(**said):
        case = raised(category_id=fumes.pk, **said)
        walk(case, steps, "triaged")
        return case

    return make


def push_down(case, actor=CLERK):
    return actions.dispatch_case(actor, case_id=case.pk, unit_id=112, at=NOON)


def refusals():
    with scope(EVERYWHERE):
        return list(DutyRefusal.objects.order_by("pk"))


def duty_at(category, area, on=TODAY):
    with scope(EVERYWHERE):
        found = find_duty(category, area=area, on=on)
    return found.duty if found else None


@pytest.mark.parametrize(
    ("duty", "sentence"),
    [
        (None, "“油烟”不在社区职责清单里。请派给“城市管理”类的部门。"),
        ("not", "职责清单写明“油烟”不得交社区（某市发〔2025〕9号）。请派给“城市管理”类的部门。"),
        (
            "assist",
            "“油烟”社区只协助，不牵头（某市发〔2025〕9号）。请派给“城市管理”类的部门。",
        ),
    ],
)
def test_a_major_matter_outside_the_list_is_refused_with_the_right_address(
    major, fumes, duty, sentence
):
    if duty:
        on_the_list(fumes, duty)
    case = major()
    with pytest.raises(OutsideDutyList) as refusal:
        push_down(case)
    assert refusal.value.message == f"大事不能交社区办：{sentence}"
    assert (read(case.pk).state, read(case.pk).unit_id) == ("triaged", None)


def test_what_is_on_the_list_goes_to_the_community(major, fumes):
    on_the_list(fumes)
    case = major()
    push_down(case)
    assert read(case.pk).unit_area == HERE
    assert refusals() == []


def test_a_minor_matter_needs_no_list(raised, steps, fumes):
    case = raised(category_id=fumes.pk)
    steps["accept"](case)
    actions.triage_case(CLERK, case_id=case.pk, triage="minor", at=NOON)
    push_down(case)
    assert read(case.pk).unit_area == HERE


def test_the_flag_of_the_category_is_read_no_more(major, fumes):
    fumes.community_duty = True
    fumes.save()
    with pytest.raises(OutsideDutyList):
        push_down(major())


def test_without_a_category_one_hears_what_is_missing(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    with pytest.raises(OutsideDutyList, match="还没有选类别"):
        push_down(case)


def test_the_refused_attempt_leaves_a_trace(major, fumes):
    case = major()
    with pytest.raises(OutsideDutyList):
        push_down(case, TOWN)
    [kept] = refusals()
    assert (kept.case_id, kept.category_id, kept.by_id, kept.by_user_id) == (
        case.pk,
        fumes.pk,
        12,
        21,
    )
    with scope(EVERYWHERE):
        assert AuditEntry.objects.filter(act="case.push-down-refused").count() == 1


def test_other_refusals_leave_none(major, raised):
    case = major()
    grid = officer(Role.GRID_WORKER, HERE, user_id=71)
    with pytest.raises(NotPermitted):
        push_down(case, grid)
    with pytest.raises(NotPermitted):
        actions.dispatch_case(CLERK, case_id=case.pk, unit_id=113, at=NOON)
    with pytest.raises(Conflict):
        push_down(raised())
    with pytest.raises(NotFound):
        push_down(case, officer(Role.COMMUNITY_STAFF, "1.2.12.113.", user_id=31))
    assert refusals() == []


def test_refusals_are_counted_by_category_and_by_unit_and_never_by_person(major, fumes, places):
    for who in (CLERK, TOWN, TOWN):
        with pytest.raises(OutsideDutyList):
            push_down(major(), who)
    span = Span(NOON - timedelta(days=1), NOON + timedelta(days=1))
    with scope(SOUTH.areas), counting(SOUTH, within=places[2]) as subtree:
        found = list_notices(subtree, span=span).refused
    assert (found.total, found.categories) == (3, (("油烟", 3),))
    assert found.units == (("南社区", 1), ("南街", 2))
    with scope(NORTH.areas):
        assert DutyRefusal.objects.count() == 0


# The list itself


def test_the_narrower_place_wins_and_the_days_count(places, fumes):
    on_the_list(fumes, "not")
    on_the_list(fumes, "must", by=SOUTH, valid_from=date(2026, 3, 2), valid_to=date(2026, 4, 1))
    assert duty_at(fumes, HERE) == "must"
    assert duty_at(fumes, HERE, date(2026, 3, 1)) == "not"
    assert duty_at(fumes, HERE, date(2026, 4, 1)) == "not"
    assert duty_at(fumes, "1.11.111.1111.") == "not"
    assert duty_at(fumes, HERE, date(2025, 12, 31)) is None


def test_the_category_itself_wins_over_the_one_above_it(places, fumes):
    above = Category.objects.create(code="0", name="市容", plain_name="市容", source="t")
    fumes.parent = above
    fumes.save()
    on_the_list(above, "must")
    assert duty_at(fumes, HERE) == "must"
    on_the_list(fumes, "not")
    assert duty_at(fumes, HERE) == "not"
    on_the_list(above, "assist", by=SOUTH)
    assert duty_at(fumes, HERE) == "assist"


def test_a_new_line_ends_the_one_before_and_both_stay(places, fumes):
    first = on_the_list(fumes, "must")
    on_the_list(fumes, "not", valid_from=date(2026, 3, 10), reason="市里改了。")
    assert [duty_at(fumes, HERE, date(2026, 3, day)) for day in (9, 10)] == ["must", "not"]
    kept = DutyItem.objects.get(pk=first.pk)
    assert (kept.duty, kept.valid_to, kept.ended_reason) == (
        "must",
        date(2026, 3, 10),
        "市里改了。",
    )


def test_two_lines_that_begin_alike_are_refused(places, fumes):
    on_the_list(fumes, "must")
    with pytest.raises(InvalidInput, match="已经有一条"):
        on_the_list(fumes, "not")
    assert DutyItem.objects.count() == 1


def test_the_database_holds_one_line_a_day(places, fumes):
    item = on_the_list(fumes, "must")
    item.pk, item.duty = None, "not"
    with pytest.raises(IntegrityError), scope(EVERYWHERE):
        item.save(force_insert=True)


def test_a_line_that_ends_leaves_the_wider_one(places, fumes):
    on_the_list(fumes, "must")
    own = on_the_list(fumes, "not", by=SOUTH)
    actions.end_duty(SOUTH, duty_id=own.pk, reason="与市里一致。", at=NOON)
    assert duty_at(fumes, HERE) == "must"
    with pytest.raises(Conflict, match="已经停用"):
        actions.end_duty(SOUTH, duty_id=own.pk, reason="再停。", at=NOON)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"duty": "perhaps"}, "duty"),
        ({"basis": " "}, "basis"),
        ({"basis": "长" * 201}, "basis"),
        ({"reason": ""}, "reason"),
        ({"valid_to": date(2026, 1, 1)}, "valid_to"),
        ({"division_id": 12}, "division"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_at_its_field(places, fumes, wrong, field):
    with pytest.raises(InvalidInput) as refusal:
        on_the_list(fumes, **wrong)
    assert field in refusal.value.fields
    assert DutyItem.objects.count() == 0


def test_each_keeps_the_list_of_ones_own_place(places, fumes):
    for by, division in ((SOUTH, 11), (SOUTH, 1), (TOWN, 2), (CLERK, 2)):
        with pytest.raises(NotPermitted):
            on_the_list(fumes, by=by, division_id=division)
    item = on_the_list(fumes)
    for by in (SOUTH, TOWN, CLERK):
        with pytest.raises(NotPermitted):
            actions.end_duty(by, duty_id=item.pk, reason="停。", at=NOON)
    assert DutyItem.objects.get().valid_to is None


def test_everybody_reads_it_and_nobody_else_writes_it(places, fumes):
    item = on_the_list(fumes)
    for who in (LIN, visitor(), CLERK, NORTH):
        with scope(who.areas, who.holders):
            assert [one.pk for one in list_duties_that_hold(who, area=HERE, on=TODAY)] == [item.pk]
            assert DutyItem.objects.filter(pk=item.pk).update(duty="not") == 0
    assert DutyItem.objects.get().duty == "must"


def test_the_default_list_is_loaded_once_and_follows_the_categories(places):
    call_command("load_categories", verbosity=0)
    for _ in range(2):
        call_command("load_duties", verbosity=0)
    codes = DutyItem.objects.values_list("category__code", flat=True)
    assert sorted(codes) == ["05", "09", "10", "11", "12", "13", "14"]
    assert {item.division_id for item in DutyItem.objects.all()} == {1}
    assert all("待" in item.basis and item.source for item in DutyItem.objects.all())


def test_the_flags_of_a_running_system_become_lines_of_the_city(places, fumes, lamps):
    fumes.community_duty = True
    fumes.save()
    move = import_module("yukuai.cases.migrations.0008_duties_from_flags")
    with scope(()):
        move.list_flagged(apps, SimpleNamespace(connection=connection))
    [item] = DutyItem.objects.all()
    assert (item.category_id, item.duty, item.division_id, item.area) == (fumes.pk, "must", 1, "1.")
    assert (item.source, item.valid_from) == (move.SOURCE, date(2020, 1, 1))

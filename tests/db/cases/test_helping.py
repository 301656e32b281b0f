"""会办: several departments at once, each sees the matter while it is asked, the unit leads."""

import importlib
from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import CLERK, DISTRICT, LIN, TOWN, read
from tests.conftest import NOON
from tests.db.cases.test_handling import running
from tests.db.cases.test_moves import snapshot, walk
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions, statistics
from yukuai.cases.models import Case, Helper
from yukuai.cases.queries import list_cases
from yukuai.cases.today import list_at_my_door, list_tasks
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def offices(places):
    names = ("区水利局", "区电力办")
    return [
        Department.objects.create(division=places[2], name=name, short_name=name[1:], kind=name)
        for name in names
    ]


@pytest.fixture
def water(offices):
    return officer(Role.DEPT_OP, "1.2.", user_id=72, department_id=offices[0].pk)


@pytest.fixture
def power(offices):
    return officer(Role.DEPT_OP, "1.2.", user_id=73, department_id=offices[1].pk)


@pytest.fixture
def asked(raised, steps, squad, offices):
    """A matter for which both offices are asked at once."""

    def make(**told):
        case = raised(**told)
        walk(case, steps, "handling")
        ids = [one.pk for one in offices]
        actions.ask_help(squad, case_id=case.pk, department_ids=ids, question="管线归谁？", at=NOON)
        return read(case.pk)

    return make


def helpers(case):
    with scope(EVERYWHERE):
        return list(Helper.objects.filter(case=case.pk).order_by("pk"))


def sees(actor, case):
    with scope(actor.areas, actor.holders):
        return list_cases(actor).filter(pk=case.pk).exists()


def test_both_are_asked_at_once_each_with_its_own_clock(asked, offices):
    case = asked()
    assert case.state == "collab"
    clocks = running(case)
    assert clocks.keys() == {"resolve", *(f"help:{one.pk}" for one in offices)}
    assert {clocks[f"help:{one.pk}"].owner_department_id for one in offices} == {
        one.pk for one in offices
    }
    rows = helpers(case)
    assert [row.department_id for row in rows] == [one.pk for one in offices]
    assert {(row.question, row.asked_by_id, row.asked_at) for row in rows} == {
        ("管线归谁？", 61, NOON)
    }
    assert rows[0].due_at == clocks[f"help:{offices[0].pk}"].due_at
    assert rows[0].holders == case.holders


def test_the_lead_goes_on_when_the_last_one_has_answered(asked, water, power):
    case = asked()
    actions.give_help(water, case_id=case.pk, opinion="水管归我们。", at=LATER)
    assert read(case.pk).state == "collab"
    actions.give_help(power, case_id=case.pk, opinion="线路没有问题。", at=LATER)
    assert read(case.pk).state == "handling"
    assert running(case).keys() == {"resolve"}
    assert [(row.words, row.answered_by_id) for row in helpers(case)] == [
        ("水管归我们。", 72), ("线路没有问题。", 73),
    ]  # fmt: skip
    with scope(EVERYWHERE):
        moves = StateChange.objects.filter(object_id=case.pk).order_by("pk")
        assert [c.move for c in moves][-4:] == ["ask_help", "give_help", "give_help", "gather_help"]


def test_a_department_sees_the_matter_while_it_is_asked_and_no_longer(asked, water, power, raised):
    case, other = asked(), raised()
    assert sees(water, case)
    assert not sees(water, other)
    actions.give_help(water, case_id=case.pk, opinion="归我们。", at=LATER)
    assert not sees(water, case)
    assert sees(power, case)


def test_it_never_sees_the_contact(asked, water):
    case = asked(name="林小满", phone="19900000417")
    with pytest.raises(NotPermitted):
        actions.reveal_contact(water, case_id=case.pk, purpose="ask", at=NOON)
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="case.contact").exists()


def test_nobody_answers_for_another_department_or_twice(asked, water, squad):
    case = asked()
    before = snapshot(case)
    for actor in (squad, CLERK, TOWN):
        with pytest.raises(Conflict, match="由被请的部门"):
            actions.give_help(actor, case_id=case.pk, opinion="我来写。", at=LATER)
    assert snapshot(case) == before
    actions.give_help(water, case_id=case.pk, opinion="归我们。", at=LATER)
    with pytest.raises(NotFound):
        actions.give_help(water, case_id=case.pk, opinion="再补一句。", at=LATER)
    assert helpers(case)[0].words == "归我们。"


def test_a_question_is_taken_back_with_a_reason(asked, squad, water, power, offices):
    case = asked()
    one = {"case_id": case.pk, "department_id": offices[0].pk, "at": LATER}
    with pytest.raises(InvalidInput, match="写明为什么不再等"):
        actions.withdraw_help(squad, reason=" ", **one)
    with pytest.raises(InvalidInput, match="选一个还没写意见的部门"):
        actions.withdraw_help(squad, reason="等不了。", **one | {"department_id": None})
    with pytest.raises(NotPermitted):
        actions.withdraw_help(power, reason="我们替他写。", **one)
    assert read(case.pk).state == "collab"
    actions.withdraw_help(squad, reason="现场已经查清。", **one)
    assert not sees(water, case)
    actions.give_help(power, case_id=case.pk, opinion="线路没有问题。", at=LATER)
    assert read(case.pk).state == "handling"
    assert (helpers(case)[0].withdrawal, helpers(case)[0].withdrawn_at) == ("现场已经查清。", LATER)


def test_taking_back_the_only_question_brings_the_matter_back(asked, squad, offices):
    case = asked()
    for one in offices:
        actions.withdraw_help(
            squad, case_id=case.pk, department_id=one.pk, reason="不用了。", at=LATER
        )
    assert read(case.pk).state == "handling"
    assert running(case).keys() == {"resolve"}


def test_one_more_is_asked_while_the_others_are_waited_for(raised, steps, squad, offices):
    case = raised()
    walk(case, steps, "handling")
    first, second = ([one.pk] for one in offices)
    ask = {"case_id": case.pk, "question": "管线归谁？", "at": NOON}
    actions.ask_help(squad, department_ids=first, **ask)
    with pytest.raises(InvalidInput, match="已经在会办"):
        actions.ask_help(squad, department_ids=[*second, *first], **ask)
    assert len(helpers(case)) == 1
    actions.ask_help(squad, department_ids=second, **ask)
    assert [row.department_id for row in helpers(case)] == [*first, *second]


@pytest.mark.parametrize("which", ["nobody", "itself", "elsewhere"])
def test_a_department_that_cannot_help_is_not_asked(raised, steps, squad, places, which):
    case = raised()
    walk(case, steps, "handling")
    away = Department.objects.create(division=places[11], name="北区水利局", kind="水利")
    ids = {
        "nobody": [],
        "itself": [squad.grants[0].department_id],
        "elsewhere": [away.pk],
    }[which]
    before = snapshot(case)
    with pytest.raises(DomainError):
        actions.ask_help(squad, case_id=case.pk, department_ids=ids, question="？", at=NOON)
    assert snapshot(case) == before
    assert helpers(case) == []


def test_the_lead_does_not_reply_over_the_heads_of_those_it_asked(asked, steps):
    case = asked()
    with pytest.raises(Conflict):
        steps["reply"](case)
    assert read(case.pk).state == "collab"


def test_it_is_due_at_the_door_of_each_helper(asked, water, power, squad):
    case = asked()
    for actor in (water, power):
        with scope(actor.areas, actor.holders):
            clocks = list_at_my_door(actor, at=NOON)
            [task] = list_tasks(actor, clocks=clocks, at_my_door=frozenset({case.pk}))
        assert (task.word, task.move, task.mine) == ("出意见", "give_help", True)
    with scope(squad.areas, squad.holders):
        clocks = list_at_my_door(squad, at=NOON)
        [task] = list_tasks(squad, clocks=clocks, at_my_door=frozenset({case.pk}))
    assert (task.clock.name, task.mine) == ("resolve", False)


def test_a_late_helper_is_named_on_the_board_and_the_lead_is_not(asked, places, offices, water):
    case = asked()
    actions.give_help(water, case_id=case.pk, opinion="归我们。", at=LATER)
    late = helpers(case)[1].due_at + timedelta(minutes=1)
    with scope(DISTRICT.areas), statistics.counting(DISTRICT, within=places[2]) as subtree:
        alarms = statistics.list_alarms(subtree, at=late)
    assert [(one.place, one.label, one.number) for one in alarms] == [
        ("南社区", "会办：区电力办", 1)
    ]


@pytest.mark.parametrize(("areas", "found"), [(["1.11."], 0), (["1.2.12.113."], 0), (["1.2."], 2)])
def test_row_level_security_fences_the_questions(asked, areas, found):
    asked()
    with scope(areas), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_helper")
        assert cursor.fetchone() == (found,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_helper")
        assert cursor.fetchone() == (0,)


def test_whoever_holds_the_matter_holds_its_questions(asked):
    asked()
    with scope((), LIN.holders):
        assert Helper.objects.count() == 2
    with scope((), ["user:902"]):
        assert Helper.objects.count() == 0


def test_questions_under_way_move_into_their_table_with_their_clocks_and_once(
    raised, steps, offices, water
):
    """As the release before left them: a column, and a clock without a name of its own."""
    case, done = raised(), raised()
    for one in (case, done):
        walk(one, steps, "handling")
    with scope(EVERYWHERE):
        for one in (case, done):
            Case.objects.filter(pk=one.pk).update(helper_department=offices[0])
        row = Case.objects.get(pk=case.pk)
        Case.objects.filter(pk=case.pk).update(state="collab")
        line = {"workflow": "case", "source": "handling", "target": "collab", "happened_at": NOON}
        StateChange.objects.create(
            division=row.division,
            holders=row.holders,
            object_id=row.pk,
            move="ask_help",
            actor="王，执法队",
            user_id=61,
            reason="请看水管。",
            **line,
        )
        Deadline.objects.create(
            division=row.division,
            holders=row.holders,
            workflow="case",
            object_id=row.pk,
            name="help",
            label="会办",
            owner=offices[0].division,
            owner_department_id=offices[0].pk,
            starts_at=NOON,
            due_at=LATER,
        )
        moved = importlib.import_module("yukuai.cases.migrations.0015_move_helpers")
        with connection.cursor() as cursor:
            for _ in range(2):
                cursor.execute(moved.HELPERS)
                cursor.execute(moved.CLOCKS)
    assert helpers(done) == []
    [helper] = helpers(case)
    assert (helper.question, helper.asked_by, helper.due_at) == ("请看水管。", "王，执法队", LATER)
    assert running(case).keys() == {"resolve", f"help:{offices[0].pk}"}
    actions.give_help(water, case_id=case.pk, opinion="修好了。", at=NOON)
    assert read(case.pk).state == "handling"
    assert running(case).keys() == {"resolve"}


def test_a_question_of_an_earlier_release_without_a_row_does_not_hold_the_matter(
    raised, steps, squad
):
    case = raised()
    walk(case, steps, "handling")
    with scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(state="collab")
    actions.withdraw_help(squad, case_id=case.pk, department_id=None, reason="接着办。", at=NOON)
    assert read(case.pk).state == "handling"

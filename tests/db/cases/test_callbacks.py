"""回访清单: who may call back whom, and what comes of a call that nobody answered."""

from datetime import date, timedelta

import pytest

from tests.casework import CLERK, COLLEAGUE, ELSEWHERE, NEIGHBOUR, read
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import Role
from yukuai.cases import actions
from yukuai.cases.callbacks import group_callbacks, list_callbacks, next_time
from yukuai.cases.models import Visit, VisitAttempt
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack

GRID = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
TO_VISIT = ("accept", "triage", "dispatch", "sign", "reply", "review")


@pytest.fixture
def tries(db):
    return RulePack.objects.create(
        subject="callback",
        code="CALLBACK-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params={"limits": {"tries": {"value": 2, "label": "最多打几次", "source": "test"}}},
        source="test",
    )


@pytest.fixture
def waiting(raised, steps):
    def make(**told):
        case = raised(**told)
        for move in TO_VISIT:
            steps[move](case)
        return read(case.pk)

    return make


def listed(actor, at=NOON):
    with scope(actor.areas, actor.holders):
        return {
            group.name: [row.number for row in group.rows]
            for group in group_callbacks(list_callbacks(actor), at=at)
        }


def again(case, actor=COLLEAGUE, *, tried=0, prefers="later", at=NOON):
    return actions.call_again(actor, case_id=case.pk, tried=tried, prefers=prefers, at=at)


def attempts():
    with scope(EVERYWHERE):
        return VisitAttempt.objects.count()


def test_what_waits_for_a_follow_up_is_listed_in_its_area_and_no_others(waiting, raised):
    case = waiting()
    raised()
    assert listed(CLERK) == {"now": [case.number]}
    assert listed(NEIGHBOUR) == listed(ELSEWHERE) == listed(GRID) == {}


def test_who_handled_it_does_not_find_it_and_does_not_call(waiting, raised, steps, tries):
    case = raised()
    steps["accept"](case)
    actions.triage_case(CLERK, case_id=case.pk, triage="minor", at=NOON)
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=112, at=NOON)
    actions.sign_case(CLERK, case_id=case.pk, at=NOON)
    actions.reply_case(CLERK, case_id=case.pk, answer="换好了。", outcome="solved", at=NOON)
    actions.review_case(COLLEAGUE, case_id=case.pk, at=NOON)
    assert listed(CLERK) == {}
    assert listed(COLLEAGUE) == {"now": [case.number]}
    with pytest.raises(Conflict, match="要由另一个人"):
        again(case, CLERK)
    assert attempts() == 0


def test_a_call_nobody_answered_waits_for_the_time_that_suits(waiting, tries):
    case = waiting()
    again(case, prefers="evening")
    assert listed(CLERK) == {"evening": [case.number]}
    assert listed(CLERK, at=NOON + timedelta(hours=7)) == {"now": [case.number]}
    assert read(case.pk).state == "reviewed"


def test_the_last_try_closes_it_as_not_reached(waiting, tries):
    case = waiting()
    again(case)
    closed = again(case, tried=1)
    assert closed.state == "closed"
    assert listed(CLERK) == {}
    with scope(EVERYWHERE):
        visit = Visit.objects.get(case=case)
    assert (visit.reached, visit.solved) == (False, "")
    assert attempts() == 2


def test_pressing_twice_counts_once(waiting, tries):
    case = waiting()
    again(case)
    with pytest.raises(Conflict, match="已经记过"):
        again(case)
    assert attempts() == 1


@pytest.mark.parametrize(("actor", "refusal"), [(NEIGHBOUR, NotFound), (GRID, NotPermitted)])
def test_who_does_not_follow_up_here_records_no_call(waiting, tries, actor, refusal):
    case = waiting()
    with pytest.raises(refusal):
        again(case, actor)
    assert attempts() == 0


def test_before_the_check_and_without_a_time_nothing_is_recorded(waiting, raised, tries):
    with pytest.raises(Conflict, match="核查通过以后"):
        again(raised())
    with pytest.raises(InvalidInput, match="什么时候再打"):
        again(waiting(), prefers="sometime")
    assert attempts() == 0


@pytest.mark.parametrize(
    ("prefers", "hours"), [("later", 2), ("morning", 21), ("afternoon", 2.5), ("evening", 6.5)]
)
def test_the_next_time_is_the_next_of_its_kind(prefers, hours):
    assert next_time(prefers, at=NOON) == NOON + timedelta(hours=hours)

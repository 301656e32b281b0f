"""Every move the table allows is made; every other one is refused and changes nothing."""

import pytest

from tests.casework import CLERK, LIN, read
from tests.conftest import NOON
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions
from yukuai.cases.models import Case
from yukuai.cases.states import CASE_WORKFLOW, CaseState
from yukuai.kernel.errors import Conflict, DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db

PATHS = {
    "submitted": [],
    "rejected": ["reject"],
    "withdrawn": ["withdraw"],
    "accepted": ["accept"],
    "triaged": ["accept", "triage"],
    "dispatched": ["accept", "triage", "dispatch"],
    "handling": ["accept", "triage", "dispatch", "sign"],
    "return-requested": ["accept", "triage", "dispatch", "request_return"],
    "objected": [
        "accept",
        "triage",
        "dispatch",
        "request_return",
        "refuse_return",
        "object",
    ],
    "extended": ["accept", "triage", "dispatch", "sign", "ask_extension"],
    "replied": ["accept", "triage", "dispatch", "sign", "reply"],
    "reviewed": ["accept", "triage", "dispatch", "sign", "reply", "review"],
    "visited": ["accept", "triage", "dispatch", "sign", "reply", "review", "visit"],
    "closed": ["accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"],
    "merged": ["merge"],
}
PATHS["rated"] = [*PATHS["closed"], "rate"]
PATHS["reopened"] = [*PATHS["closed"], "reopen"]
OTHERWISE_TESTED = {"collab", "archived", "finished", "cancelled"}
HELPING = {"ask_help", "give_help", "withdraw_help", "gather_help"}
PARTS = {"cancel_part", "finish"}
WAYS_OUT = {"part_accepted", "part_triaged"}
ELSEWHERE_TESTED = {"archive", "guide", "object"} | HELPING | PARTS | WAYS_OUT


def walk(case, steps, state):
    for name in PATHS[state]:
        steps[name](case)
    assert read(case.pk).state == state


def test_every_state_is_reached_by_these_paths():
    assert PATHS.keys() | OTHERWISE_TESTED == set(CaseState.values)


@pytest.mark.parametrize("state", PATHS)
def test_each_path_leads_where_the_table_says(raised, steps, state):
    walk(raised(), steps, state)


def test_every_move_not_in_the_table_is_refused_and_changes_nothing(raised, steps):
    for state in PATHS:
        case = raised()
        walk(case, steps, state)
        offered = {move.name for move in CASE_WORKFLOW.moves_from(state)}
        before = snapshot(case)
        for name in steps.keys() - offered - ELSEWHERE_TESTED:
            with pytest.raises(DomainError) as refusal:
                steps[name](case)
            assert refusal.value.message.endswith("。"), (state, name)
            assert snapshot(case) == before, (state, name)


@pytest.mark.parametrize(
    "move", [move for move in CASE_WORKFLOW.moves if move.name not in ELSEWHERE_TESTED]
)
def test_every_move_of_the_table_is_made_from_each_of_its_sources(raised, steps, move):
    for source in sorted(move.sources - OTHERWISE_TESTED):
        case = raised(urgent=(move.name, source) == ("dispatch", "accepted"))
        walk(case, steps, source)
        steps[move.name](case)
        assert read(case.pk).state == move.target


def snapshot(case):
    with scope(EVERYWHERE):
        row = Case.objects.filter(pk=case.pk).values().get()
        return row, StateChange.objects.filter(object_id=case.pk).count()


def test_a_matter_that_nobody_rates_is_archived_when_the_time_is_over(raised, steps):
    case = raised()
    walk(case, steps, "closed")
    until = read(case.pk).rate_until
    assert actions.archive_due(SYSTEM, at=NOON) == 0
    assert actions.archive_due(SYSTEM, at=until) == 1
    assert read(case.pk).state == "archived"


def test_it_is_reopened_once_and_not_twice(raised, steps):
    case = raised()
    walk(case, steps, "reopened")
    for name in ("dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](case)
    steps["reopen"](case)
    again = read(case.pk)
    assert (again.state, again.reopened) == ("rated", 1)


def test_the_handler_neither_reviews_nor_follows_up(raised, steps):
    case = raised()
    for name in ("accept",):
        steps[name](case)
    actions.triage_case(CLERK, case_id=case.pk, triage="minor", at=NOON)
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=112, at=NOON)
    actions.sign_case(CLERK, case_id=case.pk, at=NOON)
    actions.reply_case(CLERK, case_id=case.pk, answer="换好了。", outcome="solved", at=NOON)
    with pytest.raises(Conflict, match="另一个人"):
        actions.review_case(CLERK, case_id=case.pk, at=NOON)
    assert read(case.pk).state == "replied"


def test_a_private_matter_is_guided_and_not_dispatched(raised, steps):
    case = raised()
    steps["accept"](case)
    actions.triage_case(CLERK, case_id=case.pk, triage="private", at=NOON)
    with pytest.raises(Conflict, match="私事不派单"):
        steps["dispatch"](case)
    steps["guide"](case)
    assert read(case.pk).state == "replied"


def test_a_resident_does_not_move_what_belongs_to_an_office(raised):
    case = raised()
    with pytest.raises(Exception, match="没有这件事"):
        actions.accept_case(LIN, case_id=case.pk, at=NOON)
    assert read(case.pk).state == "submitted"

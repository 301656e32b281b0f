"""Two hands on one matter at the same moment: one act, one refusal, nothing twice."""

from datetime import timedelta

from tests.casework import CLERK, COLLEAGUE, TOWN, TWO, read
from tests.conftest import NOON
from tests.db.cases.test_at_once import at_once, raise_one, town
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Role
from yukuai.cases import actions
from yukuai.cases.actions.parts import Share
from yukuai.cases.models import Case, Helper
from yukuai.kernel.errors import Conflict, DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

__all__ = ["town"]


def triaged():
    case_id = raise_one()
    actions.accept_case(CLERK, case_id=case_id, at=NOON)
    actions.triage_case(CLERK, case_id=case_id, triage="minor", at=NOON)
    return case_id


def split(case_id, shares=TWO):
    return [p.pk for p in actions.split_case(CLERK, case_id=case_id, shares=shares, at=NOON)]


def refusals(results):
    return [r for r in results if isinstance(r, DomainError)]


def test_two_officers_split_and_no_number_is_given_twice(town):
    case_id = triaged()
    results = at_once(
        lambda: actions.split_case(CLERK, case_id=case_id, shares=TWO, at=NOON),
        lambda: actions.split_case(COLLEAGUE, case_id=case_id, shares=TWO, at=NOON),
    )
    assert refusals(results) == []
    with scope(EVERYWHERE):
        numbers = Case.objects.filter(parent=case_id).order_by("number")
        assert [one.number[-2:] for one in numbers] == ["-1", "-2", "-3", "-4"]


def test_together_they_do_not_make_more_than_six(town):
    case_id = triaged()
    four = TWO * 2
    results = at_once(
        lambda: actions.split_case(CLERK, case_id=case_id, shares=four, at=NOON),
        lambda: actions.split_case(COLLEAGUE, case_id=case_id, shares=four, at=NOON),
    )
    [refused] = refusals(results)
    assert refused.message == "现在最多再拆 2 份。去掉几份再提交。"
    with scope(EVERYWHERE):
        assert Case.objects.filter(parent=case_id).count() == 4


def test_two_cancel_and_one_is_told(town):
    case_id = triaged()
    part_id, _other = split(case_id)
    one = {"case_id": case_id, "part_id": part_id, "reason": "不用了。", "at": NOON}
    results = at_once(
        lambda: actions.cancel_part(CLERK, **one), lambda: actions.cancel_part(COLLEAGUE, **one)
    )
    [refused] = refusals(results)
    assert isinstance(refused, Conflict)
    with scope(EVERYWHERE):
        lines = StateChange.objects.filter(object_id=part_id, move="cancel_part")
        assert lines.count() == 1


def test_signed_and_cancelled_at_once_is_one_of_the_two(town):
    case_id = triaged()
    part_id, _other = split(case_id, (Share("换灯。", "minor", 112), TWO[1]))
    results = at_once(
        lambda: actions.sign_case(CLERK, case_id=part_id, at=NOON),
        lambda: actions.cancel_part(
            COLLEAGUE, case_id=case_id, part_id=part_id, reason="不用了。", at=NOON
        ),
    )
    assert len(refusals(results)) == 1
    assert read(part_id).state in {"handling", "cancelled"}


def test_answered_and_split_at_once_is_one_of_the_two(town):
    case_id = triaged()
    actions.dispatch_case(CLERK, case_id=case_id, unit_id=112, at=NOON)
    actions.sign_case(CLERK, case_id=case_id, at=NOON)
    results = at_once(
        lambda: actions.reply_case(
            CLERK, case_id=case_id, answer="换了。", outcome="solved", at=NOON
        ),
        lambda: actions.split_case(COLLEAGUE, case_id=case_id, shares=TWO, at=NOON),
    )
    assert len(refusals(results)) == 1
    with scope(EVERYWHERE):
        parts = Case.objects.filter(parent=case_id).count()
    assert (read(case_id).state, parts) in {("replied", 0), ("handling", 2)}


def test_a_part_given_out_while_the_main_promise_is_shortened_does_not_outlive_it(town):
    case_id = raise_one()
    actions.accept_case(CLERK, case_id=case_id, at=NOON)
    actions.triage_case(CLERK, case_id=case_id, triage="major", at=NOON)
    part_id, _other = split(case_id, (TWO[1], TWO[1]))
    results = at_once(
        lambda: actions.retriage_case(
            CLERK, case_id=case_id, triage="minor", reason="属于小区。", at=NOON
        ),
        lambda: actions.dispatch_case(COLLEAGUE, case_id=part_id, unit_id=12, at=NOON),
    )
    assert refusals(results) == []
    promised = read(case_id).promised_at
    assert read(part_id).promised_at <= promised
    with scope(EVERYWHERE):
        clocks = Deadline.objects.filter(object_id=part_id, met_at=None, dropped_at=None)
        assert all(clock.due_at <= promised for clock in clocks)


def test_the_last_two_helpers_answer_at_once_and_the_matter_comes_back_once(town):
    case_id = triaged()
    actions.dispatch_case(CLERK, case_id=case_id, unit_id=112, at=NOON)
    actions.sign_case(CLERK, case_id=case_id, at=NOON)
    offices = [
        Department.objects.create(division_id=2, area="1.2.", name=name, kind=name)
        for name in ("区水利局", "区电力办")
    ]
    ids = [one.pk for one in offices]
    actions.ask_help(CLERK, case_id=case_id, department_ids=ids, question="归谁？", at=NOON)
    first, second = (
        officer(Role.DEPT_OP, "1.2.", user_id=70 + n, department_id=pk) for n, pk in enumerate(ids)
    )
    results = at_once(
        lambda: actions.give_help(first, case_id=case_id, opinion="归我们。", at=NOON),
        lambda: actions.give_help(second, case_id=case_id, opinion="不归我们。", at=NOON),
    )
    assert refusals(results) == []
    assert read(case_id).state == "handling"
    with scope(EVERYWHERE):
        assert Helper.objects.filter(answered_at=NOON).count() == 2
        lines = StateChange.objects.filter(object_id=case_id, move="gather_help")
        assert lines.count() == 1


def test_two_arbiters_rule_and_one_word_counts(town):
    case_id = triaged()
    actions.retriage_case(CLERK, case_id=case_id, triage="major", reason="归政府。", at=NOON)
    actions.dispatch_case(CLERK, case_id=case_id, unit_id=12, at=NOON)
    later = NOON + timedelta(hours=1)
    actions.request_return(TOWN, case_id=case_id, reason="归区里。", at=later)
    beside = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=22)
    actions.decide_return(beside, case_id=case_id, granted=False, reason="就是您管。", at=later)
    actions.object_to_dispatch(TOWN, case_id=case_id, reason="归区里。", at=later)
    arbiters = [officer(Role.DISTRICT_OP, "1.2.", user_id=one) for one in (51, 52)]
    results = at_once(
        lambda: actions.rule_on_objection(arbiters[0], case_id=case_id, grounds="。", at=later),
        lambda: actions.rule_on_objection(
            arbiters[1], case_id=case_id, unit_id=2, grounds="。", at=later
        ),
    )
    [refused] = refusals(results)
    assert isinstance(refused, Conflict)
    with scope(EVERYWHERE):
        lines = StateChange.objects.filter(object_id=case_id, move__in=["uphold", "redirect"])
        assert lines.count() == 1

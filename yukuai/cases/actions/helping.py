"""会办: one or several departments are asked, each with a clock of its own; the unit leads."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.accounts.queries import get_department
from yukuai.cases.actions._steps import lock, move, required, start_clock
from yukuai.cases.models import Case, Helper
from yukuai.cases.models.helper import help_clock
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.actions import drop_deadlines, meet_deadlines

if TYPE_CHECKING:
    from yukuai.accounts.models import Department

ANSWER_LENGTH = 2000
MOST = 6
"""Product default: so many at once."""


@action
def ask_help(
    actor: Actor, *, case_id: int, department_ids: Iterable[int], question: str, at: datetime
) -> Case:
    """Ask one or more departments at once. Each sees the matter until it has answered."""
    case = lock(actor, case_id)
    question = required(question, field="question", sentence="写明请他们做什么。")
    departments = _departments(actor, case, department_ids)
    names = "、".join(one.name for one in departments)
    move(
        actor,
        case,
        "ask_help",
        at=at,
        reason=question,
        said=f"请{names}一起来办。",
        departments=[one.pk for one in departments],
        to=names,
    )
    for one in departments:
        clock = {"owner": one.division, "department_id": one.pk}
        due_at = start_clock(actor, case, help_clock(one.pk), at=at, **clock)
        _ask(actor, case, one, question, due_at, at)
    case.forget_helpers()
    return case


def _departments(actor: Actor, case: Case, ids: Iterable[int]) -> "list[Department]":
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= MOST:
        sentence = f"选 1 到 {MOST} 个部门。"
        raise InvalidInput(sentence, fields={"departments": sentence})
    found = [get_department(actor, department_id=one) for one in wanted]
    for department in found:
        if sentence := _objection(case, department):
            raise InvalidInput(sentence, fields={"departments": sentence})
    return found


def _objection(case: Case, department: "Department") -> str:
    if not case.area.startswith(department.area) or not department.active:
        return f"{department.name}不管这个地方，请另选一个部门。"
    if department.pk == case.unit_department_id:
        return "就是您自己的部门，请选别的部门。"
    if case.asks(department.pk):
        return f"{department.name}已经在会办，等它写意见。"
    return ""


def _ask(
    actor: Actor,
    case: Case,
    department: "Department",
    question: str,
    due_at: datetime,
    at: datetime,
) -> None:
    Helper.objects.create(
        case=case,
        division=case.division,
        holders=case.holders,
        department=department,
        question=question,
        asked_at=at,
        asked_by=actor.label,
        asked_by_id=actor.user_id,
        due_at=due_at,
    )


@action
def give_help(actor: Actor, *, case_id: int, opinion: str, at: datetime) -> Case:
    """The words of the department that was asked; with the last ones the lead goes on."""
    case = lock(actor, case_id)
    opinion = required(opinion, field="opinion", sentence="写明会办意见。", limit=ANSWER_LENGTH)
    own = {grant.department_id for grant in actor.grants}
    helper = next((one for one in _open(case) if one.department_id in own), None)
    name = helper.department.name if helper else ""
    move(actor, case, "give_help", at=at, reason=opinion, to=name)
    assert helper is not None, "the guard has refused everybody else"
    helper.words, helper.answered_at = opinion, at
    helper.answered_by, helper.answered_by_id = actor.label, actor.user_id
    helper.save()
    meet_deadlines(case, helper.clock, at=at)
    _gather(case, at)
    return case


@action
def withdraw_help(
    actor: Actor, *, case_id: int, department_id: int | None, reason: str, at: datetime
) -> Case:
    """The lead does not wait any longer, and says why. None: where nobody is asked any more, the
    matter just comes back (asked under an earlier release)."""
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明为什么不再等。")
    waiting = _open(case)
    helper = next((one for one in waiting if one.department_id == department_id), None)
    if helper is None and waiting:
        sentence = "选一个还没写意见的部门。"
        raise InvalidInput(sentence, fields={"department": sentence})
    name = helper.department.name if helper else ""
    move(actor, case, "withdraw_help", at=at, reason=reason, department=department_id, to=name)
    if helper is not None:
        helper.withdrawn_at, helper.withdrawal = at, reason
        helper.save()
        drop_deadlines(case, helper.clock, at=at)
    _gather(case, at)
    return case


def _open(case: Case) -> list[Helper]:
    rows = case.helpers.filter(answered_at=None, withdrawn_at=None)
    return list(rows.select_related("department").order_by("pk"))


def _gather(case: Case, at: datetime) -> None:
    """Nobody is waited for any more: nobody's decision, so the platform's own move."""
    case.forget_helpers()
    if not case.asked:
        move(SYSTEM, case, "gather_help", at=at)
        drop_deadlines(case, "help", at=at)

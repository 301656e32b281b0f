from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department
from yukuai.cases.actions._steps import lock, move, required, reviewer_of, start_clock
from yukuai.cases.models import Case
from yukuai.cases.rules import resolve_term
from yukuai.cases.states import OPEN, Outcome
from yukuai.documents.actions import store_image
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workflow.actions import meet_deadlines, remember, start_deadline
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import get_calendar

ANSWER_LENGTH = 2000
NOTERS = (Permission.CASE_HANDLE, Permission.CASE_HELP, Permission.CASE_TRIAGE)


@action
def sign_case(actor: Actor, *, case_id: int, at: datetime) -> Case:
    """签收: from now on the unit answers for it."""
    case = lock(actor, case_id)
    name = case.unit_department.name if case.unit_department else case.unit.name
    move(actor, case, "sign", at=at, said=f"{name}已经接手。")
    meet_deadlines(case, "sign", at=at)
    return case


@action
def add_note(actor: Actor, *, case_id: int, words: str, public: bool = False, at: datetime) -> Case:
    """What was done on the way. Internal, unless the officer lets the resident see it."""
    case = lock(actor, case_id)
    if not any(policy.check(actor, permission, case) for permission in NOTERS):
        raise NotPermitted("由承办单位、会办部门和社区来写办理记录。")
    if case.state not in OPEN:
        raise Conflict("已经办结，不能再加记录。")
    words = required(words, field="words", sentence="写明做了什么。")
    told = {"said": words} if public else {"reason": words}
    remember(actor, case, move="note", source=case.state, at=at, **told)
    return case


@action
def ask_help(
    actor: Actor, *, case_id: int, department_id: int, question: str, at: datetime
) -> Case:
    """会办: another department is asked; the unit stays in the lead."""
    case = lock(actor, case_id)
    question = required(question, field="question", sentence="写明请他们做什么。")
    department = get_department(actor, department_id=department_id)
    if not case.area.startswith(department.area) or not department.active:
        sentence = f"{department.name}不管这个地方，请另选一个部门。"
        raise InvalidInput(sentence, fields={"department": sentence})
    if department.pk == case.unit_department_id:
        sentence = "就是您自己的部门，请选别的部门。"
        raise InvalidInput(sentence, fields={"department": sentence})
    case.helper_department = department
    move(actor, case, "ask_help", at=at, reason=question, said=f"请{department.name}一起来办。")
    start_clock(actor, case, "help", owner=department.division, department_id=department.pk, at=at)
    return case


@action
def give_help(actor: Actor, *, case_id: int, opinion: str, at: datetime) -> Case:
    case = lock(actor, case_id)
    opinion = required(opinion, field="opinion", sentence="写明会办意见。", limit=ANSWER_LENGTH)
    move(actor, case, "give_help", at=at, reason=opinion)
    meet_deadlines(case, "help", at=at)
    return case


@action
def ask_extension(
    actor: Actor, *, case_id: int, working_days: int, reason: str, at: datetime
) -> Case:
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明为什么要延期。")
    _check_extension(case, working_days)
    move(actor, case, "ask_extension", at=at, reason=reason, working_days=working_days)
    start_clock(actor, case, "approve", owner=reviewer_of(actor, case), at=at)
    return case


@action
def decide_extension(
    actor: Actor, *, case_id: int, granted: bool, working_days: int = 0, reason: str, at: datetime
) -> Case:
    """The clock of the handling moves, counted from where it stood; the resident is told."""
    case = lock(actor, case_id)
    if not granted:
        reason = required(reason, field="reason", sentence="写明为什么不同意。")
        move(actor, case, "refuse_extension", at=at, reason=reason)
        meet_deadlines(case, "approve", at=at)
        return case
    _check_extension(case, working_days)
    end = case.promised_at - timedelta(seconds=1) if case.promised_at else at
    start = max(end, at)
    until = Term(working_days=working_days).due(start, get_calendar(actor))
    case.extended += 1
    case.promised_at = until
    said = f"要多用 {working_days} 个工作日，新的期限到{_last_day(until)}。"
    move(
        actor,
        case,
        "grant_extension",
        at=at,
        reason=reason.strip()[:400],
        said=said,
        working_days=working_days,
    )
    meet_deadlines(case, "approve", at=at)
    start_deadline(
        case,
        "resolve",
        label="办结",
        owner=case.unit,
        department_id=case.unit_department_id,
        starts_at=at,
        due_at=until,
    )
    return case


def _check_extension(case: Case, working_days: int) -> None:
    consultation = case.category is not None and case.category.consultation
    name = resolve_term(triage=case.triage, consultation=consultation)
    most = case.rules().extension_days(name)
    if not 1 <= working_days <= most:
        sentence = f"这里填 1 到 {most} 的数字。延期不能比原来的期限长。"
        raise InvalidInput(sentence, fields={"working_days": sentence})


def _last_day(until: datetime) -> str:
    """A term that ends at 24:00 is stored as 0:00 of the next day."""
    day = today(until - timedelta(seconds=1))
    return f"{day.month}月{day.day}日"


@action
def reply_case(
    actor: Actor,
    *,
    case_id: int,
    answer: str,
    outcome: str,
    photos: Iterable[Any] = (),
    at: datetime,
) -> Case:
    """What was done and what came of it; the promise is kept or broken now."""
    case = lock(actor, case_id)
    if outcome not in Outcome.values:
        raise InvalidInput("选一个办理结果。", fields={"outcome": "选一个办理结果。"})
    case.answer = required(
        answer, field="answer", sentence="写明给居民的答复。", limit=ANSWER_LENGTH
    )
    case.words = ""  # made anew from the texts when it is saved
    case.outcome = outcome
    case.replied_at, case.replied_by_id = at, actor.user_id
    move(actor, case, "reply", at=at, said=case.answer, outcome=outcome)
    for upload in photos:
        store_image(
            actor,
            place_of=case,
            subject="case",
            object_id=case.pk,
            kind="after",
            upload=upload,
            at=at,
        )
    meet_deadlines(case, "resolve", "urgent", at=at)
    start_clock(actor, case, "review", owner=case.dispatcher or case.division, at=at)
    return case

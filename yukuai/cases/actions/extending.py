"""延期: asked for with a reason, decided by a level above, told to the resident with the reason."""

from datetime import datetime, timedelta

from yukuai.accounts.policy import Actor
from yukuai.cases.actions._steps import (
    lock,
    move,
    promise_of_main,
    required,
    reviewer_of,
    start_clock,
)
from yukuai.cases.models import Case
from yukuai.cases.rules import resolve_term
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.actions import meet_deadlines, start_deadline
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import get_calendar, list_changes


@action
def ask_extension(
    actor: Actor, *, case_id: int, working_days: int, reason: str, at: datetime
) -> Case:
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明为什么要延期。")
    _check(actor, case, working_days, at)
    move(actor, case, "ask_extension", at=at, reason=reason, working_days=working_days)
    start_clock(actor, case, "approve", owner=reviewer_of(actor, case), at=at)
    return case


@action
def decide_extension(
    actor: Actor,
    *,
    case_id: int,
    granted: bool,
    working_days: int = 0,
    reason: str,
    told: str = "",
    at: datetime,
) -> Case:
    """The clock of the handling moves, counted from where it stood. The resident reads the new day
    and why: in the approver's words (`told`), or else in those of the unit that asked."""
    case = lock(actor, case_id)
    if granted:
        _check(actor, case, working_days, at)
        _grant(actor, case, working_days, reason.strip()[:400], told.strip()[:400], at)
    else:
        reason = required(reason, field="reason", sentence="写明为什么不同意。")
        move(actor, case, "refuse_extension", at=at, reason=reason)
    meet_deadlines(case, "approve", at=at)
    return case


def _grant(
    actor: Actor, case: Case, working_days: int, reason: str, told: str, at: datetime
) -> None:
    until = _extended(actor, case, working_days, at)
    why = _sentence(told or _asked_because(actor, case))
    case.extended += 1
    case.promised_at = until
    move(
        actor,
        case,
        "grant_extension",
        at=at,
        reason=reason,
        said=f"{why}要多用 {working_days} 个工作日，新的期限到{_last_day(until)}。",
        working_days=working_days,
        why=why,
    )
    start_deadline(
        case,
        "resolve",
        label="办结",
        owner=case.unit,
        department_id=case.unit_department_id,
        starts_at=at,
        due_at=until,
    )


def _check(actor: Actor, case: Case, working_days: int, at: datetime) -> None:
    consultation = case.category is not None and case.category.consultation
    name = resolve_term(triage=case.triage, consultation=consultation)
    most = case.rules().extension_days(name)
    if not 1 <= working_days <= most:
        sentence = f"这里填 1 到 {most} 的数字。延期不能比原来的期限长。"
        raise InvalidInput(sentence, fields={"working_days": sentence})
    promised = promise_of_main(case)
    if promised is not None and _extended(actor, case, working_days, at) > promised:
        sentence = (
            f"分单不能晚过主单答应居民的时间（{_last_day(promised)}）。"
            "还要更多时间，请主单的牵头单位申请延期。"
        )
        raise InvalidInput(sentence, fields={"working_days": sentence})


def _extended(actor: Actor, case: Case, working_days: int, at: datetime) -> datetime:
    """So many working days after the promise; after today, when that has passed."""
    end = case.promised_at - timedelta(seconds=1) if case.promised_at else at
    start = max(end, at)
    return Term(working_days=working_days).due(start, get_calendar(actor))


def _asked_because(actor: Actor, case: Case) -> str:
    asked = list_changes(actor, obj=case).filter(move="ask_extension").first()
    return asked.reason if asked is not None else ""


def _sentence(text: str) -> str:
    return text if not text or text[-1] in "。！？" else f"{text}。"


def _last_day(until: datetime) -> str:
    """A term that ends at 24:00 is stored as 0:00 of the next day."""
    day = today(until - timedelta(seconds=1))
    return f"{day.month}月{day.day}日"

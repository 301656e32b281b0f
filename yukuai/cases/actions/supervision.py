from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import due, lock, required, start_clock
from yukuai.cases.events import CaseSupervised, SupervisionAnswered
from yukuai.cases.models import Case, Supervision
from yukuai.cases.states import OPEN
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import meet_deadlines, remember


@action
def supervise_case(actor: Actor, *, case_id: int, reason: str, at: datetime) -> Supervision:
    """督办: ask whoever has the matter how it stands. Reminds the responsible only."""
    case = lock(actor, case_id)
    policy.require(actor, Permission.CASE_SUPERVISE, case)
    if case.state not in OPEN:
        raise Conflict("已经办结，不用督办。")
    reason = required(reason, field="reason", sentence="写明督办什么。")
    if case.supervisions.filter(answered_at=None).exists():
        raise Conflict("已经在督办，等对方回复。")
    row = Supervision.objects.create(
        case=case,
        division=case.division,
        holders=case.holders,
        by=actor.label,
        by_user_id=actor.user_id,
        reason=reason,
        asked_at=at,
        due_at=due(actor, case, case.rules().term("supervision"), at),
    )
    start_clock(
        actor,
        case,
        "supervision",
        owner=case.unit or case.division,
        department_id=case.unit_department_id,
        at=at,
    )
    change = remember(actor, case, move="supervise", source=case.state, at=at, reason=reason)
    record(actor, act="case.supervise", target=case.number, area=case.area, at=at)
    publish(CaseSupervised(case_id=case.pk, change_id=change.pk))
    return row


@action
def answer_supervision(actor: Actor, *, case_id: int, answer: str, at: datetime) -> Case:
    """Whoever has the matter says how it stands."""
    case = lock(actor, case_id)
    handled = case.unit_id is not None
    policy.require(actor, Permission.CASE_HANDLE if handled else Permission.CASE_TRIAGE, case)
    answer = required(answer, field="answer", sentence="写明现在办到哪一步、什么时候办完。")
    row = case.supervisions.filter(answered_at=None).first()
    if row is None:
        raise Conflict("没有等您回复的督办。")
    row.answer, row.answered_by, row.answered_at = answer, actor.label, at
    row.save()
    meet_deadlines(case, "supervision", at=at)
    change = remember(
        actor, case, move="answer-supervision", source=case.state, at=at, reason=answer
    )
    publish(SupervisionAnswered(case_id=case.pk, change_id=change.pk, asked_by_id=row.by_user_id))
    return case

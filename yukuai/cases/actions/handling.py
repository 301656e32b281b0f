from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.actions._steps import lock, move, note_answer, required, start_clock, tell_main
from yukuai.cases.models import Case
from yukuai.cases.states import OPEN, Outcome
from yukuai.documents.actions import store_image
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workflow.actions import meet_deadlines, remember

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
    change = remember(actor, case, move="note", source=case.state, at=at, **told)
    if case.is_part:
        tell_main(actor, case, change)
    return case


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
    note_answer(actor, case, at)
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

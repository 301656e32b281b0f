"""再打一次: the resident was not reached; after so many tries the matter is closed as 联系不上."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import lock
from yukuai.cases.actions.closing import Answers, note_visit
from yukuai.cases.callbacks import count_tries, next_time, require_callback, tries_allowed
from yukuai.cases.models import CallTime, Case, VisitAttempt
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import remember


@action
def call_again(actor: Actor, *, case_id: int, tried: int, prefers: str, at: datetime) -> Case:
    """Nobody answered. `tried` is how many tries the officer saw, so that pressing twice counts
    once. The last try the rules allow records the follow-up as not reached, and closes."""
    case = lock(actor, case_id)
    require_callback(actor, case=case)
    if prefers not in CallTime.values:
        sentence = "选什么时候再打。"
        raise InvalidInput(sentence, fields={"prefers": sentence})
    done = count_tries(actor, case=case)
    if done != tried:
        raise Conflict("这一次已经记过了，没有再记一遍。")
    VisitAttempt.objects.create(
        case=case,
        division=case.division,
        holders=case.holders,
        round=case.reopened,
        prefers=prefers,
        again_from=next_time(prefers, at=at),
        tried_at=at,
    )
    remember(actor, case, move="not-reached", source=case.state, at=at, reason="电话没打通。")
    record(actor, act="case.not-reached", target=case.number, area=case.area, at=at)
    if done + 1 >= tries_allowed(actor, case=case, at=at):
        note_visit(actor, case, reached=False, answers=Answers(), close=True, at=at)
    return case

"""Why a move of the table is refused: one question each, answered with a sentence or ''."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.arbitration import is_ruled, judges_himself, last_of, refuse_objection
from yukuai.cases.states.choices import ANSWERED_FOR_GOOD, CaseState, Triage
from yukuai.workflow.definitions import Guard

TO_PLACE = "还没有定到村或社区。先用“定位”选一个，再由那里受理。"


def is_placed(_actor: Actor, case: Any, _at: datetime) -> str:
    return TO_PLACE if case.to_place else ""


def all_of(*guards: Guard) -> Guard:
    """The first objection of several."""

    def guard(actor: Actor, case: Any, at: datetime) -> str:
        return next((said for one in guards if (said := one(actor, case, at))), "")

    return guard


def rejection_complete(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.rejection and case.rejection_channel:
        return ""
    return "写明不受理的理由，并告诉居民该找哪里，才能退回。"


def triage_chosen(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.triage else "先选大事、小事还是私事。"


def is_private(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.triage != Triage.PRIVATE:
        return "只有定为“私事”的才直接引导；大事、小事要派单。"
    return "" if case.answer else "写明给居民的办法，才能答复。"


def may_be_sent(_actor: Actor, case: Any, at: datetime) -> str:
    if case.state == CaseState.ACCEPTED and not case.urgent:
        return "先分流，再派单。紧急的事可以直接派。"
    if case.triage == Triage.PRIVATE:
        return "私事不派单，直接告诉居民办法。要派，先改判。"
    if case.unit_id is None:
        return ""
    return str(case.objection_to_unit(at=at))


def has_answer(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.answer and case.outcome else "写明办理结果和给居民的答复，才能交核查。"


def not_the_handler(actor: Actor, case: Any, _at: datetime) -> str:
    if actor.user_id is not None and actor.user_id == case.replied_by_id:
        return "这件事是您办的，要由另一个人来核查和回访。"
    return ""


def extension_left(_actor: Actor, case: Any, _at: datetime) -> str:
    limit = case.rules().extensions
    if case.extended >= limit:
        return f"已经延期 {case.extended} 次，按规则最多 {limit} 次。"
    return ""


def reopening_left(_actor: Actor, case: Any, _at: datetime) -> str:
    limit = case.rules().reopenings
    if case.reopened >= limit:
        return f"已经重新打开过 {limit} 次。还不满意，可以向上一级反映，或走信访、复议渠道。"
    return ""


def is_the_helper(actor: Actor, case: Any, _at: datetime) -> str:
    if any(grant.department_id in case.asked for grant in actor.grants):
        return ""
    return "由被请的部门来写会办意见。"


def nobody_asked(_actor: Actor, case: Any, _at: datetime) -> str:
    return "还有部门没写会办意见。" if case.asked else ""


def main_only(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.is_part:
        return "分单核查通过就办完了，回访和评价由主单来做。"
    return ""


def part_only(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.is_part else "这不是分单。"


def may_be_split(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.is_part:
        return "分单不能再拆。不归这一家的，申请退单；还要分，在主单里再拆一份。"
    if case.triage == Triage.PRIVATE:
        return "私事不拆单，直接告诉居民办法。"
    if case.parts_allowed()[1] < 1:
        return f"已经有 {case.count_running_parts()} 份分单在办，办完或撤销一份再拆。"
    return ""


def parts_done(_actor: Actor, case: Any, _at: datetime) -> str:
    running = case.count_running_parts()
    return f"还有 {running} 份分单没有办完，都办完再答复。" if running else ""


def nobody_on_the_way(_actor: Actor, case: Any, _at: datetime) -> str:
    return "已经派人去办了，不能撤回。" if case.count_parts_sent() else ""


def not_the_asker(actor: Actor, case: Any, _at: datetime) -> str:
    asked = last_of(case.past, "ask_extension", "request_return")
    if asked is not None and actor.user_id is not None and asked.user_id == actor.user_id:
        return "这是您自己申请的，要由另一个人来审批。"
    return ""


def not_ruled(_actor: Actor, case: Any, _at: datetime) -> str:
    given = case.state in (CaseState.DISPATCHED, CaseState.HANDLING)
    if given and is_ruled(case.past):
        return "上级已经裁决由这家单位来办，这一轮不再退单，也不改判。"
    return ""


def may_object(_actor: Actor, case: Any, _at: datetime) -> str:
    return refuse_objection(case.past, door=(case.unit_id, case.unit_department_id))


def is_the_arbiter(actor: Actor, case: Any, _at: datetime) -> str:
    """The level above the reviewer, or one above that; never who gave the matter out."""
    if judges_himself(case.past, user_id=actor.user_id):
        return "这件事是您派的，或者退单是您不同意的，要由另一个人来裁决。"
    objection = last_of(case.past, "object")
    level = str(objection.data.get("arbiter_area", "")) if objection else ""
    if any(level.startswith(path) for path in actor.paths_for(Permission.CASE_ARBITRATE)):
        return ""
    named = objection.data.get("arbiter", "上一级") if objection else "上一级"
    return f"由{named}来裁决。"


def unit_fits(_actor: Actor, case: Any, at: datetime) -> str:
    return str(case.objection_to_unit(at=at))


def overdue_for_rating(_actor: Actor, case: Any, at: datetime) -> str:
    if case.rate_until and at >= case.rate_until:
        return ""
    return "评价期还没有满。"


def merges_into_another(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.main_id else "先选并入哪一件。"


def may_be_unmerged(former: CaseState) -> Guard:
    """Out of the matter it was merged into, back to where it stood: one move a former state."""

    def guard(_actor: Actor, case: Any, _at: datetime) -> str:
        if case.former != former:
            return f"并入以前不是“{former.label}”。"
        if case.main is None:
            return "并入的那一件不在您的范围，请上一级来拆开。"
        if case.main.state in ANSWERED_FOR_GOOD:
            return "并入的那一件已经办结，两件的答复是同一份，不能再拆开。没解决，请居民重新反映。"
        return ""

    return guard

"""The life of a matter (domain.md §4.1–4.2) as data: states, moves, and why a move is refused."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from yukuai.accounts.policy import Actor, Permission
from yukuai.workflow.definitions import Move, Workflow


class CaseState(TextChoices):
    SUBMITTED = "submitted", "等受理"
    REJECTED = "rejected", "没有受理"
    ACCEPTED = "accepted", "已受理，待分流"
    TRIAGED = "triaged", "已分流，待派单"
    DISPATCHED = "dispatched", "已派单，待签收"
    HANDLING = "handling", "办理中"
    RETURN_REQUESTED = "return-requested", "申请退单中"
    COLLAB = "collab", "会办中"
    EXTENDED = "extended", "申请延期中"
    REPLIED = "replied", "已答复，待核查"
    REVIEWED = "reviewed", "已核查，待回访"
    VISITED = "visited", "已回访，待办结"
    CLOSED = "closed", "已办结，等评价"
    RATED = "rated", "已评价"
    ARCHIVED = "archived", "已归档"
    REOPENED = "reopened", "重新打开"
    WITHDRAWN = "withdrawn", "已撤回"


S = CaseState
P = Permission
FINAL = frozenset({S.REJECTED, S.RATED, S.ARCHIVED, S.WITHDRAWN})
DONE = FINAL | {S.CLOSED}
"""Nothing is owed by any office any more."""
OPEN = frozenset(S) - DONE
UNDISPATCHED = frozenset({S.SUBMITTED, S.ACCEPTED, S.TRIAGED})


class Triage(TextChoices):
    """三事分流"""

    MAJOR = "major", "大事"
    MINOR = "minor", "小事"
    PRIVATE = "private", "私事"


class Source(TextChoices):
    APP = "app", "手机反映"
    COUNTER = "counter", "来访登记"
    PHONE = "phone", "来电登记"
    API = "api", "外部系统"


class Outcome(TextChoices):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "解释说明"
    NOT_YET = "not-yet", "条件不具备"


class Solved(TextChoices):
    YES = "yes", "解决了"
    PARTLY = "partly", "一部分"
    NO = "no", "没有"


def _rejection_complete(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.rejection and case.rejection_channel:
        return ""
    return "写明不受理的理由，并告诉居民该找哪里，才能退回。"


def _triage_chosen(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.triage else "先选大事、小事还是私事。"


def _is_private(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.triage != Triage.PRIVATE:
        return "只有定为“私事”的才直接引导；大事、小事要派单。"
    return "" if case.answer else "写明给居民的办法，才能答复。"


def _may_be_sent(_actor: Actor, case: Any, _at: datetime) -> str:
    if case.state == CaseState.ACCEPTED and not case.urgent:
        return "先分流，再派单。紧急的事可以直接派。"
    if case.triage == Triage.PRIVATE:
        return "私事不派单，直接告诉居民办法。要派，先改判。"
    if case.unit_id is None:
        return ""
    return str(case.objection_to_unit())


def _has_answer(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.answer and case.outcome else "写明办理结果和给居民的答复，才能交核查。"


def _not_the_handler(actor: Actor, case: Any, _at: datetime) -> str:
    if actor.user_id is not None and actor.user_id == case.replied_by_id:
        return "这件事是您办的，要由另一个人来核查和回访。"
    return ""


def _extension_left(_actor: Actor, case: Any, _at: datetime) -> str:
    limit = case.rules().extensions
    if case.extended >= limit:
        return f"已经延期 {case.extended} 次，按规则最多 {limit} 次。"
    return ""


def _reopening_left(_actor: Actor, case: Any, _at: datetime) -> str:
    limit = case.rules().reopenings
    if case.reopened >= limit:
        return f"已经重新打开过 {limit} 次。还不满意，可以向上一级反映，或走信访、复议渠道。"
    return ""


def _helper_named(_actor: Actor, case: Any, _at: datetime) -> str:
    return "" if case.helper_department_id else "先选请哪个部门会办。"


def _is_the_helper(actor: Actor, case: Any, _at: datetime) -> str:
    if any(grant.department_id == case.helper_department_id for grant in actor.grants):
        return ""
    return "由被请的部门来写会办意见。"


def _overdue_for_rating(_actor: Actor, case: Any, at: datetime) -> str:
    if case.rate_until and at >= case.rate_until:
        return ""
    return "评价期还没有满。"


CASE_WORKFLOW = Workflow(
    name="case",
    states={state.value: state.label for state in CaseState},
    initial=S.SUBMITTED,
    moves=(
        Move(
            "accept",
            "受理",
            frozenset({S.SUBMITTED}),
            S.ACCEPTED,
            P.CASE_ACCEPT,
            does="收下这件事，居民马上收到通知。",
            why_not="已经受理过了。",
            icon="check",
        ),
        Move(
            "reject",
            "不受理",
            frozenset({S.SUBMITTED}),
            S.REJECTED,
            P.CASE_ACCEPT,
            does="写明理由，并告诉居民该找哪里。",
            why_not="受理以后不能再退回，可以改判或派单。",
            guard=_rejection_complete,
            icon="undo",
        ),
        Move(
            "triage",
            "分流",
            frozenset({S.ACCEPTED}),
            S.TRIAGED,
            P.CASE_TRIAGE,
            does="定为大事、小事或私事，由您确定。",
            why_not="受理以后、派单以前才分流。",
            guard=_triage_chosen,
            icon="layers",
        ),
        Move(
            "retriage",
            "改判",
            frozenset({S.TRIAGED, S.DISPATCHED, S.REOPENED}),
            S.TRIAGED,
            P.CASE_TRIAGE,
            does="换一类，写明理由，原来的记录保留。",
            why_not="分流以后、签收以前才能改判。",
            guard=_triage_chosen,
            icon="undo",
        ),
        Move(
            "guide",
            "告诉办法",
            frozenset({S.TRIAGED}),
            S.REPLIED,
            P.CASE_TRIAGE,
            does="私事不派单，告诉居民可以怎么办。",
            why_not="分流为“私事”以后才用。",
            guard=_is_private,
            icon="bulb",
        ),
        Move(
            "dispatch",
            "派单",
            frozenset({S.ACCEPTED, S.TRIAGED, S.REOPENED}),
            S.DISPATCHED,
            P.CASE_DISPATCH,
            does="派给管这件事的单位，首接负责。",
            why_not="已经派出去了。要换单位，由承办单位申请退单。",
            guard=_may_be_sent,
            icon="send",
        ),
        Move(
            "sign",
            "签收",
            frozenset({S.DISPATCHED}),
            S.HANDLING,
            P.CASE_HANDLE,
            does="收下来办，从现在起由您单位负责。",
            why_not="派给您单位以后才签收。",
            icon="check",
        ),
        Move(
            "request_return",
            "申请退单",
            frozenset({S.DISPATCHED, S.HANDLING}),
            S.RETURN_REQUESTED,
            P.CASE_HANDLE,
            does="不归您单位管，写明理由，由派单的上级审核。",
            why_not="派单以后、答复以前才能申请退单。",
            icon="undo",
        ),
        Move(
            "grant_return",
            "同意退单",
            frozenset({S.RETURN_REQUESTED}),
            S.TRIAGED,
            P.CASE_APPROVE,
            does="收回来，重新派。",
            why_not="没有等您审核的退单申请。",
            icon="check",
        ),
        Move(
            "refuse_return",
            "不同意退单",
            frozenset({S.RETURN_REQUESTED}),
            S.HANDLING,
            P.CASE_APPROVE,
            does="写明理由，由原单位接着办。",
            why_not="没有等您审核的退单申请。",
            icon="close",
        ),
        Move(
            "ask_help",
            "请人会办",
            frozenset({S.HANDLING}),
            S.COLLAB,
            P.CASE_HANDLE,
            does="请一个部门出意见，您单位仍是牵头。",
            why_not="签收以后才能请人会办。",
            guard=_helper_named,
            icon="talk",
        ),
        Move(
            "give_help",
            "写会办意见",
            frozenset({S.COLLAB}),
            S.HANDLING,
            P.CASE_HELP,
            does="意见交给牵头单位。",
            why_not="没有请您会办。",
            guard=_is_the_helper,
            icon="talk",
        ),
        Move(
            "ask_extension",
            "申请延期",
            frozenset({S.HANDLING}),
            S.EXTENDED,
            P.CASE_HANDLE,
            does="写明理由和还要几个工作日，由上级来批。",
            why_not="签收以后才能申请延期。",
            guard=_extension_left,
            icon="clock",
        ),
        Move(
            "grant_extension",
            "同意延期",
            frozenset({S.EXTENDED}),
            S.HANDLING,
            P.CASE_APPROVE,
            does="期限顺延，居民同时收到通知。",
            why_not="没有等您审批的延期申请。",
            icon="check",
        ),
        Move(
            "refuse_extension",
            "不同意延期",
            frozenset({S.EXTENDED}),
            S.HANDLING,
            P.CASE_APPROVE,
            does="写明理由，按原来的期限办。",
            why_not="没有等您审批的延期申请。",
            icon="close",
        ),
        Move(
            "reply",
            "答复",
            frozenset({S.HANDLING}),
            S.REPLIED,
            P.CASE_HANDLE,
            does="写明办了什么、结果怎样，交给另一个人核查。",
            why_not="先签收，办完以后再答复。",
            guard=_has_answer,
            icon="say",
        ),
        Move(
            "review",
            "核查通过",
            frozenset({S.REPLIED}),
            S.REVIEWED,
            P.CASE_REVIEW,
            does="答复属实，可以去回访居民。",
            why_not="要先有承办单位的答复。",
            guard=_not_the_handler,
            icon="check",
        ),
        Move(
            "send_back",
            "退回重办",
            frozenset({S.REPLIED}),
            S.HANDLING,
            P.CASE_REVIEW,
            does="写明还差什么，由原单位接着办。",
            why_not="要先有承办单位的答复。",
            guard=_not_the_handler,
            icon="undo",
        ),
        Move(
            "visit",
            "回访",
            frozenset({S.REVIEWED}),
            S.VISITED,
            P.CASE_VISIT,
            does="问居民：联系过没有、解决没有、满不满意。",
            why_not="核查通过以后，由另一个人回访。",
            guard=_not_the_handler,
            icon="phone",
        ),
        Move(
            "close",
            "办结",
            frozenset({S.VISITED}),
            S.CLOSED,
            P.CASE_CLOSE,
            does="结束这件事，请居民评价。",
            why_not="要先有答复、核查和回访。",
            icon="done",
        ),
        Move(
            "rate",
            "评价",
            frozenset({S.CLOSED}),
            S.RATED,
            P.CASE_OWN,
            does="三个问题，评的是这件事。",
            why_not="办结以后才评价。",
            icon="flag",
        ),
        Move(
            "reopen",
            "重新打开",
            frozenset({S.CLOSED}),
            S.REOPENED,
            P.CASE_OWN,
            does="没解决，请社区接着办，单号不变。",
            why_not="办结以后才能重新打开。",
            guard=_reopening_left,
            icon="undo",
        ),
        Move(
            "withdraw",
            "撤回",
            UNDISPATCHED,
            S.WITHDRAWN,
            P.CASE_OWN,
            does="撤回后社区就不再办。",
            why_not="已经派人去办了，不能撤回。",
            icon="close",
        ),
        Move(
            "archive",
            "到期归档",
            frozenset({S.CLOSED}),
            S.ARCHIVED,
            P.CASE_SETTLE,
            does="评价期满没有回音，按办结处理。",
            guard=_overdue_for_rating,
            timed="rate",
        ),
    ),
)

"""The life of a drawing of lines as data: drawn, checked, submitted, approved, in effect."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.clock import today
from yukuai.workflow.definitions import Move, Workflow


class LineState(TextChoices):
    DRAFT = "draft", "正在画"
    SUBMITTED = "submitted", "等上级批准"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "已批准，等生效"
    EFFECTIVE = "effective", "已生效"
    WITHDRAWN = "withdrawn", "已撤回"


S = LineState
P = Permission
EDITED = frozenset({S.DRAFT, S.RETURNED})
"""The drawer has it in his hands."""
OPEN = EDITED | {S.SUBMITTED, S.APPROVED}
"""One such drawing of a layer at a time."""


def is_own(path: str, area: str) -> bool:
    """Whether a post at `path` draws what lies at `area`: nobody in another's stead."""
    return path == area


def is_above(path: str, area: str) -> bool:
    """Whether a post at `path` approves what was drawn at `area`: the level above does, and the
    root itself where there is none."""
    return area.startswith(path) and (area != path or area.count(".") == 1)


def drawn_here(actor: Actor, draft: Any, _at: datetime) -> str:
    if any(is_own(path, draft.area) for path in actor.paths_for(P.BOUNDARY_DRAW)):
        return ""
    return f"由{draft.division.name}自己来画，别的单位不能替它画。"


def ready(actor: Actor, draft: Any, at: datetime) -> str:
    if objection := drawn_here(actor, draft, at):
        return objection
    if not draft.accepted:
        return draft.reason or "先检查，没有要修的地方才能提交。"
    return "" if draft.basis else "写明依据哪份文件。"


def four_eyes(actor: Actor, draft: Any, _at: datetime) -> str:
    if not any(is_above(path, draft.area) for path in actor.paths_for(P.BOUNDARY_APPROVE)):
        return "由上一级来批准。"
    if actor.user_id is not None and actor.user_id in draft.drawers:
        return "这份草案您参与画过，要由另一个人来批准。"
    return ""


def due(actor: Actor, draft: Any, at: datetime) -> str:
    if objection := four_eyes(actor, draft, at):
        return objection
    if draft.effective is None or draft.effective > today(at):
        return f"{draft.effective} 才生效，到那天自动办理。"
    return ""


LINE_WORKFLOW = Workflow(
    name="line",
    states={state.value: state.label for state in S},
    initial=S.DRAFT,
    moves=(
        Move(
            "submit",
            "提交",
            EDITED,
            S.SUBMITTED,
            P.BOUNDARY_DRAW,
            does="写明依据和生效日期，交上一级批准。提交以后不能再改，可以撤回。",
            why_not="已经提交过了。",
            guard=ready,
            icon="send",
        ),
        Move(
            "approve",
            "批准",
            frozenset({S.SUBMITTED}),
            S.APPROVED,
            P.BOUNDARY_APPROVE,
            does="到生效那天自动生效；日期已到的马上生效。",
            why_not="提交上来的才能批准。",
            guard=four_eyes,
            icon="check",
        ),
        Move(
            "return",
            "退回",
            frozenset({S.SUBMITTED, S.APPROVED}),
            S.RETURNED,
            P.BOUNDARY_APPROVE,
            does="写明哪里要改，退给画的人。",
            why_not="提交以后、生效以前才能退回。",
            guard=four_eyes,
            icon="undo",
        ),
        Move(
            "take_effect",
            "现在生效",
            frozenset({S.APPROVED}),
            S.EFFECTIVE,
            P.BOUNDARY_APPROVE,
            does="生效日期到了。平常由系统在当天零时以后办理。",
            why_not="批准以后才能生效。",
            guard=due,
            icon="flag",
        ),
        Move(
            "withdraw",
            "撤回",
            EDITED | {S.SUBMITTED},
            S.WITHDRAWN,
            P.BOUNDARY_DRAW,
            does="不要这份草案了。现行的界线不变。",
            why_not="批准以后不能撤回，可以请上级退回。",
            guard=drawn_here,
            icon="close",
        ),
    ),
)

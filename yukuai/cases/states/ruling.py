"""The life of a dispatch rule as data: drafted, tried on the past, live, retired."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from yukuai.accounts.policy import Actor, Permission
from yukuai.workflow.definitions import Move, Workflow


class RuleState(TextChoices):
    DRAFT = "draft", "草稿"
    TRIED = "tried", "试过，还没上线"
    LIVE = "live", "在用"
    RETIRED = "retired", "已停用"


class TargetKind(TextChoices):
    UNIT = "unit", "指定单位"
    NEAREST = "nearest", "离得最近的某类部门"


def ready_for_matters(_actor: Actor, rule: Any, _at: datetime) -> str:
    if not rule.tried_digest or rule.tried_digest != rule.digest:
        return "这一版还没有试过。先在过去的事上试一遍，看清楚了再上线。"
    return f"{rule.fault}先改规则，再上线。" if rule.fault else ""


R = RuleState
RULE_WORKFLOW = Workflow(
    name="dispatch-rule",
    states={state.value: state.label for state in R},
    initial=R.DRAFT,
    moves=(
        Move(
            "try",
            "试一遍",
            frozenset({R.DRAFT, R.TRIED}),
            R.TRIED,
            Permission.RULE_MANAGE,
            does="拿过去办完的事试一遍，只算数，不改任何一件事。",
            why_not="在用的已经试过；改了才要再试。",
            icon="search",
        ),
        Move(
            "go_live",
            "上线",
            frozenset({R.TRIED}),
            R.LIVE,
            Permission.RULE_MANAGE,
            does="从现在起，派单时按它建议。派不派，由人定。",
            why_not="先在过去的事上试一遍，看清楚了再上线。",
            guard=ready_for_matters,
            icon="check",
        ),
        Move(
            "edit",
            "改",
            frozenset({R.DRAFT, R.TRIED, R.LIVE}),
            R.DRAFT,
            Permission.RULE_MANAGE,
            does="改了就是草稿，要重新试过才能上线。",
            why_not="停用的规则不能再改。要用，新建一条。",
            icon="doc",
        ),
        Move(
            "retire",
            "停用",
            frozenset({R.DRAFT, R.TRIED, R.LIVE}),
            R.RETIRED,
            Permission.RULE_MANAGE,
            does="以后不再按它建议；过去的记录都在。",
            why_not="已经停用了。",
            icon="close",
        ),
    ),
)

"""The words of this app as choices, and the life of an output of a report. Values are stored,
labels are read. A record itself has no steps, only what is known of it and since when."""

from datetime import datetime
from typing import Any

from django.db import models

from yukuai.accounts.policy import Actor, Permission
from yukuai.workflow.definitions import Move, Workflow


class Kind(models.TextChoices):
    """What the register keeps: the rows of domain.md §5.1."""

    PERSON = "person", "人"
    HOUSEHOLD = "household", "户"
    DWELLING = "dwelling", "房屋"
    BUILDING = "building", "楼栋"
    COMPOUND = "compound", "小区"
    ORGANISATION = "organisation", "单位"
    SOCIAL_ORG = "social-org", "社会组织"
    PARTY_ORG = "party-org", "党组织"
    FACILITY = "facility", "设施"
    OFFICE_HOLDER = "office-holder", "班子成员"
    PROJECT = "project", "项目"


class Living(models.TextChoices):
    """How a person lives in a dwelling (domain.md §5.1)."""

    HUKOU_RESIDENT = "hukou-resident", "人户一致"
    HUKOU_AWAY = "hukou-away", "人户分离外出"
    INFLOW = "inflow", "流入"
    RESIDENT = "resident", "常住"


class Ending(models.TextChoices):
    """Why a record is kept and no longer counted."""

    MOVED = "moved", "已迁出"
    DEAD = "dead", "已死亡"
    NOBODY = "nobody", "查无此人"
    MERGED = "merged", "已并入另一条"
    GONE = "gone", "已不存在"


class Standing(models.TextChoices):
    """Of a value that is not the one shown: why not."""

    OTHER = "other", "另一来源的说法"
    FORMER = "former", "从前的值"
    ASKED = "asked", "本人申请更正"
    TAKEN = "taken", "已采纳"
    REFUSED = "refused", "未采纳"


class OutputState(models.TextChoices):
    """Of a report that is to leave the platform as a file."""

    ASKED = "asked", "等批准"
    APPROVED = "approved", "可以下载"
    REFUSED = "refused", "没有批准"
    EXPIRED = "expired", "已过期"


def by_another(actor: Actor, output: Any, _at: datetime) -> str:
    own = actor.user_id is not None and actor.user_id == output.asked_by_id
    return "不能批准自己的申请，由上一级的人来批。" if own else ""


def says_nothing_personal(_actor: Actor, output: Any, _at: datetime) -> str:
    return "含有个人信息，要上一级批准才能导出。" if output.personal else ""


def time_is_over(_actor: Actor, output: Any, at: datetime) -> str:
    return "" if output.until <= at else "还没有到期。"


O = OutputState  # noqa: E741
OUTPUT_WORKFLOW = Workflow(
    name="report-output",
    states={state.value: state.label for state in O},
    initial=O.ASKED,
    moves=(
        Move(
            "release",
            "直接导出",
            frozenset({O.ASKED}),
            O.APPROVED,
            Permission.REPORT_USE,
            does="没有个人信息，不用批准。",
            why_not="已经处理过了。",
            guard=says_nothing_personal,
            icon="download",
        ),
        Move(
            "approve",
            "批准",
            frozenset({O.ASKED}),
            O.APPROVED,
            Permission.REGISTRY_EXPORT_APPROVE,
            does="申请的人可以在几天内下载，每次下载都留记录，每个人都看得到。",
            why_not="已经处理过了。",
            guard=by_another,
            icon="check",
        ),
        Move(
            "refuse",
            "不批准",
            frozenset({O.ASKED}),
            O.REFUSED,
            Permission.REGISTRY_EXPORT_APPROVE,
            does="写明为什么，申请的人看得到。",
            why_not="已经处理过了。",
            guard=by_another,
            icon="close",
        ),
        Move(
            "expire",
            "到期作废",
            frozenset({O.ASKED, O.APPROVED}),
            O.EXPIRED,
            Permission.REGISTRY_EXPORT,
            does="没人批或者过了下载的日子，由系统作废，文件删除。",
            why_not="已经结束了。",
            guard=time_is_over,
            icon="clock",
        ),
    ),
)


class Stage(models.TextChoices):
    """How far an import is. Of those that work, a worker has it."""

    MAPPING = "mapping", "等您对应栏目"
    CHECKING = "checking", "正在核对"
    CHECKED = "checked", "核对完，等您导入"
    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "没有导入"


WORKING = frozenset({Stage.CHECKING, Stage.RUNNING, Stage.UNDOING})
STAGES: dict[Stage, tuple[Stage, ...]] = {
    Stage.MAPPING: (Stage.CHECKING, Stage.DROPPED),
    Stage.CHECKING: (Stage.CHECKED, Stage.MAPPING),
    Stage.CHECKED: (Stage.MAPPING, Stage.CHECKING, Stage.RUNNING, Stage.DROPPED),
    Stage.RUNNING: (Stage.DONE, Stage.UNDOING),
    Stage.DONE: (Stage.UNDOING,),
    Stage.UNDOING: (Stage.UNDONE,),
    Stage.UNDONE: (),
    Stage.DROPPED: (),
}
"""What may follow what."""


class Outcome(models.TextChoices):
    """What becomes of a line of an import."""

    NEW = "new", "新增"
    UPDATED = "updated", "更新"
    NOTED = "noted", "另存一种说法"
    SAME = "same", "没有变化"
    TWICE = "twice", "文件里重复"
    DOUBT = "doubt", "可能重复"
    WRONG = "wrong", "有错"


TAKEN = (Outcome.NEW, Outcome.UPDATED, Outcome.NOTED, Outcome.SAME)
"""Lines that are in the register afterwards; the others wait for a person."""

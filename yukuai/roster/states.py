"""The life of a hand-over as data: written, handed over, taken. No clock runs on anybody."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from yukuai.accounts.policy import Actor, Permission
from yukuai.workflow.definitions import Move, Workflow


class HandoverState(TextChoices):
    WRITTEN = "written", "写好了"
    HANDED = "handed", "等接班"
    TAKEN = "taken", "接过去了"


def by_another(actor: Actor, handover: Any, _at: datetime) -> str:
    if actor.user_id is not None and actor.user_id == handover.handed_by_id:
        return "这份交接是您写的，由接班的人来接。"
    return ""


H = HandoverState
HANDOVER_WORKFLOW = Workflow(
    name="handover",
    states={state.value: state.label for state in H},
    initial=H.WRITTEN,
    moves=(
        Move(
            "hand_over",
            "交班",
            frozenset({H.WRITTEN}),
            H.HANDED,
            Permission.CASE_HANDLE,
            does="窗口在办的事和您写的话一起留下，交了就不能改。",
            why_not="已经交过了。",
            icon="go",
        ),
        Move(
            "take_over",
            "接班",
            frozenset({H.HANDED}),
            H.TAKEN,
            Permission.CASE_HANDLE,
            does="看过了，从现在起由您接着办。",
            why_not="已经有人接过去了。",
            guard=by_another,
            icon="check",
        ),
    ),
)

"""Why a move of the table is refused: one question each, answered with a sentence or ''."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.disputes.states.choices import DisputeState
from yukuai.kernel.clock import today


def mediator_fits(_actor: Actor, dispute: Any, _at: datetime) -> str:
    if dispute.mediator_id is None:
        return "先选一位调解员。"
    return str(dispute.objection_to_mediator())


def has_session(_actor: Actor, dispute: Any, _at: datetime) -> str:
    return "" if dispute.sessions else "先记下至少一次调解，再写协议。"


def agreement_said(_actor: Actor, dispute: Any, _at: datetime) -> str:
    if not dispute.sessions:
        return "先记下至少一次调解，再写协议。"
    return "" if dispute.agreement_form else "写明是书面协议还是口头协议，协议是什么。"


def told_where(_actor: Actor, dispute: Any, _at: datetime) -> str:
    return "" if dispute.told_where else "告诉当事人还可以走仲裁、行政、诉讼哪条路，写清地址。"


def in_effect(_actor: Actor, dispute: Any, at: datetime) -> str:
    if dispute.effective_on is None:
        return "书面协议要各方签字、调解员签名、盖调解委员会印章，从那天起生效。"
    return "" if dispute.effective_on <= today(at) else "生效的日子还没有到。"


def confirmation_open(_actor: Actor, dispute: Any, _at: datetime) -> str:
    return "司法确认已经记过了。" if dispute.confirmation else ""


def ready_for_archive(_actor: Actor, dispute: Any, _at: datetime) -> str:
    if dispute.state == DisputeState.FULFILMENT and not dispute.outcome:
        return "先做履行回访，记下履行得怎么样。"
    return ""

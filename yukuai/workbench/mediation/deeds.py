"""Everything that can be done with a dispute, as a table, and the buttons of its page."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.disputes.states import DISPUTE_WORKFLOW, MEDIATED, AgreementForm, DisputeState
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.workbench.casework.offers import Act, Acts
from yukuai.workbench.mediation import forms
from yukuai.workflow.queries import list_offers

NEAR = 3
CHANGE_DATE = "change_date"


@dataclass(frozen=True)
class Deed:
    form: type[forms.DisputeForm]
    button: str
    done: str
    danger: bool = False


DEEDS: dict[str, Deed] = {
    "assign": Deed(forms.AssignForm, "交给他", "指派好了，调解员和双方会收到通知。"),
    "reassign": Deed(forms.ReassignForm, "换人", "换好了，原来的调解员从此看不到。"),
    "recuse": Deed(forms.RecuseForm, "回避，交回司法所", "交回去了，由司法所另派。"),
    "record_refusal": Deed(forms.RefusalForm, "记下来", "记下了，由司法所另派一位。"),
    "investigate": Deed(forms.InvestigateForm, "开始调查", "开始调查了。"),
    "inquire": Deed(forms.InquireForm, "记下来", "记下了。"),
    "mediate": Deed(forms.MediateForm, "约好了", "约好了，双方会收到短信。"),
    CHANGE_DATE: Deed(forms.ChangeDateForm, "改到这时", "改好了，双方会收到短信。"),
    "hold_session": Deed(forms.SessionForm, "记下这次调解", "记下了，调解记录正在出。"),
    "agree": Deed(forms.AgreeForm, "写下协议", "协议写好了。"),
    "take_effect": Deed(forms.EffectForm, "从这天起生效", "生效了。"),
    "note_confirmation": Deed(forms.ConfirmationForm, "记下来", "记下了，不再提醒。"),
    "visit": Deed(forms.VisitForm, "记下回访", "回访记下了。"),
    "fail": Deed(forms.FailForm, "终止调解", "终止了，双方会知道还能走哪条路。", danger=True),
    "archive": Deed(forms.ArchiveForm, "归档", "归档了。"),
    "record_withdrawal": Deed(forms.WithdrawalForm, "结束调解", "结束了。", danger=True),
}
FORWARD = (
    "assign",
    "investigate",
    "mediate",
    "agree",
    "hold_session",
    "take_effect",
    "archive",
    "visit",
)
"""What carries a dispute on: the first of these that is allowed is the filled button."""


@dataclass(frozen=True)
class Step(Act):
    """A button with the article it rests on."""

    law: str = ""


def list_steps(actor: Actor, *, dispute: Any, at: datetime) -> Acts:
    acts = _steps(actor, dispute, at)
    allowed = [act for act in acts if act.allowed]
    first = next((a for name in FORWARD for a in allowed if a.name == name), None)
    now = [replace(first, primary=True, key="D")] if first else []
    now += sorted((act for act in allowed if act is not first), key=_rank)
    refused = sorted((a for a in acts if not a.allowed), key=_distance)
    return Acts(tuple(now), tuple(refused[:NEAR]), tuple(refused[NEAR:]))


def find_step(actor: Actor, *, dispute: Any, name: str, at: datetime) -> Step:
    for act in _steps(actor, dispute, at):
        if act.name == name:
            return act
    raise NotFound("没有这一步。请从这件纠纷的页面重新选。")


def _steps(actor: Actor, dispute: Any, at: datetime) -> Sequence[Step]:
    offers = list_offers(actor, obj=_filled(dispute, at), at=at)
    moves = [_of_offer(actor, dispute, offer) for offer in offers if offer.move.name in DEEDS]
    return [*moves, _change_date(actor, dispute)]


def _of_offer(actor: Actor, dispute: Any, offer: Any) -> Step:
    move = offer.move
    return Step(
        name=move.name,
        label=move.label,
        icon=move.icon,
        url=_url(dispute, move.name),
        allowed=offer.allowed,
        sentence=offer.reason,
        forbidden=not policy.check(actor, move.permission, dispute),
        current=dispute.state in move.sources,
        ahead=_is_ahead(dispute.state, move.sources),
        law=move.law if offer.allowed else "",
    )


def _change_date(actor: Actor, dispute: Any) -> Step:
    verdict = policy.check(actor, Permission.DISPUTE_MEDIATE, dispute)
    objection = verdict.reason
    if verdict and (dispute.state not in MEDIATED or dispute.next_at is None):
        objection = "约过时间、还没有调解时才能改。"
    return Step(
        name=CHANGE_DATE,
        label="改时间",
        icon="calendar",
        url=_url(dispute, CHANGE_DATE),
        allowed=not objection,
        sentence=objection or "换一个时间或地点，双方会收到短信。",
        forbidden=not verdict,
    )


def _filled(dispute: Any, at: datetime) -> Any:
    """The dispute as if the form had been written: guards that ask for words judge the rest."""
    filled = copy.copy(dispute)
    filled.mediator_id = dispute.mediator_id or -1
    filled.objection_to_mediator = str
    filled.told_where = True
    filled.agreement_form = dispute.agreement_form or AgreementForm.WRITTEN
    if dispute.state == DisputeState.AGREED:
        filled.effective_on = dispute.effective_on or today(at)
    return filled


def _url(dispute: Any, name: str) -> str:
    return reverse("work:dispute-do", args=[dispute.number, name])


def _rank(act: Act) -> int:
    """What carries it on stands before what gives it back or ends it."""
    return FORWARD.index(act.name) if act.name in FORWARD else len(FORWARD)


def _distance(act: Act) -> tuple[bool, ...]:
    return (act.forbidden, not act.current, not act.ahead)


def _is_ahead(state: str, sources: Any) -> bool:
    order = list(DISPUTE_WORKFLOW.states)
    return min(order.index(source) for source in sources) > order.index(state)

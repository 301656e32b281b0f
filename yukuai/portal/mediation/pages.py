"""A mediation in the words of its parties: plain, and without a word of what it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.accounts.policy import Actor
from yukuai.disputes.states import DisputeState
from yukuai.workflow.queries import Offer, list_offers

S = DisputeState
WORDS = {
    S.REGISTERED: ("wait", "等司法所找调解员"),
    S.ASSIGNED: ("run", "有调解员了"),
    S.INVESTIGATING: ("run", "调解员在了解情况"),
    S.MEDIATING: ("run", "正在调解"),
    S.AGREED: ("wait", "谈成了，等签字生效"),
    S.FAILED: ("off", "没有谈成"),
    S.FULFILMENT: ("run", "协议生效，正在履行"),
    S.ARCHIVED: ("done", "已经结束"),
    S.WITHDRAWN: ("off", "不调解了"),
}


@dataclass(frozen=True)
class Row:
    dispute: Any
    url: str
    tone: str
    word: str


def as_row(dispute: Any) -> Row:
    tone, word = WORDS[DisputeState(dispute.state)]
    return Row(dispute, reverse("portal:mediation", args=[dispute.number]), tone, word)


def own_offers(actor: Actor, *, dispute: Any, at: datetime) -> dict[str, Offer]:
    """What a party may say for himself: 不接受调解员, 不调解了."""
    return {
        offer.move.name: offer
        for offer in list_offers(actor, obj=dispute, at=at)
        if offer.move.name in ("refuse", "withdraw")
    }

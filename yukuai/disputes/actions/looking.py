"""Looks that are on record: at a dispute, and at one of its parties by name."""

from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.audit.actions import record
from yukuai.disputes.actions._steps import lock, required
from yukuai.disputes.models import Dispute, Party
from yukuai.disputes.queries import opened
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotFound

PURPOSES = {
    "ask": "核实情况",
    "meet": "约双方调解",
    "paper": "写协议和文书",
    "visit": "履行回访",
}
READING = "经办调解"


@dataclass(frozen=True)
class Shown:
    """Shown once; the next look is another look."""

    side: str
    name: str
    phone: str


def note_look(actor: Actor, *, dispute: Dispute, at: datetime) -> None:
    """A step of a reading: the parties read it under “谁看过我的信息”."""
    record(
        actor,
        act="dispute.view",
        target=dispute.number,
        area=dispute.audit_area,
        at=at,
        purpose=READING,
        holders=[dispute.ring, *dispute.party_keys],
    )


@action
def reveal_party(
    actor: Actor, *, dispute_id: int, party_id: int, purpose: str, at: datetime
) -> Shown:
    """One party's name and telephone, with a purpose, on record for him and no other."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_VIEW, dispute)
    words = required(
        PURPOSES.get(purpose, ""), field="purpose", sentence="选一个看当事人信息的用途。"
    )
    with opened(actor, dispute):
        party = Party.objects.filter(dispute=dispute, pk=party_id).first()
    if party is None:
        raise NotFound("这件纠纷里没有这位当事人。")
    record(
        actor,
        act="dispute.party",
        target=dispute.number,
        area=dispute.audit_area,
        at=at,
        purpose=words,
        holders=party.holders,
        fields=["姓名", "电话"],
    )
    return Shown(party.get_side_display(), party.name, party.phone)

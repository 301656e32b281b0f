"""What a mediation leaves on paper: the record of each session, the agreement, the thirty days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.disputes.queries import get_dispute_for_job, list_parties, look_inside, opened
from yukuai.disputes.states import AgreementForm
from yukuai.documents.issuing import issue_document
from yukuai.documents.queries import list_documents
from yukuai.documents.rules import chinese_date
from yukuai.kernel.actions import action
from yukuai.messaging.rules import deadline_words
from yukuai.workflow.queries import list_deadlines

PAPERS = {
    "hold_session": "mediation-record",
    "agree": "mediation-agreement",
    "take_effect": "confirmation-note",
}
RECORDING = "人民调解法"
AGREEING = "人民调解法第二十八条、第二十九条、第三十一条"
CONFIRMING = "人民调解法第三十三条"
COURT = "调解委员会所在地的基层人民法院；归哪一家管，以法院答复为准"
"""待核: where to apply is from memory, so the paper leaves the last word to the court."""
BRING = "调解协议书原件\n双方身份证明\n双方的联系方式和住址"


@action
def issue_dispute_paper(actor: Actor, *, dispute_id: int, move: str, at: datetime) -> None:
    """Run twice, it issues once: a record a session, one agreement, one note on the court."""
    dispute = get_dispute_for_job(actor, dispute_id=dispute_id)
    kind = PAPERS[move]
    if move == "agree" and dispute.agreement_form != AgreementForm.WRITTEN:
        return
    if dispute.mediator is None:
        return
    inside = look_inside(actor, dispute=dispute)
    with opened(actor, dispute) as bearer:
        parties = list_parties(bearer, dispute=dispute)
        issued = list_documents(bearer, subject="dispute", object_id=dispute.pk)
        there = sum(1 for paper in issued if paper.kind == kind)
        wanted = inside.records[there:] if move == "hold_session" else [None][there:]
        for record in wanted:
            facts = _facts(bearer, dispute, inside, parties, move, record, at)
            issue_document(
                bearer,
                place_of=dispute,
                kind=kind,
                data=facts,
                unit=dispute.mediator.division,
                issuer=f"{dispute.mediator.division.name}人民调解委员会",
                at=at,
            )


def _facts(
    actor: Actor,
    dispute: Any,
    inside: Any,
    parties: Sequence[Any],
    move: str,
    record: Any,
    at: datetime,
) -> dict[str, str]:
    common = {
        "recipient": "双方当事人",
        "dispute_number": dispute.number,
        "dispute_kind": dispute.kind.name,
        "parties": "\n".join(f"{one.get_side_display()}：{one.name}" for one in parties),
        "mediator": dispute.mediator.name,
    }
    if move == "hold_session":
        return common | _record(record, parties)
    if move == "agree":
        return common | _agreement(inside, parties)
    return common | _confirmation(actor, dispute, at)


def _record(record: Any, parties: Sequence[Any]) -> dict[str, str]:
    came = [one.name for one in parties if one.pk in record.present]
    present = "、".join([*came, *([record.others] if record.others else [])])
    return {
        "held_on": chinese_date(record.held_on),
        "held_at": record.held_at,
        "present": present,
        "record": record.record,
        "signers": "\n".join(came),
        "law": RECORDING,
        "mediator": record.mediator,
    }


def _agreement(inside: Any, parties: Sequence[Any]) -> dict[str, str]:
    return {
        "facts": inside.agreement.facts,
        "terms": inside.agreement.terms,
        "items": "\n".join(map(_item, inside.items)),
        "signers": "\n".join(one.name for one in parties),
        "law": AGREEING,
    }


def _item(item: Any) -> str:
    day = f"，{chinese_date(item.due_on)}前" if item.due_on else ""
    return f"{item.order}. {item.what}{day}"


def _confirmation(actor: Actor, dispute: Any, at: datetime) -> dict[str, str]:
    clocks = {clock.name: clock for clock in list_deadlines(actor, obj=dispute)}
    confirm = clocks.get("confirm")
    return {
        "effective_on": chinese_date(dispute.effective_on),
        "until": deadline_words(confirm.due_at, at=at) if confirm else "已经过了三十天",
        "court": COURT,
        "papers": BRING,
        "law": CONFIRMING,
    }

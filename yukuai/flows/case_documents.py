"""A matter accepted, refused or answered leaves a numbered paper that can be verified."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.cases.queries import get_case
from yukuai.cases.rejections import REJECTIONS
from yukuai.documents.issuing import issue_document
from yukuai.documents.queries import list_documents
from yukuai.documents.rules import issuing_body
from yukuai.kernel import wording
from yukuai.kernel.actions import action

PAPERS = {"reject": "refusal", "close": "reply"}
OBJECTION = "对办理结果有异议，可以在评价时要求接着办一次，或向上一级街道、区县反映。"


@action
def issue_case_paper(actor: Actor, *, case_id: int, move: str, at: datetime) -> None:
    """Run twice, it issues once a round."""
    case = get_case(actor, case_id=case_id)
    kind = PAPERS[move]
    issued = list_documents(actor, subject="case", object_id=case.pk)
    if sum(1 for paper in issued if paper.kind == kind) > case.reopened:
        return
    issue_document(actor, place_of=case, kind=kind, data=_facts(case, kind, at), at=at)


def _facts(case: Any, kind: str, at: datetime) -> dict[str, str]:
    facts = {
        "recipient": "反映人",
        "case_number": case.number,
        "matter": case.body[:400],
        "received_on": wording.day(case.received_at, now=at),
        "contact": issuing_body(case.division.kind, case.division.name),
        "objection": OBJECTION,
    }
    if kind == "refusal":
        ground = REJECTIONS[case.rejection]
        return facts | {
            "reason": ground.plain,
            "law": ground.law,
            "channel": case.rejection_channel,
        }
    return facts | {
        "unit": str(case.unit_department or case.unit or case.division),
        "result": case.answer,
    }

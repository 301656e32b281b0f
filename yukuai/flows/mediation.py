"""A quarrel that was raised as a matter goes to mediation: once, with the consent of whoever raised
it. The matter goes on with an answer of its own, which says the number and no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.actions import guide_case, reply_case
from yukuai.cases.actions.contact import read_contact
from yukuai.cases.queries import get_case
from yukuai.cases.states import CaseState, Outcome, Triage
from yukuai.disputes.actions import receive
from yukuai.disputes.actions.registering import Person, Quarrel
from yukuai.disputes.queries import find_made_from
from yukuai.disputes.states import Origin, Side
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput

P = Permission
SPACE = UUID("9c0f7f0e-3f3b-4b0e-8c55-61b0d5f5a3c4")
PURPOSE = "转人民调解"
NOT_AGREED = "他没有同意，就不能转。可以告诉他：人民调解自愿、不收费，随时可以不调。"


@dataclass(frozen=True)
class Wish:
    """What the officer asked whoever raised the matter, and what he said."""

    agreed: bool
    how: str
    kind: str
    about: str
    respondent: str
    respondent_phone: str = ""
    applicant: str = ""
    """His name, where the matter has none that a paper could carry."""


def objection_to_mediation(actor: Actor, case: Any) -> str:
    """Why this matter cannot go to mediation now, or by this officer; '' when it can."""
    verdict = policy.check(actor, P.DISPUTE_REGISTER, case)
    if not verdict:
        return verdict.reason
    if case.triage not in (Triage.MINOR, Triage.PRIVATE):
        return "定为小事或私事的邻里、家庭纠纷才转调解。"
    if case.anonymous:
        return "没有留姓名和电话，不能替他申请。请他到社区来登记。"
    if case.triage == Triage.PRIVATE and case.state == CaseState.TRIAGED:
        return policy.check(actor, P.CASE_TRIAGE, case).reason
    if case.triage == Triage.MINOR and case.state == CaseState.HANDLING:
        return policy.check(actor, P.CASE_HANDLE, case).reason
    if case.triage == Triage.MINOR and case.state in (CaseState.TRIAGED, CaseState.DISPATCHED):
        return "先派给社区、签收，再转调解。"
    return "答复以后不能再转。"


def send_to_mediation(actor: Actor, *, case_id: int, wish: Wish, at: datetime) -> str:
    """Two acts, each its own transaction and each safe to repeat: the dispute, then the answer.
    Returns the number of the dispute."""
    number, private = register_from_case(actor, case_id=case_id, wish=wish, at=at)
    answer = f"已转人民调解，单号 {number}。"
    if private:
        guide_case(actor, case_id=case_id, answer=answer, at=at)
    else:
        reply_case(actor, case_id=case_id, answer=answer, outcome=Outcome.EXPLAINED, at=at)
    return number


@action
def register_from_case(actor: Actor, *, case_id: int, wish: Wish, at: datetime) -> tuple[str, bool]:
    """The dispute of this matter, made once; and whether the matter is a private one."""
    case = get_case(actor, case_id=case_id, locked=True)
    if objection := objection_to_mediation(actor, case):
        raise Conflict(objection)
    private = case.triage == Triage.PRIVATE
    source_key = f"case:{case.pk}"
    if known := find_made_from(actor, source_key=source_key):
        return known, private
    if not wish.agreed:
        raise InvalidInput(NOT_AGREED, fields={"agreed": NOT_AGREED})
    contact = read_contact(actor, case=case, purpose=PURPOSE, at=at)
    quarrel = Quarrel(
        client_uuid=uuid5(SPACE, source_key),
        division_id=case.division_id,
        kind=wish.kind,
        about=wish.about,
        parties=(
            Person(Side.APPLICANT, wish.applicant or contact.name, contact.phone),
            Person(Side.RESPONDENT, wish.respondent, wish.respondent_phone),
        ),
        origin=Origin.CASE,
        consent=f"反映人同意（{wish.how or '当面'}），由{actor.label}问",
        source_key=source_key,
    )
    return receive(actor, quarrel=quarrel, at=at).number, private

from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import lock, required
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.states import CaseState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, NotFound

PURPOSES = {
    "ask": "核实情况",
    "visit": "约上门时间",
    "answer": "告知办理结果",
    "follow-up": "回访",
}


@dataclass(frozen=True)
class Contact:
    """Shown once; the next look is another look."""

    name: str
    phone: str
    email: str = ""


@action
def reveal_contact(actor: Actor, *, case_id: int, purpose: str, at: datetime) -> Contact:
    """The handler (or whoever follows up) opens the contact: with a purpose, on record, once.

    The person concerned reads the entry under “谁看过我的信息”.
    """
    case = lock(actor, case_id)
    following_up = case.state == CaseState.REVIEWED
    policy.require(actor, Permission.CASE_VISIT if following_up else _permission(case), case)
    words = required(PURPOSES.get(purpose, ""), field="purpose", sentence="选一个看电话的用途。")
    return read_contact(actor, case=case, purpose=words, at=at)


def read_contact(actor: Actor, *, case: Case, purpose: str, at: datetime) -> Contact:
    """A step, of a matter the actor was shown and may ask back about: the look is on record."""
    if case.is_part:
        raise Conflict("分单里看不到电话。要联系反映人，请主单的牵头单位来联系。")
    if case.anonymous:
        raise Conflict("这件事没有留姓名和电话。可以在办理记录里写话给他，他凭单号能看到。")
    contact = CaseContact.objects.filter(case=case).first()
    if contact is None:
        raise NotFound("这件事没有留联系方式。")
    record(
        actor,
        act="case.contact",
        target=case.number,
        area=case.area,
        at=at,
        purpose=purpose,
        holders=case.holders,
        fields=["姓名", "电话", *(["邮箱"] if contact.email else [])],
    )
    return Contact(contact.name, contact.phone, contact.email)


def _permission(case: object) -> Permission:
    """Before anybody was given the matter, whoever triages may ask back."""
    state = getattr(case, "state", "")
    early = {CaseState.SUBMITTED, CaseState.ACCEPTED, CaseState.TRIAGED, CaseState.REOPENED}
    return Permission.CASE_TRIAGE if state in early else Permission.CASE_HANDLE

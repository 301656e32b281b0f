from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import (
    lock,
    move,
    required,
    reviewer_of,
    start_clock,
    unit_ids,
)
from yukuai.cases.models import Case, DutyRefusal
from yukuai.cases.rules import resolve_term
from yukuai.cases.states import CaseState
from yukuai.cases.suggesting import TURNS, suggest_unit
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workflow.actions import (
    drop_deadlines,
    hand_over_deadline,
    meet_deadlines,
    start_deadline,
)
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import list_changes


class OutsideDutyList(Conflict):
    """A major matter that its community's duty list does not hold."""

    code = "outside-duty-list"


def dispatch_case(
    actor: Actor,
    *,
    case_id: int,
    unit_id: int,
    department_id: int | None = None,
    opinion: str = "",
    at: datetime,
) -> Case:
    """Give the matter to a community, a township or a department at any level above the place.

    What is refused because the duty list does not hold it leaves a trace, in a transaction of its
    own, whoever asked: form, interface or job.
    """
    try:
        return _dispatch(
            actor,
            case_id=case_id,
            unit_id=unit_id,
            department_id=department_id,
            opinion=opinion,
            at=at,
        )
    except OutsideDutyList as refusal:
        _note_refusal(actor, case_id=case_id, said=refusal.message, at=at)
        raise


@action
def _dispatch(
    actor: Actor,
    *,
    case_id: int,
    unit_id: int,
    department_id: int | None,
    opinion: str,
    at: datetime,
) -> Case:
    case = lock(actor, case_id)
    send_to_unit(actor, case, unit_id=unit_id, department_id=department_id, opinion=opinion, at=at)
    return case


def send_to_unit(
    actor: Actor, case: Case, *, unit_id: int, department_id: int | None, opinion: str, at: datetime
) -> None:
    """The step of `dispatch_case`, also made at once when a part is split off."""
    set_unit(actor, case, unit_id, department_id, at)
    if case.state == CaseState.ACCEPTED and case.urgent and not case.triage:
        case.triage = "major"
    case.dispatcher = _own_division(actor, case)
    name = case.unit_department.name if case.unit_department else case.unit.name
    said = f"交给{name}来办。"
    suggestion = _suggestion(actor, case, at)
    _move_or_refuse(
        actor, case, at=at, reason=opinion.strip()[:400], said=said, to=name, **suggestion
    )
    meet_deadlines(case, "triage", "dispatch", at=at)
    wait_for_signature(actor, case, at)
    _hand_over(actor, case, at)


def _move_or_refuse(actor: Actor, case: Case, *, at: datetime, **said: Any) -> None:
    try:
        move(actor, case, "dispatch", at=at, **said)
    except Conflict as refusal:
        if case.unit.kind == "community" and refusal.message == case.objection_to_community(at=at):
            raise OutsideDutyList(refusal.message) from refusal
        raise


def _suggestion(actor: Actor, case: Case, at: datetime) -> dict[str, object]:
    """What the platform would have suggested, and whether a person followed: for the log."""
    changes = list_changes(actor, obj=case).filter(move__in=TURNS)
    found = suggest_unit(actor, case=case, changes=changes, at=at)
    if found is None:
        return {}
    chosen = (case.unit_id, case.unit_department_id)
    return {"suggested": found.as_data(), "followed": found.unit == chosen}


@action
def _note_refusal(actor: Actor, *, case_id: int, said: str, at: datetime) -> None:
    case = lock(actor, case_id)
    DutyRefusal.objects.create(
        case=case,
        division=case.division,
        category=case.category,
        by=_own_division(actor, case),
        by_user_id=actor.user_id,
        said=said[:400],
        tried_at=at,
    )
    record(actor, act="case.push-down-refused", target=case.number, area=case.area, at=at)


def wait_for_signature(actor: Actor, case: Case, at: datetime) -> None:
    where = {"owner": case.unit, "department_id": case.unit_department_id}
    start_clock(actor, case, "sign", at=at, term=_sign_term(case), **where)


def set_unit(
    actor: Actor, case: Case, unit_id: int, department_id: int | None, at: datetime
) -> None:
    unit = get_division(actor, division_id=unit_id)
    department = None
    if department_id is not None:
        department = get_department(actor, department_id=department_id)
        if department.division_id != unit.pk or not department.active:
            sentence = "这个部门已经停用或不在这一级，请重新选。"
            raise InvalidInput(sentence, fields={"unit": sentence})
    if unit.kind == "city" and department is None:
        sentence = "市级要选到具体部门。"
        raise InvalidInput(sentence, fields={"unit": sentence})
    case.unit, case.unit_department = unit, department
    if not case.area.startswith(unit.path):  # before the save: the guard says the same
        raise NotPermitted(case.objection_to_unit(at=at))


def _own_division(actor: Actor, case: Case) -> Any:
    """At which level the officer who dispatches stands."""
    paths = sorted(actor.paths_for(Permission.CASE_DISPATCH), reverse=True)
    path = next((p for p in paths if case.area.startswith(p)), "")
    own = path.rstrip(".").rpartition(".")[2]
    return get_division(actor, division_id=int(own)) if own else case.division


def _sign_term(case: Case) -> Term:
    return case.rules().term("sign-urgent" if case.urgent else "sign")


def _hand_over(actor: Actor, case: Case, at: datetime) -> None:
    """One clock for the whole handling: it goes with the matter from unit to unit."""
    department_id = case.unit_department_id
    if hand_over_deadline(case, "resolve", owner=case.unit, department_id=department_id):
        return
    consultation = case.category is not None and case.category.consultation
    rules = case.rules()
    name = resolve_term(triage=case.triage, consultation=consultation)
    promised = case.promised_at
    if promised is None or promised <= at:
        case.promised_at = start_clock(
            actor,
            case,
            "resolve",
            owner=case.unit,
            department_id=department_id,
            term=rules.term(name),
            label="办结",
            at=at,
        )
        case.save(update_fields=["promised_at"])
        return
    start_deadline(
        case,
        "resolve",
        label="办结",
        owner=case.unit,
        department_id=department_id,
        starts_at=at,
        due_at=promised,
        law=rules.source(name),
    )


@action
def request_return(actor: Actor, *, case_id: int, reason: str, at: datetime) -> Case:
    """The unit says it is not its matter; a level above the community decides."""
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明为什么不归您单位管，该归谁。")
    move(actor, case, "request_return", at=at, reason=reason)
    meet_deadlines(case, "sign", at=at)
    start_clock(actor, case, "approve", owner=reviewer_of(actor, case), at=at)
    return case


@action
def decide_return(actor: Actor, *, case_id: int, granted: bool, reason: str, at: datetime) -> Case:
    case = lock(actor, case_id)
    if not granted:
        reason = required(reason, field="reason", sentence="写明为什么不同意。")
        move(actor, case, "refuse_return", at=at, reason=reason, **unit_ids(case))
        meet_deadlines(case, "approve", at=at)
        return case
    former = unit_ids(case)
    case.unit = case.unit_department = None
    move(actor, case, "grant_return", at=at, reason=reason.strip()[:400], **former)
    meet_deadlines(case, "approve", at=at)
    drop_deadlines(case, "sign", at=at)
    reviewer = reviewer_of(actor, case)
    hand_over_deadline(case, "resolve", owner=reviewer, department_id=None)
    start_clock(actor, case, "dispatch", owner=reviewer, at=at)
    return case

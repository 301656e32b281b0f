from datetime import datetime
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import due, lock, move, note_answer, required, start_clock
from yukuai.cases.advice import advise_triage
from yukuai.cases.events import CaseMoved
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.queries import get_active_category
from yukuai.cases.rules import resolve_term
from yukuai.cases.standing import leave_behind
from yukuai.cases.states import PART_DONE, UNDISPATCHED, CaseState, Outcome, Triage
from yukuai.divisions.queries import get_division
from yukuai.documents.actions import relocate_attachments
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import widened
from yukuai.messaging.actions import relocate_texts
from yukuai.workflow.actions import (
    cut_deadlines,
    drop_deadlines,
    meet_deadlines,
    relocate_log,
    remember,
)

WHO = {
    Triage.MAJOR: "由政府部门来办",
    Triage.MINOR: "由社区牵头来办",
    Triage.PRIVATE: "主要靠自己解决，社区帮您指路",
}


@action
def triage_case(
    actor: Actor,
    *,
    case_id: int,
    triage: str,
    category_id: int | None = None,
    suggestion: str = "",
    at: datetime,
) -> Case:
    """A person decides 大事、小事 or 私事; what the rules suggested is kept beside it."""
    case = lock(actor, case_id)
    settle_triage(actor, case, triage=triage, category_id=category_id, suggestion=suggestion, at=at)
    return case


def settle_triage(
    actor: Actor,
    case: Case,
    *,
    triage: str,
    category_id: int | None = None,
    suggestion: str = "",
    at: datetime,
) -> None:
    """The step of `triage_case`, also made at once when a part is split off."""
    taken: dict[str, Any] = {} if case.is_part else _taken(actor, case, triage, category_id)
    _decide(actor, case, triage, category_id)
    case.triage_reason = suggestion[:400]
    _promise(actor, case, at)
    said = f"定为“{Triage(triage).label}”，{WHO[Triage(triage)]}。"
    move(actor, case, "triage", at=at, said=said, triage=triage, suggestion=suggestion, **taken)
    meet_deadlines(case, "triage", at=at)
    _await_dispatch(actor, case, at)


@action
def retriage_case(
    actor: Actor,
    *,
    case_id: int,
    triage: str,
    category_id: int | None = None,
    reason: str,
    at: datetime,
) -> Case:
    """Another decision, with its reason; the earlier one stays in the log."""
    case = lock(actor, case_id)
    before, kind = case.triage, case.category
    unit = str(case.unit_department or case.unit or "")
    reason = required(reason, field="reason", sentence="写明为什么改判。")
    _decide(actor, case, triage, category_id)
    case.unit = case.unit_department = None
    _promise(actor, case, at)
    said = f"重新定为“{Triage(triage).label}”，{WHO[Triage(triage)]}。"
    was = {"before": before, "category_before": str(kind or ""), "unit_before": unit}
    now = {"triage": triage, "category": str(case.category or "")}
    move(actor, case, "retriage", at=at, reason=reason, said=said, **now, **was)
    drop_deadlines(case, "sign", "dispatch", "resolve", at=at)  # another class, another term
    _await_dispatch(actor, case, at)
    _shorten_parts(case)
    return case


def _taken(actor: Actor, case: Case, triage: str, category_id: int | None) -> dict[str, Any]:
    """What the platform would have suggested, and whether a person followed: for the log."""
    found = advise_triage(actor, case=case)
    said = found.as_data()
    chosen = category_id or case.category_id
    followed = found.was_followed(triage=triage, category_id=chosen)
    return {"suggested": said, "followed": followed} if said else {}


def _decide(actor: Actor, case: Case, triage: str, category_id: int | None) -> None:
    if triage not in Triage.values:
        sentence = "先选大事、小事还是私事。"
        raise InvalidInput(sentence, fields={"triage": sentence})
    if triage == Triage.PRIVATE and case.pk and case.count_running_parts():
        sentence = "还有分单在办，不能定为私事。先撤销或办完分单。"
        raise InvalidInput(sentence, fields={"triage": sentence})
    case.triage = triage
    if category_id is not None:
        case.category = get_active_category(actor, category_id=category_id)


def _promise(actor: Actor, case: Case, at: datetime) -> None:
    consultation = case.category is not None and case.category.consultation
    term = case.rules().term(resolve_term(triage=case.triage, consultation=consultation))
    start = at if case.reopened or case.is_part else case.received_at
    case.promised_at = due(actor, case, term, start)


def _shorten_parts(case: Case) -> None:
    """The main matter is promised earlier now: its parts may not outlive it."""
    until = case.promised_at
    assert until is not None
    parts = case.parts.exclude(state__in=PART_DONE).order_by("pk").select_for_update(of=("self",))
    for part in parts:
        if part.promised_at and part.promised_at > until:
            part.promised_at = until
            part.save(update_fields=["promised_at"])
        cut_deadlines(part, until=until)


def _await_dispatch(actor: Actor, case: Case, at: datetime) -> None:
    start_clock(actor, case, "dispatch", owner=case.division, at=at)


@action
def guide_case(actor: Actor, *, case_id: int, answer: str, at: datetime) -> Case:
    """私事: no dispatch, but the way there; somebody else still reviews and asks."""
    case = lock(actor, case_id)
    case.answer = required(
        answer, field="answer", sentence="写明给居民的办法，才能答复。", limit=2000
    )
    case.words = ""  # made anew from the texts when it is saved
    case.outcome = Outcome.EXPLAINED
    note_answer(actor, case, at)
    case.unit, case.dispatcher = case.division, case.division
    move(actor, case, "guide", at=at, said=case.answer)
    meet_deadlines(case, "dispatch", at=at)
    start_clock(actor, case, "review", owner=case.division, at=at)
    return case


@action
def relocate_case(
    actor: Actor, *, case_id: int, division_id: int, reason: str, at: datetime
) -> Case:
    """The matter lies in another community: it goes there with its clocks and its log.

    One that waited at a district's door to be placed needs no reason but what it brought along.
    """
    case = lock(actor, case_id)
    policy.require(actor, Permission.CASE_TRIAGE, case)
    if case.state not in UNDISPATCHED | {CaseState.REOPENED}:
        raise Conflict("派单以后不能改地点。请承办单位申请退单，再改。")
    if case.is_part or case.count_running_parts():
        raise Conflict("这件事拆过单，不能改地点。先撤销或办完分单，再改主单的地点。")
    reason = _why_there(case, reason)
    target = _target(actor, case, division_id)
    before, before_id = case.division.name, case.division_id
    said = f"地点改到{target.name}，由那里接着办。"
    if case.to_place:
        said = f"地点定在{target.name}，由那里受理。"
    _leave(case, at)
    with widened([*actor.areas, target.path], actor.holders):
        case.division, case.changed_at, case.to_place = target, at, False
        case.save()
        _follow(actor, case)
        change = remember(
            actor,
            case,
            move="relocate",
            source=case.state,
            at=at,
            reason=reason,
            said=said,
            before=before,
            before_id=before_id,
        )
        record(actor, act="case.relocate", target=case.number, area=case.area, at=at)
        _start_there(actor, case, at)
        publish(CaseMoved(case_id=case.pk, change_id=change.pk, move="relocate"))
    return case


def _leave(case: Case, at: datetime) -> None:
    """Its clocks stop here, and the place is told that it went."""
    if case.to_place:
        meet_deadlines(case, "accept", "urgent", at=at)  # the district's own clock: late stays late
    drop_deadlines(case, at=at)
    leave_behind(case)


def _why_there(case: Case, reason: str) -> str:
    if case.to_place and not reason.strip():
        return "按坐标定位。" if case.lon is not None else "按地址定位。"
    return required(reason, field="reason", sentence="写明为什么改地点。")


def _target(actor: Actor, case: Case, division_id: int) -> Any:
    target = get_division(actor, division_id=division_id)
    if target.kind != "community" or target.valid_to is not None:
        raise InvalidInput("请选一个村或社区。", fields={"division": "请选一个村或社区。"})
    if target.pk == case.division_id:
        raise Conflict("就是这个社区，不用改。")
    return target


def _start_there(actor: Actor, case: Case, at: datetime) -> None:
    if case.state != CaseState.SUBMITTED:
        start_clock(actor, case, "triage", owner=case.division, at=at)
        return
    start_clock(actor, case, "accept", owner=case.division, at=at)
    if case.urgent:
        start_clock(actor, case, "urgent", owner=case.division, at=at)


def _follow(actor: Actor, case: Case) -> None:
    """Log, pictures, contact and earlier opinions lie where the matter lies, and its parts, which
    are done or cancelled by now, with all they have."""
    for part in case.parts.order_by("pk"):
        part.division = case.division
        part.save(update_fields=["division", "area"])
        _follow(actor, part)
    place = {"division": case.division, "area": case.area}
    kept = (case.visits, case.ratings, case.supervisions, case.followers, case.links, case.helpers)
    for related in kept:
        related.update(**place)
    CaseContact.objects.filter(case=case).update(**place)
    relocate_log(case)
    relocate_attachments(actor, subject="case", object_id=case.pk, division=case.division)
    relocate_texts(actor, subject="case", object_id=case.pk, division=case.division)

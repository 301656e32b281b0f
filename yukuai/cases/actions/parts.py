"""拆单: a matter becomes several parts, each with its unit and clocks; the resident sees one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from yukuai.accounts import policy
from yukuai.accounts.policy import SYSTEM, Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import lock, move, required, start_clock, unit_ids
from yukuai.cases.actions.dispatch import send_to_unit
from yukuai.cases.actions.triage import settle_triage
from yukuai.cases.events import CaseMoved
from yukuai.cases.models import Case
from yukuai.cases.rules import part_number, title_of
from yukuai.cases.states import UNDISPATCHED, CaseState, Source, Triage
from yukuai.kernel.actions import action
from yukuai.kernel.errors import DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import widened
from yukuai.workflow.actions import drop_deadlines, remember

BODY_LENGTH = 1000
S = CaseState


@dataclass(frozen=True)
class Share:
    """One part as it is written down: what is to be done, which class it is, and, by whoever may
    dispatch here, to whom it goes."""

    body: str
    triage: str
    unit_id: int | None = None
    department_id: int | None = None


@action
def split_case(actor: Actor, *, case_id: int, shares: Sequence[Share], at: datetime) -> list[Case]:
    """Two to six parts, without the resident's name or keys. Errors name the field of their part:
    `body_1`, `triage_1`, `unit_1`.

    Whoever may triage and dispatch at the place has done so with this; the parts of a department
    wait for the desk.
    """
    case = lock(actor, case_id)
    _check_number(case, len(shares))
    name = "split_at_unit" if case.state == S.HANDLING else "split_at_desk"
    first = case.parts.count() + 1
    numbers = [part_number(case.number, first + place) for place in range(len(shares))]
    said = f"分成 {len(shares)} 项，分头来办。单号不变，进度都写在这里。"
    move(actor, case, name, at=at, said=said, parts=numbers)
    return [
        _split_off(actor, case, number, share, place, at)
        for place, (number, share) in enumerate(zip(numbers, shares, strict=True), 1)
    ]


def _check_number(case: Case, wanted: int) -> None:
    least, most = case.parts_allowed()
    if wanted < least:
        raise InvalidInput(f"一件事至少拆成 {least} 份，每份写明办什么。")
    if wanted > most > 0:
        raise InvalidInput(f"现在最多再拆 {most} 份。去掉几份再提交。")


def _split_off(
    actor: Actor, main: Case, number: str, share: Share, place: int, at: datetime
) -> Case:
    part = _new_part(main, number, share, place, at)
    part.save(force_insert=True)
    change = remember(actor, part, move="part", at=at, reason=f"从 {main.number} 拆出。")
    record(actor, act="case.part", target=number, area=part.area, at=at)
    start_clock(actor, part, "triage", owner=part.division, at=at)
    try:
        return _send_on(actor, part, share, change.pk, at)
    except DomainError as error:
        unit = next(iter(getattr(error, "fields", {}).values()), error.message)
        raise InvalidInput(unit, fields={f"unit_{place}": unit}) from error


def _new_part(main: Case, number: str, share: Share, place: int, at: datetime) -> Case:
    body = required(
        share.body, field=f"body_{place}", sentence="写明这一份办什么。", limit=BODY_LENGTH
    )
    if share.triage not in Triage.values:
        sentence = "选大事、小事还是私事。"
        raise InvalidInput(sentence, fields={f"triage_{place}": sentence})
    return Case(
        parent=main,
        division=main.division,
        number=number,
        client_uuid=uuid4(),
        state=S.ACCEPTED,
        source=Source.SPLIT,
        anonymous=True,
        urgent=main.urgent,
        title=title_of(body),
        body=body,
        place_text=main.place_text,
        lon=main.lon,
        lat=main.lat,
        triage=share.triage,
        triage_reason="拆单时这样分的。",
        rule_pack=main.rule_pack,
        received_at=main.received_at,
        changed_at=at,
        promised_at=main.promised_at,
        ticket_digest="",
    )


def _send_on(actor: Actor, part: Case, share: Share, change_id: int, at: datetime) -> Case:
    """As far as the actor's own post goes; the desk is told of what is left to it."""
    if not policy.check(actor, Permission.CASE_TRIAGE, part):
        if share.unit_id is not None:
            raise NotPermitted("分单由社区或街道来派，这里不选单位。")
        publish(CaseMoved(case_id=part.pk, change_id=change_id, move="part"))
        return part
    settle_triage(actor, part, triage=share.triage, suggestion=part.triage_reason, at=at)
    if share.unit_id is not None:
        where: dict[str, Any] = {"unit_id": share.unit_id, "department_id": share.department_id}
        send_to_unit(actor, part, **where, opinion="", at=at)
    return part


@action
def cancel_part(actor: Actor, *, case_id: int, part_id: int, reason: str, at: datetime) -> Case:
    """Undo a split as long as nobody has signed for the part: by the unit that leads the main
    matter (`case_id`), or by whoever may dispatch it."""
    main = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明为什么撤销这一份。")
    part = _lock_part(main, part_id)
    leads = policy.check(actor, Permission.CASE_HANDLE, main)
    if not leads and not policy.check(actor, Permission.CASE_DISPATCH, part):
        raise NotPermitted("由牵头单位，或者派单的社区、街道来撤销分单。")
    _cancel(_in_charge(actor), part, reason, at)
    return part


def _lock_part(main: Case, part_id: int) -> Case:
    """By the main matter alone: its lead decides about parts that lie with others."""
    rows = main.parts.select_related("division", "unit", "unit_department", "rule_pack", "parent")
    part = rows.select_for_update(of=("self",)).filter(pk=part_id).first()
    if part is None:
        raise NotFound("这件事没有这一份分单。")
    return part


def _in_charge(actor: Actor) -> Actor:
    """The same person, with the authority that was just found over the whole matter."""
    return replace(actor, grants=SYSTEM.grants)


def _cancel(actor: Actor, part: Case, reason: str, at: datetime) -> None:
    move(actor, part, "cancel_part", at=at, reason=reason, **unit_ids(part))
    drop_deadlines(part, at=at)


def cancel_parts(main: Case, *, reason: str, at: datetime) -> None:
    """A step of the withdrawal: the resident does not see the parts, and none was given out."""
    with widened([main.area], main.holders):
        waiting = main.parts.filter(state__in=UNDISPATCHED).order_by("pk")
        for part_id in list(waiting.values_list("pk", flat=True)):
            _cancel(SYSTEM, _lock_part(main, part_id), reason, at)

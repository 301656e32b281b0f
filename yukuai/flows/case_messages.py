"""Who hears what when a matter moves: the resident, the desk that is next, the unit, the helper.

One table per audience; the words themselves are templates (messaging), editable data.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for, get_department
from yukuai.cases.queries import (
    find_cases,
    get_case,
    get_contact_for_sms,
    get_receipt_code,
)
from yukuai.cases.states import CASE_WORKFLOW, OPEN, CaseState
from yukuai.divisions.queries import list_ancestors
from yukuai.flows.mail import Mail
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import About, Text
from yukuai.messaging.rules import deadline_words
from yukuai.roster.queries import find_staff_now
from yukuai.workflow.queries import get_change, list_deadlines

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

P = Permission
NOBODY: list[int] = []
Ask = Callable[["Division", int | None, Permission, bool, int | None], Iterable[int]]
"""`find_staff_at` of one actor and moment; a round keeps its answers."""

PARTED = tuple(move.name for move in CASE_WORKFLOW.moves_from(CaseState.MERGED))

RESIDENT = {
    "raise": "case-received",
    "accept": "case-accepted",
    "reject": "case-rejected",
    "dispatch": "case-dispatched",
    "grant_extension": "case-extended",
    "reply": "case-replied",
    "guide": "case-replied",
    "close": "case-closed",
    "reopen": "case-reopened",
    "withdraw": "case-withdrawn",
    "merge": "case-merged",
    **dict.fromkeys(PARTED, "case-parted"),
}
BY_SMS = RESIDENT.keys() - {"withdraw"}


@dataclass(frozen=True)
class Door:
    """Whose turn it is: a place on the case, and the permission that makes somebody answer."""

    template: str
    at: str
    permission: Permission


STAFF = {
    "raise": Door("desk-arrived", "division", P.CASE_ACCEPT),
    "relocate": Door("desk-arrived", "division", P.CASE_ACCEPT),
    "accept": Door("desk-to-triage", "division", P.CASE_TRIAGE),
    "triage": Door("desk-to-dispatch", "division", P.CASE_DISPATCH),
    "retriage": Door("desk-to-dispatch", "division", P.CASE_DISPATCH),
    "dispatch": Door("unit-assigned", "unit", P.CASE_HANDLE),
    "request_return": Door("return-requested", "clock", P.CASE_APPROVE),
    "grant_return": Door("desk-to-dispatch", "clock", P.CASE_DISPATCH),
    "refuse_return": Door("return-refused", "unit", P.CASE_HANDLE),
    "object": Door("objection-raised", "clock", P.CASE_ARBITRATE),
    "uphold": Door("objection-upheld", "unit", P.CASE_HANDLE),
    "redirect": Door("unit-assigned", "unit", P.CASE_HANDLE),
    "part": Door("part-to-triage", "division", P.CASE_TRIAGE),
    "give_help": Door("help-given", "unit", P.CASE_HANDLE),
    "ask_extension": Door("extension-requested", "clock", P.CASE_APPROVE),
    "grant_extension": Door("extension-granted", "unit", P.CASE_HANDLE),
    "refuse_extension": Door("extension-refused", "unit", P.CASE_HANDLE),
    "reply": Door("desk-to-review", "clock", P.CASE_REVIEW),
    "guide": Door("desk-to-review", "clock", P.CASE_REVIEW),
    "send_back": Door("unit-sent-back", "unit", P.CASE_HANDLE),
    "review": Door("desk-to-visit", "division", P.CASE_VISIT),
    "visit": Door("desk-to-close", "division", P.CASE_CLOSE),
    "reopen": Door("desk-reopened", "division", P.CASE_DISPATCH),
    "supervise": Door("case-supervised", "clock", P.CASE_HANDLE),
    "part_submitted": Door("desk-arrived", "division", P.CASE_ACCEPT),
    "part_accepted": Door("desk-to-triage", "division", P.CASE_TRIAGE),
    "part_triaged": Door("desk-to-dispatch", "division", P.CASE_DISPATCH),
}
ARRIVALS = frozenset({"desk-arrived", "desk-to-place", "desk-reopened", "unit-assigned"})
"""What comes in anew: told to whoever is on duty."""
TO_PLACE = Door("desk-to-place", "division", P.CASE_TRIAGE)
"""Of a matter that came in without its community."""
CLOCK_OF = {
    "request_return": "approve",
    "ask_extension": "approve",
    "object": "arbitrate",
    "reply": "review",
    "guide": "review",
    "grant_return": "dispatch",
    "supervise": "supervision",
}


FORMER = {
    "grant_return": "return-granted",
    "redirect": "objection-granted",
    "cancel_part": "part-cancelled",
}
"""The unit that does not have it any more."""
HELPERS = {"ask_help": "help-asked", "withdraw_help": "help-withdrawn"}


@dataclass(frozen=True)
class Moved:
    """A move that has been made, with all that is said about it. `phone`: where a text may go."""

    case: Any
    change: Any
    move: str
    clocks: dict[str, Any]
    phone: str


@action
def announce_case_move(
    actor: Actor, *, case_id: int, change_id: int, move: str, at: datetime
) -> None:
    """Tell everybody whose turn it is; run twice, it tells once (dedupe by the change)."""
    case = find_cases(actor, case_ids=[case_id])[case_id]
    change = get_change(actor, change_id=change_id)
    clocks = {c.name: c for c in list_deadlines(actor, obj=case) if c.met_at is None}
    phone = get_contact_for_sms(actor, case=case) if move in BY_SMS else ""
    mail = Mail()
    tell_of(actor, Moved(case, change, move, clocks, phone), mail, at)
    mail.send(actor, at=at)


def tell_of(
    actor: Actor, moved: Moved, mail: Mail, at: datetime, *, ask: Ask | None = None
) -> None:
    """Write the letters and texts of one move into `mail`."""
    case, change, move, clocks = moved.case, moved.change, moved.move, moved.clocks
    code = get_receipt_code(actor, case=case)
    values = _values(case, change, move, clocks, at) | {"code": code}
    once = f"case:{change.pk}"
    if move in RESIDENT:
        _tell_resident(mail, case, RESIDENT[move], values, once, moved.phone)
    door = TO_PLACE if case.to_place and move == "raise" else STAFF.get(move)
    if door and case.state in OPEN:  # nobody has a turn in what is over by now
        find = ask or partial(find_staff_at, actor, at)
        users = set(_staff(find, case, door, clocks, CLOCK_OF.get(move, ""), but=change.user_id))
        users.discard(change.user_id or 0)
        mail.tell_staff(case, users, door.template, values, f"{once}:staff")
    if template := FORMER.get(move):
        former = _holders_of_unit(actor, change.data, at)
        mail.tell_staff(case, former, template, values, f"{once}:former")
    if template := HELPERS.get(move):
        _tell_helpers(actor, mail, moved, template, values, at)
    if move == "finish":
        _tell_lead(actor, mail, case, values, f"{once}:lead", at)


@action
def announce_answer(
    actor: Actor, *, case_id: int, change_id: int, asked_by_id: int | None, at: datetime
) -> None:
    """Whoever asked hears that the supervision was answered."""
    case = get_case(actor, case_id=case_id)
    change = get_change(actor, change_id=change_id)
    users = [asked_by_id] if asked_by_id is not None else NOBODY
    values = _values(case, change, "answer-supervision", {}, at)
    mail = Mail()
    mail.tell_staff(case, users, "supervision-answered", values, f"case:{change_id}")
    mail.send(actor, at=at)


def _holders_of_unit(actor: Actor, data: dict[str, Any], at: datetime) -> list[int]:
    """The officers of the unit that gave the matter back."""
    if data.get("unit_id") is None:
        return NOBODY
    return find_staff_for(
        actor,
        division_id=data["unit_id"],
        department_id=data["department_id"],
        permission=P.CASE_HANDLE,
        at=at,
    )


def _tell_helpers(
    actor: Actor, mail: Mail, moved: Moved, template: str, values: dict[str, str], at: datetime
) -> None:
    """Each department that was asked, with its own clock, or that is not waited for any more."""
    change = moved.change
    one = change.data.get("department")
    for department_id in change.data.get("departments", [one] if one else []):
        department = get_department(actor, department_id=department_id)
        users = find_staff_for(
            actor,
            division_id=department.division_id,
            department_id=department_id,
            permission=P.CASE_HELP,
            at=at,
        )
        clock = moved.clocks.get(f"help:{department_id}")
        due = {"due": deadline_words(clock.due_at, at=at)} if clock else {}
        once = f"case:{change.pk}:help:{department_id}"
        mail.tell_staff(moved.case, users, template, values | due, once)


def _tell_lead(
    actor: Actor, mail: Mail, part: Any, values: dict[str, str], once: str, at: datetime
) -> None:
    """A part is done: whoever leads the main matter hears of it, and how many are left."""
    main = get_case(actor, case_id=part.parent_id)
    find = partial(find_staff_at, actor, at)
    users = _staff(find, main, Door("", "unit", P.CASE_HANDLE), {}, "")
    left = main.count_running_parts()
    more = f"还有 {left} 份在办。" if left else "分单都办完了，可以汇总答复。"
    mail.tell_staff(main, users, "part-finished", values | {"more": more}, once)


def _tell_resident(
    mail: Mail, case: Any, template: str, values: dict[str, str], once: str, phone: str
) -> None:
    if case.reporter_id is not None:
        link = f"/matters/{case.number}/"
        mail.write(case, [case.reporter_id], template, values, once, link)
    if phone:
        about = About(case.division_id, "case", case.pk, case.number)
        mail.texts.append(Text(phone, template, values, once, about))


def _staff(
    find: Ask,
    case: Any,
    door: Door,
    clocks: dict[str, Any],
    clock: str,
    *,
    but: int | None = None,
) -> Iterable[int]:
    place, department_id = case.division, None
    if door.at == "unit" and case.unit is not None:
        place, department_id = case.unit, case.unit_department_id
    elif door.at == "clock" and clock in clocks:
        place, department_id = clocks[clock].owner, clocks[clock].owner_department_id
    arrival = door.template in ARRIVALS
    return find(place, department_id, door.permission, arrival, but if arrival else None)


def find_staff_at(
    actor: Actor,
    at: datetime,
    place: "Division",
    department_id: int | None,
    permission: Permission,
    arrival: bool,
    but: int | None,
) -> Iterable[int]:
    """Who stands at the door; where nobody does, the first level above that has somebody. Of an
    arrival whoever is on duty there hears first (yukuai.roster)."""
    for level in (place, *reversed(list_ancestors(actor, division=place))):
        asked: dict[str, Any] = {
            "division_id": level.pk,
            "department_id": department_id if level is place else None,
            "permission": permission,
            "at": at,
        }
        if arrival:
            found = find_staff_now(actor, **asked, but=but)
        else:
            found = find_staff_for(actor, **asked)
        if found:
            return found
    return NOBODY


def _values(
    case: Any, change: Any, move: str, clocks: dict[str, Any], at: datetime
) -> dict[str, str]:
    own = clocks.get(CLOCK_OF.get(move, ""))
    due = own.due_at if own else next((c.due_at for c in clocks.values()), None)
    promised = case.promised_at if move in RESIDENT and move != "raise" else None
    until = wording.day(wording.last_day(case.rate_until)[0], now=at) if case.rate_until else ""
    ends = promised or due
    return {
        "number": case.number,
        "title": case.title,
        "place": f"{case.division.name}{case.place_text}",
        "due": deadline_words(ends, at=at) if ends else "近期",
        "unit": str(case.unit_department or case.unit or case.division),
        "reason": _sentence(change.data.get("why") or change.reason),
        "question": _sentence(change.reason),
        "channel": case.rejection_channel,
        "until": until,
        "by": change.actor,
    }


def _sentence(text: str) -> str:
    """Templates go on after it."""
    text = text.strip() or "没有写"
    return text if text[-1] in "。！？" else f"{text}。"

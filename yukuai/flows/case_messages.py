"""Who hears what when a matter moves: the resident, the desk that is next, the unit, the helper.

One table per audience; the words themselves are templates (messaging), editable data.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for, get_department
from yukuai.cases.queries import (
    find_cases,
    get_case,
    get_receipt_code,
    list_contacts_for_sms,
)
from yukuai.cases.states import OPEN, UNMERGE, CaseState
from yukuai.flows.mail import Mail
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import About, Text
from yukuai.messaging.rules import deadline_words
from yukuai.workflow.queries import get_change, list_changes_of, list_running_of

P = Permission
NOBODY: list[int] = []

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
    **dict.fromkeys(UNMERGE.values(), "case-parted"),
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
    UNMERGE[CaseState.SUBMITTED]: Door("desk-arrived", "division", P.CASE_ACCEPT),
    UNMERGE[CaseState.ACCEPTED]: Door("desk-to-triage", "division", P.CASE_TRIAGE),
    UNMERGE[CaseState.TRIAGED]: Door("desk-to-dispatch", "division", P.CASE_DISPATCH),
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

    @property
    def clock(self) -> Any:
        """The one whose owner has the turn; None where the place or the unit has it."""
        return self.clocks.get(CLOCK_OF.get(self.move, ""))


@action
def announce_case_move(
    actor: Actor, *, case_id: int, change_id: int, move: str, at: datetime
) -> None:
    """Tell everybody whose turn it is; run twice, it tells once (dedupe by the change)."""
    mail = Mail(actor, at)
    for moved in list_moved(actor, [(case_id, change_id, move)]):
        tell_of(mail, moved)
    mail.send()


def list_moved(actor: Actor, moves: Sequence[tuple[int, int, str]]) -> list[Moved]:
    """Of matter, line of the log and move: as many statements for two hundred as for one."""
    case_ids = [case_id for case_id, _, _ in moves]
    cases = find_cases(actor, case_ids=case_ids)
    changes = list_changes_of(actor, change_ids=[change_id for _, change_id, _ in moves])
    by_sms = [case_id for case_id, _, move in moves if move in BY_SMS]
    phones = list_contacts_for_sms(actor, case_ids=by_sms)
    clocks: dict[int, dict[str, Any]] = {case_id: {} for case_id in case_ids}
    for clock in list_running_of(actor, workflow="case", object_ids=case_ids):
        clocks[clock.object_id][clock.name] = clock
    return [
        Moved(cases[case_id], changes[change_id], move, clocks[case_id], phones.get(case_id, ""))
        for case_id, change_id, move in moves
    ]


def look_ahead(mail: Mail, moves: Iterable[Moved]) -> None:
    """At all their doors together, before each is told of."""
    areas: dict[Permission, set[str]] = defaultdict(set)
    for moved in moves:
        if door := _door(moved):
            areas[door.permission].add(_place(moved.case, door, moved.clock)[0])
    for permission, wanted in areas.items():
        mail.doors.look(permission, wanted)


def tell_of(mail: Mail, moved: Moved) -> None:
    """Write the letters and texts of one move into `mail`."""
    case, change, move = moved.case, moved.change, moved.move
    code = get_receipt_code(mail.actor, case=case)
    values = _values(moved, mail.at) | {"code": code}
    once = f"case:{change.pk}"
    if move in RESIDENT:
        _tell_resident(mail, case, RESIDENT[move], values, once, moved.phone)
    if door := _door(moved):
        users = set(_staff(mail, case, door, moved.clock, but=change.user_id))
        users.discard(change.user_id or 0)
        mail.tell_staff(case, users, door.template, values, f"{once}:staff")
    if template := FORMER.get(move):
        former = _holders_of_unit(mail, change.data)
        mail.tell_staff(case, former, template, values, f"{once}:former")
    if template := HELPERS.get(move):
        _tell_helpers(mail, moved, template, values)
    if move == "finish":
        _tell_lead(mail, case, values, f"{once}:lead")


@action
def announce_answer(
    actor: Actor, *, case_id: int, change_id: int, asked_by_id: int | None, at: datetime
) -> None:
    """Whoever asked hears that the supervision was answered."""
    case = get_case(actor, case_id=case_id)
    change = get_change(actor, change_id=change_id)
    users = [asked_by_id] if asked_by_id is not None else NOBODY
    values = _values(Moved(case, change, "answer-supervision", {}, ""), at)
    mail = Mail(actor, at)
    mail.tell_staff(case, users, "supervision-answered", values, f"case:{change_id}")
    mail.send()


def _holders_of_unit(mail: Mail, data: dict[str, Any]) -> list[int]:
    """The officers of the unit that gave the matter back."""
    if data.get("unit_id") is None:
        return NOBODY
    return find_staff_for(
        mail.actor,
        division_id=data["unit_id"],
        department_id=data["department_id"],
        permission=P.CASE_HANDLE,
        at=mail.at,
    )


def _tell_helpers(mail: Mail, moved: Moved, template: str, values: dict[str, str]) -> None:
    """Each department that was asked, with its own clock, or that is not waited for any more."""
    change = moved.change
    one = change.data.get("department")
    for department_id in change.data.get("departments", [one] if one else []):
        department = get_department(mail.actor, department_id=department_id)
        users = find_staff_for(
            mail.actor,
            division_id=department.division_id,
            department_id=department_id,
            permission=P.CASE_HELP,
            at=mail.at,
        )
        clock = moved.clocks.get(f"help:{department_id}")
        due = {"due": deadline_words(clock.due_at, at=mail.at)} if clock else {}
        once = f"case:{change.pk}:help:{department_id}"
        mail.tell_staff(moved.case, users, template, values | due, once)


def _tell_lead(mail: Mail, part: Any, values: dict[str, str], once: str) -> None:
    """A part is done: whoever leads the main matter hears of it, and how many are left."""
    main = get_case(mail.actor, case_id=part.parent_id)
    users = _staff(mail, main, Door("", "unit", P.CASE_HANDLE), None)
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


def _door(moved: Moved) -> Door | None:
    """Nobody has a turn in what is over by now."""
    if moved.case.state not in OPEN:
        return None
    return TO_PLACE if moved.case.to_place and moved.move == "raise" else STAFF.get(moved.move)


def _place(case: Any, door: Door, clock: Any) -> tuple[str, int | None]:
    """Area and department of a door."""
    if door.at == "unit" and case.unit_id is not None:
        return case.unit_area, case.unit_department_id
    if door.at == "clock" and clock is not None:
        return clock.owner_area, clock.owner_department_id
    return case.area, None


def _staff(
    mail: Mail, case: Any, door: Door, clock: Any, *, but: int | None = None
) -> Iterable[int]:
    area, department_id = _place(case, door, clock)
    arrival = door.template in ARRIVALS
    but = but if arrival else None
    return mail.doors.find(area, department_id, door.permission, arrival=arrival, but=but)


def _values(moved: Moved, at: datetime) -> dict[str, str]:
    case, change, move = moved.case, moved.change, moved.move
    clock = moved.clock or next(iter(moved.clocks.values()), None)
    promised = case.promised_at if move in RESIDENT and move != "raise" else None
    until = wording.day(wording.last_day(case.rate_until)[0], now=at) if case.rate_until else ""
    ends = promised or (clock and clock.due_at)
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

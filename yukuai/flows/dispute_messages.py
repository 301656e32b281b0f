"""Who hears what when a dispute moves: the desk that is next, the mediator, the two sides.

A message says number, date and office. What it is about stands in none of them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import find_resident_by_phone
from yukuai.disputes.queries import find_desk, get_dispute_for_job, list_telephones, opened
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users, queue_sms
from yukuai.messaging.rules import deadline_words
from yukuai.workflow.queries import get_change, get_deadline, list_deadlines

DESK = {
    "register": "dispute-to-assign",
    "recuse": "dispute-again",
    "refuse": "dispute-again",
    "record_refusal": "dispute-again",
    "withdraw": "dispute-ended",
    "record_withdrawal": "dispute-ended",
}
MEDIATOR = {
    "assign": "dispute-yours",
    "reassign": "dispute-yours",
    "withdraw": "dispute-ended",
    "record_withdrawal": "dispute-ended",
}
SIDES = {
    "assign": "mediation-mediator",
    "reassign": "mediation-mediator",
    "mediate": "mediation-date",
    "change_date": "mediation-date",
    "hold_session": "mediation-date",
    "fail": "mediation-failed",
    "withdraw": "mediation-ended",
    "record_withdrawal": "mediation-ended",
    "take_effect": "mediation-confirm",
}
DATED = frozenset({"mediation-date"})
CONFIRM = "confirm"


@action
def announce_dispute_move(
    actor: Actor, *, dispute_id: int, change_id: int, move: str, at: datetime
) -> None:
    """Run twice, it tells once (dedupe by the line of the log)."""
    dispute = get_dispute_for_job(actor, dispute_id=dispute_id)
    change = get_change(actor, change_id=change_id)
    values = _values(actor, dispute, at)
    once = f"dispute:{change_id}"
    if template := DESK.get(move):
        desk = set(find_desk(actor, dispute=dispute, at=at)) - {change.user_id}
        _tell_staff(actor, dispute, desk, template, values, f"{once}:desk", at)
    if (template := MEDIATOR.get(move)) and dispute.mediator is not None:
        users = {dispute.mediator.user_id} - {change.user_id}
        _tell_staff(actor, dispute, users, template, values, f"{once}:mediator", at)
    former = {change.data.get("former_user_id")} - {None, change.user_id}
    _tell_staff(actor, dispute, former, "dispute-taken-back", values, f"{once}:former", at)
    template = SIDES.get(move, "")
    if template and not (template in DATED and dispute.next_at is None):
        _tell_sides(actor, dispute, template, values, once, at)


@action
def announce_dispute_deadline(
    actor: Actor, *, deadline_id: int, percent: int, at: datetime
) -> None:
    """Whoever has it is reminded; of the thirty days for the court the two sides are, too."""
    deadline = get_deadline(actor, deadline_id=deadline_id)
    if deadline is None or deadline.met_at or deadline.dropped_at:
        return
    if deadline.workflow != "dispute":
        return
    dispute = get_dispute_for_job(actor, dispute_id=deadline.object_id)
    values = _values(actor, dispute, at)
    once = f"deadline:{deadline_id}:{percent}"
    said = {
        "number": dispute.number,
        "title": dispute.kind.name,
        "label": deadline.label,
        "due": deadline_words(deadline.due_at, at=at),
    }
    if dispute.mediator is not None and deadline.name != "assign":
        users = [dispute.mediator.user_id]
    else:
        users = find_desk(actor, dispute=dispute, at=at)
    _tell_staff(actor, dispute, users, f"deadline-{percent}", said, once, at)
    if deadline.name == CONFIRM and percent < 100:
        _tell_sides(actor, dispute, "mediation-confirm", values, once, at)


def _values(actor: Actor, dispute: Any, at: datetime) -> dict[str, str]:
    clocks = {c.name: c for c in list_deadlines(actor, obj=dispute) if c.met_at is None}
    due = next((c.due_at for c in clocks.values()), None)
    confirm = clocks.get(CONFIRM)
    return {
        "number": dispute.number,
        "kind": dispute.kind.name,
        "place": dispute.next_place or dispute.division.name,
        "office": dispute.office.name,
        "mediator": dispute.mediator.name if dispute.mediator is not None else "",
        "due": deadline_words(due, at=at) if due else "近期",
        "until": deadline_words(confirm.due_at, at=at) if confirm else "三十天内",
        "when": _moment(dispute.next_at, at),
    }


def _moment(when: datetime | None, at: datetime) -> str:
    """Read on another day, so never 今天 or 明天."""
    if when is None:
        return ""
    clock = wording.moment(when, now=at).rpartition(" ")[2]
    return f"{wording.day(when, now=at)} {clock}"


def _tell_staff(
    actor: Actor,
    dispute: Any,
    users: Iterable[int],
    template: str,
    values: dict[str, str],
    once: str,
    at: datetime,
) -> None:
    notify_users(
        actor,
        user_ids=users,
        template=template,
        values=values,
        link=f"/work/disputes/{dispute.number}/",
        subject="dispute",
        object_id=dispute.pk,
        dedupe=once,
        at=at,
    )


def _tell_sides(
    actor: Actor, dispute: Any, template: str, values: dict[str, str], once: str, at: datetime
) -> None:
    """Each by text; who has an account, in his inbox too. Neither learns the other's number."""
    with opened(actor, dispute) as bearer:
        telephones = list_telephones(bearer, dispute=dispute)
    for place, phone in enumerate(telephones):
        one = f"{once}:{place}"
        resident = find_resident_by_phone(actor, phone=phone)
        if resident is not None:
            notify_users(
                actor,
                user_ids=[resident.user_id],
                template=template,
                values=values,
                link=f"/mediation/{dispute.number}/",
                subject="dispute",
                object_id=dispute.pk,
                dedupe=one,
                at=at,
            )
        queue_sms(actor, phone=phone, template=template, values=values, dedupe=one, at=at)

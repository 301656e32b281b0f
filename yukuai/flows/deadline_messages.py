"""A clock has run half, four fifths, or out: whoever it belongs to hears of it, nobody else."""

from datetime import datetime

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.cases.queries import get_case
from yukuai.cases.today import kind_of
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users
from yukuai.messaging.rules import deadline_words
from yukuai.roster.queries import find_staff_now
from yukuai.workflow.queries import get_deadline

P = Permission
ANSWERS = {
    "accept": P.CASE_ACCEPT,
    "urgent": P.CASE_ACCEPT,
    "triage": P.CASE_TRIAGE,
    "dispatch": P.CASE_DISPATCH,
    "sign": P.CASE_HANDLE,
    "resolve": P.CASE_HANDLE,
    "supervision": P.CASE_HANDLE,
    "help": P.CASE_HELP,
    "approve": P.CASE_APPROVE,
    "arbitrate": P.CASE_ARBITRATE,
    "review": P.CASE_REVIEW,
    "visit": P.CASE_VISIT,
    "close": P.CASE_CLOSE,
}
ARRIVING = frozenset({"accept", "urgent"})
"""What nobody has taken on yet: whoever is on duty is reminded, as of anything urgent."""
OUT = 100
"""Once a clock has run out everybody at the desk hears of it."""


@action
def announce_deadline(actor: Actor, *, deadline_id: int, percent: int, at: datetime) -> None:
    """The resident's own clock (rate) is not a debt: nobody is reminded of it here."""
    deadline = get_deadline(actor, deadline_id=deadline_id)
    if deadline is None or deadline.met_at or deadline.dropped_at:
        return
    permission = ANSWERS.get(kind_of(deadline.name)) if deadline.workflow == "case" else None
    if permission is None:
        return
    case = get_case(actor, case_id=deadline.object_id)
    first = percent < OUT and (case.urgent or kind_of(deadline.name) in ARRIVING)
    find = find_staff_now if first else find_staff_for
    users = find(
        actor,
        division_id=deadline.owner_id,
        department_id=deadline.owner_department_id,
        permission=permission,
        at=at,
    )
    notify_users(
        actor,
        user_ids=users,
        template=f"deadline-{percent}",
        values={
            "number": case.number,
            "title": case.title,
            "label": deadline.label,
            "due": deadline_words(deadline.due_at, at=at),
        },
        link=f"/work/cases/{case.number}/",
        subject="case",
        object_id=case.pk,
        dedupe=f"deadline:{deadline_id}:{percent}",
        at=at,
    )

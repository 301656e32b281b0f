"""An election on its way: the committee hears what the township did, and the other way round; whose
clock runs out hears of it, and once it has run out the township as well."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.elections.queries import get_election_by_id
from yukuai.elections.states import ELECTION_WORKFLOW
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users
from yukuai.messaging.rules import deadline_words
from yukuai.workflow.queries import get_change, get_deadline

P = Permission
BY_TOWNSHIP = frozenset({"set_guidance", "form_committee", "annul"})
"""What the committee has not done itself."""
NEAR, OUT = 80, 100


@action
def announce_step(
    actor: Actor, *, election_id: int, change_id: int, move: str, at: datetime
) -> None:
    """Told twice, it says it once: by the line of the log."""
    election = get_election_by_id(actor, election_id=election_id)
    to_committee = move in BY_TOWNSHIP
    users = _committee(actor, election, at) if to_committee else _township(actor, election, at)
    change = get_change(actor, change_id=change_id)
    notify_users(
        actor,
        user_ids=set(users) - {change.user_id},
        template="election-step",
        values={
            "number": election.number,
            "place": election.division.name,
            "title": election.title,
            "step": ELECTION_WORKFLOW.move(move).label,
        },
        link=f"/work/elections/{election.number}/",
        subject=election.workflow.name,
        object_id=election.pk,
        dedupe=f"election:{change_id}",
        at=at,
    )


@action
def announce_election_deadline(
    actor: Actor, *, deadline_id: int, percent: int, at: datetime
) -> None:
    """Half of it gone is no news: days of an election stand on its page."""
    deadline = get_deadline(actor, deadline_id=deadline_id)
    if deadline is None or deadline.met_at or deadline.dropped_at or percent < NEAR:
        return
    if deadline.workflow != ELECTION_WORKFLOW.name:
        return
    election = get_election_by_id(actor, election_id=deadline.object_id)
    users = set(_committee(actor, election, at))
    if percent >= OUT:
        users |= set(_township(actor, election, at))
    notify_users(
        actor,
        user_ids=users,
        template=f"deadline-{percent}",
        values={
            "number": election.number,
            "title": f"{election.division.name}{election.title}",
            "label": deadline.label,
            "due": deadline_words(deadline.due_at, at=at),
        },
        link=f"/work/elections/{election.number}/",
        subject=election.workflow.name,
        object_id=election.pk,
        dedupe=f"deadline:{deadline_id}:{percent}",
        at=at,
    )


def _committee(actor: Actor, election: Any, at: datetime) -> list[int]:
    return _staff(actor, election.division_id, P.ELECTION_RUN, at)


def _township(actor: Actor, election: Any, at: datetime) -> list[int]:
    above = election.division.parent_id
    return _staff(actor, above, P.ELECTION_GUIDE, at)


def _staff(actor: Actor, division_id: int, permission: Permission, at: datetime) -> list[int]:
    return find_staff_for(
        actor, division_id=division_id, department_id=None, permission=permission, at=at
    )

"""A report is to leave: the level above hears that it waits, whoever asked hears the answer."""

from datetime import datetime

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users
from yukuai.registry.queries.reports import get_output
from yukuai.registry.states import OutputState


@action
def announce_output_asked(actor: Actor, *, output_id: int, at: datetime) -> None:
    """To the level above the place alone, so that one request is one letter."""
    output = get_output(actor, output_id=output_id)
    if output.state != OutputState.ASKED:
        return
    approvers = find_staff_for(
        actor,
        division_id=output.division.parent_id or output.division_id,
        department_id=None,
        permission=Permission.REGISTRY_EXPORT_APPROVE,
        at=at,
    )
    notify_users(
        actor,
        user_ids=set(approvers) - {output.asked_by_id},
        template="output-asked",
        values={"title": output.title, "place": output.division.name, "purpose": output.purpose},
        link=f"/work/reports/outputs/{output.pk}/",
        dedupe=f"output:{output.pk}:asked",
        at=at,
    )


@action
def announce_output_settled(actor: Actor, *, output_id: int, at: datetime) -> None:
    output = get_output(actor, output_id=output_id)
    approved = output.state == OutputState.APPROVED
    if not approved and output.state != OutputState.REFUSED:
        return
    until = wording.moment(output.until, now=at)
    notify_users(
        actor,
        user_ids=[output.asked_by_id],
        template="output-approved" if approved else "output-refused",
        values={"title": output.title, "until": until}
        if approved
        else {"title": output.title, "reason": output.answer},
        link=f"/work/reports/outputs/{output.pk}/",
        dedupe=f"output:{output.pk}:settled",
        at=at,
    )

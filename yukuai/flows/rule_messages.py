"""A dispatch rule has nobody to send to any more: its maker and its place hear of it, once."""

from datetime import datetime

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.cases.rulebook import get_rule
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users


@action
def announce_broken_rule(actor: Actor, *, rule_id: int, at: datetime) -> None:
    """Told twice, it says it once: by the moment in which the rule was found broken. One that was
    mended meanwhile is not told of."""
    rule = get_rule(actor, rule_id=rule_id)
    if not rule.fault or rule.fault_since is None:
        return
    keepers = find_staff_for(
        actor,
        division_id=rule.division_id,
        department_id=None,
        permission=Permission.RULE_MANAGE,
        at=at,
    )
    maker = [rule.made_by_id] if rule.made_by_id is not None else []
    notify_users(
        actor,
        user_ids={*maker, *keepers},
        template="rule-broken",
        values={"rule": rule.name, "place": rule.division.name, "fault": rule.fault},
        link=f"/work/rules/{rule.pk}/",
        dedupe=f"rule:{rule.pk}:{rule.fault_since.isoformat()}",
        at=at,
    )

"""An export that took its time: whoever asked for it hears that the file waits, or why not."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.cases.exports import get_export
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users


@action
def announce_export(actor: Actor, *, export_id: int, at: datetime) -> None:
    export = get_export(actor, export_id=export_id)
    failed = bool(export.failed_because)
    until = wording.moment(export.expires_at, now=at) if export.expires_at else ""
    values = (
        {"number": export.number, "reason": export.failed_because}
        if failed
        else {"number": export.number, "rows": export.rows, "until": until}
    )
    notify_users(
        actor,
        user_ids=[export.user_id],
        template="export-failed" if failed else "export-ready",
        values=values,
        link=f"/work/exports/{export.number}/",
        dedupe=f"export:{export_id}",
        at=at,
    )

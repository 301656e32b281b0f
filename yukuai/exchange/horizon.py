"""Up to which line the log of moves is whole, so that a reader with a mark never skips one.

Ids are given out before the commit: a line with a lower id may appear after one with a higher id
was read. What makes a stretch of ids final, without any write of those who make the lines:

1. In one statement, so in one snapshot, look at the newest id M and at the snapshot's end X:
   every transaction below X has begun, none from X on has.
2. Whoever drew an id up to M drew it before that moment, and had an id of its own by then, for
   it had locked or written the matter first. So it lies below X.
3. Once the oldest running transaction is X or later, all of those have ended: up to M nothing
   can appear any more.

A transaction that stays open anywhere in the cluster delays this, and nothing more; as with the
audit seals (ADR 6).
"""

from datetime import datetime

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.exchange.models import Horizon
from yukuai.kernel.actions import action

_LOOK = """
    SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
        (SELECT coalesce(max(id), 0) FROM workflow_statechange)
    FROM pg_current_snapshot() s
"""


@action
def advance_horizon(actor: Actor, *, at: datetime) -> int:
    """Look, and return up to where the log is whole now."""
    with connection.cursor() as cursor:  # first: a lock of ours would count as running
        cursor.execute(_LOOK)
        oldest, end, newest = cursor.fetchone()
    row, _ = Horizon.objects.get_or_create(pk=1)
    row = Horizon.objects.select_for_update().get(pk=1)
    if row.next_xid and oldest >= row.next_xid:
        row.safe_id = max(row.safe_id, row.next_id)
    if oldest >= end:  # nobody is writing
        row.safe_id = max(row.safe_id, newest)
    if row.next_id <= row.safe_id < newest:
        row.next_id, row.next_xid = newest, end
    row.save()
    return row.safe_id


def find_horizon(actor: Actor) -> int:
    row = Horizon.objects.filter(pk=1).first()
    return row.safe_id if row is not None else 0

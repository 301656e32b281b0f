"""Up to which line the log of moves is whole, so that a reader with a mark never skips one.

Ids are given out before the commit: a line with a lower id may appear after one with a higher id
was read. What makes a stretch of ids final costs those who write the lines nothing:

1. One statement, so one snapshot, looks at the newest id M and at the snapshot's end X: every
   transaction below X has begun, none from X on has.
2. Whoever drew an id up to M drew it before, and had a number of its own by then, for it had
   written or locked the object of the line first. So it lies below X.
3. Once the oldest running transaction is X or later, all of those have ended: up to M nothing can
   appear any more.

A transaction that stays open anywhere in the cluster delays the readers, and nothing more; as with
the seals of the audit (docs/adr/0006-audit-chain.md).
"""

from datetime import datetime

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.workflow.models import LogHorizon

_LOOK = """
    SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
        (SELECT coalesce(max(id), 0) FROM workflow_statechange)
    FROM pg_current_snapshot() s
"""


@action
def advance_horizon(actor: Actor, *, at: datetime) -> int:
    """Look; return the id up to which the log is whole now."""
    with connection.cursor() as cursor:  # first: a lock of ours would count as running
        cursor.execute(_LOOK)
        oldest, end, newest = cursor.fetchone()
    LogHorizon.objects.get_or_create(pk=1)
    row = LogHorizon.objects.select_for_update().get(pk=1)
    if row.next_xid and oldest >= row.next_xid:
        row.whole_until = max(row.whole_until, row.next_id)
    if oldest >= end:  # nobody is writing
        row.whole_until = max(row.whole_until, newest)
    if row.next_id <= row.whole_until < newest:
        row.next_id, row.next_xid = newest, end
    row.save()
    return row.whole_until


def find_horizon(actor: Actor) -> int:
    """As it was last looked at; 0 before the first look."""
    row = LogHorizon.objects.filter(pk=1).first()
    return row.whole_until if row is not None else 0

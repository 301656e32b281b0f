"""What lies on ground that changed hands follows its line: a few things a transaction, each time
from where the receipt says. Killed midway, nothing is lost and nothing is done twice."""

from collections import Counter
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.boundaries import movable
from yukuai.boundaries.models import Receipt
from yukuai.boundaries.queries import get_draft_by_id, list_grounds
from yukuai.kernel.actions import action

LEFT_SHOWN = 100


@action
def move_batch(actor: Actor, *, draft_id: int, at: datetime) -> bool:
    """The next few things of the first receipt that is open; False when none is left."""
    draft = get_draft_by_id(actor, draft_id=draft_id)
    rows = Receipt.objects.filter(draft=draft, finished_at=None).order_by("thing")
    receipt = rows.select_for_update(of=("self",)).first()
    if receipt is None:
        return False
    kind = movable.find(receipt.thing)
    grounds = [movable.Ground(row.before_id, row.after_id, row.geom) for row in list_grounds(draft)]
    why = f"界线调整 {draft.number}"
    batch = movable.Batch(None)
    if kind is not None and kind.move is not None:
        batch = kind.move(actor, grounds, why, receipt.after, at)
    _add(receipt, batch)
    if batch.after is None:
        receipt.finished_at = at
    else:
        receipt.after = batch.after
    receipt.save()
    return True


def _add(receipt: Receipt, batch: movable.Batch) -> None:
    moved = Counter(receipt.moved)
    for (before, after), count in batch.moved.items():
        moved[f"{before}>{after}"] += count
    receipt.moved = dict(moved)
    receipt.along = dict(+(Counter(receipt.along) + batch.along))
    receipt.kept += batch.kept
    receipt.left = [*receipt.left, *map(list, batch.left)][:LEFT_SHOWN]

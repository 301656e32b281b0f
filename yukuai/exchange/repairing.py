"""One difference, one repair: asked for by a person, carried outside, noted."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.exchange import carrying
from yukuai.exchange.actions.reconciling import note_repaired, open_difference
from yukuai.kernel.errors import Conflict


def repair_by_pull(actor: Actor, *, difference_id: int, at: datetime) -> None:
    """Their story of this matter, once more. Raises Unreachable, Rejected: nothing changed."""
    found = open_difference(actor, difference_id=difference_id)
    if not found.external_id:
        raise Conflict("这件事在他们那里还没有编号，取不到。请再送一次。")
    carrying.pull_again(system_id=found.report.system_id, external_id=found.external_id, at=at)
    note_repaired(actor, difference_id=difference_id, at=at)

"""Named filters, as an officer sees them: his own, and those of his desk."""

from collections.abc import Sequence
from contextlib import nullcontext

from yukuai.accounts.actors import office_key
from yukuai.accounts.policy import Actor
from yukuai.cases.models import SavedFilter
from yukuai.kernel.errors import NotFound, NotPermitted
from yukuai.kernel.prepared import Prepared
from yukuai.kernel.scope import widened

MOST = 20
"""So many of one's own fit above a list (产品设定)."""
GONE = "没有这个筛选。可能已经删掉，也可能是同事不再共享。"


_KEPT = Prepared(lambda: SavedFilter.objects.filter(removed_at=None).order_by("position", "pk"))


def desk_key(actor: Actor) -> str:
    """Whoever works at the same place, in the same department, holds it. '' without a post."""
    grant = next((grant for grant in actor.grants if grant.capture), None)
    if grant is None or not grant.capture:
        return ""
    place = grant.capture.rstrip(".").rpartition(".")[2]
    return office_key(int(place), grant.department_id)


def person_of(actor: Actor) -> int:
    """Whose filters they are: an officer's, never an outside system's."""
    if actor.user_id is None:
        raise NotPermitted("只有工作人员能存筛选。")
    return actor.user_id


def own_key(actor: Actor) -> str:
    return f"user:{person_of(actor)}"


def list_saved_filters(actor: Actor) -> Sequence[SavedFilter]:
    """His own in their order, then what colleagues of his desk share, by name."""
    if actor.user_id is None:
        return []
    desk = desk_key(actor)
    keys = {own_key(actor), *([desk] if desk else [])}
    with nullcontext() if keys <= set(actor.holders) else widened((), keys):
        rows = _KEPT.ask()
    own = [row for row in rows if row.user_id == actor.user_id]
    shared = [row for row in rows if row.user_id != actor.user_id and row.desk == desk]
    return [*own, *sorted(shared, key=lambda row: row.name)]


def get_saved_filter(
    actor: Actor, *, filter_id: int, removed: bool = False, locked: bool = False
) -> SavedFilter:
    """One of his own. Raises NotFound."""
    rows = SavedFilter.objects.filter(
        pk=filter_id, user_id=person_of(actor), removed_at__isnull=not removed
    )
    found = (rows.select_for_update() if locked else rows).first()
    if found is None:
        raise NotFound(GONE)
    return found

"""Hand-overs as they are read: by the window itself, and by whoever makes its roster."""

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor
from yukuai.kernel.errors import NotFound
from yukuai.roster.models import Handover
from yukuai.roster.queries.desks import Desk, may_read
from yukuai.roster.states import HandoverState

GONE = "没有这份交接。可能网址不对，也可能不是您窗口的。"


def list_handovers(actor: Actor, *, desk: Desk) -> QuerySet[Handover]:
    """Of one window, the last first."""
    rows = Handover.objects.filter(**desk.found_by)
    rows = rows.order_by("-handed_at", "-pk")
    return rows if may_read(actor, desk=desk) else rows.none()


def find_untaken(actor: Actor, *, desk: Desk) -> Handover | None:
    """The last one that nobody has taken yet."""
    return list_handovers(actor, desk=desk).filter(state=HandoverState.HANDED).first()


def get_handover(actor: Actor, *, handover_id: int, locked: bool = False) -> Handover:
    rows = Handover.objects.filter(pk=handover_id)
    rows = rows.select_for_update(of=("self",)) if locked else rows
    found = rows.select_related("division", "department").first()
    if found is None or not may_read(actor, desk=Desk(found.division, found.department)):
        raise NotFound(GONE)
    return found

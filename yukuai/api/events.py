# mypy: disable-error-code="type-arg"
"""Events from a cursor on: what webhooks push, for whoever would rather ask, or missed some."""

from typing import Any

from ninja import Query, Router

from yukuai.accounts.policy import Permission
from yukuai.api.schemas import EventsOut, ProblemOut
from yukuai.api.security import reads
from yukuai.exchange.actions.subscriptions import note_reading
from yukuai.exchange.queries.subscriptions import read_events
from yukuai.exchange.rules import EVENT_TYPES
from yukuai.kernel import clock
from yukuai.workflow.horizon import find_horizon

router = Router(tags=["事件"])
PAGE = 100
LARGEST = 2**63 - 1


@router.get("/events", response={200: EventsOut, 422: ProblemOut}, summary="从游标起的事件")
@reads(Permission.API_READ)
def events(
    request: Any,
    cursor: int = Query(0, ge=0, le=LARGEST, description="`next` of the answer before; 0: all"),
    limit: int = PAGE,
) -> Any:
    """In their order, each once, never one that another would still precede. Words of a matter
    come only where the client declared them; the person concerned sees that they were read."""
    horizon = find_horizon(request.actor)
    stretch = read_events(
        request.actor,
        types=EVENT_TYPES,
        cursor=min(cursor, horizon),
        horizon=horizon,
        limit=max(1, min(limit, PAGE)),
    )
    note_reading(request.actor, stretch.events, at=clock.now())
    items = [told.event for told in stretch.events]
    return {"items": items, "next": stretch.until, "more": stretch.until < horizon}

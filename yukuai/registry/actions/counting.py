"""How much of everything each community has, written down in rounds. A round only ever counts:
nothing is added up, so no writer waits for another and nothing drifts."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from yukuai.accounts.policy import Actor
from yukuai.divisions.queries import get_divisions
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.locks import hold
from yukuai.kernel.outbox import take
from yukuai.registry.events import RecordsTouched
from yukuai.registry.models import MODELS, CareTag, CommunityTally, counted
from yukuai.registry.models.tallies import COUNTED

A_ROUND = 500
_COUNTING = "registry.counting"


@action
def count_touched(actor: Actor, *, at: datetime) -> int:
    """One round: the communities written in since the last one. Returns how many notices it took;
    0 when there is nothing left."""
    hold(_COUNTING)
    notices = take(RecordsTouched, most=A_ROUND)
    if notices:
        touched = {one.division_id for one in notices}
        places = get_divisions(actor, division_ids=touched).values()
        _count(actor, Q(area__in=[place.path for place in places]), at)
    return len(notices)


@action
def recount(actor: Actor, *, at: datetime) -> int:
    """All of them, whatever was touched: nightly, when care tags end with their day, and after a
    change of divisions. Returns how many communities have something."""
    hold(_COUNTING)
    return _count(actor, Q(), at)


def _count(actor: Actor, where: Q, at: datetime) -> int:
    """Each table once, by the index that begins with the area."""
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    for column, kind in COUNTED.items():
        records: Any = MODELS[kind]._default_manager.filter(where, counted()).order_by()
        for division_id, number in records.values_list("division").annotate(Count("pk")):
            rows[division_id][column] = number
    tags = CareTag.objects.filter(where, Q(until=None) | Q(until__gt=today(at))).order_by()
    each = tags.values_list("division", "code").annotate(Count("person", distinct=True))
    for division_id, code, number in each:
        rows[division_id].setdefault("care", {})[code] = number
    places = get_divisions(actor, division_ids=rows)
    CommunityTally.objects.filter(where).delete()
    CommunityTally.objects.bulk_create(
        (CommunityTally(division=places[pk], counted_at=at, **row) for pk, row in rows.items()),
        batch_size=1000,
    )
    return len(rows)

"""Numbers of disputes for those who look after offices and clocks: no content, no persons, and no
number so small that it could point at one quarrel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.disputes.models import Dispute
from yukuai.disputes.rules import suppress, total_shown
from yukuai.disputes.states import DISPUTE_WORKFLOW, OPEN
from yukuai.divisions.queries import list_children
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.workflow.queries import count_late


@dataclass(frozen=True)
class Cell:
    """A number, or None where it is too small to be shown."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Numbers:
    """Of one place: open ones by state, by kind, by the place below; and what is late, by clock."""

    total: int | None
    states: Sequence[Cell]
    kinds: Sequence[Cell]
    places: Sequence[Cell]
    late: Sequence[Cell]


def count_disputes(actor: Actor, *, division: Any, at: datetime) -> Numbers:
    """The whole of a place the actor may count. Raises NotPermitted elsewhere."""
    policy.require(actor, Permission.DISPUTE_COUNT, division)
    below = list_children(actor, parent_id=division.pk)
    with widened(EVERYWHERE):
        states, kinds, areas = _counted(division.path)
        late = count_late(actor, workflow="dispute", area=division.path, at=at)
    labels = {state: DISPUTE_WORKFLOW.states[state] for state in DISPUTE_WORKFLOW.states}
    opened = {state: states.get(state, 0) for state in labels if state in OPEN}
    total = total_shown(states.values())
    places = _by_child(areas, division.path)
    by_place = {child.name: places.get(str(child.id), 0) for child in below}
    return Numbers(
        total=total,
        states=_cells({labels[s]: n for s, n in opened.items()}, total),
        kinds=_cells(kinds, total),
        places=_cells(by_place, total),
        late=_cells(late, total),
    )


def _counted(path: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Open ones by state, by kind and by area, in one statement."""
    rows = Dispute.objects.filter(area__within=path, state__in=sorted(OPEN)).order_by()
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    grouped = rows.values_list("state", "kind__name", "area").annotate(number=Count("pk"))
    for state, kind, area, number in grouped:
        states[state] += number
        kinds[kind] += number
        areas[area] += number
    return states, kinds, areas


def _by_child(areas: Mapping[str, int], path: str) -> Counter[str]:
    """By the id below `path` in the area: 1.2.12.112. under 1.2. lies at 12."""
    depth = path.count(".")
    counted: Counter[str] = Counter()
    for area, number in areas.items():
        steps = area.split(".")
        if len(steps) > depth + 1:
            counted[steps[depth]] += number
    return counted


def _cells(counts: Mapping[str, int], total: int | None) -> list[Cell]:
    if total is None:
        return [Cell(label, None) for label in counts]
    return [Cell(label, count) for label, count in suppress(counts).items()]

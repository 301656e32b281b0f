"""Ground that changes hands by a draft, in words."""

from dataclasses import dataclass
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.boundaries.queries import list_grounds
from yukuai.divisions.queries import list_names

NOBODY = "没有人"
HECTARE, SQUARE_KILOMETRE = 10_000, 1_000_000


@dataclass(frozen=True)
class Ground:
    before: str
    after: str
    size: str


def said_grounds(actor: Actor, draft: Any) -> list[Ground]:
    rows = list_grounds(draft)
    told = [pk for row in rows for pk in (row.before_id, row.after_id) if pk is not None]
    names = list_names(actor, division_ids=told)
    return [
        Ground(
            names.get(row.before_id or 0, NOBODY),
            names.get(row.after_id or 0, NOBODY),
            size_of(row.m2),
        )
        for row in rows
    ]


def size_of(m2: float) -> str:
    if m2 < 1:
        return "不到 1 平方米"
    if m2 < HECTARE:
        return f"{m2:,.0f} 平方米"
    if m2 < SQUARE_KILOMETRE:
        return f"{m2 / HECTARE:,.1f} 公顷"
    return f"{m2 / SQUARE_KILOMETRE:,.1f} 平方公里"

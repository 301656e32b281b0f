"""Whom to ring up: the telephones that the platform really knows, nothing invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.portal.community.chosen import Community
from yukuai.roster.queries import list_manned

NEAR = frozenset({"community", "township"})


@dataclass(frozen=True)
class Office:
    name: str
    place: str
    phone: str
    near: bool
    """Of the community or its township, not of an upper level."""
    until: datetime | None = None
    """Somebody sits there now, until then: the office is named, never the person."""


def list_offices(
    actor: Actor, *, community: Community | None, at: datetime
) -> Sequence[Office]:
    """Those with a telephone, the nearest first. Of a window without a department, whose officers
    share the place, every office of the place is manned."""
    if community is None:
        return []
    rows = [d for d in list_departments(actor, area=community.area) if d.phone]
    places = {d.division_id for d in rows if d.division.kind in NEAR}
    manned = list_manned(actor, division_ids=places, at=at)
    until = {(one.division_id, one.department_id): one.until for one in manned}
    return [
        Office(
            d.name,
            d.division.name,
            d.phone,
            d.division.kind in NEAR,
            until.get((d.division_id, d.pk)) or until.get((d.division_id, None)),
        )
        for d in reversed(rows)
    ]

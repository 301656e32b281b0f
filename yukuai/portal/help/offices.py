"""Whom to ring up: the telephones that the platform really knows, nothing invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.portal.community.chosen import Community
from yukuai.roster.queries import Manned, list_manned

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


@dataclass(frozen=True)
class Window:
    """The desk of the community or of its township, where somebody sits now."""

    name: str
    until: datetime


def list_manned_near(actor: Actor, *, community: Community | None, at: datetime) -> list[Manned]:
    """Of the community and its township: who is on duty is not said, only that somebody is."""
    if community is None:
        return []
    near = [int(part) for part in community.area.split(".")[-3:] if part]
    return list_manned(actor, division_ids=near, at=at)


def list_windows(*, community: Community | None, manned: Sequence[Manned]) -> list[Window]:
    """The manned desks without a department, by the name of their place."""
    if community is None:
        return []
    names = {community.id: community.name}
    above = [int(part) for part in community.area.split(".")[:-2] if part]
    if above and community.above:
        names[above[-1]] = community.above[-1]
    return [
        Window(names[one.division_id], one.until)
        for one in reversed(manned)
        if one.department_id is None and one.division_id in names
    ]


def list_offices(
    actor: Actor, *, community: Community | None, manned: Sequence[Manned] = ()
) -> Sequence[Office]:
    """Those with a telephone, the nearest first."""
    if community is None:
        return []
    rows = [d for d in list_departments(actor, area=community.area) if d.phone]
    until = {one.department_id: one.until for one in manned if one.department_id is not None}
    return [
        Office(
            d.name,
            d.division.name,
            d.phone,
            d.division.kind in NEAR,
            until.get(d.pk),
        )
        for d in reversed(rows)
    ]

"""Whom to ring up: the telephones that the platform really knows, nothing invented."""

from collections.abc import Sequence
from dataclasses import dataclass

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.portal.community.chosen import Community

NEAR = frozenset({"community", "township"})


@dataclass(frozen=True)
class Office:
    name: str
    place: str
    phone: str
    near: bool
    """Of the community or its township, not of an upper level."""


def list_offices(actor: Actor, *, community: Community | None) -> Sequence[Office]:
    """Those with a telephone, the nearest first."""
    if community is None:
        return []
    rows = [d for d in list_departments(actor, area=community.area) if d.phone]
    return [
        Office(d.name, d.division.name, d.phone, d.division.kind in NEAR) for d in reversed(rows)
    ]

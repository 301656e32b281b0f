"""Whose turn it is: who stands at the door of a place, or of the first level above it that has
somebody."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.roster.queries import find_staff_now, list_staff_now
from yukuai.roster.rules import Holder, first_asked


class Doors:
    """As they are at one moment. What was looked at together is not asked for again."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self._actor, self._at = actor, at
        self._known: dict[Permission, dict[int, list[Holder]]] = defaultdict(dict)

    def look(self, permission: Permission, areas: Iterable[str]) -> None:
        """At the doors of these places and of all above them, in one statement."""
        known = self._known[permission]
        if unknown := {pk for area in areas for pk in _levels(area)} - known.keys():
            found = list_staff_now(
                self._actor, division_ids=unknown, permission=permission, at=self._at
            )
            known.update((pk, found.get(pk, [])) for pk in unknown)

    def find(
        self,
        area: str,
        department_id: int | None,
        permission: Permission,
        *,
        arrival: bool,
        but: int | None,
    ) -> list[int]:
        """Of an arrival whoever is on duty there hears first (yukuai.roster), without `but`, who
        made it himself."""
        levels = _levels(area)
        if department_id is not None:
            found = self._find_in(levels.pop(), department_id, permission, arrival, but)
            if found:
                return found
        self.look(permission, [area])
        for pk in reversed(levels):
            holders = self._known[permission][pk]
            if found := first_asked(holders, but=but) if arrival else _everybody(holders):
                return found
        return []

    def _find_in(
        self,
        division_id: int,
        department_id: int,
        permission: Permission,
        arrival: bool,
        but: int | None,
    ) -> list[int]:
        asked: dict[str, Any] = {
            "division_id": division_id,
            "department_id": department_id,
            "permission": permission,
            "at": self._at,
        }
        if arrival:
            return find_staff_now(self._actor, **asked, but=but)
        return find_staff_for(self._actor, **asked)


def _levels(area: str) -> list[int]:
    """The ids of a place and of all above it, root first."""
    return [int(part) for part in area.split(".")[:-1]]


def _everybody(holders: Iterable[Holder]) -> list[int]:
    return list(dict.fromkeys(holder.user_id for holder in holders))

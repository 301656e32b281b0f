"""Who may do what, where. The only place that knows how authority follows the tree.

A role is a description and a list of permissions; a grant is a role in a place. Three reaches, as
in DHIS2: where one may act (capture), where one may look (search), where one may count
(statistics). `check` answers for one row, `visible` is the same rule as a filter; a property test
holds them equal.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from yukuai.accounts.roles import PERMISSIONS, ROLES, Permission, Reach, Role
from yukuai.kernel.errors import NotPermitted
from yukuai.kernel.scope import EVERYWHERE

__all__ = ["ANYBODY", "SYSTEM", "Actor", "Grant", "Permission", "Role", "Verdict"]

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Grant:
    """A role in a place. A grant of a department reaches only what lies with that department."""

    role: Role
    capture: str | None
    search: str | None = None
    statistics: str | None = None
    department_id: int | None = None

    def reach(self, permission: Permission) -> str | None:
        """The path within which the permission holds, or None where it does not at all."""
        if permission not in ROLES[self.role].permissions:
            return None
        wanted = PERMISSIONS[permission].reach
        if wanted is Reach.HOLDER:
            return self.capture or ""
        if wanted is Reach.STATISTICS:
            return self.statistics if self.statistics is not None else self.search or self.capture
        if wanted is Reach.SEARCH:
            return self.search if self.search is not None else self.capture
        return self.capture


@dataclass(frozen=True)
class Actor:
    """The person or process acting. Built once per request or job; never re-read midway."""

    label: str
    grants: tuple[Grant, ...] = ()
    holders: tuple[str, ...] = ()
    user_id: int | None = None
    post_id: int | None = None
    kind: str = "person"
    details: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def areas(self) -> tuple[str, ...]:
        """The outer fence, for row-level security: all an actor may touch in any role."""
        paths = {path for g in self.grants for path in (g.capture, g.search) if path is not None}
        return tuple(sorted(paths))

    def grants_for(self, permission: Permission) -> tuple[tuple[Grant, str], ...]:
        reached = ((grant, grant.reach(permission)) for grant in self.grants)
        return tuple((grant, path) for grant, path in reached if path is not None)

    def paths_for(self, permission: Permission) -> tuple[str, ...]:
        return tuple(path for _grant, path in self.grants_for(permission))

    def require(self, permission: str, thing: Any) -> None:
        """For apps below this one, which know the word of a permission but not the policy."""
        require(self, Permission(permission), thing)

    def may(self, permission: Permission) -> bool:
        """Anywhere at all: for navigation, never for a decision about a row."""
        return bool(self.grants_for(permission))


SYSTEM = Actor("系统", (Grant(Role.SYSTEM, EVERYWHERE[0]),), kind="system")
ANYBODY = Actor("未登录的访客", (Grant(Role.CITIZEN, None),), kind="anonymous")


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def check(actor: Actor, permission: Permission, thing: Any) -> Verdict:
    """May the actor use the permission on `thing` (anything with an `area`)?

    A permission of the reach UNIT also needs the thing to lie with the actor's own unit
    (`unit_area`, `unit_department_id`). A department reaches what lies with it and what it is
    asked about just now (`asks`, and `asked_of` as a filter).
    """
    rule = PERMISSIONS[permission]
    grants = actor.grants_for(permission)
    if rule.reach is Reach.HOLDER:
        own = bool(grants) and not set(actor.holders).isdisjoint(thing.holders)
        return Verdict(own, "" if own else rule.not_own)
    if any(_covers(grant, path, permission, thing) for grant, path in grants):
        return Verdict(True)
    if rule.reach is Reach.UNIT and actor.may(permission):
        return Verdict(False, f"这件事现在不在您单位手里，{rule.label}由承办单位来做。")
    if actor.may(permission):
        return Verdict(False, f"这里不归您的岗位管，不能{rule.label}。")
    return Verdict(False, f"您现在的岗位没有“{rule.label}”这项权限。")


def require(actor: Actor, permission: Permission, thing: Any) -> None:
    verdict = check(actor, permission, thing)
    if not verdict:
        raise NotPermitted(verdict.reason)


def require_anywhere(actor: Actor, permission: Permission) -> None:
    """For acts that have no row yet, such as opening a list or a form."""
    if not actor.may(permission):
        raise NotPermitted(f"您现在的岗位没有“{PERMISSIONS[permission].label}”这项权限。")


def visible(actor: Actor, permission: Permission, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows for which `check` would allow `permission`: same rule, other direction."""
    grants = actor.grants_for(permission)
    if not grants:
        return rows.none()
    if PERMISSIONS[permission].reach is Reach.HOLDER:
        return rows.filter(holders__overlap=list(actor.holders))
    if any(path == "" and grant.department_id is None for grant, path in grants):
        return rows
    return rows.filter(
        reduce(or_, (_covered(grant, path, permission, rows.model) for grant, path in grants))
    )


def _covers(grant: Grant, path: str, permission: Permission, thing: Any) -> bool:
    if path == "" and grant.department_id is None:
        return True
    if PERMISSIONS[permission].reach is Reach.UNIT:
        here = getattr(thing, "unit_area", None) == path
        return here and getattr(thing, "unit_department_id", None) == grant.department_id
    if not thing.area.startswith(path):
        return False
    if grant.department_id is None or not hasattr(thing, "unit_department_id"):
        return True
    return bool(thing.unit_department_id == grant.department_id or thing.asks(grant.department_id))


def _covered(grant: Grant, path: str, permission: Permission, model: type[Model]) -> Q:
    assigned = any(f.name == "unit_area" for f in model._meta.get_fields())
    if PERMISSIONS[permission].reach is Reach.UNIT:
        return Q(unit_area=path, unit_department=grant.department_id)
    within = Q(area__within=path)
    if grant.department_id is None or not assigned:
        return within
    asked: Q = model.asked_of(grant.department_id)  # type: ignore[attr-defined]
    return within & (Q(unit_department=grant.department_id) | asked)

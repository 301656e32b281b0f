"""窗口: the desk of a division, or of one of its departments."""

from dataclasses import dataclass
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department, list_departments_at
from yukuai.divisions.queries import get_division, list_children
from yukuai.kernel.errors import NotFound, NotPermitted

P = Permission
NO_WINDOW = "没有这个窗口。可能网址不对，也可能不归您的岗位管。"


@dataclass(frozen=True)
class Desk:
    """Where people are on duty. Carries what the policy asks of a thing that lies with a unit."""

    division: Any
    department: Any = None

    @property
    def area(self) -> str:
        return str(self.division.path)

    @property
    def unit_area(self) -> str:
        return self.area

    @property
    def department_id(self) -> int | None:
        return self.department.pk if self.department else None

    @property
    def unit_department_id(self) -> int | None:
        return self.department_id

    @property
    def name(self) -> str:
        return str(self.department or self.division.name)

    @property
    def key(self) -> str:
        """As it stands in an address: `112`, or `12-7` for a department."""
        own = f"-{self.department_id}" if self.department else ""
        return f"{self.division.pk}{own}"

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a row that belongs to it."""
        return {"division": self.division, "department": self.department}

    @property
    def found_by(self) -> dict[str, Any]:
        """The same as a filter."""
        return {"division": self.division.pk, "department": self.department_id}


def get_desk(actor: Actor, *, division_id: int, department_id: int | None = None) -> Desk:
    """A window the actor sits at, or whose roster he makes; NotFound for any other."""
    department = None
    if department_id is not None:
        department = get_department(actor, department_id=department_id)
        if department.division_id != division_id:
            raise NotFound(NO_WINDOW)
    desk = Desk(get_division(actor, division_id=division_id), department)
    if not may_read(actor, desk=desk):
        raise NotFound(NO_WINDOW)
    return desk


def may_read(actor: Actor, *, desk: Any) -> bool:
    return sits_at(actor, desk=desk) or bool(policy.check(actor, P.ROSTER_MANAGE, desk))


def sits_at(actor: Actor, *, desk: Any) -> bool:
    """One's own unit, in a role that handles matters."""
    return bool(policy.check(actor, P.CASE_HANDLE, desk))


def require_own(actor: Actor, *, desk: Desk) -> None:
    if not sits_at(actor, desk=desk):
        raise NotPermitted(f"{desk.name}的交接由窗口自己的人来做。")


def list_desks(actor: Actor, *, own: Desk) -> list[tuple[str, str]]:
    """The windows whose roster the actor may see from his own, as key and name: his own, its
    departments, and the places right below it."""
    listed = [(own.key, own.name)]
    if own.department is not None or not policy.check(actor, P.ROSTER_MANAGE, own):
        return listed
    departments = list_departments_at(actor, division_ids=[own.division.pk])
    listed += [(f"{own.division.pk}-{one.pk}", one.name) for one in departments]
    children = list_children(actor, parent_id=own.division.pk)
    return listed + [(f"{one.id}", one.name) for one in children]

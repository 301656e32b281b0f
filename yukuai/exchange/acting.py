"""As whom an outside system acts: its own role in its own place, and the desks of the departments
that work in it. Nothing more: what it may not do here is refused like anybody's."""

from typing import TYPE_CHECKING

from yukuai.accounts.policy import Actor, Grant, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yukuai.accounts.models import Department
    from yukuai.exchange.models import ExternalSystem


def outside_actor(
    system: "ExternalSystem",
    departments: "Iterable[Department]",
    *,
    holding: "Department | None" = None,
) -> Actor:
    """`holding`: the department that has the matter, in whose name the resident reads it."""
    desks = tuple(
        Grant(Role.DEPT_OP, one.area, department_id=one.pk)
        for one in departments
        if one.area.startswith(system.area)
    )
    where = holding.name if holding is not None else system.name
    return Actor(
        label=f"{system.name}，{where}",
        grants=(Grant(Role.OUTSIDE, system.area), *desks),
        holders=(f"system:{system.pk}",),
        kind="system",
        details={"system_id": system.pk},
    )

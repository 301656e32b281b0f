"""Whether a rule still has somebody to send to: never silence, never somebody else instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.cases.models import DispatchRule
from yukuai.cases.routing import nearest
from yukuai.cases.states.ruling import TargetKind
from yukuai.divisions.queries import get_division
from yukuai.kernel.errors import NotFound

if TYPE_CHECKING:
    from yukuai.accounts.models import Department

Unit = tuple[int, int | None]


@dataclass(frozen=True)
class Spot:
    """Where a rule sends a matter, or the sentence why it cannot."""

    unit: Unit | None
    name: str
    fault: str = ""


def first_of_kind(offices: "Iterable[Department]", kind: str) -> "dict[str, Department]":
    """By the path where each stands; of several at one level the first in order."""
    found: dict[str, Department] = {}
    for office in offices:
        if office.kind == kind:
            found.setdefault(office.area, office)
    return found


def locate(rule: DispatchRule, *, area: str, offices: "Sequence[Department]") -> Spot:
    """For one place; `offices` are the working departments of the levels above it."""
    if rule.target == TargetKind.NEAREST:
        by_path = first_of_kind(offices, rule.department_kind)
        pk = nearest(area, {path: office.pk for path, office in by_path.items()})
        office = next((one for one in by_path.values() if one.pk == pk), None)
        if office is None:
            return Spot(
                None, rule.target_name, f"从这里往上，没有“{rule.department_kind}”类的部门。"
            )
        return Spot((office.division_id, office.pk), office.name)
    if fault := _fault_of_department(rule):
        return Spot(None, rule.target_name, fault)
    if str(rule.unit_id) not in area.split("."):
        return Spot(None, rule.target_name, f"“{rule.target_name}”已经不管这个地方，可能撤并了。")
    assert rule.unit_id is not None
    return Spot((rule.unit_id, rule.department_id), rule.target_name)


def _fault_of_department(rule: DispatchRule) -> str:
    department = rule.department
    if department is None:
        return ""
    if not department.active:
        return f"“{rule.target_name}”已经撤销。"
    if department.division_id != rule.unit_id:
        return f"“{rule.target_name}”所在的地方撤并了，现在归{department.division.name}。"
    return ""


def find_fault(actor: Actor, *, rule: DispatchRule) -> str:
    """Anywhere in the places of the rule: '' while it can send everything it speaks of."""
    if rule.target == TargetKind.NEAREST:
        return _fault_of_kind(actor, rule)
    if fault := _fault_of_department(rule):
        return fault
    assert rule.unit_id is not None
    try:
        unit = get_division(actor, division_id=rule.unit_id)
    except NotFound:
        return f"没有“{rule.target_name}”这个地方了。"
    if unit.valid_to is not None:
        return f"“{rule.target_name}”在 {unit.valid_to} 撤销了。"
    if not rule.area.startswith(unit.path):
        return f"“{rule.target_name}”已经不管{rule.division.name}。"
    return ""


# Communities of the subtree above which no working department of the kind stands.
_UNCOVERED = """
    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM accounts_department o WHERE o.kind = %s AND o.active AND d.path ^@ o.area))
    FROM divisions_division d
    WHERE d.kind = 'community' AND d.valid_to IS NULL AND d.path >= %s AND d.path < %s
"""


def _fault_of_kind(actor: Actor, rule: DispatchRule) -> str:
    kind, place = rule.department_kind, rule.division.name
    if list_departments(actor, area=rule.area).filter(kind=kind).exists():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_UNCOVERED, [kind, rule.area, f"{rule.area[:-1]}/"])
        communities, uncovered = cursor.fetchone()
    if not uncovered and communities:
        return ""
    if uncovered == communities:
        return f"{place}和它的上级都没有“{kind}”类的部门。"
    return f"{place}有 {uncovered} 个村（社区）往上没有“{kind}”类的部门。"

from datetime import datetime
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.actions._steps import checked_reason, checked_text
from yukuai.accounts.actors import held_at
from yukuai.accounts.events import DepartmentChanged
from yukuai.accounts.models import Department, Post
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.divisions.rules import initials
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish

LEVELS = frozenset({"city", "district", "zone", "township"})


@action
def create_department(
    actor: Actor,
    *,
    division_id: int,
    name: str,
    short_name: str = "",
    kind: str = "",
    phone: str = "",
    order: int = 0,
    at: datetime,
) -> Department:
    """An office that can be given work. `kind` is the word that like offices share everywhere."""
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.DEPARTMENT_MANAGE, division)
    if division.kind not in LEVELS or division.valid_to is not None:
        sentence = "部门设在市、区县、功能区或乡镇（街道）。请换一个地方。"
        raise InvalidInput(sentence, fields={"division": sentence})
    full = checked_text(name, field="name", label="部门名称", limit=60)
    _refuse_same_name(division.pk, full)
    department = Department(
        division=division,
        name=full,
        short_name=checked_text(short_name or full, field="short_name", label="简称", limit=30),
        kind=checked_text(kind or full, field="kind", label="类别", limit=30),
        phone=checked_text(phone, field="phone", label="电话", limit=30, required=False),
        order=order,
        initials=initials(full)[:40],
    )
    department.save()
    _remember(actor, department, act="department.create", at=at)
    return department


@action
def rename_department(
    actor: Actor, *, department_id: int, name: str, short_name: str = "", reason: str, at: datetime
) -> Department:
    department = _managed(actor, department_id)
    full = checked_text(name, field="name", label="部门名称", limit=60)
    if full != department.name:
        _refuse_same_name(department.division_id, full)
    before, tidy = department.name, checked_reason(reason)
    department.name, department.initials = full, initials(full)[:40]
    department.short_name = checked_text(
        short_name or full, field="short_name", label="简称", limit=30
    )
    department.save(update_fields=["name", "short_name", "initials"])
    _remember(actor, department, act="department.rename", at=at, reason=tidy, before=before)
    return department


@action
def close_department(actor: Actor, *, department_id: int, reason: str, at: datetime) -> Department:
    """It gets no more work; what lies with it stays readable. Its posts must have ended before."""
    department = _managed(actor, department_id)
    if not department.active:
        raise Conflict(f"{department.name}已经撤销了。")
    working = Post.objects.filter(held_at(at), department=department).count()
    if working:
        raise Conflict(
            f"还不能撤销，{department.name}还有 {working} 个在任岗位。请先结束这些岗位。"
        )
    tidy = checked_reason(reason)
    department.active = False
    department.save(update_fields=["active"])
    _remember(actor, department, act="department.close", at=at, reason=tidy)
    return department


def _managed(actor: Actor, department_id: int) -> Department:
    department = get_department(actor, department_id=department_id)
    policy.require(actor, Permission.DEPARTMENT_MANAGE, department)
    return department


def _refuse_same_name(division_id: int, name: str) -> None:
    if Department.objects.filter(division=division_id, name=name).exists():
        sentence = "这里已经有同名的部门。"
        raise InvalidInput(sentence, fields={"name": sentence})


def _remember(
    actor: Actor,
    department: Department,
    *,
    act: str,
    at: datetime,
    reason: str = "",
    **details: Any,
) -> None:
    record(
        actor,
        act=act,
        target=f"department:{department.pk}",
        area=department.area,
        at=at,
        purpose=reason,
        name=department.name,
        **details,
    )
    publish(DepartmentChanged(department_id=department.pk))

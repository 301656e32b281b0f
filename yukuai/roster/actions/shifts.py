"""The shifts of a window. One that ends keeps what was assigned to it in the past."""

from collections.abc import Iterable
from datetime import datetime, time

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.roster.actions._steps import managed, refuse, remember
from yukuai.roster.models import Assignment, Shift
from yukuai.roster.queries import Desk, get_shift, list_shifts
from yukuai.roster.rules import DEFAULT_SHIFTS, DEFAULT_SOURCE, EVERY_DAY, MOST_SHIFTS

NAME_LENGTH = 12


@action
def add_shift(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None = None,
    name: str,
    starts: time,
    ends: time,
    weekdays: Iterable[int] = EVERY_DAY,
    at: datetime,
) -> Shift:
    desk = managed(actor, division_id, department_id)
    name = name.strip()
    days = sorted(set(weekdays))
    if not name or len(name) > NAME_LENGTH:
        refuse("name", f"给班次起个名字，最多 {NAME_LENGTH} 个字，例如：早班。")
    if not days or not set(days) <= set(EVERY_DAY):
        refuse("weekdays", "选一选星期几有这个班，至少一天。")
    if starts == ends:
        refuse("ends", "开始和结束是同一时刻。跨夜的班，结束写第二天的时刻。")
    known = list(list_shifts(actor, desk=desk))
    if any(one.name == name for one in known):
        refuse("name", f"这个窗口已经有“{name}”了。换一个名字，或者先停用原来的。")
    if len(known) >= MOST_SHIFTS:
        refuse("name", f"一个窗口最多 {MOST_SHIFTS} 个班。先停用不用的。")
    shift = _make(actor, desk, name, starts, ends, tuple(days), f"{actor.label}设定", at)
    remember(actor, desk, "shift", at, shift=str(shift), days=shift.days)
    return shift


@action
def use_default_shifts(
    actor: Actor, *, division_id: int, department_id: int | None = None, at: datetime
) -> list[Shift]:
    """To begin with: 早班 and 晚班, every day (产品设定). Only where there is no shift yet."""
    desk = managed(actor, division_id, department_id)
    if list_shifts(actor, desk=desk).exists():
        raise Conflict("这个窗口已经有班次了，不用再装默认的。")
    made = [_make(actor, desk, *one, DEFAULT_SOURCE, at) for one in DEFAULT_SHIFTS]
    remember(actor, desk, "shift", at, shift="、".join(str(one) for one in made))
    return made


@action
def end_shift(actor: Actor, *, shift_id: int, at: datetime) -> Shift:
    """From now on it comes no more; whoever was assigned to it later is freed."""
    shift = get_shift(actor, shift_id=shift_id, locked=True)
    desk = Desk(shift.division, shift.department)
    policy.require(actor, Permission.ROSTER_MANAGE, desk)
    shift.ended_at, shift.ended_by = at, actor.label
    shift.save(update_fields=["ended_at", "ended_by"])
    later = Assignment.objects.filter(shift=shift, ended_at=None, starts_at__gt=at)
    freed = later.update(ended_at=at, ended_by=actor.label, ended_how="停用班次")
    remember(actor, desk, "shift-end", at, shift=str(shift), freed=freed)
    return shift


def _make(
    actor: Actor,
    desk: Desk,
    name: str,
    starts: time,
    ends: time,
    weekdays: tuple[int, ...],
    source: str,
    at: datetime,
) -> Shift:
    return Shift.objects.create(
        **desk.columns,
        name=name,
        starts=starts,
        ends=ends,
        weekdays=list(weekdays),
        source=source,
        made_by=actor.label,
        made_by_id=actor.user_id,
        made_at=at,
    )

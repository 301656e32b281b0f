"""排班: who is to be asked in which shift. Every change leaves the line before it."""

from datetime import date, datetime, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.roster.actions._steps import managed, refuse, remember
from yukuai.roster.models import Assignment, Shift
from yukuai.roster.queries import (
    Desk,
    get_assignment,
    get_shift,
    list_assigned,
    list_candidates,
    list_shifts,
)
from yukuai.roster.rules import week_of

WEEK = timedelta(days=7)
FARTHEST = timedelta(days=92)
NOT_HERE = "这个人现在不在这个窗口的岗位上。请重新选。"
OVER = "这个班已经过去了，不能再改。改过的记录都留着。"


@action
def assign(actor: Actor, *, shift_id: int, day: date, post_id: int, at: datetime) -> Assignment:
    """One more officer for a shift of a day."""
    shift, desk = _shift(actor, shift_id)
    _check_day(shift, day, at)
    post = _candidates(actor, desk, at).get(post_id)
    if post is None:
        refuse("post", NOT_HERE)
    known = Assignment.objects.filter(shift=shift, day=day, post=post_id, ended_at=None)
    if known.exists():
        refuse("post", f"{post.user}已经排在这个班里了。")
    made = _make(actor, desk, shift, day, post, "排班", at)
    remember(actor, desk, "assign", at, day=str(day), shift=shift.name, who=str(post.user))
    return made


@action
def unassign(actor: Actor, *, assignment_id: int, at: datetime) -> Assignment:
    """Taken off the roster; the line stays in the history."""
    row, desk = _assignment(actor, assignment_id, at)
    _end(actor, row, "取消", at)
    said = {"day": str(row.day), "shift": row.shift.name, "who": str(row.post.user)}
    remember(actor, desk, "unassign", at, **said)
    return row


@action
def replace(actor: Actor, *, assignment_id: int, post_id: int, at: datetime) -> Assignment:
    """Somebody else of the window sits in his stead."""
    row, desk = _assignment(actor, assignment_id, at)
    post = _candidates(actor, desk, at).get(post_id)
    if post is None:
        refuse("post", NOT_HERE)
    if Assignment.objects.filter(shift=row.shift, day=row.day, post=post, ended_at=None).exists():
        refuse("post", f"{post.user}已经排在这个班里了。")
    _end(actor, row, "换人", at)
    made = _make(actor, desk, row.shift, row.day, post, "换人", at)
    who = f"{row.post.user}换成{post.user}"
    remember(actor, desk, "replace", at, day=str(row.day), shift=row.shift.name, who=who)
    return made


@action
def swap(actor: Actor, *, assignment_id: int, other_id: int, at: datetime) -> None:
    """Two officers of one window sit in each other's shift."""
    pair = sorted((assignment_id, other_id))  # locked in one order, whoever swaps
    if pair[0] == pair[1]:
        refuse("other", "选另一个班来换。")
    (one, desk), (other, there) = (_assignment(actor, pk, at) for pk in pair)
    if desk != there:
        refuse("other", "只能和本窗口的班对换。")
    _check_free(one, other.post)
    _check_free(other, one.post)
    for row in (one, other):
        _end(actor, row, "换班", at)
    _make(actor, desk, one.shift, one.day, other.post, "换班", at)
    _make(actor, desk, other.shift, other.day, one.post, "换班", at)
    who = " ⇄ ".join(f"{row.day} {row.shift.name} {row.post.user}" for row in (one, other))
    remember(actor, desk, "swap", at, who=who)


@action
def copy_week(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None = None,
    monday: date,
    at: datetime,
) -> int:
    """Last week's officers for this week, where nobody is yet. Whoever left his post, a shift that
    ended, and what is over are left out. Returns how many lines were written."""
    desk = managed(actor, division_id, department_id)
    shifts = {shift.pk: shift for shift in list_shifts(actor, desk=desk).select_for_update()}
    posts = _candidates(actor, desk, at)
    days = week_of(monday)
    if days[0] > today(at) + FARTHEST:
        raise Conflict("太远了，先排近的。")
    full = {
        (row.shift_id, row.day)
        for row in list_assigned(actor, desk=desk, since=days[0], until=days[-1])
    }
    before = list_assigned(actor, desk=desk, since=days[0] - WEEK, until=days[-1] - WEEK)
    made = 0
    for row in before:
        shift, post, day = shifts.get(row.shift_id), posts.get(row.post_id), row.day + WEEK
        if shift is None or post is None or (shift.pk, day) in full:
            continue
        if day.isoweekday() in shift.weekdays and shift.span(day).ends_at > at:
            _make(actor, desk, shift, day, post, "照上周", at)
            made += 1
    remember(actor, desk, "copy", at, monday=str(monday), lines=made)
    return made


def _shift(actor: Actor, shift_id: int) -> tuple[Shift, Desk]:
    """Locked, so that two who fill one shift see each other."""
    shift = get_shift(actor, shift_id=shift_id, locked=True)
    desk = Desk(shift.division, shift.department)
    policy.require(actor, Permission.ROSTER_MANAGE, desk)
    return shift, desk


def _assignment(actor: Actor, assignment_id: int, at: datetime) -> tuple[Assignment, Desk]:
    row = get_assignment(actor, assignment_id=assignment_id, locked=True)
    desk = Desk(row.division, row.department)
    policy.require(actor, Permission.ROSTER_MANAGE, desk)
    if row.ends_at <= at:
        raise Conflict(OVER)
    return row, desk


def _check_day(shift: Shift, day: date, at: datetime) -> None:
    if day.isoweekday() not in shift.weekdays:
        refuse("day", f"{shift.name}这一天没有班：{shift.days}才有。")
    if shift.span(day).ends_at <= at:
        refuse("day", OVER)
    if day > today(at) + FARTHEST:
        refuse("day", "太远了，先排三个月以内的。")


def _check_free(row: Assignment, post: Any) -> None:
    same = Assignment.objects.filter(shift=row.shift, day=row.day, post=post, ended_at=None)
    if same.exists():
        refuse("other", f"{post.user}已经排在 {row.day} 的{row.shift.name}里，不能对换。")


def _candidates(actor: Actor, desk: Desk, at: datetime) -> dict[int, Any]:
    return {post.pk: post for post in list_candidates(actor, desk=desk, at=at)}


def _end(actor: Actor, row: Assignment, how: str, at: datetime) -> None:
    row.ended_at, row.ended_by, row.ended_how = at, actor.label, how
    row.save(update_fields=["ended_at", "ended_by", "ended_how"])


def _make(
    actor: Actor, desk: Desk, shift: Shift, day: date, post: Any, how: str, at: datetime
) -> Assignment:
    span = shift.span(day)
    return Assignment.objects.create(
        **desk.columns,
        shift=shift,
        post=post,
        day=day,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        how=how,
        made_by=actor.label,
        made_by_id=actor.user_id,
        made_at=at,
    )

from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.accounts import policy
from yukuai.accounts.actions._steps import (
    checked_reason,
    checked_text,
    lock_staff,
    refuse_oneself,
)
from yukuai.accounts.events import PostBegun, PostEnded
from yukuai.accounts.models import Department, Post, User
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department, get_post
from yukuai.accounts.roles import ROLES, Role
from yukuai.accounts.rules import Term, overlap, place_problem, separation_problem
from yukuai.accounts.sessions import end_sessions
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.kernel import clock
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish

if TYPE_CHECKING:
    from yukuai.divisions.models import Division


@action
def appoint(
    actor: Actor,
    *,
    user_id: int,
    role: str,
    division_id: int,
    department_id: int | None = None,
    title: str = "",
    valid_from: datetime,
    valid_to: datetime | None = None,
    search_division_id: int | None = None,
    statistics_division_id: int | None = None,
    reason: str,
    at: datetime,
) -> Post:
    """Give a member of staff a post. Nobody appoints himself, nor outside his own area."""
    wanted = _role(role)
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.POST_MANAGE, division)
    _check_reach(actor, search_division_id, statistics_division_id)
    _check_time(valid_from, valid_to, at)
    post = Post(
        user=_appointee(actor, user_id),
        role=wanted,
        family=ROLES[wanted].family,
        division=division,
        department=_department(actor, department_id, wanted, division),
        title=checked_text(title, field="title", label="职务", limit=40, required=False),
        search_id=search_division_id,
        statistics_id=statistics_division_id,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by=actor.label,
        reason=checked_reason(reason),
    )
    _check_held(post)
    post.save()
    _remember(actor, post, act="post.appoint", reason=post.reason, at=at)
    publish(PostBegun(post_id=post.pk))
    return post


@action
def end_post(actor: Actor, *, post_id: int, reason: str, at: datetime) -> Post:
    """The term ends now, and with it every session in which the person works in this post."""
    post = get_post(actor, post_id=post_id)
    lock_staff(post.user_id)
    post.refresh_from_db(fields=["valid_to", "valid_from"])
    if post.valid_to is not None and post.valid_to <= at:
        raise Conflict("这个任期已经结束了。")
    post.ended_reason = checked_reason(reason)
    post.valid_to = max(at, post.valid_from)
    post.save(update_fields=["valid_to", "ended_reason"])
    end_sessions(post.user, post_id=post.pk)
    _remember(actor, post, act="post.end", reason=post.ended_reason, at=at)
    publish(PostEnded(post_id=post.pk))
    return post


def _check_reach(actor: Actor, *division_ids: int | None) -> None:
    """Nobody lets others look or count where he himself has no say."""
    for division_id in division_ids:
        if division_id is not None:
            place = get_division(actor, division_id=division_id)
            policy.require(actor, Permission.POST_MANAGE, place)


def _appointee(actor: Actor, user_id: int) -> User:
    user = lock_staff(user_id)
    refuse_oneself(actor, user, "不能给自己任命岗位。请另一位安全管理员来办。")
    if not user.is_active:
        raise Conflict(f"{user.display_name}的账户已停用，不能任命。")
    return user


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput("请选一个角色。", fields={"role": "请选一个角色。"}) from None


def _department(
    actor: Actor, department_id: int | None, role: Role, division: "Division"
) -> Department | None:
    _check_place(role, division, has_department=department_id is not None)
    if department_id is None:
        return None
    department = get_department(actor, department_id=department_id)
    problem = ""
    if department.division_id != division.pk:
        problem = f"{department.name}不在{division.name}。请重新选部门。"
    elif not department.active:
        problem = f"{department.name}已经撤销。请重新选部门。"
    if problem:
        raise InvalidInput(problem, fields={"department": problem})
    return department


def _check_place(role: Role, division: "Division", *, has_department: bool) -> None:
    if division.valid_to is not None:
        sentence = f"{division.name}已经撤销。请选接替它的地方。"
        raise InvalidInput(sentence, fields={"division": sentence})
    if problem := place_problem(role, kind=division.kind, has_department=has_department):
        right_level = division.kind in ROLES[role].levels
        raise InvalidInput(problem, fields={"department" if right_level else "role": problem})


def _check_time(valid_from: datetime, valid_to: datetime | None, at: datetime) -> None:
    if clock.today(valid_from) < clock.today(at):
        sentence = "任期不能从过去开始。请填今天或以后的日期。"
        raise InvalidInput(sentence, fields={"valid_from": sentence})
    if valid_to is not None and valid_to <= valid_from:
        sentence = "结束要在开始之后。"
        raise InvalidInput(sentence, fields={"valid_to": sentence})


def _check_held(post: Post) -> None:
    """Explain before the database's constraints refuse."""
    others = list(Post.objects.filter(user=post.user).select_related("division", "department"))
    terms = [Term(Role(p.role), p.place, p.valid_from, p.valid_to) for p in others]
    role = Role(post.role)
    problem = separation_problem(
        role, valid_from=post.valid_from, valid_to=post.valid_to, held=terms
    )
    if problem:
        raise Conflict(problem)
    for other, term in zip(others, terms, strict=True):
        same = (other.role, other.division_id, other.department_id) == (
            post.role,
            post.division_id,
            post.department_id,
        )
        if same and overlap(post.valid_from, post.valid_to, term):
            raise Conflict(f"{post.user.display_name}在这段时间已经有这个岗位了，不用再任命。")


def _remember(actor: Actor, post: Post, *, act: str, reason: str, at: datetime) -> None:
    record(
        actor,
        act=act,
        target=f"post:{post.pk}",
        area=post.area,
        at=at,
        purpose=reason,
        person=post.user.username,
        role=post.role,
        department=post.department.name if post.department else "",
        valid_from=post.valid_from.isoformat(),
        valid_to=post.valid_to.isoformat() if post.valid_to else None,
    )

"""Who came and went: staff only, kept for the auditor (等保 2.0: 登录审计)."""

from datetime import datetime

from yukuai.accounts.actions._steps import area_of, root_area
from yukuai.accounts.actors import current_posts
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotFound


@action
def note_sign_in(actor: Actor, *, user_id: int, ip: str, at: datetime) -> None:
    _note(actor, act="staff.sign-in", user_id=user_id, ip=ip, at=at)


@action
def note_sign_out(actor: Actor, *, user_id: int, ip: str, at: datetime) -> None:
    _note(actor, act="staff.sign-out", user_id=user_id, ip=ip, at=at)


@action
def note_failed_sign_in(actor: Actor, *, username: str, step: str, ip: str, at: datetime) -> None:
    """`step` says what was wrong: password or code. A locked account adds no more entries.

    An unknown name is not kept: people type their password there.
    """
    user = User.objects.filter(username=username, kind=User.Kind.STAFF).first()
    record(
        actor,
        act="staff.failed-sign-in",
        target=f"user:{user.pk}" if user else "user:unknown",
        area=area_of(user, at) if user else root_area(),
        at=at,
        person=user.username if user else "",
        step=step,
        ip=ip,
    )


@action
def switch_post(actor: Actor, *, post_id: int, at: datetime) -> Post:
    """Go on in another of one's own posts. The caller keeps it in the session."""
    user = User.objects.filter(pk=actor.user_id or 0).first()
    post = current_posts(user, at).filter(pk=post_id).first() if user else None
    if post is None:
        raise NotFound("您没有这个岗位，或者任期已经结束。")
    record(
        actor,
        act="staff.switch-post",
        target=f"post:{post.pk}",
        area=post.area,
        at=at,
        before=actor.post_id,
    )
    return post


def _note(actor: Actor, *, act: str, user_id: int, ip: str, at: datetime) -> None:
    user = User.objects.get(pk=user_id)
    record(
        actor,
        act=act,
        target=f"user:{user.pk}",
        area=area_of(user, at),
        at=at,
        person=user.username,
        ip=ip,
    )

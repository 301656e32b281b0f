"""Posts that begin and end, and glass that is broken: who must hear of it does."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for, get_glass, get_post
from yukuai.divisions.queries import list_ancestors
from yukuai.kernel import wording
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users


@action
def announce_post(actor: Actor, *, post_id: int, ended: bool, at: datetime) -> None:
    """The person himself."""
    post = get_post(actor, post_id=post_id)
    notify_users(
        actor,
        user_ids=[post.user_id],
        template="post-ended" if ended else "post-begun",
        values={"post": f"{post.place}{post.role_label}", "reason": _sentence(post.ended_reason)},
        link="/work/",
        dedupe=f"post:{post_id}:{'ended' if ended else 'begun'}",
        at=at,
    )


@action
def announce_glass(actor: Actor, *, glass_id: int, at: datetime) -> None:
    """The place that is looked into, and whoever reviews such looks, up to the city."""
    glass = get_glass(actor, glass_id=glass_id)
    notify_users(
        actor,
        user_ids=_watchers(actor, glass, at) - {glass.user_id},
        template="glass-broken",
        values={
            "who": glass.user.display_name,
            "place": glass.division.name,
            "reason": _sentence(glass.reason),
            "until": wording.moment(glass.valid_to, now=at),
        },
        link="/work/glasses/",
        dedupe=f"glass:{glass_id}",
        at=at,
    )


def _watchers(actor: Actor, glass: Any, at: datetime) -> set[int]:
    here = glass.division
    asked = [(here, Permission.CASE_TRIAGE)]
    asked += [
        (level, Permission.GLASS_REVIEW) for level in (here, *list_ancestors(actor, division=here))
    ]
    return {
        user
        for level, permission in asked
        for user in find_staff_for(
            actor, division_id=level.pk, department_id=None, permission=permission, at=at
        )
    }


def _sentence(text: str) -> str:
    text = text.strip() or "没有写"
    return text if text[-1] in "。！？" else f"{text}。"

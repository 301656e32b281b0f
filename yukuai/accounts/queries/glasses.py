from datetime import datetime

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.models import BreakGlass
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.errors import NotFound


def list_glasses(actor: Actor, *, since: datetime) -> QuerySet[BreakGlass]:
    """Looks into the actor's area from outside of it, newest first: for the reviewer."""
    policy.require_anywhere(actor, Permission.GLASS_REVIEW)
    rows = BreakGlass.objects.filter(valid_from__gte=since).select_related(
        "user", "division", "post__division", "post__department"
    )
    return policy.visible(actor, Permission.GLASS_REVIEW, rows).order_by("-valid_from", "-pk")


def get_glass(actor: Actor, *, glass_id: int) -> BreakGlass:
    """One that the actor reviews; NotFound outside his area."""
    policy.require_anywhere(actor, Permission.GLASS_REVIEW)
    rows = BreakGlass.objects.select_related("user", "division", "post__division")
    glass = policy.visible(actor, Permission.GLASS_REVIEW, rows).filter(pk=glass_id).first()
    if glass is None:
        raise NotFound("没有这次越区查看。可能网址不对，也可能不归您的岗位管。")
    return glass


def list_own_glasses(actor: Actor, *, at: datetime) -> QuerySet[BreakGlass]:
    """The actor's own looks that hold now, the longest lasting first."""
    rows = BreakGlass.objects.filter(
        user=actor.user_id, post=actor.post_id, valid_from__lte=at, valid_to__gt=at
    )
    return rows.select_related("division").order_by("-valid_to", "-pk")


def find_open_glass(actor: Actor, *, at: datetime) -> BreakGlass | None:
    """The actor's own look that holds now: the page says until when."""
    return list_own_glasses(actor, at=at).first()

from datetime import datetime

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.models import BreakGlass
from yukuai.accounts.policy import Actor, Permission


def list_glasses(actor: Actor, *, since: datetime) -> QuerySet[BreakGlass]:
    """Looks into the actor's area from outside of it, newest first: for the reviewer."""
    policy.require_anywhere(actor, Permission.GLASS_REVIEW)
    rows = BreakGlass.objects.filter(valid_from__gte=since).select_related(
        "user", "division", "post__division", "post__department"
    )
    return policy.visible(actor, Permission.GLASS_REVIEW, rows).order_by("-valid_from", "-pk")


def find_open_glass(actor: Actor, *, at: datetime) -> BreakGlass | None:
    """The actor's own look that holds now: the page says until when."""
    rows = BreakGlass.objects.filter(
        user=actor.user_id, post=actor.post_id, valid_from__lte=at, valid_to__gt=at
    )
    return rows.select_related("division").order_by("-valid_to", "-pk").first()

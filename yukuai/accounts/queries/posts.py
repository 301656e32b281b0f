from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.actors import held_at
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.roles import ROLES
from yukuai.kernel.errors import NotFound

NO_POST = "没有这个岗位。可能网址不对，也可能不归您的岗位管。"
NO_STAFF = "没有这个人。可能网址不对，也可能不归您的岗位管。"


def list_posts(
    actor: Actor,
    *,
    area: str = "",
    role: str = "",
    user_id: int | None = None,
    text: str = "",
    at: datetime | None = None,
) -> QuerySet[Post]:
    """Posts the actor administers, by place; `at` leaves only those that hold then."""
    policy.require_anywhere(actor, Permission.POST_MANAGE)
    wanted = Q(area__within=area) if area else Q()
    wanted &= Q(role=role) if role else Q()
    wanted &= Q(user=user_id) if user_id is not None else Q()
    wanted &= held_at(at) if at is not None else Q()
    if text:
        wanted &= Q(user__username__startswith=text.lower()) | Q(user__display_name__contains=text)
    rows = Post.objects.filter(wanted).select_related("user", "division", "department")
    return policy.visible(actor, Permission.POST_MANAGE, rows).order_by("area", "role", "pk")


def list_running_posts(
    actor: Actor, *, area: str = "", role: str = "", text: str = "", at: datetime
) -> QuerySet[Post]:
    """In office, or appointed for a day to come."""
    rows = list_posts(actor, area=area, role=role, text=text)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=at))


def list_ended_posts(
    actor: Actor, *, area: str = "", role: str = "", text: str = "", at: datetime
) -> QuerySet[Post]:
    """The history: the last ended first."""
    rows = list_posts(actor, area=area, role=role, text=text)
    return rows.filter(valid_to__lte=at).order_by("-valid_to", "-pk")


def count_posts_of(actor: Actor, *, department_id: int, at: datetime) -> int:
    """How many hold or will hold a post in a department: a number, for whoever would close it."""
    policy.require_anywhere(actor, Permission.DEPARTMENT_MANAGE)
    running = Q(valid_to=None) | Q(valid_to__gt=at)
    return Post.objects.filter(running, department=department_id).count()


def get_post(actor: Actor, *, post_id: int) -> Post:
    """One post the actor administers; NotFound outside his area."""
    post = list_posts(actor).filter(pk=post_id).first()
    if post is None:
        raise NotFound(NO_POST)
    return post


def list_staff(actor: Actor, *, text: str = "", at: datetime) -> QuerySet[User]:
    """Staff with a post in the actor's area, and those without any post yet.

    Each carries `current_posts` (a list) and `has_second_factor`.
    """
    policy.require_anywhere(actor, Permission.POST_MANAGE)
    posts = Post.objects.filter(user=OuterRef("pk"))
    mine = policy.visible(actor, Permission.POST_MANAGE, posts)
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    current = Post.objects.filter(held_at(at)).select_related("division", "department")
    rows = User.objects.filter(Exists(mine) | ~Exists(posts), kind=User.Kind.STAFF)
    if text:
        rows = rows.filter(Q(username__startswith=text.lower()) | Q(display_name__contains=text))
    return (
        rows.annotate(has_second_factor=Exists(totp))
        .prefetch_related(
            Prefetch("posts", current.order_by("area", "role", "pk"), to_attr="current_posts")
        )
        .order_by("username")
    )


def get_staff(actor: Actor, *, user_id: int, at: datetime) -> User:
    user = list_staff(actor, at=at).filter(pk=user_id).first()
    if user is None:
        raise NotFound(NO_STAFF)
    return user


def find_staff_for(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None,
    permission: Permission,
    at: datetime,
) -> list[int]:
    """Whom to notify: whose post has the permission at exactly that division and department."""
    rows = list_posts_for(
        actor, division_id=division_id, department_id=department_id, permission=permission, at=at
    )
    return list(rows.values_list("user", flat=True).distinct())


def list_posts_for(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None,
    permission: Permission,
    at: datetime,
) -> QuerySet[Post]:
    """The posts with the permission at exactly that division and department, by user.

    Posts are no secret among the platform's own parts, so any actor may ask.
    """
    rows = list_posts_at(actor, division_ids=[division_id], permission=permission, at=at)
    return rows.filter(department=department_id)


def list_posts_at(
    actor: Actor, *, division_ids: Iterable[int], permission: Permission, at: datetime
) -> QuerySet[Post]:
    """The same of several divisions, whatever the department."""
    roles = [role.value for role, rule in ROLES.items() if permission in rule.permissions]
    rows = Post.objects.filter(
        held_at(at), division__in=list(division_ids), role__in=roles, user__is_active=True
    )
    return rows.order_by("user")


def list_names(actor: Actor, *, user_ids: Iterable[int]) -> dict[int, str]:
    """The names of officers: who holds which office is no secret."""
    rows = User.objects.filter(pk__in=list(user_ids), kind=User.Kind.STAFF)
    return dict(rows.order_by("pk").values_list("pk", "display_name"))


def list_posted(actor: Actor, *, area: str, permission: Permission, at: datetime) -> QuerySet[Post]:
    """Who holds the permission by a post within an area now: no secret, as above."""
    roles = [role.value for role, rule in ROLES.items() if permission in rule.permissions]
    rows = Post.objects.filter(held_at(at), area__within=area, role__in=roles)
    rows = rows.filter(user__is_active=True).select_related("user", "division")
    return rows.order_by("area", "user__display_name", "pk")

"""From a signed-in user to an Actor: the posts that hold now, the glass that is broken now."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from yukuai.accounts.models import ApiClient, BreakGlass, Post, Resident, User
from yukuai.accounts.policy import Actor, Grant, Role
from yukuai.accounts.roles import ROLES
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.scope import scope


def user_key(user_id: int) -> str:
    return f"user:{user_id}"


def phone_hash(phone: str) -> str:
    return keyed_hash(phone, purpose="phone")


def phone_key(phone: str) -> str:
    """Whoever has verified this telephone holds the rows that carry its key."""
    return f"phone:{phone_hash(phone)}"


def desk_key(desk: str, division_id: int) -> str:
    """Whoever sits at this desk holds the rows that carry its key, while his post lasts."""
    return f"desk:{desk}:{division_id}"


def desk_keys(role: str, division_id: int) -> list[str]:
    desk = ROLES[Role(role)].desk
    return [desk_key(desk, division_id)] if desk else []


def holders_of(user: User) -> list[str]:
    """The keys of a resident: his account and his verified telephone."""
    with scope((), [user_key(user.pk)]):
        resident = Resident.objects.filter(user=user).first()
        return list(resident.holders) if resident else [user_key(user.pk)]


def held_at(at: datetime) -> Q:
    """Posts (or clients) whose time it is."""
    return Q(valid_from__lte=at) & (Q(valid_to=None) | Q(valid_to__gt=at))


def current_posts(user: User, at: datetime) -> QuerySet[Post]:
    """Each with its `glasses`: where it may look beyond its area just now, and until when."""
    rows = Post.objects.filter(held_at(at), user=user).select_related(
        "division__parent", "department"
    )
    broken = BreakGlass.objects.filter(post=OuterRef("pk"), valid_from__lte=at, valid_to__gt=at)
    glasses = broken.values(glass=JSONObject(area="area", until="valid_to"))
    return rows.annotate(glasses=ArraySubquery(glasses)).order_by("division__path", "role", "pk")


def resident_actor(user: User, holders: Iterable[str]) -> Actor:
    return Actor(
        label="居民本人",
        grants=(Grant(Role.CITIZEN, None),),
        holders=tuple(holders),
        user_id=user.pk,
        kind="resident",
    )


def staff_actor(user: User, post: Post) -> Actor:
    """The officer in one post; a broken glass adds a look elsewhere for as long as it holds."""
    where = post.department.name if post.department else post.division.name
    grants = [
        Grant(
            Role(post.role),
            post.area,
            search=post.search_area,
            statistics=post.statistics_area,
            department_id=post.department_id,
        )
    ]
    glasses = getattr(post, "glasses", ())
    grants += [Grant(Role.GLASS, None, search=glass["area"]) for glass in glasses]
    until = max((datetime.fromisoformat(glass["until"]) for glass in glasses), default=None)
    return Actor(
        label=f"{user.display_name}，{where}",
        grants=tuple(grants),
        holders=(user_key(user.pk), *desk_keys(post.role, post.division_id)),
        user_id=user.pk,
        post_id=post.pk,
        kind="staff",
        details={"unit": where, "glass_until": until},
    )


def client_key_hash(key: str) -> str:
    return keyed_hash(key, purpose="api-client")


def authenticate_client(key: str, *, at: datetime) -> Actor | None:
    """The outside system that shows this key, or None if nobody does (any more)."""
    client = ApiClient.objects.filter(held_at(at), key_hash=client_key_hash(key)).first()
    if client is None:
        return None
    grant = (
        Grant(Role.API_CLIENT, client.area)
        if client.may_write
        else Grant(Role.API_READER, None, search=client.area)
    )
    return Actor(
        label=f"接口客户 {client.name}",
        grants=(grant,),
        holders=(f"client:{client.pk}",),
        kind="client",
        details={
            "client_id": client.pk,
            "division_id": client.division_id,
            "purpose": client.purpose,
            "fields": tuple(client.fields),
        },
    )

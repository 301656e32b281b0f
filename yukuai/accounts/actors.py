"""From a signed-in user to an Actor: the posts that hold now, the glass that is broken now."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from yukuai.accounts.models import ApiClient, BreakGlass, Post, Resident, User
from yukuai.accounts.policy import Actor, Grant, Role
from yukuai.accounts.roles import ROLES
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.limits import attempt, judge
from yukuai.kernel.prepared import THEN, Prepared
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


def office_key(division_id: int, department_id: int | None) -> str:
    """Of everybody who works at the same place, in the same department."""
    return f"desk:{division_id}:{department_id or ''}"


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


_OWN = Prepared(lambda user_id, at: current_posts(User(pk=user_id), at), user_id=-(2**40), at=THEN)


def list_own_posts(user: User, at: datetime) -> list[Post]:
    """The same, read now: every request of an officer asks it."""
    return _OWN.ask(user_id=user.pk, at=at)


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
        holders=(
            user_key(user.pk),
            office_key(post.division_id, post.department_id),
            *desk_keys(post.role, post.division_id),
        ),
        user_id=user.pk,
        post_id=post.pk,
        kind="staff",
        details={"unit": where, "glass_until": until},
    )


def find_officer(*, user_id: int, post_id: int, at: datetime) -> Actor | None:
    """An officer as he is now, in the post in which he asked for something; None when it ended.
    Without any glass he broke: that is for looking, not for what is done later in his name."""
    rows = Post.objects.filter(held_at(at), pk=post_id, user_id=user_id, user__is_active=True)
    post = rows.select_related("user", "division", "department").first()
    return staff_actor(post.user, post) if post else None


def client_key_hash(key: str) -> str:
    return keyed_hash(key, purpose="api-client")


_ADMIT = """
    WITH client AS (
        SELECT id, name, area, division_id, purpose, fields, may_write, per_minute
        FROM accounts_apiclient
        WHERE key_hash = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)
    ), counted AS ({counted})
    SELECT client.*, (SELECT hits FROM counted) FROM client
"""
A_MINUTE = 60


def authenticate_client(key: str, *, at: datetime) -> Actor | None:
    """The outside system that shows this key, or None if nobody does (any more). Counts the
    request in the same breath; raises TooMany beyond the client's limit."""
    digest = client_key_hash(key)
    counted = attempt(f"api:{digest}", per_seconds=A_MINUTE, at=at, only_if=" FROM client")
    with connection.cursor() as cursor:
        cursor.execute(_ADMIT.format(counted=counted.sql), [digest, at, at, *counted.params])
        found = cursor.fetchone()
    if found is None:
        return None
    *client, per_minute, hits = found
    judge(hits, limit=per_minute, per_seconds=A_MINUTE, at=at)
    return _client_actor(*client)


def client_actor(client: ApiClient) -> Actor:
    """As whom the platform acts when it tells a client what the client may read."""
    about = (client.purpose, client.fields, client.may_write)
    return _client_actor(client.pk, client.name, client.area, client.division_id, *about)


def _client_actor(
    pk: int, name: str, area: str, division_id: int, purpose: str, fields: list[str], writes: bool
) -> Actor:
    grant = Grant(Role.API_CLIENT, area) if writes else Grant(Role.API_READER, None, search=area)
    return Actor(
        label=f"接口客户 {name}",
        grants=(grant,),
        holders=(f"client:{pk}",),
        kind="client",
        details={
            "client_id": pk,
            "division_id": division_id,
            "purpose": purpose,
            "fields": tuple(fields),
        },
    )

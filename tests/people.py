"""Actors for tests: who acts, in which role, where."""

from yukuai.accounts.policy import Actor, Grant, Role


def officer(role: Role, path: str, *, user_id: int = 1, department_id: int | None = None) -> Actor:
    return Actor(
        label=f"{role} of {path}",
        grants=(Grant(role, path, department_id=department_id),),
        holders=(f"user:{user_id}",),
        user_id=user_id,
        post_id=user_id,
        kind="staff",
    )


def resident(user_id: int, *keys: str) -> Actor:
    return Actor(
        label="居民本人",
        grants=(Grant(Role.CITIZEN, None),),
        holders=(f"user:{user_id}", *keys),
        user_id=user_id,
        kind="resident",
    )


def visitor(*keys: str) -> Actor:
    return Actor("未登录的访客", (Grant(Role.CITIZEN, None),), holders=keys, kind="anonymous")

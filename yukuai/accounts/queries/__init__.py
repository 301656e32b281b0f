"""Reads of accounts. Each takes the actor first and shows only what he may see."""

from yukuai.accounts.actors import authenticate_client
from yukuai.accounts.queries.clients import find_client_actor, get_client, list_clients
from yukuai.accounts.queries.departments import (
    find_departments,
    get_department,
    list_department_kinds,
    list_departments,
    list_departments_at,
    list_departments_in,
    list_departments_of_kind,
)
from yukuai.accounts.queries.glasses import (
    find_open_glass,
    get_glass,
    list_glasses,
    list_own_glasses,
)
from yukuai.accounts.queries.posts import (
    count_posts_of,
    find_staff_for,
    get_post,
    get_staff,
    list_ended_posts,
    list_names,
    list_posted,
    list_posts,
    list_posts_at,
    list_posts_for,
    list_running_posts,
    list_staff,
)
from yukuai.accounts.queries.residents import (
    Me,
    ResidentFacts,
    find_outside_account,
    find_resident_by_phone,
    get_me,
    get_resident,
    get_resident_by_phone,
)

__all__ = [
    "Me",
    "ResidentFacts",
    "authenticate_client",
    "count_posts_of",
    "find_client_actor",
    "find_departments",
    "find_open_glass",
    "find_outside_account",
    "find_resident_by_phone",
    "find_staff_for",
    "get_client",
    "get_department",
    "get_glass",
    "get_me",
    "get_post",
    "get_resident",
    "get_resident_by_phone",
    "get_staff",
    "list_clients",
    "list_department_kinds",
    "list_departments",
    "list_departments_at",
    "list_departments_in",
    "list_departments_of_kind",
    "list_ended_posts",
    "list_glasses",
    "list_names",
    "list_own_glasses",
    "list_posted",
    "list_posts",
    "list_posts_at",
    "list_posts_for",
    "list_running_posts",
    "list_staff",
]

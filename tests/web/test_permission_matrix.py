"""Every route × every role, from the URLconf: who may not open a page does not, and nobody breaks
one. A route without a declared access fails here and at the start of the process."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from tests.casework import lamps, pack, places
from tests.conftest import NOON
from yukuai.accounts.access import Access
from yukuai.accounts.models import Department, Post, User
from yukuai.accounts.roles import ROLES, Role, is_post_role

__all__ = ["lamps", "pack", "places"]
pytestmark = pytest.mark.django_db

SAMPLES = {
    IntConverter: "987654321",
    UUIDConverter: "00000000-0000-4000-8000-000000000000",
    SlugConverter: "nothing",
    StringConverter: "nothing",
}
POSTS = [role for role in Role if is_post_role(role)]
PLACE = {"community": 112, "township": 12, "district": 2, "city": 1}


def routes(resolver: Any = None, prefix: str = "/") -> Any:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback.access


def _filled(pattern: Any) -> str:
    """The path with a sample in each hole: `<int:pk>` becomes a number nobody has."""
    path = str(pattern)
    for name, converter in pattern.converters.items():
        sample = next((v for kind, v in SAMPLES.items() if isinstance(converter, kind)), "nothing")
        path = re.sub(rf"<(?:[a-z_]+:)?{name}>", sample, path)
    return path


ROUTES = sorted(set(routes()), key=str)
STAFF = [(path, access) for path, access in ROUTES if access.kind == "staff"]
RESIDENT = [(path, access) for path, access in ROUTES if access.kind == "resident"]
PUBLIC = [(path, access) for path, access in ROUTES if access.kind == "public"]


@pytest.fixture
def as_role(places: Any, pack: Any) -> Any:
    office = Department.objects.create(
        division=places[12], name="综合行政执法大队", short_name="执法队", kind="综合执法"
    )

    def make(role: Role) -> Client:
        level = next(kind for kind in PLACE if kind in ROLES[role].levels)
        user = User.objects.create(kind="staff", username=f"u-{role}", display_name="某人")
        Post.objects.create(
            user=user,
            role=role,
            family=ROLES[role].family,
            division=places[12 if ROLES[role].department else PLACE[level]],
            department=office if ROLES[role].department else None,
            valid_from=datetime(2020, 1, 1, tzinfo=NOON.tzinfo),
            appointed_by="test",
            reason="test",
        )
        client = Client(raise_request_exception=True)
        client.force_login(user)
        return client

    return make


def test_every_route_declares_one_of_the_known_kinds():
    kinds = {access.kind for _, access in ROUTES}
    assert kinds <= {"public", "resident", "staff", "demo", "client"}
    assert len(STAFF) > 30
    assert len(PUBLIC) > 10


def test_nobody_signed_in_is_led_to_the_door(places: Any, pack: Any):
    client = Client()
    for path, _access in STAFF:
        assert client.get(path).headers.get("Location", "").startswith("/work/signin/"), path
    for path, _access in RESIDENT:
        assert client.get(path).headers.get("Location", "").startswith("/signin/"), path


@pytest.mark.parametrize("role", POSTS)
def test_a_role_opens_what_it_may_and_nothing_else(as_role: Any, role: Role):
    client = as_role(role)
    for path, access in STAFF:
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code < 500, path
            if _forbidden(access, role):
                assert answer.status_code == 403, (path, answer.status_code)
                assert "没有" in answer.content.decode(), path


@pytest.mark.parametrize("role", POSTS)
def test_staff_are_not_residents(as_role: Any, role: Role):
    client = as_role(role)
    for path, _access in RESIDENT:
        for answer in (client.get(path), client.post(path)):
            assert answer.headers.get("Location", "").startswith("/signin/"), path


def test_what_is_public_opens_for_anybody(places: Any, pack: Any):
    client = Client()
    with connection.cursor() as cursor:  # without a worker that speaks /readyz is 503, rightly
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    for path, _access in PUBLIC:
        assert client.get(path).status_code < 500, path


def _forbidden(access: Access, role: Role) -> bool:
    return access.permission is not None and access.permission not in ROLES[role].permissions


def test_without_demo_mode_the_demo_pages_do_not_exist(settings: Any, places: Any):
    settings.DEMO = False
    demo = [path for path, access in ROUTES if access.kind == "demo"]
    assert demo
    for path in demo:
        assert Client().get(path).status_code == 404, path

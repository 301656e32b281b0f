"""Which administrator opens which page: three of them, each his own, and nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.offices import make_department, make_post, make_staff
from tests.web.admin_offices import POSTS, at_noon, places, window, words
from yukuai.accounts.actors import user_key
from yukuai.accounts.models import ApiClient, BreakGlass, User
from yukuai.accounts.roles import ROLES, Permission, Role
from yukuai.cases.models import Category, UrgentWord

__all__ = ["at_noon", "places", "window"]
pytestmark = pytest.mark.django_db
P = Permission
PAGES = {
    P.POST_MANAGE: ("posts", "posts-ended", "post-new", "post-term", "staff-members", "staff-new"),
    P.DEPARTMENT_MANAGE: ("departments", "department-new"),
    P.CATEGORY_MANAGE: ("categories", "category-new", "urgent-word-new"),
    P.DIVISION_MANAGE: ("divisions",),
    P.CLIENT_MANAGE: ("clients", "client-new"),
    P.GLASS_BREAK: ("break-glass",),
    P.GLASS_REVIEW: ("glasses",),
    P.AUDIT_VIEW: ("audit", "audit-export"),
}
OF_ONE = {
    P.POST_MANAGE: (
        ("post-end", "post"),
        ("staff-member", "person"),
        ("staff-second-factor", "person"),
        ("staff-password", "person"),
    ),
    P.DEPARTMENT_MANAGE: (("department-rename", "office"), ("department-close", "office")),
    P.CATEGORY_MANAGE: (("category", "category"), ("urgent-word-remove", "word")),
    P.DIVISION_MANAGE: tuple(
        (f"division{verb}", "place") for verb in ("", "-found", "-rename", "-move", "-merge")
    ),
    P.CLIENT_MANAGE: (("client-end", "client"),),
    P.GLASS_REVIEW: (("glass-end", "glass"),),
}
TABLES = ("accounts_post", "accounts_user", "accounts_department", "accounts_breakglass")
TABLES += ("accounts_apiclient", "cases_category", "cases_urgentword", "divisions_division")
ROOMS = {
    "system": {"departments", "categories", "divisions"},
    "security": {"posts", "clients", "glasses"},
    "auditor": {"audit"},
    "town": set(),
    "clerk": set(),
}


@pytest.fixture
def things(places, noon):
    """One of everything that the pages act upon, in the south."""
    person = make_staff("sq01", display_name="周晓岚")
    post = make_post(person, Role.COMMUNITY_STAFF, places[112])
    words_of = {"name": "类", "plain_name": "类", "words": [], "source": "test"}
    return {
        "person": person.pk,
        "post": post.pk,
        "office": make_department(places[12]).pk,
        "category": Category.objects.create(code="1", **words_of).pk,
        "word": UrgentWord.objects.create(word="起火", number="119", source="test").word,
        "place": 12,
        "client": ApiClient.objects.create(
            division=places[2], name="热线", purpose="p", key_hash="h", valid_from=noon
        ).pk,
        "glass": BreakGlass.objects.create(
            division=places[2], user=person, post=post, reason="r", valid_from=noon, valid_to=noon
        ).pk,
    }


def addresses(things):
    for permission, names in PAGES.items():
        for name in names:
            yield permission, reverse(f"work:{name}")
    for permission, routes in OF_ONE.items():
        for name, thing in routes:
            yield permission, reverse(f"work:{name}", args=[things[thing]])
    yield P.AUDIT_VIEW, reverse("work:audit-check")


def contents():
    """Every row of what these pages may change, as one digest."""
    digests = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            digests.append(cursor.fetchone()[0])
    return digests


TYPED = {"reason": "不该成功的理由，十个字以上", "name": "改了", "code": "X", "username": "zz01"}


@pytest.mark.parametrize("who", POSTS)
def test_without_the_permission_a_page_is_refused_and_nothing_changes(window, things, who):
    client, role = window(who), POSTS[who][0]
    client.get("/work/me/")
    before = contents()
    refused = 0
    for permission, address in addresses(things):
        if permission in ROLES[role].permissions:
            continue
        for answer in (client.get(address), client.post(address, TYPED)):
            assert answer.status_code == 403, (address, answer.status_code)
            assert "没有“" in words(answer)
        refused += 1
    assert refused >= 10
    assert contents() == before


def test_whoever_is_not_signed_in_is_asked_to_and_nothing_changes(places, things):
    before = contents()
    for _permission, address in addresses(things):
        for answer in (Client().get(address), Client().post(address, TYPED)):
            assert answer.headers["Location"].startswith("/work/signin/"), address
    assert contents() == before


def test_a_resident_is_nobody_here(places, things):
    client = Client()
    client.force_login(User.objects.create(kind=User.Kind.RESIDENT, username="r417"))
    before = contents()
    for _permission, address in addresses(things):
        for answer in (client.get(address), client.post(address, TYPED)):
            assert answer.headers["Location"].startswith("/work/signin/"), address
    assert contents() == before


@pytest.mark.parametrize("who", ROOMS)
def test_the_menu_holds_the_rooms_of_the_role_and_no_others(window, who):
    shown = words(window(who).get("/work/me/"))
    rooms = set().union(*ROOMS.values())
    assert {room for room in rooms if f'href="/work/{room}/"' in shown} == ROOMS[who]


@pytest.mark.parametrize("who", ROOMS)
def test_the_rooms_of_the_menu_open(window, who):
    client = window(who)
    for room in ROOMS[who]:
        assert client.get(reverse(f"work:{room}")).status_code == 200, room


def test_every_officer_sees_his_own_posts_and_may_change_over(window, places):
    client = window("clerk")
    other = make_post(client.user, Role.TOWNSHIP_OP, places[12], title="挂职")
    shown = words(client.get("/work/me/"))
    for word in ("南社区，社区干部", "南街，乡镇（街道）工作人员", "挂职", "正在用", "还剩 0 个"):
        assert word in shown
    client.post(reverse("work:switch-post"), {"post": other.pk})
    assert client.get("/work/me/").context["here"] == other


def test_ones_own_page_shows_nobody_else(window, things):
    shown = words(window("grid").get("/work/me/"))
    assert "周晓岚" not in shown
    assert user_key(things["person"]) not in shown

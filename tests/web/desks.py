"""Officers at their desks: signed in, each in one post, with the ids the acting officers of
tests/casework.py have."""

import re
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON
from tests.offices import make_post, make_staff
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role

POSTS = {
    "clerk": (11, Role.COMMUNITY_STAFF, 112),
    "colleague": (12, Role.COMMUNITY_STAFF, 112),
    "town": (21, Role.TOWNSHIP_OP, 12),
    "neighbour": (31, Role.COMMUNITY_STAFF, 113),
    "elsewhere": (41, Role.TOWNSHIP_OP, 111),
    "district": (51, Role.DISTRICT_OP, 2),
    "grid": (71, Role.GRID_WORKER, 112),
    "admin": (81, Role.SYS_ADMIN, 1),
}


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(places, enforcement, at_noon):
    """A client signed in as one of POSTS, or as the enforcement squad."""

    def sign_in(who):
        user_id, role, division = POSTS.get(who, (61, Role.DEPT_OP, 12))
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            user = make_staff(f"u{user_id}", id=user_id)
            department = enforcement if who == "squad" else None
            make_post(user, role, places[division], department=department)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@contextmanager
def at_most(number):
    """So many statements of the page itself: without the savepoints that stand for the
    transaction in a test, and the setting of the scope."""
    with CaptureQueriesContext(connection) as captured:
        yield
    plain = re.compile(r"(RELEASE |ROLLBACK TO )?SAVEPOINT|SELECT set_config")
    asked = [q["sql"] for q in captured if not plain.match(q["sql"])]
    assert len(asked) <= number, "\n".join(asked)


def part(html, start):
    """The element that begins with `start`, to its own closing tag."""
    at = html.index(start)
    tag = re.match(r"<(\w+)", start)[1]
    depth = 0
    for found in re.finditer(rf"<(/?){tag}\b", html[at:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            return html[at : at + html[at + found.start() :].index(">") + found.start() + 1]
    raise AssertionError(f"{start} is never closed")


def without_tokens(html):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)

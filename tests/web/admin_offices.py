"""The three administrators and some officers, each signed in at his own window."""

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.places import make_places
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "places", "window"]

POSTS = {
    "system": (Role.SYS_ADMIN, 1),
    "system-south": (Role.SYS_ADMIN, 2),
    "security": (Role.SEC_ADMIN, 1),
    "security-south": (Role.SEC_ADMIN, 2),
    "auditor": (Role.AUDITOR, 1),
    "auditor-south": (Role.AUDITOR, 2),
    "town": (Role.TOWNSHIP_OP, 12),
    "clerk": (Role.COMMUNITY_STAFF, 112),
    "grid": (Role.GRID_WORKER, 112),
}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def places(db):
    return make_places()


@pytest.fixture
def window(places):
    """A client signed in as one of POSTS; `client.user` is who it is."""

    def sign_in(who):
        username = who.replace("-", "")
        user = User.objects.filter(username=username).first()
        if user is None:
            role, division = POSTS[who]
            user = make_staff(username, display_name="王小满")
            make_post(user, role, places[division])
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


def words(response):
    return response.content.decode()


def acts(act):
    """The entries of one act, oldest first."""
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act=act).order_by("pk"))

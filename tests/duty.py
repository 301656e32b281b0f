"""A window with its officers, and a short way to put somebody on its roster."""

from datetime import date, time

import pytest

from tests.casework import CLERK
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.roster import actions

MONDAY = date(2026, 3, 2)
"""The day of NOON."""


def make_officer(user_id, role, division, *, name, **fields):
    """With the ids the acting officers of tests/casework.py have."""
    user = User.objects.filter(pk=user_id).first() or make_staff(
        f"u{user_id}", id=user_id, display_name=name
    )
    return make_post(user, role, division, **fields)


@pytest.fixture
def people(places):
    """Two officers of 南社区, one of 坡社区: their posts."""
    staff = Role.COMMUNITY_STAFF
    return {
        "clerk": make_officer(11, staff, places[112], name="周晓岚"),
        "colleague": make_officer(12, staff, places[112], name="陈建国"),
        "neighbour": make_officer(31, staff, places[113], name="冉小芳"),
    }


@pytest.fixture
def shift(people):
    """早班 of 南社区, every day, 8:30 to 14:00: noon is in it."""
    return actions.add_shift(
        CLERK, division_id=112, name="早班", starts=time(8, 30), ends=time(14, 0), at=NOON
    )


def put(shift, post, *, day=MONDAY, at=NOON):
    return actions.assign(CLERK, shift_id=shift.pk, day=day, post_id=post.pk, at=at)

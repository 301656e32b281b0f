"""Officers of tests/mediation.py at their desks, parties at their telephones: signed in."""

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOON
from tests.mediation import APPLICANT, LI, POSTS, RESPONDENT, WANG
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.models import Resident, User
from yukuai.kernel.scope import EVERYWHERE, scope


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def seat(staff, at_noon):
    """`seat("justice")`: a client signed in as that officer."""

    def sign_in(name):
        client = Client()
        client.force_login(User.objects.get(pk=POSTS[name][0]))
        return client

    return sign_in


@pytest.fixture
def sofa(at_noon, db):
    """`sofa("respondent")`: a party signed in with his telephone."""

    def sign_in(side):
        actor, phone = {
            "applicant": (APPLICANT, WANG),
            "respondent": (RESPONDENT, LI),
            "stranger": (None, "19900000699"),
        }[side]
        known = {} if actor is None else {"pk": actor.user_id}
        user = User.objects.create(kind="resident", username=f"r-{side}", **known)
        with scope(EVERYWHERE):
            Resident.objects.create(
                user=user,
                phone=phone,
                phone_hash=phone_hash(phone),
                holders=[user_key(user.pk), phone_key(phone)],
            )
        client = Client()
        client.force_login(user)
        return client

    return sign_in

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.conftest import NOON
from tests.db.flows.test_case_stories import appointed, told
from yukuai.accounts.models import BreakGlass, Post
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.flows.account_messages import announce_glass, announce_post

__all__ = ["appointed"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(db):
    call_command("load_message_templates", verbosity=0)


def test_whoever_is_appointed_hears_of_it_once(appointed):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    post = Post.objects.get(user=clerk)
    for _ in range(2):
        announce_post(SYSTEM, post_id=post.pk, ended=False, at=NOON)
    announce_post(SYSTEM, post_id=post.pk, ended=True, at=NOON)
    assert sorted(told(clerk)) == ["post-begun", "post-ended"]


def test_a_broken_glass_is_told_to_the_place_and_to_whoever_reviews_it(appointed, places):
    looker = appointed("looker", Role.TOWNSHIP_OP, 111)
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    beside = appointed("beside", Role.COMMUNITY_STAFF, 113)
    security = appointed("security", Role.SEC_ADMIN, 1)
    glass = BreakGlass.objects.create(
        user=looker,
        post=Post.objects.get(user=looker),
        division=places[112],
        reason="核对跨区的重复件",
        valid_from=NOON,
        valid_to=NOON + timedelta(hours=3),
    )
    announce_glass(SYSTEM, glass_id=glass.pk, at=NOON)
    assert (told(clerk), told(security)) == (["glass-broken"], ["glass-broken"])
    assert (told(beside), told(looker)) == ([], [])

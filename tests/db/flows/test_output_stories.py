"""A report that is to leave: who hears of it."""

import pytest
from django.core.management import call_command

from tests.conftest import NOON
from tests.db.registry.test_outputs import ask, settle
from tests.db.registry.test_reports import HEAD, saved, settled
from tests.offices import make_post, make_staff
from tests.registering import KEEPER, codes, places
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.flows.output_messages import announce_output_asked, announce_output_settled
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message
from yukuai.registry.reporting import Shape

__all__ = ["codes", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]


@pytest.fixture
def officers(places):
    call_command("load_message_templates", verbosity=0)
    for user_id, role, division in (
        (11, Role.COMMUNITY_STAFF, 112),
        (21, Role.TOWNSHIP_OP, 12),
        (31, Role.DISTRICT_OP, 2),
    ):
        make_post(make_staff(f"u{user_id}", id=user_id), role, places[division])
    settled("石阶", "202")


def letters():
    with scope(EVERYWHERE):
        return sorted((one.recipient_id, one.title) for one in Message.objects.all())


def test_the_township_hears_of_a_wish_once_and_the_keeper_of_the_answer(officers):
    output = ask(saved())
    for _ in range(2):
        announce_output_asked(SYSTEM, output_id=output.pk, at=NOON)
    assert letters() == [(21, f"等您批导出：{HEAD.title}")]
    announce_output_settled(SYSTEM, output_id=output.pk, at=NOON)
    settle(output)
    announce_output_asked(SYSTEM, output_id=output.pk, at=NOON)
    announce_output_settled(SYSTEM, output_id=output.pk, at=NOON)
    assert letters() == [
        (11, f"可以下载了：{HEAD.title}"),
        (21, f"等您批导出：{HEAD.title}"),
    ]


def test_a_refusal_says_why(officers):
    output = settle(ask(saved()), approved=False, answer="用汇总就够了")
    announce_output_settled(SYSTEM, output_id=output.pk, at=NOON)
    assert letters() == [(KEEPER.user_id, f"导出没有批准：{HEAD.title}")]


def test_what_needs_no_word_asks_for_none(officers):
    shape = Shape("dwelling", columns=("dwelling.room",))
    output = ask(saved(shape=shape), columns=shape.columns)
    announce_output_asked(SYSTEM, output_id=output.pk, at=NOON)
    assert letters() == []

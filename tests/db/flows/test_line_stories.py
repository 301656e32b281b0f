"""Who hears of lines: approvers of the level above, who drew, and who draws below."""

import pytest
from django.core.management import call_command

from tests.conftest import NOON
from tests.db.boundaries_fixtures import draft, grown, moved, submit
from tests.db.lines_tree import CITY, DISTRICT
from tests.offices import make_post, make_staff
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import Role
from yukuai.boundaries import actions
from yukuai.boundaries.models import LineReview
from yukuai.flows.line_messages import announce_lines
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message
from yukuai.workflow.models import StateChange

__all__ = ["draft", "grown"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def offices(grown):
    call_command("load_message_templates", verbosity=0)
    make_post(make_staff("city", id=CITY.user_id), Role.CITY_OP, grown.city)
    make_post(make_staff("district", id=DISTRICT.user_id), Role.DISTRICT_OP, grown.districts[0])
    for township in grown.townships:
        user = make_staff(f"town{township.pk}", id=1000 + township.pk)
        make_post(user, Role.TOWNSHIP_OP, township)


def tell(draft):
    """Every line of the log, twice."""
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(workflow="line", object_id=draft.pk).exclude(move="start")
        lines = list(rows.order_by("pk").values_list("pk", "move"))
    for change_id, move in lines * 2:
        announce_lines(SYSTEM, draft_id=draft.pk, change_id=change_id, move=move, at=NOON)


def told():
    with scope(EVERYWHERE):
        rows = Message.objects.filter(kind__startswith="line-").order_by("pk")
        return [(row.kind, row.recipient_id) for row in rows]


def test_each_hears_once_what_concerns_him(grown, draft, offices):
    moved(draft)
    submit(draft)
    tell(draft)
    assert told() == [("line-submit", CITY.user_id)]
    actions.return_draft(CITY, number=draft.number, reason="东边不对", at=NOON)
    tell(draft)
    assert told()[1:] == [("line-return", DISTRICT.user_id)]
    submit(draft)
    actions.approve_draft(CITY, number=draft.number, at=NOON)
    tell(draft)
    with scope(EVERYWHERE):
        below = {1000 + row.division_id for row in LineReview.objects.all()}
        body = Message.objects.get(kind="line-return").body
    assert "东边不对" in body
    rest = told()[2:]
    assert rest[:2] == [("line-submit", CITY.user_id), ("line-effect", DISTRICT.user_id)]
    assert {pk for kind, pk in rest[2:] if kind == "line-review"} == below
    assert len(rest) == 2 + len(below)

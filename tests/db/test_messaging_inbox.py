"""Told once, read by whom it was told, by nobody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from tests.conftest import NOON
from yukuai.accounts.models import User
from yukuai.accounts.policy import ANYBODY, SYSTEM, Actor, Grant, Role
from yukuai.kernel.actions import action
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import mark_all_read, mark_read, notify_users
from yukuai.messaging.models import Message, MessageTemplate
from yukuai.messaging.queries import count_unread, list_messages

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def reader(user: User) -> Actor:
    return Actor("居民本人", (Grant(Role.CITIZEN, None),), (f"user:{user.pk}",), user.pk)


@pytest.fixture
def users():
    MessageTemplate.objects.create(
        code="arrived",
        channel="inbox",
        title="来了：{title}",
        text="单号 {number}。",
        placeholders=["title", "number"],
    )
    return [User.objects.create(username=f"u{n}", display_name=f"甲{n}") for n in range(3)]


FACT = {
    "template": "arrived",
    "values": {"title": "路灯不亮", "number": "CQ1"},
    "link": "/work/cases/1/",
    "subject": "case",
    "object_id": 1,
    "dedupe": "case:1:arrived",
    "at": NOON,
}


@action
def _tell(actor, *, user_ids, given):
    notify_users(actor, user_ids=user_ids, **given)


def tell(actor, *, user_ids, **changes):
    _tell(actor, user_ids=user_ids, given={**FACT, **changes})


def inbox(user: User, **options: bool) -> list[Message]:
    actor = reader(user)
    with scope(actor.areas, actor.holders):
        return list(list_messages(actor, **options))


def test_a_message_says_what_its_template_says(users):
    tell(SYSTEM, user_ids=[users[0].pk])
    [message] = inbox(users[0])
    assert (message.title, message.body) == ("来了：路灯不亮", "单号 CQ1。")
    assert (message.kind, message.link) == ("arrived", "/work/cases/1/")
    assert (message.subject, message.object_id) == ("case", 1)
    assert (message.created_at, message.read_at) == (NOON, None)


def test_an_officer_tells_people_whom_he_could_not_read(users):
    officer = Actor("王工", (Grant(Role.COMMUNITY_STAFF, "1.2."),), ("user:99",), 99)
    tell(officer, user_ids=[users[0].pk, users[1].pk])
    assert len(inbox(users[0])) == len(inbox(users[1])) == 1


def test_telling_twice_is_telling_once(users):
    tell(SYSTEM, user_ids=[users[0].pk, users[0].pk])
    tell(SYSTEM, user_ids=[users[0].pk, users[1].pk], values={"title": "乙", "number": "2"})
    assert [m.title for m in inbox(users[0])] == ["来了：路灯不亮"]
    assert [m.title for m in inbox(users[1])] == ["来了：乙"]


def test_another_fact_is_another_message_and_stands_first(users):
    tell(SYSTEM, user_ids=[users[0].pk])
    tell(SYSTEM, user_ids=[users[0].pk], dedupe="case:1:replied", at=LATER)
    assert [m.dedupe for m in inbox(users[0])] == ["case:1:replied", "case:1:arrived"]


def test_without_a_template_or_a_value_nothing_is_told(users):
    with pytest.raises(Unavailable, match="还没有装入“nothing”的站内消息模板"):
        tell(SYSTEM, user_ids=[users[0].pk], template="nothing")
    with pytest.raises(KeyError, match="number"):
        tell(SYSTEM, user_ids=[users[0].pk], values={"title": "路灯"})
    assert inbox(users[0]) == []


@pytest.mark.parametrize("link", ["//evil.example/", "https://evil.example/", "/\\evil", "cases"])
def test_a_message_links_to_this_site_only(users, link):
    with pytest.raises(IntegrityError, match="message_link_stays_here"):
        tell(SYSTEM, user_ids=[users[0].pk], link=link)
    assert inbox(users[0]) == []


def test_raw_sql_shows_a_message_to_its_recipient_alone(users):
    tell(SYSTEM, user_ids=[users[0].pk])
    seen = {}
    for name, areas, holders in [
        ("recipient", [], [f"user:{users[0].pk}"]),
        ("other", [], [f"user:{users[1].pk}"]),
        ("officer", ["1."], ["user:99"]),
        ("platform", [""], []),
    ]:
        with scope(areas, holders), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM messaging_message")
            seen[name] = cursor.fetchone()[0]
    assert seen == {"recipient": 1, "other": 0, "officer": 0, "platform": 1}


def test_reading_a_message_marks_it_once(users):
    tell(SYSTEM, user_ids=[users[0].pk])
    [message] = inbox(users[0])
    assert mark_read(reader(users[0]), message_id=message.pk, at=LATER).link == "/work/cases/1/"
    mark_read(reader(users[0]), message_id=message.pk, at=LATER + timedelta(hours=1))
    assert [m.read_at for m in inbox(users[0])] == [LATER]
    assert inbox(users[0], unread_only=True) == []


@pytest.mark.parametrize("who", ["other", "platform", "visitor"])
def test_nobody_reads_in_anothers_stead(users, who):
    tell(SYSTEM, user_ids=[users[0].pk])
    [message] = inbox(users[0])
    actor = {"other": reader(users[1]), "platform": SYSTEM, "visitor": ANYBODY}[who]
    with pytest.raises(NotFound, match="这条消息不在了"):
        mark_read(actor, message_id=message.pk, at=LATER)
    assert inbox(users[0])[0].read_at is None


def test_marking_all_leaves_what_came_after_the_page_was_shown(users):
    for n in range(3):
        tell(SYSTEM, user_ids=[u.pk for u in users[:2]], dedupe=f"fact:{n}")
    newest, middle, _oldest = inbox(users[0])
    assert mark_all_read(reader(users[0]), until_id=middle.pk, at=LATER) == 2
    assert [m.pk for m in inbox(users[0], unread_only=True)] == [newest.pk]
    assert len(inbox(users[1], unread_only=True)) == 3
    assert mark_all_read(ANYBODY, until_id=newest.pk, at=LATER) == 0


def test_the_unread_are_counted_to_a_hundred_and_no_further(users, django_assert_num_queries):
    with scope(EVERYWHERE):
        Message.objects.bulk_create(
            Message(
                recipient=users[0],
                holders=[f"user:{users[0].pk}"],
                kind="arrived",
                title="甲",
                dedupe=str(n),
                created_at=NOON,
            )
            for n in range(120)
        )
    with scope((), [f"user:{users[0].pk}"]):
        with django_assert_num_queries(1):
            assert count_unread(reader(users[0])) == 100
        assert count_unread(reader(users[1])) == 0
        assert count_unread(ANYBODY) == 0

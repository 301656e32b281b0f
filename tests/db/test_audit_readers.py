"""Who may read which entries: auditors their areas, a person what was done with his own data."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection

from tests.conftest import NOON
from yukuai.accounts.policy import ANYBODY, SYSTEM, Actor, Grant, Role
from yukuai.audit.actions import record
from yukuai.audit.models import AuditEntry
from yukuai.audit.queries import list_entries, list_my_entries
from yukuai.kernel.actions import action
from yukuai.kernel.scope import scope

pytestmark = pytest.mark.django_db
MINE = ("user:17", "phone:aa")


def auditor(*paths: str) -> Actor:
    return Actor("审计员", tuple(Grant(Role.AUDITOR, path) for path in paths), ("user:3",), 3)


OFFICER = Actor("王工，南社区", (Grant(Role.COMMUNITY_STAFF, "1.2.12.112."),), ("user:5",), 5)
RESIDENT = Actor("居民本人", (Grant(Role.CITIZEN, None),), MINE, 17)


@action
def do(actor, *, target, area, act="case.view", at=NOON, purpose="", holders=()):
    record(actor, act=act, target=target, area=area, at=at, purpose=purpose, holders=holders)


@pytest.fixture(autouse=True)
def log():
    do(OFFICER, target="1.1", area="1.1.", at=NOON)
    do(OFFICER, target="1.11", area="1.11.", at=NOON + timedelta(minutes=1))
    do(
        OFFICER,
        act="case.contact",
        target="CQ1",
        area="1.2.12.112.",
        at=NOON + timedelta(minutes=2),
        purpose="回电话",
        holders=["phone:aa"],
    )
    do(RESIDENT, target="CQ1", area="1.2.12.112.", at=NOON + timedelta(hours=1), holders=MINE)
    do(SYSTEM, act="system.start", target="平台", area="", at=NOON + timedelta(hours=2))


def seen(query, actor: Actor, **options: object) -> list[str]:
    with scope(actor.areas, actor.holders):
        return [f"{entry.actor} {entry.target}" for entry in query(actor, **options)]


def raw(areas, holders=()) -> int:
    with scope(areas, holders), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("areas", "holders", "count"),
    [
        ([""], [], 5),
        (["1."], [], 4),
        (["1.1."], [], 1),
        (["1.2."], [], 2),
        (["1.2.12.113."], [], 0),
        ([], ["phone:aa"], 2),
        ([], ["user:17"], 1),
        ([], ["user:5"], 0),
        ([], [], 0),
    ],
)
def test_raw_sql_shows_ones_area_and_ones_own_and_nothing_else(areas, holders, count):
    assert raw(areas, holders) == count


def test_anybody_appends_even_where_he_may_not_read():
    do(ANYBODY, target="登录", area="1.11.", act="signin.refused")
    assert raw([]) == 0
    assert raw(["1.11."]) == 2


def test_an_entry_is_appended_only_within_an_action():
    entry = AuditEntry(happened_at=NOON, actor="x", act="x", target="x", area="1.")
    with pytest.raises(ProgrammingError, match="row-level security"), scope(["1.2."]):
        entry.save()  # RETURNING its id would be reading


def test_an_auditor_sees_his_areas_newest_first_and_not_the_look_alike():
    assert seen(list_entries, auditor("1.1.")) == ["王工，南社区 1.1"]
    assert seen(list_entries, auditor("1.2.", "1.11.")) == [
        "居民本人 CQ1",
        "王工，南社区 CQ1",
        "王工，南社区 1.11",
    ]
    assert seen(list_entries, auditor("1.3.")) == []
    assert len(seen(list_entries, SYSTEM)) == 5


def test_who_has_no_area_is_no_auditor_of_his_own_data():
    assert seen(list_entries, RESIDENT) == []
    assert seen(list_entries, ANYBODY) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"area": "1.2."}, ["居民本人 CQ1", "王工，南社区 CQ1"]),
        ({"area": "1.1."}, ["王工，南社区 1.1"]),
        ({"area": "2."}, []),
        ({"act": "case.contact"}, ["王工，南社区 CQ1"]),
        ({"act": "case.", "area": "1.2."}, ["居民本人 CQ1", "王工，南社区 CQ1"]),
        ({"act": "case"}, []),
        ({"text": "回电"}, ["王工，南社区 CQ1"]),
        ({"text": " 居民 "}, ["居民本人 CQ1"]),
        ({"text": "cq1"}, ["居民本人 CQ1", "王工，南社区 CQ1"]),
        ({"text": "%"}, []),
        ({"text": "\x00回电"}, ["王工，南社区 CQ1"]),
        ({"since": NOON + timedelta(minutes=2)}, ["居民本人 CQ1", "王工，南社区 CQ1"]),
        ({"since": NOON + timedelta(days=1)}, []),
        ({"act": "case.contact", "area": "1.1."}, []),
    ],
)
def test_the_log_is_searched_by_place_act_words_and_time(options, found):
    assert seen(list_entries, auditor("1."), **options) == found


def test_an_area_outside_the_fence_stays_outside():
    assert seen(list_entries, auditor("1.2."), area="1.11.") == []
    assert seen(list_entries, auditor("1.2."), area="") == ["居民本人 CQ1", "王工，南社区 CQ1"]


def test_a_resident_sees_what_others_did_with_his_data_and_not_what_he_did_himself():
    assert seen(list_my_entries, RESIDENT) == ["王工，南社区 CQ1"]


def test_whoever_holds_the_receipt_only_sees_what_concerns_it():
    visitor = Actor("未登录的访客", (), ("phone:aa",))
    assert seen(list_my_entries, visitor) == ["居民本人 CQ1", "王工，南社区 CQ1"]
    assert seen(list_my_entries, ANYBODY) == []


def test_a_stranger_sees_nothing_of_it():
    stranger = Actor("居民本人", (Grant(Role.CITIZEN, None),), ("user:18",), 18)
    assert seen(list_my_entries, stranger) == []


def test_an_auditors_own_looks_are_no_news_to_him():
    do(auditor("1."), target="审计员本人", area="1.2.", holders=["user:3"])
    assert seen(list_my_entries, auditor("1.")) == []

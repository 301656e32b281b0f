"""收件箱 and 消息: what one was told, on either surface; and the texts of the demo."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.places import make_places
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.gateways.development import DevelopmentGateway
from yukuai.messaging.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.inbox_site")]
WORK, PORTAL, DEV = "/work/inbox/", "/messages/", "/dev/messages/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def worker():
    user = make_staff("sq01")
    make_post(user, Role.COMMUNITY_STAFF, make_places()[112])
    return user


@pytest.fixture
def resident():
    return User.objects.create(kind=User.Kind.RESIDENT, username="r417")


@pytest.fixture(params=["work", "portal"])
def surface(request, client):
    """The same promises on both: the reader and the address of the page."""
    name = {"work": "worker", "portal": "resident"}[request.param]
    user = request.getfixturevalue(name)
    client.force_login(user)
    return user, {"work": WORK, "portal": PORTAL}[request.param]


def tell(user, *titles, **fields):
    given = {"body": "单号 CQ1。", "link": "/raise/", "created_at": NOON - timedelta(hours=1)}
    with scope(EVERYWHERE):
        return [
            Message.objects.create(
                recipient=user,
                holders=[f"user:{user.pk}"],
                kind="test",
                title=title,
                dedupe=str(uuid4()),
                **{**given, **fields},
            )
            for title in titles
        ]


def words(response) -> str:
    return response.content.decode()


def read_at(message):
    with scope(EVERYWHERE):
        return Message.objects.get(pk=message.pk).read_at


def test_the_inbox_shows_what_is_not_read_newest_first(client, surface):
    user, page = surface
    tell(user, "先来的", "后来的")
    tell(user, "看过的", read_at=NOON)
    shown = words(client.get(page))
    assert shown.index("后来的") < shown.index("先来的")
    assert "看过的" not in shown
    assert "没看的 2" in shown
    assert "今天 11:00" in shown
    assert "看过的" in words(client.get(page, {"all": "1"}))


def test_opening_a_message_marks_it_and_leads_to_its_matter(client, surface):
    user, page = surface
    [message] = tell(user, "有答复了")
    response = client.post(f"{page}{message.pk}/")
    assert (response.status_code, response.headers["Location"]) == (302, "/raise/")
    assert read_at(message) == NOON
    assert "没有没看的消息" in words(client.get(page))


def test_a_message_without_a_matter_leads_back_to_the_inbox(client, surface):
    user, page = surface
    [message] = tell(user, "岗位已结束", link="")
    assert "看过了" in words(client.get(page))
    assert client.post(f"{page}{message.pk}/").headers["Location"] == page
    assert read_at(message) == NOON


def test_looking_at_the_page_reads_nothing(client, surface):
    user, page = surface
    [message] = tell(user, "有答复了")
    client.get(page)
    assert client.get(f"{page}{message.pk}/").status_code == 405
    assert read_at(message) is None


def test_all_are_marked_up_to_the_newest_one_shown(client, surface):
    user, page = surface
    old, shown = tell(user, "甲", "乙")
    assert f'name="until" value="{shown.pk}"' in words(client.get(page))
    [late] = tell(user, "刚到的")
    response = client.post(f"{page}read/", {"until": shown.pk})
    assert (response.status_code, response.headers["Location"]) == (302, page)
    assert [read_at(m) for m in (old, shown, late)] == [NOON, NOON, None]


@pytest.mark.parametrize("until", ["", "x", "-1", "９", "9" * 30, "1 OR 1=1"])
def test_a_forged_number_marks_nothing(client, surface, until):
    user, page = surface
    [message] = tell(user, "甲")
    assert client.post(f"{page}read/", {"until": until}).status_code == 302
    assert read_at(message) is None


@pytest.mark.parametrize("number", [1, 10**30])
def test_anothers_message_does_not_exist(client, surface, number):
    _user, page = surface
    other = User.objects.create(username="other")
    [message] = tell(other, "别人的")
    response = client.post(f"{page}{message.pk if number == 1 else number}/")
    assert response.status_code == 404
    assert "这条消息不在了" in words(response)
    assert read_at(message) is None
    assert "别人的" not in words(client.get(page, {"all": "1"}))


def test_an_empty_inbox_says_what_will_come(client, surface):
    _user, page = surface
    assert "没有没看的消息" in words(client.get(page))
    assert "还没有消息" in words(client.get(page, {"all": "1"}))


def test_more_than_a_page_is_paged_and_counted_to_ninety_nine(client, surface):
    user, page = surface
    tell(user, *[f"第{n}条。" for n in range(120)])
    first = client.get(page)
    shown = words(first)
    assert "没看的 99+" in shown
    assert "第119条。" in shown
    assert "第70条。" in shown
    assert "第69条。" not in shown
    older = first.context["page"].older_than
    second = words(client.get(page, {"before": older}))
    assert "第69条。" in second
    assert "第70条。" not in second
    oldest = client.get(page, {"before": older}).context["page"].older_than
    last = words(client.get(page, {"before": oldest}))
    assert "第0条。" in last
    assert "更早的" not in last


def test_a_page_that_makes_no_sense_is_the_first_one(client, surface):
    user, page = surface
    tell(user, "甲")
    assert "甲" in words(client.get(page, {"before": "x' OR 1=1"}))


def test_what_people_wrote_is_shown_and_never_run(client, surface):
    user, page = surface
    tell(user, "<script>alert(1)</script>", body="'); DROP TABLE x; --")
    shown = words(client.get(page))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_inbox_costs_the_same_for_one_message_and_for_fifty(
    client, surface, django_assert_max_num_queries
):
    user, page = surface
    tell(user, *[f"第{n}条。" for n in range(60)])
    client.get(page)
    with django_assert_max_num_queries(15):
        client.get(page)


@pytest.mark.parametrize(("page", "signin"), [(WORK, "/work/signin/"), (PORTAL, "/signin/")])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_asked_to(client, page, signin, method):
    address = page if method == "get" else f"{page}read/"
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(signin)


def test_officers_and_residents_keep_to_their_own_inbox(client, worker, resident):
    client.force_login(worker)
    assert client.get(PORTAL).headers["Location"].startswith("/signin/")
    client.force_login(resident)
    assert client.get(WORK).headers["Location"].startswith("/work/signin/")


def test_the_texts_of_the_demo_can_be_read_by_anybody(client):
    DevelopmentGateway().send(phone="19900000417", text="验证码 402817", reference=uuid4())
    response = client.get(DEV)
    shown = words(response)
    assert "验证码 402817" in shown
    assert "尾号 0417" in shown
    assert "10 字，1 条" in shown
    assert "19900000417" not in shown
    assert "no-store" in response.headers["Cache-Control"]


def test_without_texts_the_demo_says_how_to_get_one(client):
    assert "用 199 开头的号码登录民政易" in words(client.get(DEV))


def test_outside_the_demo_the_page_does_not_exist(client, settings):
    DevelopmentGateway().send(phone="19900000417", text="验证码 402817", reference=uuid4())
    settings.DEMO = False
    response = client.get(DEV)
    assert response.status_code == 404
    assert "402817" not in words(response)

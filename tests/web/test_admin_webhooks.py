"""推送: set up, agreed, looked through, paused, resumed, told again."""

import pytest
from django.test import Client

from tests.casework import enforcement, lamps, pack, places, raised
from tests.conftest import NOON
from tests.db.exchange.test_webhooks import client, receiver, rounds, whole
from tests.outside import world
from tests.web.admin_offices import acts, at_noon, window, words
from tests.web.desks import at_most
from yukuai.accounts.policy import SYSTEM
from yukuai.exchange.models import Subscription
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.horizon import advance_horizon

__all__ = [
    "at_noon",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "receiver",
    "whole",
    "window",
    "world",
]
pytestmark = pytest.mark.django_db
TYPES = ["yukuai.case.raised.v1", "yukuai.case.moved.v1"]


@pytest.fixture
def security(window, whole):
    advance_horizon(SYSTEM, at=NOON)
    return window("security")


@pytest.fixture
def pushed(security, world, receiver):
    """An agreed subscription: (client, its page)."""
    one = client(world)
    typed = {"address": receiver.url, "types": TYPES, "contact": "19900000999"}
    made = security.post(f"/work/clients/{one.pk}/webhooks/new/", typed)
    receiver.secret = made.context["key"]
    page = f"/work/clients/webhooks/{made.context['subscription_id']}/"
    assert "对方同意了" in words(security.post(f"{page}shake/", follow=True))
    return one, page, made.context["subscription_id"]


def test_the_key_is_shown_once_and_the_other_side_has_to_agree(security, world, receiver):
    one = client(world)
    new = f"/work/clients/{one.pk}/webhooks/new/"
    assert "推送" in words(security.get("/work/clients/"))
    assert "还没有推送" in words(security.get(f"/work/clients/{one.pk}/webhooks/"))
    made = security.post(new, {"address": receiver.url, "types": TYPES, "contact": ""})
    assert "no-store" in made.headers["Cache-Control"]
    page = f"/work/clients/webhooks/{made.context['subscription_id']}/"
    shown = words(security.get(page))
    assert made.context["key"] not in shown
    assert "请对方同意" in shown
    receiver.allows = ""
    assert "没有同意接收" in words(security.post(f"{page}shake/", follow=True))
    assert [entry.details["types"] for entry in acts("webhook.create")] == [TYPES]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"address": ""}, "请填对方给的地址"),
        ({"address": "https://169.254.169.254/"}, "EXCHANGE_NETWORKS"),
        ({"types": []}, "至少选一种事件"),
        ({"contact": "12"}, "还差 9 位"),
    ],
)
def test_a_refused_subscription_is_not_made(security, world, said, sentence):
    one = client(world)
    typed = {"address": "http://127.0.0.1:9/", "types": TYPES, "contact": ""} | said
    response = security.post(f"/work/clients/{one.pk}/webhooks/new/", typed)
    assert response.status_code == 422
    assert sentence in words(response)
    with scope(EVERYWHERE):
        assert Subscription.objects.count() == 0


def test_the_log_shows_what_was_told_and_a_replay_tells_it_again(
    pushed, security, receiver, raised
):
    _one, page, subscription = pushed
    case = raised()
    receiver.faults = ["500"]
    rounds(subscription)
    shown = words(security.get(page))
    assert "对方回应 500。" in shown
    assert "再试" in shown or "下一次" in shown
    with scope(EVERYWHERE):
        Subscription.objects.update(next_try_at=NOON)
    rounds(subscription)
    shown = words(security.get(page))
    assert case.number in shown
    assert "202" in shown
    assert security.post(f"{page}replay/", {"since": "2026-03-09"}).status_code == 422
    assert security.post(f"{page}replay/", {"since": "2026-03-02"}).status_code == 302
    rounds(subscription)
    assert [one["subject"] for one in receiver.events] == [case.number] * 2


def test_a_paused_one_says_so_and_goes_on(pushed, security, receiver, raised):
    _one, page, subscription = pushed
    raised()
    receiver.faults = ["410"]
    rounds(subscription)
    assert "推不动，已经暂停" in words(security.get(page))
    assert "接着推了" in words(security.post(f"{page}resume/", follow=True))
    rounds(subscription)
    assert len(receiver.events) == 1
    assert "没有暂停" in words(security.post(f"{page}resume/", follow=True))


def test_another_key_and_the_end(pushed, security, receiver):
    _one, page, _subscription = pushed
    assert "新旧两把都签" in words(security.get(f"{page}secret/"))
    assert security.post(f"{page}secret/").context["key"] != receiver.secret
    assert "停止给热线平台推送" in words(security.get(f"{page}end/"))
    assert security.post(f"{page}end/", {"reason": ""}).status_code == 422
    assert security.post(f"{page}end/", {"reason": "合同到期"}).status_code == 302
    assert "已停用" in words(security.get(page))
    assert security.post(f"{page}end/", {"reason": "再来"}).status_code == 409


def test_other_administrators_find_nothing(pushed, window):
    one, page, _subscription = pushed
    assert window("system").get(page).status_code == 403
    south = window("security-south")
    one.division_id = 1
    assert south.get(page).status_code == 200
    with scope(EVERYWHERE):
        Subscription.objects.update(division=11, area="1.11.")
    for address in (page, f"{page}end/", f"{page}replay/", f"{page}secret/"):
        assert south.get(address).status_code == 404
    assert south.post(f"{page}shake/").status_code == 404


def test_the_pages_cost_little(pushed, security, raised):
    one, page, subscription = pushed
    for _ in range(3):
        raised()
    rounds(subscription)
    assert len(security.get(page).context["tries"]) == 3
    for address in (page, f"{page}replay/", f"/work/clients/{one.pk}/webhooks/"):
        with at_most(15):
            security.get(address)


def test_nobody_signed_in_is_let_in():
    assert Client().get("/work/clients/1/webhooks/").status_code == 302

"""接口客户: a purpose first, then a key that is shown once."""

import pytest

from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.accounts.actors import authenticate_client
from yukuai.accounts.models import ApiClient

__all__ = ["at_noon", "places", "window"]
pytestmark = pytest.mark.django_db
LIST, NEW = "/work/clients/", "/work/clients/new/"
TYPED = {
    "name": "热线平台",
    "purpose": "把热线转来的诉求交进来",
    "contents": ["body", "answer"],
    "access": "write",
    "valid_to": "2026-12-31",
}


@pytest.fixture
def security(window):
    return window("security")


def create(client, division=2, **said):
    return client.post(f"{NEW}?division={division}", {**TYPED, **said})


def test_a_place_is_chosen_before_the_purpose(security):
    shown = words(security.get(f"{NEW}?place=南"))
    assert "个地方，选一个" in shown
    assert "建接口客户，出密钥" not in shown
    assert "范围：某市 › 南区" in words(security.get(f"{NEW}?division=2"))


def test_the_key_is_shown_once_and_opens_the_interface(security, noon):
    response = create(security)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    key = response.context["key"]
    assert key in words(response)
    client = ApiClient.objects.get()
    assert (client.fields, client.may_write) == (["answer", "body"], True)
    assert client.division_id == 2
    assert client.valid_to.isoformat() == "2026-12-31T16:00:00+00:00"
    assert authenticate_client(key, at=noon).details["client_id"] == client.pk
    shown = words(security.get(LIST))
    assert key not in shown
    for word in ("热线平台", "把热线转来的诉求交进来", "事情的原话", "读和写", "在用"):
        assert word in shown


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "请填名称"),
        ({"purpose": ""}, "请填目的"),
        ({"purpose": "长" * 201}, "最多 200 个字"),
        ({"contents": ["phone"]}, "请从列出的内容里选"),
        ({"access": "root"}, "请选只读"),
        ({"valid_to": "2026-01-01"}, "到期日要在今天以后"),
    ],
)
def test_a_refused_client_is_not_made(security, said, sentence):
    response = create(security, **said)
    assert response.status_code == 422
    assert sentence in words(response)
    assert ApiClient.objects.count() == 0


def test_a_name_is_given_once(security):
    create(security)
    again = create(security, division=11)
    assert again.status_code == 422
    assert "已经有同名的接口客户" in words(again)
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize("division", ["", "11", "1", "987654321"])
def test_a_district_gives_keys_to_its_own_data_only(window, division):
    response = create(window("security-south"), division=division)
    assert response.status_code == 200
    assert "key" not in response.context
    assert ApiClient.objects.count() == 0


def test_ending_asks_first_and_then_the_key_opens_nothing(security, noon):
    key = create(security).context["key"]
    client = ApiClient.objects.get()
    address = f"{LIST}{client.pk}/end/"
    assert "停用了不能恢复" in words(security.get(address))
    assert security.post(address, {"reason": ""}).status_code == 422
    assert authenticate_client(key, at=noon) is not None
    assert security.post(address, {"reason": "合同到期"}).status_code == 302
    assert authenticate_client(key, at=noon) is None
    assert [e.purpose for e in acts("client.end")] == ["合同到期"]
    assert "已停用" in words(security.get(LIST))
    assert security.post(address, {"reason": "再来"}).status_code == 409


def test_a_client_elsewhere_does_not_exist(security, window):
    create(security, division=11)
    client, south = ApiClient.objects.get(), window("security-south")
    assert client.name not in words(south.get(LIST))
    assert south.get(f"{LIST}{client.pk}/end/").status_code == 404
    assert south.post(f"{LIST}{client.pk}/end/", {"reason": "不归我"}).status_code == 404
    client.refresh_from_db()
    assert client.valid_to.year == 2026
    assert acts("client.end") == []


def test_an_empty_list_says_what_comes_first(security):
    assert "还没有接口客户" in words(security.get(LIST))


def test_the_pages_cost_little(security):
    for n in range(60):
        create(security, name=f"系统{n:02}")
    page = security.get(LIST)
    assert len(page.context["rows"]) == 50
    assert len(security.get(LIST + page.context["page"].next_url).context["rows"]) == 10
    client = ApiClient.objects.latest("pk")
    for address in (LIST, f"{NEW}?place=南", f"{NEW}?division=2", f"{LIST}{client.pk}/end/"):
        with at_most(15):
            security.get(address)

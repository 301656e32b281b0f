"""扫码核验真伪: open to everybody, says little, and does not let codes be guessed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import NOON
from tests.db.document_fixtures import SOUTH, Matter, issue, withdraw
from tests.places import make_places
from yukuai.documents import paper
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.portal.verify import views

SECRETS = (
    "赵某",
    "楼道灯不亮",
    "ZT-2603-000012",
    "南街城市管理办公室",
    "承办单位写错了",
    "user:17",
)


@pytest.fixture(autouse=True)
def still(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def document(db):
    with scope(EVERYWHERE):
        matter = Matter(make_places()[112])
    facts = {"recipient": "赵某", "unit": "南街城市管理办公室"}
    return issue(SOUTH, matter=matter, at=NOON, changed=facts)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def facts(response):
    page = response.content.decode()
    return {
        name: re.sub(r"<[^>]+>", "", value).strip()
        for name, value in re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    }


def result(client, code, **extra):
    return client.get(reverse("portal:verify-result", args=[code]), **extra)


def test_a_real_paper_is_described_without_its_matter(client, document):
    response = result(client, document.code)
    assert response.status_code == 200
    assert "这份文书是真的，现在有效。" in words(response)
    assert facts(response) == {
        "状态": "有效",
        "文书": "受理告知书",
        "文号": "南社区社受〔2026〕1号",
        "发文单位": "南社区居民委员会",
        "日期": "2026年3月2日",
        "摘要前 16 位": " ".join(document.sm3[i : i + 4] for i in range(0, 16, 4)),
    }
    for secret in (*SECRETS, document.sm3[16:]):
        assert secret not in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_a_withdrawn_paper_is_real_but_void(client, document):
    withdraw(SOUTH, document_id=document.pk, reason="承办单位写错了", at=NOON)
    response = result(client, document.code)
    assert "这份文书是真的，但已经撤回。" in words(response)
    assert facts(response)["状态"] == "已撤回"
    for secret in SECRETS:
        assert secret not in response.content.decode()


def test_the_address_on_the_paper_leads_to_the_page(client, document, settings):
    address = paper.verify_address(document.code)
    assert address == settings.PUBLIC_BASE_URL + reverse(
        "portal:verify-result", args=[document.code]
    )
    assert document.data["address"] == address


def test_a_wrong_code_is_told_from_the_paper_kindly(client, document):
    response = result(client, "222222222222")
    assert response.status_code == 404
    assert "没有查到这份文书。" in words(response)
    assert 'value="222222222222"' in response.content.decode()
    assert facts(response) == {}


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "'; DROP TABLE x;--", "%00", "核"])
def test_markup_in_the_address_stays_text(client, document, attack):
    response = result(client, attack.replace("/", "")) if attack != "%00" else result(client, "\0")
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请输入文书左下角的 12 位核验码。"),
        ("K7RM-2XPQ", "还差 4 位。核验码是 12 位。"),
        ("K7RM-2XPQ-94TW-A", "多了 1 位。核验码是 12 位。"),
        ("K7RM-2XPQ-94T0", "核验码里没有“0”"),
        ("核验码", "核验码里没有“核、码、验”"),
        ("A" * 41, "核验码只有 12 位，您输入的太长了。"),
    ],
)
def test_a_typing_mistake_is_explained_and_what_was_typed_stays(client, db, typed, sentence):
    response = client.get(reverse("portal:verify"), {"code": typed})
    assert response.status_code == 422
    assert sentence in words(response)
    assert f'value="{typed}"' in response.content.decode() or not typed


def test_a_code_may_be_typed_as_it_is_read_aloud(client, document):
    typed = paper.code_words(document.code).lower().replace("-", " ")
    response = client.get(reverse("portal:verify"), {"code": typed}, follow=True)
    assert response.redirect_chain == [(reverse("portal:verify-result", args=[document.code]), 302)]
    assert facts(response)["文号"] == document.number


def test_the_page_to_enter_a_code_is_open_to_everybody(client, db):
    response = client.get(reverse("portal:verify"))
    assert response.status_code == 200
    assert "不用输入" in words(response)


def test_codes_cannot_be_guessed_at_speed(client, document):
    for _ in range(views.TRIES):
        assert result(client, "222222222222").status_code == 404
    refused = result(client, document.code)
    assert refused.status_code == 429
    assert refused["Retry-After"] == str(views.PER_SECONDS)
    assert "试得太快了。请过 10 分钟再试" in words(refused)
    elsewhere = result(Client(), document.code, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_trying_through_forged_proxies_counts_all_the_same(client, document):
    for number in range(views.TRIES):
        result(client, "222222222222", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    refused = result(client, document.code, HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert refused.status_code == 429


def test_a_page_asks_the_database_little(client, document, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        result(client, document.code)

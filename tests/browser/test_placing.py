"""An outside system knows the point, the district's desk finds the community, which accepts it."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import DESK, Installation
from tests.browser.people import DRAWER, Officer

KEY = "hotline-of-the-journey"
HTMX = re.compile(r"/islands/htmx-[^/]+\.js")
"""Comes late on a slow line: what was typed by then is looked for all the same."""
MAKE_CLIENT = """
from datetime import timedelta
from yukuai.accounts.actors import client_key_hash
from yukuai.accounts.models import ApiClient
from yukuai.divisions.models import Division
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

with scope(EVERYWHERE):
    ApiClient.objects.create(
        division=Division.objects.get(code="500103"),
        name="热线", purpose="转来市民的来电", key_hash=client_key_hash("{key}"),
        may_write=True, fields=[], valid_from=clock.now() - timedelta(days=1), created_by="测试",
    )
"""


@pytest.fixture(scope="module")
def hotline(installation: Installation) -> str:
    installation.manage("shell", "-v", "0", "-c", MAKE_CLIENT.format(key=KEY))
    return f"{installation.url}/api/open311/v2"


def _report(endpoint: str) -> str:
    sent = {
        "api_key": KEY,
        "jurisdiction_id": "500103",
        "service_code": "05",
        "lat": "30.80000",
        "long": "108.39000",
        "description": f"路口的井盖塌了一角，晚上看不见。{datetime.now(UTC):%H%M%S%f}",
    }
    with urlopen(f"{endpoint}/requests.json", urlencode(sent).encode(), timeout=20) as answer:
        return str(json.loads(answer.read())[0]["service_request_id"])


def _note(endpoint: str, number: str) -> str:
    with urlopen(f"{endpoint}/requests/{number}.json", timeout=20) as answer:
        return str(json.loads(answer.read())[0]["status_notes"])


def test_the_district_places_it_from_today_and_the_community_accepts_it(
    hotline: str, open_context: Any, site: str
) -> None:
    number = _report(hotline)
    assert _note(hotline, number) == "收到了，等区县定到村或社区"

    district = Officer(open_context(**DESK), site, "qx01")
    district.sign_in()
    page = district.page
    held: list[Route] = []
    page.route(HTMX, lambda script: held.append(script))
    page.goto(f"{site}/work/")
    row = page.locator("tr", has_text=number)
    expect(row).to_contain_text("等您定位")
    row.get_by_role("link", name=re.compile("^定位")).click()
    drawer = page.locator(DRAWER)
    expect(drawer).to_contain_text("108.39000")
    drawer.get_by_placeholder("输名称、拼音首字母或编码").fill("人民村")
    held[-1].continue_()
    page.unroute(HTMX)
    drawer.get_by_text("大溪沟街道 › 人民村社区").click()
    drawer.get_by_role("button", name="定在这里").click()
    expect(page.get_by_text("地点定好了，由那里受理。")).to_be_visible()
    assert _note(hotline, number) == "收到了，等受理"

    community = Officer(open_context(**DESK), site, "sq01")
    community.sign_in()
    community.do(number, "accept")
    assert _note(hotline, number) == "已受理，正在定归谁办"

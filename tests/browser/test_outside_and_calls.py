"""A resident comes in through an OpenID provider; an officer telephones where a text did not do."""

import re
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.people import Officer, Resident
from tests.standins import provider as standin
from tests.standins.provider import Provider

CLAIMS = {"sub": "journey-1", "name": "黎某某"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with standin.running() as running:
        yield running


@pytest.fixture
def site_with_provider(installation: Any, provider: Provider, tmp_path: Any) -> Iterator[str]:
    """Another web process on the same installation, which knows the provider."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, before = installation.url, installation.environment
    installation.environment = before | provider.environment
    try:
        web = ["gunicorn", "config.wsgi", "--threads", "8", "--bind", f"127.0.0.1:{port}"]
        installation._run([sys.executable, "-m", *web], tmp_path / "web.log")
        installation.url = f"http://127.0.0.1:{port}"
        installation._await()
        yield installation.url
    finally:
        installation.url, installation.environment = url, before
        process = installation.processes.pop()
        process.terminate()
        process.wait(30)


def test_in_through_the_provider_and_out_again(
    phone: Page, site_with_provider: str, provider: Provider
) -> None:
    site = site_with_provider
    provider.say(page=True, **CLAIMS, phone_number="19900000977", phone_number_verified=True)
    phone.goto(f"{site}/signin/?next=/me/")
    phone.get_by_role("button", name="用渝快办账号登录").click()
    expect(phone.get_by_role("heading", name="渝快办")).to_be_visible()
    phone.get_by_role("button", name="不同意").click()
    expect(phone.get_by_text("没有同意，所以没有登录")).to_be_visible()
    phone.get_by_role("button", name="再用渝快办试一次").click()
    phone.get_by_role("button", name="同意登录").click()
    expect(phone).to_have_url(re.compile(rf"^{site}/"))
    phone.goto(f"{site}/me/")
    expect(phone.get_by_text("尾号 0977 的手机")).to_be_visible()
    phone.get_by_role("link", name=re.compile("连着渝快办账号")).click()
    phone.get_by_role("button", name="断开", exact=True).click()
    expect(phone.get_by_role("button", name="连上")).to_be_visible()


def test_a_resident_switches_texts_off_and_the_desk_telephones(
    open_context: Any, site: str, desk: Page
) -> None:
    page = open_context(**PHONE)
    resident = Resident(page, site, "19900000976")
    resident.sign_in()
    page.goto(f"{site}/me/")
    page.get_by_role("button", name="关掉").click()
    expect(page.get_by_text("办事短信关掉了")).to_be_visible()
    number = resident.raise_matter("楼道灯不亮，晚上看不清。", "2 单元 3 楼")
    officer = Officer(desk, site, "sq01")
    officer.sign_in()
    row = desk.locator("tr", has_text=number)
    for _ in range(40):
        desk.goto(f"{site}/work/calls/")
        if row.count():
            break
        desk.wait_for_timeout(250)
    row.get_by_role("link", name=re.compile("看电话|的电话")).click()
    desk.get_by_role("button", name="看一次").click()
    expect(desk.get_by_text("199 0000 0976")).to_be_visible()
    desk.get_by_role("button", name="打过了，告诉他了").click()
    expect(desk.locator("tr", has_text=number)).to_have_count(0)
    page.goto(f"{site}/me/viewers/")
    expect(page.get_by_text("打电话告诉您了").first).to_be_visible()

"""一口受理，后台协同: a matter that an outside system would not take is seen, sent again, answered
there, and read by the resident under the one number."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event
from time import monotonic, time
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import Officer, Resident
from tests.standins.server import StandIn
from tests.standins.shapes import Governance

SQUAD = "综合行政执法大队"
ANSWER = "已到现场，责令店家把油烟净化器洗干净了。"


@pytest.fixture
def there() -> Iterator[StandIn]:
    running = StandIn(Governance(), start=datetime(2026, 1, 1, tzinfo=UTC))
    yield running
    running.stop()


@pytest.fixture
def town(open_context: Any, site: str) -> Officer:
    officer = Officer(open_context(**DESK), site, "jd01")
    officer.sign_in()
    return officer


def until(done: Any) -> None:
    end = monotonic() + 30
    while not done():
        assert monotonic() < end, "the worker did not come"
        Event().wait(0.1)


def connect(
    town: Officer,
    there: StandIn,
    *,
    name: str = "街道综治平台",
    code: str = "jd-zongzhi",
    department: str = SQUAD,
) -> None:
    """From the empty page to a system in use, as the officer of the street does it."""
    page = town.page
    page.goto(f"{town.site}/work/exchange/new/")
    page.get_by_label("名称").fill(name)
    page.locator("[name=code]").fill(code)
    page.get_by_label("地址", exact=True).fill(there.url)
    page.locator("[name=keeper]").fill("街道综治中心值班室 000")
    page.locator("summary", has_text="接口怎么走").click()
    page.locator("[name=retry_seconds]").fill("1")
    page.get_by_role("button", name="接入，出密钥").click()
    there.secret = page.locator(".secret").inner_text()
    page.get_by_role("link", name="记好了，去看这个系统").click()
    page.get_by_role("link", name="选部门").click()
    page.get_by_label(re.compile(department)).check(force=True)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(department).first).to_be_visible()


def call(site: str, there: StandIn, step: Any) -> None:
    [theirs] = there.matters.values()
    headers, body = there.call(theirs.id, step, stamp=int(time()), nonce=f"nonce-{step.seq:04d}")
    address = f"{site}/api/exchange/jd-zongzhi/callback"
    request = Request(address, body, headers | {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def see_dead(page: Page, site: str, number: str) -> None:
    def shown() -> bool:
        page.goto(f"{site}/work/exchange/dead/")
        return page.get_by_text(number).count() > 0

    until(shown)
    expect(page.get_by_text("对方不收").first).to_be_visible()


def test_a_matter_is_answered_in_another_system_and_the_resident_reads_it_here(
    open_context: Any, site: str, town: Officer, there: StandIn
) -> None:
    connect(town, there)
    resident = Resident(open_context(**PHONE), site, "19900001477")
    resident.sign_in()
    number = resident.raise_matter("楼下烧烤店油烟直往上飘，说过两回没有用。", "12 号楼下")
    clerk = Officer(open_context(**DESK), site, "sq01")
    clerk.sign_in()
    clerk.do(number, "accept")
    clerk.do(number, "triage", triage="major")
    there.faults = ["refuse"]
    clerk.dispatch(number, SQUAD)

    page = town.page
    see_dead(page, site, number)
    page.get_by_role("button", name=f"重发 {number}").click()
    expect(page.get_by_text("重新排上了")).to_be_visible()
    until(lambda: len(there.matters) == 1)

    [theirs] = there.matters.values()
    assert theirs.our_number == number
    call(site, there, there.move(theirs.id, "处置中"))
    call(site, there, there.move(theirs.id, "已办结", ANSWER))

    def answered() -> bool:
        resident.open_matter(number)
        return resident.page.get_by_text(ANSWER).count() > 0

    until(answered)
    assert theirs.number not in resident.page.content()
    town.open_case(number)
    expect(page.locator("#outside")).to_contain_text("已办结")
    expect(page.locator("#outside")).to_contain_text(theirs.number)

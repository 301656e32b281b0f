"""A visitor on a phone, without an account: raises, follows, and writes without a network."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.people import COMMUNITY

WORDS = "3 单元门口的栏杆断了一截，小孩容易掉下去。"
PLACE = "3 单元门口"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "栏杆.jpg"
    Image.new("RGB", (1200, 900), "#38423f").save(path, "JPEG")
    return path


def _raise(page: Page, site: str, picture: Path | None = None) -> tuple[str, str]:
    """The three steps without a name; number and code as they stand on the receipt."""
    page.goto(f"{site}/c/{COMMUNITY}/")
    page.get_by_role("link", name=re.compile("反映一件事")).click()
    page.locator("textarea[name=body]").fill(WORDS)
    if picture is not None:
        page.locator("input[type=file]").set_input_files(picture)
        expect(page.get_by_role("button", name="去掉第 1 张照片")).to_be_visible()
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("[name=place_text]").fill(PLACE)
    page.get_by_text("不留姓名").first.click()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("个工作日").first).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()
    number, code = page.locator(".ticket dd").all_inner_texts()
    return number, code


def _no_sideways_scroll(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


def test_a_visitor_raises_with_a_photo_and_follows_from_another_phone(
    open_context: Any, site: str, picture: Path
) -> None:
    page = open_context(**PHONE)
    number, code = _raise(page, site, picture)
    _no_sideways_scroll(page)
    other = open_context(**PHONE)
    other.goto(f"{site}/follow/")
    other.get_by_label("单号").fill(number.lower())
    other.get_by_label("查询码").fill(code.lower())
    other.get_by_role("button", name="查进度").click()
    expect(other.get_by_text("您提交了")).to_be_visible()
    expect(other.get_by_text("等社区收下").first).to_be_visible()
    photo = other.locator(".tl img")
    expect(photo).to_have_count(1)
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    _no_sideways_scroll(other)


def test_the_words_bring_their_category_while_they_are_typed(phone: Page, site: str) -> None:
    phone.goto(f"{site}/raise/")
    phone.locator("textarea[name=body]").press_sequentially("楼道灯坏了，还冒烟起火")
    expect(phone.get_by_text("是按您说的话选的，可以改")).to_be_visible()
    expect(phone.locator("#calls").get_by_role("link", name="119 火警")).to_be_visible()


def test_what_was_typed_survives_a_page_that_was_lost(phone: Page, site: str) -> None:
    phone.goto(f"{site}/raise/")
    phone.locator("textarea[name=body]").fill("写到一半，页面关掉了")
    expect(phone.get_by_text("已存在手机里")).to_be_visible()
    phone.goto(f"{site}/help/")
    phone.goto(f"{site}/raise/")
    expect(phone.locator("textarea[name=body]")).to_have_value("写到一半，页面关掉了")


def test_after_submitting_the_phone_has_forgotten_the_draft(phone: Page, site: str) -> None:
    _raise(phone, site)
    phone.goto(f"{site}/raise/")
    expect(phone.locator("textarea[name=body]")).to_have_value("")


def test_without_scripts_the_three_steps_are_the_same(
    open_context: Any, site: str, picture: Path
) -> None:
    page = open_context(**PHONE, java_script_enabled=False)
    page.goto(f"{site}/c/{COMMUNITY}/")
    page.goto(f"{site}/raise/")
    page.locator("textarea[name=body]").fill(WORDS)
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="下一步：在哪里").last.click()
    page.get_by_text("不留姓名").first.click()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("照片 1 张").first).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()


def test_what_is_written_without_a_network_is_sent_when_it_is_back(
    phone: Page, site: str, picture: Path
) -> None:
    phone.goto(f"{site}/c/{COMMUNITY}/")
    phone.goto(f"{site}/raise/offline/")
    context = phone.context
    context.set_offline(True)
    phone.locator("textarea[name=body]").fill(WORDS)
    phone.locator("input[type=file]").set_input_files(picture)
    phone.locator("[name=place_text]").fill(PLACE)
    phone.get_by_text("不留姓名").first.click()
    phone.get_by_role("button", name="存起来").click()
    waiting = phone.locator("[data-list] .item")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("等网")
    expect(phone.get_by_text("您写的 1 件事存在这台手机里")).to_be_visible()
    context.set_offline(False)
    expect(waiting).to_contain_text(re.compile(r"单号 ZT-\d{4}-\d{6}"))
    waiting.get_by_role("link", name="看进度").click()
    expect(phone.get_by_text("您提交了")).to_be_visible()
    expect(phone.get_by_text(PLACE).first).to_be_attached()


def test_a_page_that_cannot_be_fetched_offers_to_write_it_down(phone: Page, site: str) -> None:
    phone.goto(f"{site}/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.goto(f"{site}/help/")
    expect(phone.get_by_role("heading", name="现在没有网")).to_be_visible()
    phone.goto(f"{site}/raise/")
    expect(phone.get_by_text("写好按“存起来”")).to_be_visible()
    phone.context.set_offline(False)

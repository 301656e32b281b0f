"""Several people meet with one thing: it is handled once, and each of them hears the answer."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import Officer, Resident

ANSWER = "换了 3 盏路灯，晚上去看过，都亮了。"


@pytest.fixture
def neighbour(open_context: Any, site: str) -> Any:
    def make(telephone: str) -> Resident:
        resident = Resident(open_context(**PHONE), site, telephone)
        resident.sign_in()
        return resident

    return make


def test_neighbours_of_one_broken_lamp_hear_one_answer(
    neighbour: Any, open_context: Any, site: str
) -> None:
    first, second, third = (neighbour(f"1990000520{n}") for n in range(3))
    main = first.raise_matter("公园门口的路灯不亮，走路看不清。", "人民公园门口")

    begin(second, "公园那边路灯坏了。")
    nearby = second.page.locator("#nearby")
    expect(nearby).to_contain_text("人民公园门口")
    expect(nearby).not_to_contain_text("看不清")
    lamp = nearby.locator(".item", has_text="人民公园门口")
    lamp.get_by_role("button", name="我也遇到了").click()
    expect(second.page).to_have_url(re.compile(r"/followed/\d+/$"))
    followed = second.page.url

    duplicate = third.raise_matter("公园门口路灯不亮，请来修。", "人民公园门口")
    clerk = Officer(open_context(**DESK), site, "sq01")
    clerk.sign_in()
    clerk.do(main, "accept")
    clerk.do(main, "triage", triage="minor")
    page = clerk.open_case(duplicate)
    similar = page.locator("#similar")
    expect(similar).to_contain_text(main)
    similar.get_by_role("link", name=f"并入 {main}").click()
    drawer = page.locator(".drawer")
    expect(drawer.locator("[name=reason]")).to_have_value(re.compile("同一社区"))
    drawer.get_by_role("button", name="并入那一件").click()
    expect(page.get_by_text("已并入").first).to_be_visible()

    clerk.dispatch(main, "人民村社区")
    clerk.do(main, "sign")
    clerk.do(main, "reply", answer=ANSWER, outcome="solved")

    second.page.goto(followed)
    expect(second.page.get_by_text(ANSWER)).to_be_visible()
    expect(second.page.locator("main")).not_to_contain_text(main)
    third.open_matter(duplicate)
    expect(third.page.get_by_text(ANSWER)).to_be_visible()
    expect(third.page.locator("main")).not_to_contain_text(main)
    for resident in (second, third):
        _has_message(resident, "有答复了")


def begin(resident: Resident, words: str) -> None:
    """As far as the third step."""
    page = resident.page
    page.goto(f"{resident.site}/c/500103011014/")
    page.goto(f"{resident.site}/raise/")
    page.locator("textarea[name=body]").fill(words)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("[name=place_text]").fill("公园")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_role("heading", name="看看对不对")).to_be_visible()


def _has_message(resident: Resident, words: str) -> None:
    """The worker tells a moment later: look again until it has."""
    page = resident.page
    page.goto(f"{resident.site}/messages/")
    for _ in range(20):
        if page.get_by_text(words).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(words).first).to_be_visible()

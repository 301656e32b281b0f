"""A rule from draft to live, a matter that shows its reason, and an office that is gone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.people import Officer

NAME = "夜市油烟"
BROKEN = re.compile(f"“{NAME}”派不出去")


@pytest.fixture
def officer(open_context: Any, site: str) -> Any:
    def sign_in(username: str) -> Officer:
        made = Officer(open_context(**DESK), site, username)
        made.sign_in()
        return made

    return sign_in


def give_reason(page: Page, button: str) -> None:
    page.locator("[name=reason]").fill("常常派错，定下来。")
    page.get_by_role("button", name=button, exact=True).click()


def found_office(admin: Officer, township: str) -> str:
    """A department without posts, which may be closed; returns the place it stands in."""
    page = admin.page
    page.goto(f"{admin.site}/work/departments/?place={township}")
    page.get_by_role("link", name=re.compile("新建")).click()
    page.locator("[name=name]").fill("夜市管理办公室")
    page.locator("[name=kind]").fill("夜市管理")
    page.get_by_role("button", name="建部门", exact=True).click()
    expect(page.get_by_text("夜市管理办公室").first).to_be_visible()
    return page.url


def write_rule(town: Officer) -> str:
    page = town.page
    page.goto(f"{town.site}/work/rules/new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=terms]").fill("油烟 烧烤")
    page.locator("[name=target][value=nearest]").check(force=True)
    page.locator("[name=department_kind]").select_option("夜市管理")
    give_reason(page, "存成草稿")
    expect(page.get_by_text("先在过去的事上试一遍").first).to_be_visible()
    expect(page.get_by_role("link", name="上线", exact=True)).to_have_count(0)
    return page.url


def register(clerk: Officer) -> str:
    page = clerk.page
    page.goto(f"{clerk.site}/work/register/")
    page.locator("[name=source]").first.check(force=True)
    page.locator("[name=body]").fill("楼下夜市烧烤，油烟很大。")
    page.locator("[name=place_text]").fill("南门口")
    page.locator("[name=anonymous]").check(force=True)
    page.get_by_role("button", name="记下来，出回执").click()
    expect(page.get_by_text(re.compile(r"ZT-\d{4}-\d{6}")).first).to_be_visible()
    found = re.search(r"ZT-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found is not None
    return found[0]


def test_a_rule_is_tried_goes_live_says_why_and_is_seen_to_break(officer: Any, site: str) -> None:
    admin, town, clerk = officer("xt01"), officer("jd01"), officer("sq01")
    departments = found_office(admin, "大溪沟街道")
    page, here = town.page, write_rule(town)
    page.get_by_role("link", name="试一遍", exact=True).click()
    page.get_by_role("button", name="试一遍", exact=True).click()
    expect(page.get_by_role("heading", name="会怎样")).to_be_visible()
    page.get_by_role("link", name="上线", exact=True).click()
    give_reason(page, "上线")
    expect(page.get_by_text("上线了，从现在起按它建议。")).to_be_visible()

    number = register(clerk)
    clerk.do(number, "accept")
    clerk.do(number, "triage", triage="major")
    shown = clerk.open_case(number)
    expect(shown.get_by_role("heading", name="为什么派这里")).to_be_visible()
    expect(shown.get_by_text("因为：地点在大溪沟街道；说到“油烟”“烧烤”。").first).to_be_visible()

    admin.page.goto(departments)
    admin.page.get_by_role("link", name="撤销夜市管理办公室").click()
    give_reason(admin.page, "撤销部门")
    expect(admin.page.get_by_text("夜市管理办公室已撤销。")).to_be_visible()
    until_seen(page, f"{site}/work/rules/", BROKEN)
    until_seen(page, f"{site}/work/board/", re.compile(f"规则“{NAME}”没有单位可派"))
    until_seen(page, f"{site}/work/inbox/", re.compile(f"派单规则派不出去：{NAME}"))
    expect(clerk.open_case(number).get_by_text(BROKEN).first).to_be_visible()
    page.goto(here)
    expect(page.get_by_text("派不出去").first).to_be_visible()


def until_seen(page: Page, address: str, words: re.Pattern[str]) -> None:
    """The worker looks after the rules a moment after the department was closed."""
    for _ in range(30):
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(300)
    expect(page.get_by_text(words).first).to_be_visible()

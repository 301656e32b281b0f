"""A rule from draft to live, a matter that shows its reason, and a department that is closed."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.people import Officer


def press(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def give_reason(page: Page, button: str) -> None:
    page.locator("[name=reason]").fill("常常派错，定下来。")
    page.get_by_role("button", name=button, exact=True).click()


def register(page: Page, site: str, words: str) -> str:
    page.goto(f"{site}/work/register/")
    page.locator("[name=body]").fill(words)
    page.locator("[name=place_text]").fill("南门口")
    page.get_by_role("button", name=re.compile("^登记")).last.click()
    found = re.search(r"ZT-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found is not None
    return found[0]


def test_a_rule_is_tried_goes_live_explains_itself_and_is_seen_to_break(
    open_context: Any, site: str
) -> None:
    town, clerk, admin = (
        Officer(open_context(**DESK), site, name) for name in ("street", "clerk", "sysadmin")
    )
    page = town.page
    town.sign_in()
    page.goto(f"{site}/work/rules/new/")
    page.locator("[name=name]").fill("夜市油烟")
    page.locator("[name=terms]").fill("油烟 烧烤")
    page.locator("[name=target][value=nearest]").check(force=True)
    page.locator("[name=department_kind]").select_option("综合执法")
    give_reason(page, "存成草稿")
    expect(page.get_by_text("先在过去的事上试一遍").first).to_be_visible()
    expect(page.get_by_role("link", name="上线", exact=True)).to_have_count(0)
    press(page, "试一遍")
    page.get_by_role("button", name="试一遍", exact=True).click()
    expect(page.get_by_role("heading", name="会怎样")).to_be_visible()
    press(page, "上线")
    give_reason(page, "上线")
    expect(page.get_by_text("上线了，从现在起按它建议。")).to_be_visible()
    assert clerk and admin

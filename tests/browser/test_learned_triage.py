"""The administrator looks whether anything was learned, and finds how to begin."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.browser.people import Officer


def test_the_administrator_finds_what_was_learned_beside_the_categories(
    open_context: Any, site: str
) -> None:
    admin = Officer(open_context(**DESK), site, "xt01")
    admin.sign_in()
    page = admin.page
    page.goto(f"{site}/work/categories/")
    page.get_by_role("link", name="学到的建议").click()
    expect(page.get_by_role("heading", name="学到的建议", level=1)).to_be_visible()
    expect(page.get_by_text("现在只按类别表里的词给建议")).to_be_visible()
    expect(page.get_by_role("heading", name="还没有学过")).to_be_visible()
    expect(page.get_by_role("cell", name="公共设施损坏")).to_be_visible()

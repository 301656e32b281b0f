"""A day at a window: assigned, told first, handed over, taken, called back."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import Officer, Resident


def test_a_day_at_a_window_from_the_roster_to_the_call_back(open_context: Any, site: str) -> None:
    clerk = Officer(open_context(**DESK), site, "sq01")
    colleague = Officer(open_context(**DESK), site, "sq02")
    for officer in (clerk, colleague):
        officer.sign_in()
    _assign(clerk, "陈建国")

    resident = Resident(open_context(**PHONE), site, "19900006113")
    resident.sign_in()
    number = resident.raise_matter("值班那天楼道灯不亮，走路看不清。", "人民村 6 栋")
    assert _hears_of(colleague, number, tries=40)
    assert not _hears_of(clerk, number, tries=1)

    page = colleague.page
    page.goto(f"{site}/work/handover/")
    expect(page.locator("main")).to_contain_text(number)
    page.get_by_label(re.compile("口头答应过什么")).fill(f"答应了 {number} 明早回话。")
    page.get_by_role("button", name="交班").click()
    clerk.page.goto(f"{site}/work/handover/")
    clerk.page.get_by_role("button", name="看过了，接过来").click()
    expect(clerk.page.get_by_text("接过来了")).to_be_visible()

    clerk.do(number, "accept")
    clerk.do(number, "triage", triage="minor")
    clerk.dispatch(number, "人民村社区")
    clerk.do(number, "sign")
    clerk.do(number, "reply", answer="换好了。", outcome="solved")
    colleague.do(number, "review")
    _call_back(colleague, number)
    _clear(clerk)


def _assign(officer: Officer, name: str) -> None:
    """A shift that covers the whole day, so that it is now whenever this runs."""
    page = officer.page
    page.goto(f"{officer.site}/work/roster/shifts/new/")
    page.get_by_label("班次叫什么").fill("全天")
    page.get_by_label("从几点").fill("00:00")
    page.get_by_label("到几点").fill("23:59")
    page.get_by_role("button", name="定下来").click()
    page.locator("tr.is-today").get_by_role("link", name=re.compile("全天排人")).click()
    page.get_by_text(name).click()
    page.get_by_role("button", name="排上").click()
    expect(page.get_by_text("现在值班")).to_contain_text(name)


def _hears_of(officer: Officer, number: str, *, tries: int) -> bool:
    """The worker tells a moment later: look again until it has."""
    page = officer.page
    for _ in range(tries):
        page.goto(f"{officer.site}/work/inbox/")
        if page.locator("main").get_by_text(number).count():
            return True
        page.wait_for_timeout(500)
    return False


def _call_back(officer: Officer, number: str) -> None:
    page = officer.page
    page.goto(f"{officer.site}/work/callbacks/")
    page.get_by_role("link", name=f"记 {number} 的回访").click()
    for field, value in (("channel", "phone"), ("reached", "yes"), ("solved", "yes")):
        page.locator(f"[name={field}][value={value}]").check(force=True)
    page.get_by_role("button", name="记下回访").click()
    expect(page).to_have_url(re.compile(r"/work/callbacks/$"))
    expect(page.locator("main")).not_to_contain_text(number)


def _clear(officer: Officer) -> None:
    """The other journeys share the window."""
    page = officer.page
    page.goto(f"{officer.site}/work/roster/")
    page.locator("tr.is-today").get_by_role("link", name=re.compile("改.*陈建国")).click()
    page.get_by_text("取消，这一班先空着").click()
    page.get_by_role("button", name="改过来").click()
    expect(page.get_by_text("改好了")).to_be_visible()

"""A quarrel from the counter to the archive: registered, assigned, refused, given to another,
agreed in writing, printed, fulfilled. Each in a browser of his own."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import DRAWER, Officer, Resident
from yukuai.kernel.clock import SHANGHAI

TELEPHONE = "19900000744"


def test_two_neighbours_agree_in_the_end(open_context, site):
    clerk = officer(open_context, site, "sq01")
    number = register(clerk.page, site, TELEPHONE)

    office = officer(open_context, site, "sf01")
    do(office, number, "assign", mediator="邓素琴")
    clerk.page.goto(f"{site}/work/disputes/{number}/")
    expect(clerk.page.get_by_text("这里没有这件纠纷")).to_be_visible()

    party = Resident(open_context(**PHONE), site, TELEPHONE)
    party.sign_in()
    _refuse(party.page, site, number)

    do(office, number, "assign", mediator="汪德明")
    mediator = officer(open_context, site, "tj02")
    day = datetime.now(SHANGHAI).date()
    soon = (day + timedelta(days=3)).isoformat()
    do(mediator, number, "mediate", next_on=soon, next_hour="14:30", place="街道调解室")
    party.page.reload()
    expect(party.page.get_by_text("街道调解室")).to_be_visible()
    expect(party.page.get_by_text("晾衣服滴水")).to_have_count(0)

    do(
        mediator,
        number,
        "hold_session",
        held_on=day.isoformat(),
        present=["水某", "柏某"],
        record="柏家答应装接水盘。",
    )
    do(
        mediator,
        number,
        "agree",
        facts="楼上晾衣服滴水。",
        terms="柏家装接水盘，水家不再要赔偿。",
        what_1="装接水盘",
        due_1=soon,
    )
    _print(mediator, site, number)
    do(mediator, number, "take_effect", signed_on=day.isoformat())
    do(mediator, number, "visit", outcome="都履行了", done=day.isoformat())
    do(mediator, number, "archive")
    expect(mediator.page.locator(".caseh").get_by_text("已归档")).to_be_visible()


def officer(open_context, site: str, username: str) -> Officer:
    officer = Officer(open_context(**DESK), site, username)
    officer.sign_in()
    return officer


def register(page: Page, site: str, respondent_phone: str) -> str:
    page.goto(f"{site}/work/disputes/")
    page.get_by_role("link", name="登记纠纷").click()
    page.locator("[name=kind]").select_option(label="邻里纠纷")
    page.locator("[name=about]").fill("楼上晾衣服滴水，打湿被子。")
    page.locator("[name=applicant_name]").fill("水清浅")
    page.locator("[name=applicant_phone]").fill("199 0000 0743")
    page.locator("[name=respondent_name]").fill("柏树林")
    page.locator("[name=respondent_phone]").fill(respondent_phone)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("由司法所指派调解员")).to_be_visible()
    found = re.search(r"JF-\d{4}-\d{6}", page.url)
    assert found is not None
    return found[0]


def do(officer: Officer, number: str, move: str, **fields: str | list[str]) -> None:
    """Open the move from the page of the dispute, fill the drawer, press its button."""
    page = officer.page
    page.goto(f"{officer.site}/work/disputes/{number}/")
    page.locator(f'a[href$="/do/{move}/"]').first.click()
    drawer = page.locator(DRAWER)
    expect(drawer).to_be_visible()
    for name, value in fields.items():
        field = drawer.locator(f"[name^={name}]").first
        kind = field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                drawer.locator("label", has_text=one).locator(f"[name^={name}]").check(force=True)
        else:
            field.fill(str(value))
    drawer.locator(".drawer__foot button.btn").last.click()
    expect(page.locator(DRAWER)).to_have_count(0)


def _refuse(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/me/")
    page.get_by_role("link", name=re.compile("人民调解")).click()
    page.get_by_role("link", name=re.compile(number)).click()
    expect(page.get_by_text("水清浅")).to_be_visible()
    page.get_by_role("link", name="不接受这位调解员").click()
    page.get_by_role("button", name="不接受，换一位").click()
    expect(page.get_by_text("司法所会另找一位调解员")).to_be_visible()


def _print(officer: Officer, site: str, number: str) -> None:
    """The paper is made by the worker, a moment after the agreement."""
    page = officer.page
    paper = page.get_by_role("link", name="人民调解协议书")
    for _ in range(40):
        page.goto(f"{site}/work/disputes/{number}/")
        if paper.count():
            break
        page.wait_for_timeout(250)
    answer = page.request.get(f"{site}{paper.first.get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")

"""几家一起办: one matter in two parts, two departments asked, one objection ruled; the resident has
one number and one timeline."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import DRAWER, Officer, Resident

SQUAD, CITY_OFFICE, COMMUNITY = "综合行政执法大队", "区城市管理局", "人民村社区"
PIPES = "雨水管已经疏通，井盖换了新的。"
LAMPS = "楼道灯换了 3 盏，晚上都亮了。"


@pytest.fixture
def officers(browser: Any, site: str) -> Any:
    """Each signs in once, when he is first needed."""
    signed_in: dict[str, Officer] = {}
    contexts = []

    def get(username: str) -> Officer:
        if username not in signed_in:
            context = browser.new_context(locale="zh-CN", **DESK)
            context.set_default_timeout(15_000)
            contexts.append(context)
            officer = Officer(context.new_page(), site, username)
            officer.sign_in()
            signed_in[username] = officer
        return signed_in[username]

    yield get
    for context in contexts:
        context.close()


def _open(officer: Officer, number: str, move: str) -> Any:
    page = officer.open_case(number)
    page.locator(f'a[href$="/do/{move}/"]').first.click()
    drawer = page.locator(DRAWER)
    expect(drawer).to_be_visible()
    return drawer


def _send(page: Page) -> None:
    page.locator(f"{DRAWER} .drawer__foot button.btn").last.click()
    expect(page.locator(DRAWER)).to_have_count(0)


def _split(clerk: Officer, number: str) -> list[str]:
    drawer = _open(clerk, number, "split_at_desk")
    shares = (("疏通雨水管，换井盖。", "major", CITY_OFFICE), ("换楼道灯。", "minor", COMMUNITY))
    for place, (body, triage, unit) in enumerate(shares, 1):
        drawer.locator(f"[name=body_{place}]").fill(body)
        drawer.locator(f'[name=triage_{place}][value="{triage}"]').check(force=True)
        options = drawer.locator(f"[name=unit_{place}] option", has_text=unit)
        drawer.locator(f"[name=unit_{place}]").select_option(options.first.get_attribute("value"))
    _send(clerk.page)
    table = clerk.page.locator("section", has=clerk.page.get_by_role("heading", name="分单"))
    expect(table.locator("tbody tr")).to_have_count(2)
    return [f"{number}-1", f"{number}-2"]


def _ask_two(squad: Officer, number: str) -> str:
    """The demo has people in one of them; the other one does not answer."""
    drawer = _open(squad, number, "ask_help")
    boxes = drawer.locator("label.choice")
    other = boxes.first
    name = other.inner_text().strip()
    other.locator("input").check()
    drawer.locator("summary", has_text="渝中区").click()
    boxes.filter(has_text=CITY_OFFICE).locator("input").check()
    drawer.locator("[name=question]").fill("这段管线归谁？")
    _send(squad.page)
    return name


def test_a_matter_in_several_hands_is_one_matter_to_the_resident(
    open_context: Any, site: str, officers: Any
) -> None:
    resident = Resident(open_context(**PHONE), site, "19900001571")
    resident.sign_in()
    number = resident.raise_matter("雨水管堵了，井盖也翘起来，楼道灯还不亮。", "3 号楼 1 单元")
    clerk, colleague, squad = officers("sq01"), officers("sq02"), officers("zf01")

    clerk.do(number, "accept")
    clerk.do(number, "triage", triage="major")
    pipes, lamps = _split(clerk, number)
    clerk.dispatch(number, SQUAD)
    squad.do(number, "sign")

    silent = _ask_two(squad, number)
    office = officers("bm01")
    office.do(number, "give_help", opinion="市政雨水管归我们。")
    expect(office.page).to_have_url(re.compile("/work/$"))
    drawer = _open(squad, number, "withdraw_help")
    expect(drawer.locator("[name=department] option")).to_have_text([silent])
    drawer.locator("[name=reason]").fill("已经查清，不用等。")
    _send(squad.page)
    expect(squad.page.get_by_text("市政雨水管归我们。").first).to_be_visible()

    squad.do(number, "request_return", reason="路面和照明归区里。")
    officers("jd01").do(number, "refuse_return", reason="牵头还是您这里。")
    squad.do(number, "object", reason="三定方案里没有这一项。")
    officers("qx01").do(number, "uphold", grounds="首接负责，由执法大队牵头。")

    assert squad.open_case(number).locator('a[href$="/do/reply/"]').count() == 0
    expect(squad.page.get_by_text("还有 2 份分单没有办完").first).to_be_attached()
    office.do(pipes, "sign")
    expect(office.page.get_by_role("heading", name="主单")).to_be_visible()
    expect(office.page.get_by_text("看电话")).to_have_count(0)
    office.do(pipes, "reply", answer=PIPES, outcome="solved")
    clerk.do(lamps, "sign")
    clerk.do(lamps, "reply", answer=LAMPS, outcome="solved")
    for part in (pipes, lamps):
        colleague.do(part, "finish")

    drawer = _open(squad, number, "reply")
    for answer in (PIPES, LAMPS):
        expect(drawer.get_by_text(answer).first).to_be_visible()
        expect(drawer.locator("[name=answer]")).to_have_value(re.compile(answer))
    drawer.locator('[name=outcome][value="solved"]').check(force=True)
    _send(squad.page)
    clerk.do(number, "review")
    colleague.do(number, "visit", reached="yes", contacted="yes", solved="yes", satisfied="yes")

    resident.page.goto(f"{site}/matters/")
    numbers = set(
        re.findall(r"ZT-\d{4}-\d{6}(?:-\d+)?", resident.page.locator("main").inner_text())
    )
    assert numbers == {number}
    resident.open_matter(number)
    timeline = resident.page.locator(".tl")
    for words in ("分成 2 项，分头来办", PIPES, LAMPS, CITY_OFFICE, COMMUNITY):
        expect(timeline.get_by_text(words).first).to_be_visible()
    assert f"{number}-" not in resident.page.content()
    resident.rate(number, solved="yes", satisfied="yes")
    expect(resident.page.get_by_text("办结，您已评价").first).to_be_visible()

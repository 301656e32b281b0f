"""An election from the township's task to an objection that is decided: by its pages alone, each
looked at on the way. The term for objections itself ends days later; tests/web plays it on."""

import re
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.hindrances import look
from tests.browser.people import Officer
from tests.browser.test_register import fill, settle
from tests.pictures import picture
from tests.registering import citizen
from yukuai.kernel.clock import SHANGHAI

NAME, NUMBER, TELEPHONE = "水云间", citizen(871, "19800506"), "19900000871"
MEMBERS = "何水生 主任\n谭云起 副主任\n冉石泉 委员\n罗月半"
MEETING = {"entitled": "45", "present": "40", "agreed": "38"}


def step(page: Page, link: str, button: str, **fields: str) -> None:
    """A step is opened from the page of the election, filled and taken."""
    page.get_by_role("link", name=link, exact=True).click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_committee_comes_from_the_task_to_a_roll_that_hangs(open_context: Any, site: str) -> None:
    day = str((datetime.now(SHANGHAI) + timedelta(days=30)).date())
    clerk = Officer(open_context(**DESK), site, "sq03")
    clerk.sign_in()
    settle(clerk.page, site, "水云楼", name=NAME, number=NUMBER, phone=TELEPHONE)

    town = Officer(open_context(**DESK), site, "jd01")
    town.sign_in()
    page = town.page
    page.goto(f"{site}/work/elections/")
    page.get_by_role("link", name="张家花园社区开始换届").click()
    fill(page, "建立任务", term="7", day=day)
    election = page.url
    number = re.search(r"XJ-\d{4}-\d{6}", election)
    assert number is not None
    found = look(page, f"{site}/work/elections/", election, f"{election}do/form_committee/")
    page.goto(election)
    step(page, "指导机构成立", "指导机构成立", document="大溪沟街道〔2026〕12号")
    said = {"members": MEMBERS, "spots": "社区公告栏\n红光楼公告栏", "place": "人和街88号"}
    step(page, "选举委员会成立", "选举委员会成立", **MEETING, **said)
    expect(page.get_by_role("link", name="张家花园社区选字第1号")).to_be_visible()

    hand = Officer(open_context(**DESK), site, "xw01")
    hand.sign_in()
    page = hand.page
    page.goto(election)
    step(page, "公布选举办法", "公布选举办法", **MEETING)
    closes = str((datetime.now(SHANGHAI) + timedelta(days=3)).date())
    step(page, "开始登记", "开始登记", closes=closes)
    page.get_by_role("link", name="带出名单").click()
    page.get_by_role("button", name="从底数带出名单").click()
    row = page.locator("tr", has_text=NAME)
    expect(row).to_be_visible()
    waiting = page.url
    found += look(page, waiting)
    page.goto(waiting)
    page.get_by_role("button", name="勾选的人问过了，列入名单").click()
    page.goto(election)
    step(page, "公布名单", "公布名单")
    expect(page.get_by_text("第 6 步 名单公布")).to_be_visible()

    page.locator(".task", has_text="选字第4号").get_by_role("link", name="上传照片").click()
    page.get_by_role("link", name="上传照片").first.click()
    photo = {"name": "公告.jpg", "mimeType": "image/jpeg", "buffer": picture((600, 450))}
    page.locator("[name=picture]").set_input_files([photo])  # type: ignore[list-item]
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".hung img")).to_have_count(1)
    found += look(page, page.url)

    page.goto(f"{election}objections/")
    page.get_by_label("列入名单").check(force=True)
    fill(page, "收下", by="冉某", about="云中鹤", reason="在外地工作，要求列入")
    found += look(page, page.url, election, f"{election}do/change-day/", f"{election}roll/add/")
    page.goto(election)
    expect(page.get_by_text("差 2 项")).to_be_visible()
    page.locator(".task", has_text="申诉第 1 号").get_by_role("link", name="作决定").click()
    page.get_by_label("申诉不成立").check(force=True)
    fill(page, "作决定", decision="不是本社区居民")
    expect(page.get_by_text("差 1 项")).to_be_visible()
    assert found == []


def test_the_people_of_an_election_stay_in_their_own(open_context: Any, site: str) -> None:
    grid = Officer(open_context(**DESK), site, "wg01")
    grid.sign_in()
    grid.page.goto(f"{site}/work/")
    expect(grid.page.get_by_role("link", name="民主选举")).to_have_count(0)

"""Pages that are nothing without content: each is filled by those who use it, and then looked at
as in test_every_page."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.hindrances import complaints, look
from tests.browser.people import Officer, Resident
from tests.browser.test_mediation import do as do_with_dispute
from tests.browser.test_mediation import register as register_dispute
from tests.browser.test_neighbours import begin
from tests.browser.test_outside import connect, see_dead, there, until
from tests.browser.test_register import settle
from tests.registering import citizen
from tests.standins.receiver import Receiver
from tests.standins.server import StandIn
from yukuai.kernel.clock import SHANGHAI

__all__ = ["there"]
SQUAD, EMERGENCY = "综合行政执法大队", "应急管理办"
SHAPES = ("?text=100", "?text=200", "?text=100&mode=elder")
PARTY = "19900000745"


@pytest.fixture
def desk_of(open_context: Any, site: str) -> Any:
    def sign_in(username: str) -> Officer:
        made = Officer(open_context(**DESK), site, username)
        made.sign_in()
        return made

    return sign_in


@pytest.fixture
def receivers() -> Iterator[list[Receiver]]:
    """One who takes everything, one who breaks, one who does not agree."""
    running = [Receiver(), Receiver(), Receiver()]
    running[1].faults = ["500"] * 9
    running[2].allows = ""
    yield running
    for one in running:
        one.stop()


def told(clerk: Officer, words: str, place: str) -> str:
    """A matter told at the counter; its number."""
    page = clerk.page
    page.goto(f"{clerk.site}/work/register/")
    page.locator("[name=source]").first.check(force=True)
    page.locator("[name=body]").fill(words)
    page.locator("[name=place_text]").fill(place)
    page.locator("[name=anonymous]").check(force=True)
    page.get_by_role("button", name="记下来，出回执").click()
    expect(page.get_by_text("查询码").first).to_be_visible()
    found = re.search(r"ZT-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found is not None
    return found[0]


def begun(clerk: Officer, words: str, place: str, unit: str) -> str:
    number = told(clerk, words, place)
    clerk.do(number, "accept")
    clerk.do(number, "triage", triage="major")
    clerk.dispatch(number, unit)
    return number


def drawers(officer: Officer, number: str, *moves: str) -> list[str]:
    case = f"{officer.site}/work/cases/{number}/"
    return look(officer.page, *(f"{case}do/{move}/" for move in moves), case)


def test_nothing_in_the_drawers_of_a_quarrel_over_duties_hinders_anybody(desk_of: Any) -> None:
    clerk, squad = desk_of("sq01"), desk_of("zf01")
    number = begun(clerk, "路面塌了一块，电动车差点摔倒。", "中山四路口", SQUAD)
    squad.do(number, "sign")
    squad.do(number, "request_return", reason="路面归区里管。")
    town, district = desk_of("jd01"), desk_of("qx01")
    found = drawers(town, number, "refuse_return", "grant_return")
    town.do(number, "refuse_return", reason="牵头还是您这里。")
    found += drawers(squad, number, "object")
    squad.do(number, "object", reason="三定方案里没有这一项。")
    found += drawers(district, number, "uphold", "redirect")
    assert found == []


def test_nothing_hinders_who_joins_and_parts_matters(desk_of: Any) -> None:
    clerk = desk_of("sq01")
    main = told(clerk, "健身器材踏板断了，小孩容易卡脚。", "九号院健身角")
    other = told(clerk, "健身器材踏板又断了，请来修。", "九号院健身角")
    clerk.do(main, "accept")
    found = drawers(clerk, other, "merge")
    clerk.do(other, "merge", number=main, reason="同一个器材。")
    found += drawers(clerk, other, "unmerge")
    clerk.do(main, "triage", triage="major")
    found += drawers(clerk, main, "split_at_desk")
    page = clerk.page
    page.goto(f"{clerk.site}/work/cases/{main}/do/split_at_desk/")
    for place, body in enumerate(("换踏板。", "查其他器材。"), 1):
        page.locator(f"[name=body_{place}]").fill(body)
        page.locator(f'[name=triage_{place}][value="minor"]').check(force=True)
    page.locator(".drawer__foot button.btn").last.click()
    expect(page.locator("tbody", has_text="换踏板")).to_be_visible()
    found += drawers(clerk, main, "cancel_part")
    found += look(page, f"{clerk.site}/work/cases/{main}-1/")
    assert found == []


def subscribe(page: Page, to: str, receiver: Receiver) -> str:
    page.goto(f"{to}new/")
    page.get_by_label("推到哪个地址").fill(receiver.url)
    page.get_by_role("button", name="建推送，出密钥").click()
    receiver.secret = page.locator(".secret").inner_text()
    page.get_by_role("link", name="记好了，去看推送").click()
    page.get_by_role("button", name="请对方同意").click()
    return page.url


def test_nothing_on_the_pages_of_pushed_events_hinders_anybody(
    desk_of: Any, site: str, receivers: list[Receiver]
) -> None:
    guard = desk_of("aq01")
    page = guard.page
    page.goto(f"{site}/work/clients/new/?place=大溪沟街道")
    if not page.locator("[name=purpose]").count():
        page.locator(".hits a").first.click()
    page.get_by_label("名称").fill("热线平台")
    page.locator("[name=purpose]").fill("把进度告诉来电人。")
    page.locator("[name=access]").first.check(force=True)
    page.get_by_role("button", name="建接口客户，出密钥").click()
    page.goto(f"{site}/work/clients/")
    to = f"{site}{page.get_by_role('link', name='热线平台的推送').get_attribute('href')}"
    taken, broken, asked = (subscribe(page, to, one) for one in receivers)
    told(desk_of("sq01"), "护栏倒了，车来人往不安全。", "小区门口")

    def pushed(address: str, word: str) -> bool:
        page.goto(address)
        return page.locator("tbody").get_by_text(word).count() > 0

    until(lambda: pushed(taken, "收了"))
    until(lambda: pushed(broken, "没收"))
    expect(page.get_by_text("没推到，在重试")).to_be_visible()
    ways = [f"{taken}{way}/" for way in ("replay", "secret", "end")]
    assert look(page, taken, broken, asked, *ways, f"{to}new/", to) == []


def test_nothing_on_the_pages_of_an_outside_system_hinders_anybody(
    desk_of: Any, site: str, there: StandIn
) -> None:
    town, clerk = desk_of("jd01"), desk_of("sq01")
    connect(town, there, name="街道应急平台", code="jd-yingji", department=EMERGENCY)
    there.faults = ["refuse"]
    number = begun(clerk, "山坡上掉石头，砸到停车的地方。", "后坡停车场", EMERGENCY)
    page, system = town.page, f"{site}/work/exchange/systems/jd-yingji/"
    see_dead(page, site, number)
    page.goto(f"{system}reports/")
    page.get_by_role("button", name="现在对一次").click()

    def compared() -> bool:
        page.goto(f"{system}reports/")
        return page.locator("tbody a.strong").count() > 0

    until(compared)
    report = f"{site}{page.locator('tbody a.strong').first.get_attribute('href')}"
    ways = [f"{system}{way}/" for way in ("states", "reports", "edit", "routes", "secret")]
    lists = [f"{site}/work/exchange/{one}" for one in ("", "dead/", "refused/")]
    assert look(page, system, *ways, *lists, report) == []


def test_nothing_on_a_rule_and_its_trial_hinders_anybody(desk_of: Any, site: str) -> None:
    page = desk_of("jd01").page
    page.goto(f"{site}/work/rules/new/")
    page.locator("[name=name]").fill("落石先交应急办")
    page.locator("[name=terms]").fill("落石 滑坡")
    page.locator("[name=target][value=unit]").check(force=True)
    office = page.locator("[name=unit] option", has_text=EMERGENCY).first
    page.locator("[name=unit]").select_option(office.get_attribute("value"))
    page.locator("[name=reason]").fill("常常派错，定下来。")
    page.get_by_role("button", name="存成草稿", exact=True).click()
    expect(page.get_by_text("先在过去的事上试一遍").first).to_be_visible()
    rule = page.url
    page.get_by_role("link", name="试一遍", exact=True).click()
    page.get_by_role("button", name="试一遍", exact=True).click()
    expect(page.get_by_role("heading", name="会怎样")).to_be_visible()
    assert look(page, page.url, rule, f"{site}/work/rules/") == []


def test_nothing_on_an_export_hinders_anybody(desk_of: Any, site: str) -> None:
    told(desk_of("sq01"), "路边垃圾桶满了没有人收。", "南门口")
    page = desk_of("jd01").page
    page.goto(f"{site}/work/exports/new/?state=open")
    page.get_by_label("导出做什么用").fill("街道周调度会用。")
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page).to_have_url(re.compile(r"/work/exports/DC-"))
    found = look(page, page.url, f"{site}/work/exports/")
    assert found + look(desk_of("sx01").page, f"{site}/work/exports/all/") == []


def test_nothing_on_a_dispute_hinders_its_mediator_or_a_party(
    desk_of: Any, open_context: Any, site: str
) -> None:
    clerk, office, mediator = desk_of("sq01"), desk_of("sf01"), desk_of("tj01")
    number = register_dispute(clerk.page, site, PARTY)
    dispute = f"{site}/work/disputes/{number}/"
    found = look(office.page, f"{dispute}do/assign/", dispute)
    do_with_dispute(office, number, "assign", mediator="邓素琴")
    soon = (datetime.now(SHANGHAI).date() + timedelta(days=3)).isoformat()
    said = {"next_on": soon, "next_hour": "14:30", "place": "街道调解室"}
    found += look(mediator.page, f"{dispute}do/mediate/", dispute)
    do_with_dispute(mediator, number, "mediate", **said)
    moves = [f"{dispute}do/{move}/" for move in ("hold_session", "agree", "fail", "recuse")]
    party_link = mediator.page.get_by_role("link", name="看姓名电话").first
    party = f"{site}{party_link.get_attribute('href')}"
    found += look(mediator.page, *moves, party, dispute, f"{site}/work/disputes/")

    resident = Resident(open_context(**PHONE), site, PARTY)
    resident.sign_in()
    mine = f"{site}/mediation/{number}/"
    found += in_shapes(resident.page, site, mine, f"{mine}refuse/", f"{mine}leave/")
    assert found == []


def in_shapes(page: Page, site: str, *addresses: str) -> list[str]:
    found = []
    for shape in SHAPES:
        page.goto(f"{site}/{shape}")
        for address in addresses:
            page.goto(address)
            assert "/signin/" not in page.url
            found += complaints(page)
    page.goto(f"{site}/?text=100&mode=standard")
    return found


def test_nothing_hinders_a_neighbour_who_met_with_the_same(open_context: Any, site: str) -> None:
    first, second = (Resident(open_context(**PHONE), site, f"1990000161{n}") for n in range(2))
    first.sign_in()
    second.sign_in()
    first.raise_matter("公园湖边的路灯不亮，走路看不清。", "人民公园湖边")
    begin(second, "公园湖边路灯坏了。")
    page = second.page
    found = in_shapes(page, site, page.url)
    page.goto(f"{site}/raise/check/")
    page.locator("#nearby").get_by_role("button", name="我也遇到了").first.click()
    expect(page).to_have_url(re.compile(r"/followed/\d+/$"))
    found += in_shapes(page, site, page.url, f"{site}/followed/")
    assert found == []


RECORDED, RECORDED_NUMBER = "19900000762", citizen(762)


def test_nothing_on_the_pages_of_the_register_hinders_anybody(
    desk_of: Any, open_context: Any, site: str
) -> None:
    clerk = desk_of("sq01")
    page = clerk.page
    told = {"name": "看样人", "number": RECORDED_NUMBER, "phone": RECORDED}
    home = settle(page, site, "看样楼", **told)
    page.goto(f"{site}/work/registry/")
    here = page.url
    lists = ["person/", "dwelling/?status=own", "buildings/", "corrections/", "competing/"]
    news = ["person/", "building/", "facility/"]
    found = look(page, home.building, home.door, home.household, here)
    found += look(page, *(f"{home.person}{way}" for way in ("", "edit/", "end/", "open/phone/")))
    found += look(page, *(f"{here}{one}" for one in lists), *(f"{here}new/{one}" for one in news))
    found += look(desk_of("wg01").page, home.building, here)

    resident = Resident(open_context(**PHONE), site, RECORDED)
    resident.sign_in()
    mine = resident.page
    mine.goto(f"{site}/me/record/")
    mine.get_by_label("姓名").fill("看样人")
    mine.get_by_label("证件号码").fill(RECORDED_NUMBER)
    mine.get_by_role("button", name="核对，看我的登记").click()
    expect(mine.get_by_text("看样楼 1单元 501")).to_be_visible()
    wrong = mine.get_by_role("link", name="姓名不对").get_attribute("href")
    found += in_shapes(mine, site, f"{site}/me/record/", f"{site}{wrong}")
    assert found == []

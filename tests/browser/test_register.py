"""以房找人: from the building to the person, a telephone opened for a purpose; the person sees who
looked, has something corrected and reads the answer. Each in a browser of his own."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import DRAWER, Officer, Resident
from tests.registering import citizen

TELEPHONE = "19900000761"
NAME, NUMBER = "木清浅", citizen(761)


@dataclass(frozen=True)
class Household:
    """Where the pages of the register are that somebody has just filled."""

    building: str
    door: str
    household: str
    person: str


def fill(page: Page, button: str, **fields: str) -> None:
    """A form of the register: texts are filled in, codes chosen by their labels."""
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.first.fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def settle(
    page: Page, site: str, building: str, *, name: str, number: str, phone: str
) -> Household:
    """A building with one room and somebody in it, registered as an officer does it."""
    page.goto(f"{site}/work/registry/")
    page.get_by_role("link", name="看楼栋图").click()
    page.get_by_role("link", name="登记楼栋").click()
    fill(page, "登记", name=building, address="人民村 8 号", floors="6")
    page.get_by_role("link", name="看楼栋图").click()
    plan = page.url
    page.get_by_role("link", name="加单元").click()
    fill(page, "加上", name="1单元")
    page.get_by_role("link", name="登记房屋").click()
    fill(page, "登记", entrance_id="1单元", floor="5", room="501", status="自住")
    door = page.url
    page.get_by_role("link", name="立一户").click()
    fill(page, "登记", household_kind="家庭户")
    household = page.url
    page.goto(door)
    page.get_by_role("link", name="登记一个人").click()
    page.locator("[name=household]").select_option(index=1)
    fill(page, "登记", relation="户主", name=name, id_no=number, phone=phone)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return Household(plan, door, household, page.url)


def test_a_person_is_found_by_his_house_and_has_his_record_corrected(open_context, site):
    officer = Officer(open_context(**DESK), site, "sq01")
    officer.sign_in()
    settle(officer.page, site, "旅程楼", name=NAME, number=NUMBER, phone=TELEPHONE)
    _find_by_house(officer.page, site)
    _open_telephone(officer.page)

    resident = Resident(open_context(**PHONE), site, TELEPHONE)
    resident.sign_in()
    _prove(resident.page, site)
    page = resident.page
    page.get_by_role("link", name="谁看过我的信息").click()
    expect(page.get_by_text("打开了您登记的内容：手机号")).to_be_visible()
    expect(page.get_by_text("用途：联系本人")).to_be_visible()

    page.goto(f"{site}/me/record/")
    page.get_by_role("link", name=re.compile("工作单位")).click()
    page.get_by_label("工作单位应该是").fill("长江轮船公司")
    page.get_by_label(re.compile("怎么回事")).fill("上个月换的。")
    page.get_by_role("button", name="请社区更正").click()
    expect(page.get_by_text("等社区核对").first).to_be_visible()

    _settle_correction(officer.page, site)
    _read_answer(page, site)


def _find_by_house(page: Page, site: str) -> None:
    page.goto(f"{site}/work/registry/")
    page.get_by_role("link", name="看楼栋图").click()
    page.get_by_role("link", name="旅程楼").click()
    room = page.locator("a.room", has_text="501")
    expect(room).to_contain_text("自住 1")
    room.focus()
    page.keyboard.press("ArrowDown")
    expect(room).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"户主{NAME}").click()
    page.get_by_role("link", name=NAME, exact=True).click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text(TELEPHONE)).to_have_count(0)


def _open_telephone(page: Page) -> None:
    page.get_by_role("link", name="看手机号").click()
    drawer = page.locator(DRAWER)
    drawer.get_by_role("button", name="看一次").click()
    expect(drawer.get_by_text("选一个用途再看")).to_be_visible()
    drawer.get_by_text("联系本人").click()
    drawer.get_by_role("button", name="看一次").click()
    expect(drawer.get_by_text("199 0000 0761")).to_be_visible()
    drawer.get_by_role("link", name="看完了").click()
    expect(page.locator(DRAWER)).to_have_count(0)
    expect(page.get_by_text("199 0000 0761")).to_have_count(0)


def _prove(page: Page, site: str) -> None:
    page.goto(f"{site}/me/")
    page.get_by_role("link", name=re.compile("我的登记")).click()
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("证件号码").fill(NUMBER[:-1] + "0")
    page.get_by_role("button", name="核对，看我的登记").click()
    expect(page.get_by_text("请带证件到社区窗口核对")).to_be_visible()
    page.get_by_label("证件号码").fill(NUMBER)
    page.get_by_role("button", name="核对，看我的登记").click()
    expect(page.get_by_text("旅程楼 1单元 501")).to_be_visible()


def _settle_correction(page: Page, site: str) -> None:
    page.goto(f"{site}/work/registry/")
    page.get_by_role("link", name=re.compile("居民申请更正")).click()
    page.get_by_role("link", name=f"核对{NAME}的工作单位").click()
    expect(page.get_by_text("长江轮船公司")).to_be_visible()
    page.get_by_text("照他说的改").click()
    page.get_by_label(re.compile("告诉他的话")).fill("看过单位证明。")
    page.get_by_role("button", name="定下来，告诉他").click()
    expect(page.get_by_text("定好了，他会在消息里读到")).to_be_visible()


def _read_answer(page: Page, site: str) -> None:
    """The worker tells him, a moment later."""
    told = page.get_by_text("登记改好了：工作单位")
    for _ in range(80):
        page.goto(f"{site}/messages/")
        if told.count():
            break
        page.wait_for_timeout(250)
    expect(told.first).to_be_visible()
    page.goto(f"{site}/me/record/")
    expect(page.get_by_text("社区说：看过单位证明。")).to_be_visible()
    expect(page.get_by_text("长江轮船公司").first).to_be_visible()

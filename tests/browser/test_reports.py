"""一表通 and 附近的设施 as people go through them: a form that is known becomes a report, what it
lacks is typed once, the township approves, the file bears its mark. A resident finds what is
near."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Installation
from tests.browser.hindrances import complaints
from tests.browser.people import COMMUNITY, Officer
from tests.sheets import read_xlsx

PURPOSE = "高温天上门看望"
KEPT = """
from datetime import date
from uuid import uuid4
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.queries import resolve_code
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.keeping import Said

at = clock.now()
with scope(EVERYWHERE):
    place = resolve_code(SYSTEM, code=%r).division
said = Said("window", date(2026, 1, 5), seen=True)

def kept(kind, links=None, **values):
    return actions.register(SYSTEM, kind=kind, division_id=place.pk, values=values, said=said,
        client_uuid=uuid4(), links=links, at=at)
"""
PEOPLE = """
home = kept("building", name="坡坎1栋", lon="106.555", lat="29.560")
for number, (name, born) in enumerate((("水清浅", "1948-05-06"), ("石板坡", "1951-07-08"))):
    room = kept("dwelling", links={"building_id": home.pk}, floor="2", room=f"20{number}")
    who = kept("person", name=name, birth_date=born, phone=f"199000{number}8888")
    actions.move_in(SYSTEM, person_id=who.pk, dwelling_id=room.pk, living="resident",
        since=None, at=at)
"""
FACILITY = """
kept("facility", name="坡坎养老站", category="elder", lon="106.556", lat="29.561",
    opening_hours="全天", accessible="是", public_phone="12345")
"""


def test_from_a_form_to_a_file(
    open_context: Any, site: str, installation: Installation, tmp_path: Path
) -> None:
    installation.manage("shell", "-c", KEPT % COMMUNITY + PEOPLE)
    clerk = Officer(open_context(**DESK), site, "sq01")
    clerk.sign_in()
    page = clerk.page
    page.goto(f"{site}/work/reports/overlap/")
    page.get_by_label("表头，一行一个").fill("序号\n姓名\n年龄\n联系电话\n房号\n工作单位\n想吃什么")
    page.get_by_role("button", name="查重").click()
    expect(page.get_by_text("底数里已经有 83%")).to_be_visible()
    expect(page.get_by_text("不能另发", exact=True)).to_be_visible()
    found = complaints(page)
    page.get_by_role("link", name="用底数做这张表").click()
    found += complaints(page)
    page.get_by_label("表名").fill("高温走访")
    page.get_by_label("表上的标题").fill("高温走访名单")
    page.get_by_label("做什么用").fill(PURPOSE)
    page.locator("[name=f0_column]").select_option(label="年龄")
    page.locator("[name=f0_how]").select_option(label="不小于")
    page.locator("[name=f0_value]").fill("70")
    page.get_by_role("button", name="存下这张表").click()
    expect(page.get_by_text("水清浅")).to_be_visible()
    found += complaints(page)

    page.get_by_role("link", name="填空格").click()
    found += complaints(page)
    page.get_by_label("水清浅 工作单位").fill("退休，码头公司")
    page.get_by_role("button", name="核对过了，存进底数").click()
    expect(page.get_by_text("存下 1 格")).to_be_visible()

    page.goto(f"{site}/work/reports/")
    page.get_by_role("link", name="高温走访").click()
    page.get_by_role("link", name="导出", exact=True).click()
    found += complaints(page)
    page.get_by_role("button", name="申请导出").click()
    expect(page.get_by_text("等上一级批准")).to_be_visible()
    address = page.url
    found += complaints(page) + _approved(open_context, site, address)

    page.goto(address)
    found += complaints(page)
    book = read_xlsx(_downloaded(page, tmp_path).read_bytes())
    for word in (PURPOSE, "周晓岚", "BB-"):
        assert word in book["表"].rows[0][0]
    assert book["表"].rows[1] == ["姓名", "年龄", "手机号", "房号", "工作单位"]
    assert [book["表"].rows[2][n] for n in (0, 4)] == ["水清浅", "退休，码头公司"]
    for path in ("", "outputs/", "savings/"):
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{site}/work/reports/{path}")
            found += complaints(page)
    assert found == []


def _approved(open_context: Any, site: str, address: str) -> list[str]:
    town = Officer(open_context(**DESK), site, "jd01")
    town.sign_in()
    page = town.page
    page.goto(f"{site}/work/reports/")
    expect(page.get_by_text("有 1 份导出等您批")).to_be_visible()
    page.goto(address)
    found = complaints(page)
    expect(page.get_by_text(PURPOSE)).to_be_visible()
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("批准了。")).to_be_visible()
    return found


def _downloaded(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载文件").click()
    assert re.search(r"BB-\d{4}-\d{6}\.xlsx$", waiting.value.suggested_filename)
    path = folder / "report.xlsx"
    waiting.value.save_as(path)
    return path


def test_a_resident_finds_what_is_near_and_tells_nobody_where_he_is(
    open_context: Any, site: str, installation: Installation
) -> None:
    installation.manage("shell", "-c", KEPT % COMMUNITY + FACILITY)
    page = open_context(**PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 29.5611, "longitude": 106.5561})
    page.goto(f"{site}/c/{COMMUNITY}/")
    page.goto(f"{site}/facilities/")
    expect(page.get_by_text("坡坎养老站")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="按离我多远排").click()
    expect(page.get_by_text("按离您多远排好了")).to_be_visible()
    expect(page.get_by_text("就在旁边").first).to_be_visible()
    assert asked == []
    page.get_by_role("button", name="看地图").click()
    expect(page.locator("[data-view] canvas").first).to_be_visible()
    found = complaints(page)
    for shape in ("?text=200", "?text=100&mode=elder"):
        page.goto(f"{site}/facilities/{shape}")
        found += complaints(page)
        page.get_by_role("link", name="坡坎养老站").click()
        found += complaints(page)
    expect(page.get_by_role("link", name="高德地图")).to_be_visible()
    assert found == []

"""From a word to a file: an officer searches, keeps the filter, takes matters away; the resident
reads who did."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import Officer, Resident
from tests.sheets import read_xlsx

PURPOSE = "街道每周调度"


def test_a_search_becomes_a_kept_filter_and_a_file_and_the_resident_reads_of_it(
    open_context: Any, site: str, tmp_path: Path
) -> None:
    resident = Resident(open_context(**PHONE), site, "19900001171")
    resident.page.goto(site)
    resident.sign_in()
    number = resident.raise_matter("坡坎边的护栏松了，风一吹就晃，怕有人掉下去。", "坡坎中段")

    officer = Officer(open_context(**DESK), site, "sq01")
    officer.sign_in()
    page = officer.page
    page.goto(f"{site}/work/search/?q=护栏松了")
    expect(page.locator("mark", has_text="护栏松了")).to_be_visible()
    page.get_by_role("link", name="到列表里再筛").click()
    _keep(page, "护栏")
    page.goto(f"{site}/work/")
    page.get_by_role("navigation", name="常用筛选").get_by_role("link", name="护栏").click()
    expect(page.get_by_text(number)).to_be_visible()

    export, file = _take(page, tmp_path)
    book = read_xlsx(file.read_bytes())
    for sheet in book.values():
        assert export in sheet.header
        assert PURPOSE in sheet.header
        assert export in sheet.rows[0][0]
    assert number in [row[0] for row in book["诉求"].rows[2:]]

    resident.page.goto(f"{site}/me/viewers/?number={number}")
    shown = resident.page.locator("main")
    expect(shown.get_by_text("把这件事导出成了文件").first).to_be_visible()
    expect(shown.get_by_text(PURPOSE).first).to_be_visible()
    _no_sideways_scroll(resident.page)


def _keep(page: Page, name: str) -> None:
    page.get_by_role("link", name="存下这个筛选").click()
    page.get_by_label("名字").fill(name)
    page.get_by_role("button", name="存下来").click()
    chip = page.get_by_role("navigation", name="常用筛选").get_by_role("link", name=name)
    expect(chip).to_have_attribute("aria-current", "true")


def _take(page: Page, folder: Path) -> tuple[str, Path]:
    """The number of the export, and the file as a browser keeps it."""
    page.get_by_role("link", name="导出", exact=True).click()
    page.get_by_label("导出做什么用").fill(PURPOSE)
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page).to_have_url(re.compile(r"/work/exports/DC-\d{4}-\d{6}/"))
    _no_sideways_scroll(page)
    found = re.search(r"DC-\d{4}-\d{6}", page.url)
    assert found is not None
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载文件").click()
    assert found[0] in waiting.value.suggested_filename
    path = folder / "export.xlsx"
    waiting.value.save_as(path)
    return found[0], path


def _no_sideways_scroll(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0

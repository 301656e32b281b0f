"""A long table with wrong rows: tried, imported, the wrong ones mended and brought again, and all
of it taken back."""

import io
import re
from pathlib import Path
from typing import Any

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.people import Officer
from tests.importing import PEOPLE
from tests.registering import citizen
from yukuai.registry.intake.files import read_table

ROWS, WRONG = 20_000, 100
PATIENCE = 300_000
"""Milliseconds: the worker shares the machine with a browser."""


def test_a_long_table_is_tried_imported_mended_and_taken_back(
    open_context: Any, site: str, tmp_path: Path
) -> None:
    officer = Officer(open_context(**DESK), site, "sq01")
    officer.sign_in()
    page = officer.page
    page.goto(f"{site}/work/registry/imports/")
    page.get_by_role("link", name="上传文件").click()
    _bring(page, tmp_path / "名单.xlsx", [_row(line) for line in range(ROWS)])
    expect(page.get_by_text(f"下载要改的 {WRONG} 行")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=f"导入 {ROWS - WRONG} 行").click()
    expect(page.get_by_text("撤销这次导入")).to_be_visible(timeout=PATIENCE)
    first = page.url

    with page.expect_download() as waiting:
        page.get_by_text(f"下载要改的 {WRONG} 行").click()
    path = tmp_path / "要改的.xlsx"
    waiting.value.save_as(path)
    head, *wrong = [row.cells for row in read_table(path.read_bytes(), name=path.name).rows]
    assert head == (*PEOPLE, "结果", "说明")
    assert len(wrong) == WRONG
    assert all(row[9] == "有错" for row in wrong)

    page.goto(f"{site}/work/registry/imports/new/")
    mended = [[row[0], _number(int(row[2][4:])), *row[2:]] for row in wrong]
    _bring(page, tmp_path / "改好.xlsx", mended, head=list(head))
    page.get_by_role("button", name=f"导入 {WRONG} 行").click(timeout=PATIENCE)
    expect(page.get_by_text("撤销这次导入")).to_be_visible(timeout=PATIENCE)
    for url, taken in ((page.url, WRONG), (first, ROWS - WRONG)):
        page.goto(url)
        expect(page.get_by_role("cell", name=str(taken), exact=True)).to_be_visible()
        page.get_by_role("link", name="撤销这次导入").click()
        page.get_by_role("button", name="撤销这次导入").click()
        expect(page.get_by_text("已撤销")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("没有撤销的行")).to_have_count(0)


def _bring(page: Page, path: Path, rows: list[list[str]], head: list[str] = PEOPLE) -> None:
    path.write_bytes(_book([head, *rows]))
    page.get_by_label("文件", exact=True).set_input_files(path)
    page.get_by_role("radio", name=re.compile("^人")).check()
    page.get_by_role("button", name="上传").click()
    page.get_by_label("数据来源").select_option(label="表格导入")
    page.get_by_label("采集日期").fill("2026-01-05")
    page.get_by_role("button", name="核对一遍").click()
    expect(page.get_by_text("核对完")).to_be_visible(timeout=PATIENCE)


def _book(rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    return made.getvalue()


def _number(line: int) -> str:
    return citizen(line % 1000, f"{1940 + line // 1000}0101")


def _row(line: int) -> list[str]:
    home, place = divmod(line, 3)
    number = _number(line)
    return [
        f"水{chr(0x4E00 + line % 500)}",
        number if line % (ROWS // WRONG) else number[:-1] + "?",
        f"1990{line:07}",
        f"试{1 + home // 400}栋",
        "1单元",
        f"{1 + home // 20 % 20}{1 + home % 20:02}",
        "常住",
        f"试{home}",
        ("户主", "配偶", "子")[place],
    ]

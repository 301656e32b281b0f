"""A table as a file: its mark on every page, nothing in it taken for a formula."""

import csv
import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets import read_xlsx
from yukuai.cases.columns import COLUMNS, needs_a_reason, of_level, plain
from yukuai.documents.sheets import Head, is_risky, write_csv, write_xlsx

MARK = "导出编号 DC-2603-000001　王小满，南社区　2026-03-02 12:00　用途：周报 & 核对"
HEAD = Head(
    title="诉求导出 DC-2603-000001",
    mark=MARK,
    notes=[("导出编号", "DC-2603-000001"), ("用途", "周报 & 核对")],
    labels=["单号", "标题"],
    widths=[17, 30],
    tab="诉求",
)
NASTY = ["=1+1", "+86", "-1", "@SUM(A1)", "＝1+1", "\t=1", "  =1+1", "\r=1"]


def as_csv(rows):
    file = io.BytesIO()
    count = write_csv(file, HEAD, rows)
    text = file.getvalue().decode("utf-8-sig")
    return count, list(csv.reader(io.StringIO(text)))


def test_a_csv_file_says_first_who_took_it_and_then_what_is_in_it():
    count, lines = as_csv([["ZT-2603-000001", "路灯"]])
    assert count == 1
    assert lines[0] == [f"# {MARK}"]
    assert lines[1:3] == [["# 导出编号：DC-2603-000001"], ["# 用途：周报 & 核对"]]
    assert lines[3:] == [["单号", "标题"], ["ZT-2603-000001", "路灯"]]


@pytest.mark.parametrize("cell", NASTY)
def test_what_a_spreadsheet_would_calculate_is_text_in_a_csv_file(cell):
    _count, lines = as_csv([[cell, "x"]])
    assert lines[-1][0] == f"'{cell}"


@given(st.text())
def test_no_cell_of_a_csv_file_begins_like_a_formula(cell):
    written = f"'{cell}" if is_risky(cell) else cell
    assert written.lstrip()[:1] not in set("=+-@＝＋－＠")


def test_an_excel_file_carries_its_mark_in_each_sheet_and_on_each_page(tmp_path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        assert write_xlsx(file, HEAD, [["ZT-2603-000001", "路灯"]]) == 1
    book = read_xlsx(path.read_bytes())
    assert list(book) == ["诉求", "说明"]
    for sheet in book.values():
        assert sheet.rows[0][0] == MARK
        assert sheet.header == f"&L{MARK.replace('&', '&&')}"
        assert "内部资料，用完删除" in sheet.footer
    assert book["诉求"].rows[1:] == [["单号", "标题"], ["ZT-2603-000001", "路灯"]]
    assert book["诉求"].repeated == "诉求!$1:$2"


def test_an_excel_file_has_no_formula_and_no_link(tmp_path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, HEAD, [[cell, "http://localhost/"] for cell in NASTY])
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    shown = [row[0] for row in read_xlsx(path.read_bytes())["诉求"].rows[2:]]
    assert [cell.replace("_x000D_", "\r") for cell in shown] == NASTY


def test_a_long_sheet_needs_no_more_memory_than_a_short_one(tmp_path):
    def peak(rows):
        with (tmp_path / f"{rows}.xlsx").open("wb") as file:
            tracemalloc.start()
            write_xlsx(file, HEAD, (["ZT-2603-000001", "路灯不亮" * 20] for _ in range(rows)))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    assert peak(1600) < peak(800) + 100_000


def test_nothing_about_an_officer_or_a_contact_can_be_exported():
    said = {*COLUMNS, *(column.label for column in COLUMNS.values())}
    for word in (
        "phone",
        "contact",
        "name",
        "电话",
        "姓名",
        "replied_by",
        "经办人",
        "工号",
        "谁答复",
    ):
        assert word not in said


def test_what_persons_wrote_is_level_three_and_needs_a_reason():
    assert of_level(3) == ["title", "body", "wanted", "place", "answer"]
    assert not needs_a_reason(of_level(2))
    assert needs_a_reason(["number", "body"])


def test_numbers_of_persons_in_a_text_stay_here():
    said = "打 199 0000 0417 或19900000418，证件 50999919700101001X，12345 热线，楼号 19900。"
    assert plain(said) == "打 （电话略） 或（电话略），证件 （证件号略），12345 热线，楼号 19900。"

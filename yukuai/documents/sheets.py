"""Tables as files: CSV and Excel, row by row, so that a long one needs no more memory than a short
one. Each carries its mark: who took it, when, what for, under which number."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

Cell = str | int
RISKY = "=+-@＝＋－＠\t\r\n"
"""How a cell begins that a spreadsheet would take for a formula."""
HEADER_LENGTH = 120
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Head:
    """`mark` stands on every page; `notes` say once what the file is."""

    title: str
    mark: str
    notes: Sequence[tuple[str, str]]
    labels: Sequence[str]
    widths: Sequence[int]
    tab: str = "数据"


def is_risky(cell: Cell) -> bool:
    if isinstance(cell, int):
        return False
    return cell[:1] != "" and (cell[0] in RISKY or cell.lstrip()[:1] in set(RISKY))


def write_sheet(form: str, target: Any, head: Head, rows: Iterable[Sequence[Cell]]) -> int:
    """Return how many rows there were."""
    return {"csv": write_csv, "xlsx": write_xlsx}[form](target, head, rows)


def write_csv(target: Any, head: Head, rows: Iterable[Sequence[Cell]]) -> int:
    """With a byte order mark, for spreadsheets; the lines that begin with # are no data."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    sheet = csv.writer(text)
    sheet.writerow([f"# {head.mark}"])
    for label, said in head.notes:
        sheet.writerow([f"# {label}：{said}"])
    sheet.writerow(head.labels)
    count = 0
    for row in rows:
        sheet.writerow([f"'{cell}" if is_risky(cell) else cell for cell in row])
        count += 1
    text.detach()
    return count


def write_xlsx(target: Any, head: Head, rows: Iterable[Sequence[Cell]]) -> int:
    """A text stays text: none becomes a formula, a link or a number that loses its zeros."""
    book = Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": head.title, "comments": head.mark})
    bold = book.add_format({"bold": True, "bottom": 1})
    faint = book.add_format({"font_color": "#5b6664"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    sheet = book.add_worksheet(head.tab)
    _page(sheet, head)
    sheet.write_string(0, 0, head.mark, faint)
    for place, (label, width) in enumerate(zip(head.labels, head.widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, label, bold)
    sheet.freeze_panes(2, 1)
    sheet.repeat_rows(0, 1)
    count = 0
    for count, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(count + 1, place, cell, wrapped)
            else:
                sheet.write_string(count + 1, place, cell, quoted if is_risky(cell) else wrapped)
    _notes(book, head, faint, bold)
    book.close()
    return count


def _notes(book: Workbook, head: Head, faint: Any, bold: Any) -> None:
    sheet = book.add_worksheet("说明")
    _page(sheet, head)
    sheet.write_string(0, 0, head.mark, faint)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 80)
    for place, (label, said) in enumerate(head.notes, 1):
        sheet.write_string(place, 0, label, bold)
        sheet.write_string(place, 1, said)


def _page(sheet: Any, head: Head) -> None:
    """In a header & begins a code of Excel's own, and 255 signs are all it holds."""
    sheet.set_header(f"&L{head.mark[:HEADER_LENGTH].replace('&', '&&')}")
    sheet.set_footer("&L内部资料，用完删除&R第 &P 页，共 &N 页")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)

"""A file that somebody uploads becomes a table of texts, or a sentence why not. Pure.

Whatever is in it is data: a formula counts as the value it showed, nothing is fetched, nothing is
expanded. A workbook is unpacked within bounds and packed anew before anybody reads it, so that
what its directory claims is of no account.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

import python_calamine as calamine

MEBI = 1 << 20
MAX_BYTES = 40 * MEBI
MAX_UNPACKED = 256 * MEBI
MAX_PARTS = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 120
MAX_CELL = 4000
TOP = 20
"""So many lines may stand above the data."""
RISKY = "=+-@\t\r"
"""Before these a spreadsheet is told by `'` that a text is a text (`cases.sheets` writes so)."""

TOO_LONG = f"文件超过 {MAX_BYTES // MEBI} MB。请分成几个文件再传。"
TOO_MANY_ROWS = f"一次最多导入 {MAX_ROWS // 10_000} 万行。请分成几个文件再传。"
TOO_MANY_COLUMNS = f"表里超过 {MAX_COLUMNS} 栏。请只留要导入的栏再传。"
EMPTY = "文件里没有数据。第一行写栏目名，从第二行起每行一条。"
NOT_A_TABLE = "只收 Excel（.xlsx）和 CSV（.csv）文件。"
NOT_WHAT_IT_SAYS = "文件名和内容对不上。请在表格软件里另存为 .xlsx 或 .csv 再传。"
LOCKED = "文件加了密码，或者是老格式（.xls）。请去掉密码，另存为 .xlsx 再传。"
BROKEN = "文件打不开，可能没有传完或已经损坏。请在表格软件里打开，另存一份再传。"
BOMB = "文件解开以后大得不正常，没有读。请只留要导入的表和栏，另存一份再传。"
ENTITIES = "文件里带有外部定义，没有读。请在表格软件里另存一份再传。"
NOT_TEXT = "认不出文件的编码。请另存为“CSV UTF-8”或 .xlsx 再传。"


class BadFile(ValueError):
    """The sentence says what to do with the file."""


class Upload(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> object: ...


@dataclass(frozen=True)
class Row:
    """`line` is where a person finds it in the file, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    form: str
    rows: Sequence[Row]


def read_upload(upload: Upload) -> bytes:
    """The whole of it, never more than the limit and one byte. Raises BadFile."""
    if getattr(upload, "size", 0) > MAX_BYTES:
        raise BadFile(TOO_LONG)
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadFile(TOO_LONG)
    return data


def read_table(data: bytes, *, name: str, least: int = 2) -> Table:
    """All rows that are not empty, the headings among them; `least` must be there. Raises
    BadFile."""
    form = name.rpartition(".")[2].lower()
    if not data:
        raise BadFile(EMPTY)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(LOCKED)
    if form not in ("xlsx", "csv"):
        raise BadFile(NOT_A_TABLE)
    if (form == "xlsx") != data.startswith(b"PK\x03\x04"):
        raise BadFile(NOT_WHAT_IT_SAYS)
    lines = _sheet(data) if form == "xlsx" else _lines(data)
    rows = list(_filled(lines))
    if len(rows) < least:
        raise BadFile(EMPTY)
    return Table(form, rows)


def _filled(lines: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Row]:
    count = 0
    for line, cells in lines:
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if len(texts) > MAX_COLUMNS:
            raise BadFile(TOO_MANY_COLUMNS)
        count += 1
        if count > MAX_ROWS + TOP:
            raise BadFile(TOO_MANY_ROWS)
        yield Row(line, tuple(texts))


def _text(cell: Any) -> str:
    """As a person reads it in the cell."""
    if isinstance(cell, str):
        text = cell.replace("\x00", "").strip()[:MAX_CELL]
        return text[1:] if text[:1] == "'" and text[1:2] in set(RISKY) else text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta | int):
        return str(cell)
    return ""


def _sheet(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """Of the first sheet that is shown and has anything in it."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(_packed_anew(data)))
        for place, about in enumerate(book.sheets_metadata):
            if about.visible != calamine.SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_index(place)
            if sheet.height:
                top = (sheet.start or (0, 0))[0]
                yield from enumerate(sheet.to_python(skip_empty_area=True), top + 1)
                return
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise BadFile(BROKEN) from error


def _packed_anew(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = book.infolist()
        if len(parts) > MAX_PARTS:
            raise BadFile(BOMB)
        if any(part.flag_bits & 1 for part in parts):
            raise BadFile(LOCKED)
        left = MAX_UNPACKED
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as anew:
            for part in parts:
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise BadFile(BROKEN)
                with book.open(part) as opened:
                    content = opened.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise BadFile(BOMB)
                _check_part(part.filename, content)
                anew.writestr(part.filename, content)
    return made.getvalue()


_MARK = re.compile(
    rb"<(?:\w+:)?(?:(row)\b|c(?:\s[^>]*?\br=[\"']([A-Z]{1,9})(\d{1,12})[\"'][^>]*?)(/?)>"
    rb"|c((?:\s+[ts]=\"\w*\")*)\s*(/?)>|(c\b))"
)
"""A row; a cell that says where it is; one that does not; one written like neither."""


def _check_part(name: str, content: bytes) -> None:
    head = content[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in content[:4096]:
        raise BadFile(ENTITIES)
    if b"<!ENTITY" in content:
        raise BadFile(ENTITIES)
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        _check_extent(content)


def _check_extent(content: bytes) -> None:
    """A reader makes a rectangle of all cells: two of them far apart would fill the memory."""
    columns: set[bytes] = set()
    last = rows = unnamed = most = 0
    for row, letters, number, empty, _types, vacant, odd in _MARK.findall(content):
        if row:
            rows, unnamed = rows + 1, 0
        elif odd:
            raise BadFile(BROKEN)
        elif letters and not empty:
            columns.add(letters)
            last = max(last, int(number))
        elif not letters and not vacant:
            unnamed += 1
            most = max(most, unnamed)
    if max(most, *map(_ordinal, columns), 0) > MAX_COLUMNS:
        raise BadFile(TOO_MANY_COLUMNS)
    if last > MAX_ROWS + TOP or rows > MAX_UNPACKED // 64:
        raise BadFile(TOO_MANY_ROWS)


def _ordinal(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number


def _lines(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    text = _decoded(data)
    sample = next((line for line in text.splitlines() if _is_said(line)), "")
    delimiter = max(",;\t，", key=sample.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise BadFile(TOO_MANY_COLUMNS)
            if cells and not cells[0].startswith("# "):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadFile(BROKEN) from error


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("# ", '"# '))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").replace("\x00", "")
    raise BadFile(NOT_TEXT)

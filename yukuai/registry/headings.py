"""The heading row of a table somebody uploads: CSV, or Excel (.xlsx) without its library. Pure.

What is read is bounded before it is unpacked: a small file may hold a large one.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MOST_BYTES = 5_000_000
MOST_UNPACKED = 30_000_000
ROWS_LOOKED_AT = 10
COLUMNS_AT_MOST = 200
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NOT_A_TABLE = "读不出这个文件。请传 .xlsx 或 .csv，或者把表头一行一个写在上面。"
TOO_LARGE = "文件太大。只要表头，删掉下面的数据再传，或者把表头写在上面。"
_XLSX = b"PK\x03\x04"


class BadTable(ValueError):
    """The sentence says what to do."""


def headings_of(data: bytes) -> list[str]:
    """The fullest of the first rows: above it stands a title in one cell. Raises BadTable."""
    if len(data) > MOST_BYTES:
        raise BadTable(TOO_LARGE)
    rows = list(_xlsx(data) if data.startswith(_XLSX) else _csv(data))
    if not any(rows):
        raise BadTable(NOT_A_TABLE)
    return max(rows, key=lambda row: sum(bool(cell) for cell in row))


def _csv(data: bytes) -> Iterator[list[str]]:
    if b"\x00" in data[:4096]:
        raise BadTable(NOT_A_TABLE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadTable(NOT_A_TABLE)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            if number == ROWS_LOOKED_AT:
                return
            yield [" ".join(cell.split()) for cell in row[:COLUMNS_AT_MOST]]
    except csv.Error as error:
        raise BadTable(NOT_A_TABLE) from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = sorted(n for n in parts.namelist() if re.fullmatch(r"xl/worksheets/[^/]+", n))
            if not names:
                raise BadTable(NOT_A_TABLE)
            shared = _shared(parts)
            sheet = "xl/worksheets/sheet1.xml"
            yield from _rows(_part(parts, sheet if sheet in names else names[0]), shared)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, NotImplementedError) as error:
        raise BadTable(NOT_A_TABLE) from error


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """Read no further than allowed, whatever the file says of its length."""
    with parts.open(name) as part:
        data = part.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise BadTable(TOO_LARGE)
    if b"<!DOCTYPE" in data[:2000]:
        raise BadTable(NOT_A_TABLE)
    return data


def _shared(parts: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    root = ElementTree.fromstring(_part(parts, "xl/sharedStrings.xml"))
    return ["".join(one.itertext()) for one in root.iter(f"{_NS}si")]


def _rows(data: bytes, shared: list[str]) -> Iterator[list[str]]:
    seen = 0
    for _event, element in ElementTree.iterparse(io.BytesIO(data)):
        if element.tag != f"{_NS}row":
            continue
        cells = element.findall(f"{_NS}c")[:COLUMNS_AT_MOST]
        yield [_cell(cell, shared) for cell in cells]
        seen += 1
        if seen == ROWS_LOOKED_AT:
            return
        element.clear()


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "s":
        index = cell.findtext(f"{_NS}v", "")
        text = shared[int(index)] if index.isdigit() and int(index) < len(shared) else ""
    elif cell.get("t") == "inlineStr":
        text = "".join(cell.itertext())
    else:
        text = cell.findtext(f"{_NS}v", "")
    return " ".join(text.split())

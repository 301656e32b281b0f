"""The file as it is handed back: every column as it came, and two that say what was found. And the
sealed files an import keeps for some days."""

import base64
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from yukuai.documents import files
from yukuai.kernel import crypto
from yukuai.kernel.errors import Unavailable
from yukuai.registry.intake.files import Row, Table
from yukuai.registry.intake.mapping import ADDED
from yukuai.registry.states import Outcome

FOLDER = "imports"
SEALED = "registry.import.file"
RISKY = "=+-@＝＋－＠\t\r\n"
"""How a cell begins that a spreadsheet would take for a formula."""
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ALTERED = "存下的文件和上传时不一致，没有读。请重新上传。"
Said = Mapping[int, tuple[str, str]]
"""By line: what became of it, and why."""


def put_away(data: bytes, *, at: datetime) -> str:
    """A step: sealed in the storage; gone again if the transaction fails."""
    sealed = crypto.seal(base64.b64encode(data).decode(), purpose=SEALED).encode()
    return files.write(sealed, files.new_name(FOLDER, suffix=".sealed", at=at))


def take_out(name: str) -> bytes:
    """Raises Unavailable."""
    try:
        return base64.b64decode(crypto.unseal(files.read(name).decode(), purpose=SEALED))
    except ValueError as error:
        raise Unavailable(ALTERED) from error


def write_copy(table: Table, head: int, said: Said, *, only_open: bool = False) -> bytes:
    """In the form in which it came; `only_open`: the lines that wait for a person."""
    names = table.rows[head].cells
    kept = [place for place, name in enumerate(names) if name not in ADDED]
    rows = [[names[place] for place in kept] + list(ADDED)]
    for row in table.rows[head + 1 :]:
        outcome, words = said[row.line]
        if only_open and outcome not in OPEN:
            continue
        rows.append([*_cells(row, kept), outcome, words])
    return {"csv": _csv, "xlsx": _xlsx}[table.form](rows)


OPEN = {Outcome.WRONG.label, Outcome.DOUBT.label, Outcome.TWICE.label}


def _cells(row: Row, kept: Sequence[int]) -> list[str]:
    return [row.cells[place] if place < len(row.cells) else "" for place in kept]


def is_risky(text: str) -> bool:
    return text[:1] in set(RISKY) or text.lstrip()[:1] in set(RISKY)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    for row in rows:
        sheet.writerow([f"'{cell}" if is_risky(cell) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """A text stays text: none becomes a formula, a link or a number that loses its zeros."""
    made = io.BytesIO()
    book = Workbook(made, {"constant_memory": True, "strings_to_formulas": False})
    quoted: Any = book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet("导入")
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell, quoted if is_risky(cell) else None)
    book.close()
    return made.getvalue()

"""A file that leaves the platform: written once, with its mark, hashed, stored for a few days."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.documents import files
from yukuai.documents.sheets import Cell, Head, write_sheet
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.crypto import digest_of

CHUNK = 1 << 16


@dataclass(frozen=True)
class HandedOut:
    """`sm3` and `bytes` are of the file as it is handed out; they outlive it."""

    storage_name: str
    sm3: str
    bytes: int
    rows: int


def mark_of(*, number: str, taken_by: str, at: datetime, purpose: str) -> str:
    """What stands on every page: which export, who took it, when, what for."""
    moment = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return f"导出编号 {number}　{taken_by}　{moment}　用途：{one_line(purpose)}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def keep_sheet(
    form: str, head: Head, rows: Iterable[Sequence[Cell]], *, folder: str, at: datetime
) -> HandedOut:
    """A step: a table row by row, so that a long one needs no more memory than a short one."""
    with tempfile.TemporaryFile() as file:
        count = write_sheet(form, file, head, rows)
        return _keep(file, folder=folder, suffix=f".{form}", rows=count, at=at)


def keep_bytes(data: bytes, *, folder: str, suffix: str, rows: int, at: datetime) -> HandedOut:
    """A step: a file that was made whole."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        return _keep(file, folder=folder, suffix=suffix, rows=rows, at=at)


def _keep(file: Any, *, folder: str, suffix: str, rows: int, at: datetime) -> HandedOut:
    length = file.seek(0, 2)
    file.seek(0)
    sm3 = digest_of(iter(lambda: file.read(CHUNK), b""))
    file.seek(0)
    name = files.write_stream(file, files.new_name(folder, suffix=suffix, at=at))
    return HandedOut(name, sm3, length, rows)

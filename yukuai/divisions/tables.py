"""Tables of divisions as files: read, and checked row by row before anything is written."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yukuai.divisions.rules import (
    BadCode,
    Code,
    objection_to_name,
    parse_code,
    short_name,
    tidy_name,
)
from yukuai.kernel.errors import InvalidInput

SHOWN = 20
COLUMNS = ("code", "name", "level", "parent_code")
TRANSFER_COLUMNS = (
    "old_town_code_2023",
    "town",
    "old_county",
    "new_county",
    "new_county_name",
    "new_town_code_unofficial",
)


@dataclass(frozen=True)
class Row:
    """One line of a table of divisions; `line` as an editor counts, the header being 1."""

    line: int
    code: str
    name: str
    level: str
    parent_code: str


@dataclass(frozen=True)
class Transfer:
    """A township that went to another district."""

    line: int
    old_code: str
    name: str
    old_parent: str
    new_parent: str
    new_code: str


@dataclass(frozen=True)
class Founded:
    code: str
    name: str
    parent: str
    official: bool
    source: str


@dataclass(frozen=True)
class Abolished:
    """`successors` are codes, the main one first: rows that lay at the division go there."""

    code: str
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Reorganisation:
    """One dated event as data: what was founded, who moved, what was abolished."""

    key: str
    title: str
    effective: date
    reason: str
    basis: str
    source: str
    codes_official: bool
    codes_source: str
    founded: tuple[Founded, ...]
    abolished: tuple[Abolished, ...]
    transfers: tuple[Transfer, ...]


class Findings:
    """What is wrong, row by row; `refuse` ends it with all of it."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    def add(self, line: int, message: str) -> None:
        self.rows.setdefault(f"第 {line} 行", message)

    def refuse(self) -> None:
        """Raise InvalidInput if there was anything: one field a row."""
        if not self.rows:
            return
        shown = [f"{row}：{message}" for row, message in list(self.rows.items())[:SHOWN]]
        if len(self.rows) > SHOWN:
            shown.append(f"还有 {len(self.rows) - SHOWN} 行没有列出。")
        head = f"表里有 {len(self.rows)} 行要改，什么都没有写入："
        raise InvalidInput("\n".join([head, *shown]), fields=dict(self.rows))


def read_rows(lines: Iterable[str]) -> list[Row]:
    """A CSV file with the columns code,name,level,parent_code."""
    return [Row(line, *values) for line, values in _read(lines, COLUMNS)]


def read_transfers(lines: Iterable[str]) -> tuple[Transfer, ...]:
    """A CSV file of townships that changed district."""
    rows = _read(lines, TRANSFER_COLUMNS)
    return tuple(
        Transfer(line, code, name, old, new, new_code)
        for line, (code, name, old, new, _name, new_code) in rows
    )


def read_reorganisation(plan: Mapping[str, Any], lines: Iterable[str]) -> Reorganisation:
    """The event from its description and its table of transfers."""
    return Reorganisation(
        key=plan["key"],
        title=plan["title"],
        effective=date.fromisoformat(plan["effective"]),
        reason=plan["reason"],
        basis=plan["basis"],
        source=plan["source"],
        codes_official=plan["codes_official"],
        codes_source=plan["codes_source"],
        founded=tuple(Founded(**entry) for entry in plan["founded"]),
        abolished=tuple(
            Abolished(entry["code"], tuple(entry["successors"])) for entry in plan["abolished"]
        ),
        transfers=read_transfers(lines),
    )


def _read(lines: Iterable[str], columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    reader = csv.reader(lines)
    header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
    if header != list(columns):
        raise InvalidInput(f"第一行应当是列名：{','.join(columns)}。请核对文件。")
    findings = Findings()
    rows = []
    for line, values in enumerate(reader, start=2):
        if len(values) != len(columns):
            findings.add(line, f"有 {len(values)} 列，应当是 {len(columns)} 列。")
        rows.append((line, [value.strip() for value in values]))
    findings.refuse()
    return rows


def check_rows(rows: Sequence[Row], *, known: frozenset[str]) -> list[tuple[Row, Code]]:
    """The rows with short names and their codes taken apart, upper levels first.

    `known` are the codes in force that a row may lie under. Raises InvalidInput with every row.
    """
    findings = Findings()
    parsed = [(row, code) for row in rows if (code := _parse(row, findings))]
    lines: dict[str, int] = {}
    for row, _code in parsed:
        if row.code in lines:
            findings.add(row.line, f"编码 {row.code} 与第 {lines[row.code]} 行重复。")
        lines.setdefault(row.code, row.line)
    for row, code in parsed:
        if code.parent and code.parent not in lines and code.parent not in known:
            findings.add(row.line, f"上级 {code.parent} 不在表里，平台里也没有。")
    findings.refuse()
    named = _with_short_names(parsed)
    _check_siblings(named, findings)
    findings.refuse()
    return sorted(named, key=lambda pair: (len(pair[1].parent), pair[0].code))


def _parse(row: Row, findings: Findings) -> Code | None:
    try:
        code = parse_code(row.code)
    except BadCode as error:
        findings.add(row.line, str(error))
        return None
    if row.level != code.kind:
        findings.add(row.line, f"层级写的是“{row.level}”，编码 {row.code} 属于“{code.kind}”。")
    elif row.parent_code != code.parent:
        wanted = code.parent or "空"
        findings.add(row.line, f"上级编码写的是“{row.parent_code}”，应当是{wanted}。")
    elif objection := objection_to_name(tidy_name(row.name)):
        findings.add(row.line, objection)
    return code


def _with_short_names(parsed: Sequence[tuple[Row, Code]]) -> list[tuple[Row, Code]]:
    """Where two committees of a township share the place's name, both keep their full names."""
    shorts = [short_name(tidy_name(row.name)) for row, _code in parsed]
    shared = Counter(
        (code.parent, short) for (_row, code), short in zip(parsed, shorts, strict=True)
    )
    return [
        (replace(row, name=short if shared[code.parent, short] == 1 else tidy_name(row.name)), code)
        for (row, code), short in zip(parsed, shorts, strict=True)
    ]


def _check_siblings(named: Sequence[tuple[Row, Code]], findings: Findings) -> None:
    lines: dict[tuple[str, str, str], int] = {}
    for row, code in named:
        key = (code.parent, code.kind, row.name)
        if key in lines:
            findings.add(row.line, f"“{row.name}”与第 {lines[key]} 行同名，又在同一个上级下面。")
        lines.setdefault(key, row.line)

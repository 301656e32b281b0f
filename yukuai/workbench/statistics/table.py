"""The table of the statistics: what the page shows is what the file holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from yukuai.cases.breakdowns import AGES, TIME, Row
from yukuai.cases.statistics import Numbers
from yukuai.oversight.statistics import LEAST_SHOWN, Line, Statistics

FEW, NONE = "样本太少", "还没有"
HEADS = {"area": "地方", "category": "类别", "time": "时间"}
RATES = (
    ("按时答复", "on_time", "replied", "答复"),
    ("响应率", "contacted", "asked", "评价和回访"),
    ("解决率", "solved", "asked", "评价和回访"),
    ("满意率", "satisfied", "asked", "评价和回访"),
)
"""Label, numerator, denominator and what the denominator is."""


@dataclass(frozen=True)
class Cell:
    """`small`: what a rate is of, beneath it; in a file a column of its own."""

    value: str | int
    small: str = ""
    label: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    small: str = ""


@dataclass(frozen=True)
class Shown:
    line: Line
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    head: str
    columns: Sequence[Column]
    rows: Sequence[Shown]
    total: Sequence[Cell]

    @property
    def labels(self) -> list[str]:
        """Of a file: the code before the name, each denominator behind its rate."""
        labels = ["区划代码"] if self.head == HEADS["area"] else []
        labels.append(self.head)
        for column in self.columns:
            labels += [column.label, *([column.small] if column.small else [])]
        return labels

    @property
    def sheet(self) -> list[list[str | int]]:
        rows = [self._row(shown.line.code, shown.line.label, shown.cells) for shown in self.rows]
        return [*rows, self._row("", "合计", self.total)]

    def _row(self, code: str, label: str, cells: Sequence[Cell]) -> list[str | int]:
        row: list[str | int] = [code] if self.head == HEADS["area"] else []
        row.append(label)
        for column, cell in zip(self.columns, cells, strict=True):
            row += [cell.value, *([cell.small] if column.small else [])]
        return row


def make_table(found: Statistics) -> Table:
    """By time, what is open and what was before stand in the total alone."""
    columns = _columns(by_time=found.by == TIME)
    rows = [Shown(line, _cells(line.row, columns)) for line in found.lines]
    return Table(HEADS[found.by], columns, rows, _cells(found.total, columns))


def said_rate(part: int, whole: int) -> str:
    if whole < LEAST_SHOWN:
        return FEW if whole else NONE
    return f"{100 * part / whole:.1f}%"


def said_change(now: int, before: int, earlier: str) -> str:
    """Of a count, against the period before."""
    return f"{earlier} {before} 件" + (f"，{now - before:+d}" if before != now else "")


def said_before(earlier: str, part: int, whole: int) -> str:
    """The rate of the period before; a space stands before a number alone."""
    said = said_rate(part, whole)
    return f"{earlier} {said}" if said[0].isdigit() else f"{earlier}{said}"


def ages(row: Row) -> list[tuple[str, int]]:
    return list(zip((_age(first, last) for first, last in AGES), row.ages, strict=True))


def _age(first: int, last: int | None) -> str:
    if last is None:
        return f"{first - 1} 天以上"
    return f"{last} 天以内" if first == 0 else f"{first}–{last} 天"


def _columns(*, by_time: bool) -> list[Column]:
    counts = [Column("收到"), *([] if by_time else [Column("之前收到")]), Column("办结")]
    rates = [Column(label, f"{label}的件数（{of}）") for label, _part, _whole, of in RATES]
    standing = [] if by_time else [Column("现在在办"), *[Column(_age(*age)) for age in AGES]]
    return [*counts, Column("答复"), *rates, Column("重新打开"), *standing]


def _cells(row: Row, columns: Sequence[Column]) -> list[Cell]:
    now = row.now
    said: dict[str, str | int] = {
        "收到": now.received,
        "之前收到": row.before.received,
        "办结": now.closed,
        "答复": now.replied,
        "重新打开": now.reopened,
        "现在在办": now.open,
        **dict(ages(row)),
    }
    rates = {label: _rate(now, part, whole) for label, part, whole, _of in RATES}
    return [
        Cell(*rates[column.label], column.label)
        if column.small
        else Cell(said[column.label], label=column.label)
        for column in columns
    ]


def _rate(numbers: Numbers, part: str, whole: str) -> tuple[str, str]:
    some, all_of_them = getattr(numbers, part), getattr(numbers, whole)
    return said_rate(some, all_of_them), f"{some} / {all_of_them}" if all_of_them else ""

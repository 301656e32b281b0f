"""What of a matter may leave the platform, by level (domain.md §5.4).

L2 says how matters stand; L3 is what persons wrote and needs a reason. Who raised a matter and how
he is reached is not here and cannot be asked for, nor is anything about an officer: an export
serves the handling of matters, never the comparison of persons.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.cases.states import Source
from yukuai.kernel.clock import SHANGHAI

_PHONE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


@dataclass(frozen=True)
class Column:
    label: str
    level: int
    read: Callable[[Any], str]
    width: int = 14


def plain(text: str) -> str:
    """What somebody wrote, without the telephone and identity numbers that stand in it."""
    return _PHONE.sub("（电话略）", _IDENTITY.sub("（证件号略）", text))


def moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _unit(case: Any) -> str:
    unit = case.unit_department or case.unit
    return unit.name if unit else ""


COLUMNS: dict[str, Column] = {
    "number": Column("单号", 2, lambda c: c.number, 17),
    "received": Column("收到时间", 2, lambda c: moment(c.received_at), 17),
    "source": Column("怎么来的", 2, lambda c: Source(c.source).label),
    "division": Column("村（社区）", 2, lambda c: c.division.name, 16),
    "category": Column("类别", 2, lambda c: c.category.name if c.category else ""),
    "triage": Column("大事小事", 2, lambda c: c.get_triage_display()),
    "urgent": Column("紧急", 2, lambda c: "是" if c.urgent else "", 6),
    "state": Column("到哪一步", 2, lambda c: c.get_state_display()),
    "unit": Column("承办单位", 2, _unit, 20),
    "promised": Column("期限", 2, lambda c: moment(c.promised_at), 17),
    "replied": Column("答复时间", 2, lambda c: moment(c.replied_at), 17),
    "closed": Column("办结时间", 2, lambda c: moment(c.closed_at), 17),
    "outcome": Column("办理结果", 2, lambda c: c.get_outcome_display()),
    "reopened": Column("重新打开次数", 2, lambda c: str(c.reopened or "")),
    "title": Column("标题", 3, lambda c: plain(c.title), 30),
    "body": Column("反映的话", 3, lambda c: plain(c.body), 60),
    "wanted": Column("希望怎么办", 3, lambda c: plain(c.wanted), 30),
    "place": Column("具体位置", 3, lambda c: plain(c.place_text), 24),
    "answer": Column("答复", 3, lambda c: plain(c.answer), 60),
}


def of_level(level: int) -> list[str]:
    return [name for name, column in COLUMNS.items() if column.level == level]


def needs_a_reason(names: Iterable[str]) -> bool:
    return any(COLUMNS[name].level > 2 for name in names)


def labels_of(names: Iterable[str]) -> list[str]:
    return [COLUMNS[name].label for name in names]

"""What the engine found, what it decided, and what else was possible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from yukuai.engines.partition.grid import EMPTY, Area


class Check(StrEnum):
    SELF_CROSSING = "自交"
    OUTSIDE = "越界"
    OVERLAP = "重叠"
    GAP = "缝隙"
    SLIVER = "碎片"
    UNATTACHED = "未贴合上级"
    EXCLAVE = "飞地"
    EMPTY = "为空或缺失"


class Severity(IntEnum):
    NOTE = 1
    """Decided; too small to ask anybody."""
    CONFIRM = 2
    """Decided; a person should look at it."""
    REFUSE = 3
    """Not to be decided by a machine: what is returned is a proposal and not accepted."""


@dataclass(frozen=True)
class Finding:
    """`children` are those concerned, in the order of their ids, none where it is the parent.
    `point` is a vertex in steps; `geometry` what it is about, empty for a point or a line. `metres`
    is a mean width, a length or how far something moved, as the message says. `decided` is the
    child it went to, if any, `others` those it could have gone to as well."""

    check: Check
    severity: Severity
    children: tuple[str, ...]
    message: str
    fix: str
    point: tuple[int, int] = (0, 0)
    geometry: Area = EMPTY
    m2: float = 0.0
    metres: float = 0.0
    decided: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """`children` tile `parent` exactly, whether accepted or not, unless nothing could be made:
    then it is empty. `parent` is the parent that was given; only where `brought` is not empty,
    and the result refused, does it have these vertices more (see `densify`)."""

    accepted: bool
    reason: str
    parent: Area
    children: Mapping[str, Area]
    findings: tuple[Finding, ...]
    brought: tuple[tuple[int, int], ...] = ()


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then by check and place."""
    checks = list(Check)
    return tuple(
        sorted(findings, key=lambda f: (-f.severity, checks.index(f.check), f.point, -f.m2))
    )


def reason_of(findings: Iterable[Finding]) -> str:
    """'' when nothing is refused."""
    counts: dict[Check, int] = {}
    for finding in findings:
        if finding.severity is Severity.REFUSE:
            counts[finding.check] = counts.get(finding.check, 0) + 1
    if not counts:
        return ""
    listed = "、".join(f"{check} {count} 处" for check, count in counts.items())
    return f"有 {sum(counts.values())} 处须先处理：{listed}。"


def square_metres(size: float) -> str:
    if size < 1:
        return "不足 1 平方米"
    if size < 100_000:
        return f"{size:.0f} 平方米"
    return f"{size / 1_000_000:.2f} 平方公里"


def metres(length: float) -> str:
    return f"{length:.0f} 米" if length >= 10 else f"{length:.1f} 米"

"""Received and closed by steps of time, as columns and a line: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 44.0, 712.0, 12.0, 168.0
MOST_LABELS = 6


@dataclass(frozen=True)
class Column:
    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True)
class Mark:
    at: float
    label: str


@dataclass(frozen=True)
class Columns:
    columns: Sequence[Column]
    line: str
    levels: Sequence[Mark]
    foot: Sequence[Mark]


def columns_of(labels: Sequence[str], received: Sequence[int], closed: Sequence[int]) -> Columns:
    """All of equal length, at least one. The scale begins at zero."""
    top = round_up(max(*received, *closed, 1))
    step = (RIGHT - LEFT) / len(labels)
    middles = [round(LEFT + step * (place + 0.5), 1) for place in range(len(labels))]
    return Columns(
        columns=[
            Column(
                x=round(middle - step * 0.36, 1),
                y=_y(count, top),
                width=round(step * 0.72, 1),
                height=round(BOTTOM - _y(count, top), 1),
                said=f"{label}：收到 {count} 件，办结 {done} 件",
            )
            for middle, label, count, done in zip(middles, labels, received, closed, strict=True)
        ],
        line=" ".join(f"{x},{_y(count, top)}" for x, count in zip(middles, closed, strict=True)),
        levels=[Mark(_y(count, top), str(count)) for count in (0, top // 2, top)],
        foot=[
            Mark(middles[place], labels[place].partition("至")[0])
            for place in range(0, len(labels), -(-len(labels) // MOST_LABELS))
        ],
    )


def round_up(value: int) -> int:
    """To an even number that reads well on an axis."""
    step = 10 ** (len(str(value)) - 1) if value > 10 else 2
    return -(-value // step) * step


def _y(count: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

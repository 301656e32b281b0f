"""Two lines in a box, as SVG coordinates: pure. Lines need not start at zero (LOOK.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yukuai.kernel.clock import today

LEFT, RIGHT, TOP, BOTTOM = 30.0, 250.0, 14.0, 122.0
LABEL_GAP = 14.0
MONTH_WEEK = 7


@dataclass(frozen=True)
class Tick:
    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Curve:
    points: str
    end: float
    label: str


@dataclass(frozen=True)
class Chart:
    """`levels` are hairlines (y), `weeks` labels along the foot (x)."""

    levels: list[Tick]
    weeks: list[Tick]
    first: Curve
    second: Curve


def two_lines(
    first: Sequence[int], second: Sequence[int], labels: tuple[str, str], until: datetime
) -> Chart:
    """Both series are weeks, oldest first, of equal length."""
    top = _round_up(max([*first, *second, 1]))
    ends = [_y(first[-1], top), _y(second[-1], top)]
    if abs(ends[0] - ends[1]) < LABEL_GAP:
        middle = sum(ends) / 2
        upper = 0 if first[-1] >= second[-1] else 1
        ends[upper], ends[1 - upper] = middle - LABEL_GAP / 2, middle + LABEL_GAP / 2
    return Chart(
        levels=[Tick(_y(n, top), str(n)) for n in (0, top // 2, top)],
        weeks=_weeks(len(first), until),
        first=Curve(_points(first, top), round(ends[0] + 4, 1), f"{labels[0]} {first[-1]}"),
        second=Curve(_points(second, top), round(ends[1] + 4, 1), f"{labels[1]} {second[-1]}"),
    )


def _round_up(value: int) -> int:
    """To an even number that reads well on an axis."""
    step = 10 ** max(len(str(value)) - 1, 0)
    step = step if value > 10 else 2
    return -(-value // step) * step


def _y(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _x(index: int, many: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * index / max(many - 1, 1), 1)


def _points(values: Sequence[int], top: int) -> str:
    return " ".join(f"{_x(i, len(values))},{_y(v, top)}" for i, v in enumerate(values))


def _weeks(many: int, until: datetime) -> list[Tick]:
    """First, middle and last week by month and week of the month."""
    chosen = ((0, "start"), (many // 2, "middle"), (many - 1, "end"))
    return [Tick(_x(i, many), _week(until, many - 1 - i), anchor) for i, anchor in chosen]


def _week(until: datetime, ago: int) -> str:
    day = today(until - timedelta(weeks=ago))
    return f"{day.month}月{(day.day - 1) // MONTH_WEEK + 1}周"

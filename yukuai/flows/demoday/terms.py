"""How long things may take, read from the shipped data and reckoned here once more.

The product's own engine (`workflow.calendar`) is not asked: what both arrive at is the proof.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CHONGQING = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """Name to unit and length; days that are not what their weekday says; telling outside."""

    lengths: Mapping[str, tuple[str, int]]
    special: Mapping[date, bool]
    told: Mapping[str, frozenset[str]]
    """By kind of outside system: the moves it has a word for."""
    reopenings: int
    cluster: timedelta
    """How near in time matters of one person may be one."""

    def is_worked(self, day: date) -> bool:
        return self.special.get(day, day.isoweekday() <= 5)

    def end(self, name: str, start: datetime) -> datetime:
        """When the term of this name that begins at `start` is over."""
        unit, length = self.lengths[name]
        if unit == "hours":
            return start + timedelta(hours=length)
        if unit == "days":
            day = day_of(start) + length * DAY
            while not self.is_worked(day):
                day += DAY
            return midnight(day + DAY)
        return self.after_working_days(length, start)

    def after_working_days(self, number: int, start: datetime) -> datetime:
        """24:00 of the n-th worked day after the day of `start`."""
        day = day_of(start)
        for _ in range(number):
            day += DAY
            while not self.is_worked(day):
                day += DAY
        return midnight(day + DAY)


def day_of(moment: datetime) -> date:
    return moment.astimezone(CHONGQING).date()


def midnight(day: date) -> datetime:
    """0:00 of the day, there."""
    return datetime.combine(day, time(), CHONGQING)


def read_terms(seed: Path, on: date) -> Terms:
    """The newest version of the rules for matters that holds on the day."""
    pack, together = (_newest(seed, subject, on) for subject in ("case", "cluster"))
    with (seed / "special_days.csv").open(encoding="utf-8", newline="") as lines:
        special = {
            date.fromisoformat(row["day"]): row["working"] == "yes" for row in csv.DictReader(lines)
        }
    told = {}
    for path in seed.glob("exchange/*.toml"):
        words = tomllib.loads(path.read_text("utf-8"))["outward"]
        told[path.stem] = frozenset(move for move, word in words.items() if word)
    lengths = {name: _length(raw) for name, raw in pack["terms"].items()}
    reopenings = int(pack["limits"]["reopen"]["value"])
    _unit, days = _length(together["terms"]["window"])
    return Terms(lengths, special, told, reopenings, timedelta(days=days))


def _newest(seed: Path, subject: str, on: date) -> dict[str, Any]:
    paths = sorted(seed.glob(f"rulepacks/{subject}-*.toml"))
    packs = [tomllib.loads(path.read_text("utf-8")) for path in paths]
    held = [p for p in packs if p["effective_from"] <= on < p.get("effective_to", date.max)]
    return max(held, key=lambda p: (p["effective_from"], p["version"]))


def _length(raw: Mapping[str, object]) -> tuple[str, int]:
    unit = next(name for name in ("working_days", "days", "hours") if name in raw)
    return unit, int(str(raw[unit]))

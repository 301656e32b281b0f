"""The departments every level starts with, from a table (seed/departments.csv).

Columns: `level` (whom a row is for, see LEVELS), `kind` (the word like offices share everywhere),
`name` and `short_name` (`{level}` stands for 区, 县, 自治县, 新区, …), `order`, `source`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yukuai.accounts.models import Department
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.queries import get_division, list_children
from yukuai.divisions.rules import initials

INITIALS_LIMIT = 40
BATCH = 2000
LEVELS = {
    "city": {"市"},
    "any-district": {"区", "县", "自治县", "新区", "高新区", "经开区"},
    "district": {"区"},
    "county": {"县", "自治县"},
    "zone": {"新区", "高新区", "经开区"},
    "any-township": {"街道", "镇", "乡"},
    "street": {"街道"},
    "town": {"镇"},
    "rural": {"乡"},
}
WORDS = {
    "city": ("市",),
    "district": ("自治县", "县", "新区", "区"),
    "zone": ("高新区", "经开区", "新区", "区"),
    "township": ("街道", "镇", "乡"),
}
"""Endings that say what a division is, the longer first; the last one where none fits."""


@dataclass(frozen=True)
class Pattern:
    level: str
    kind: str
    name: str
    short_name: str
    order: int

    def fits(self, word: str) -> bool:
        return word in LEVELS[self.level]


def read_patterns(path: Path) -> list[Pattern]:
    """Raises ValueError that names the line."""
    patterns = []
    with path.open(encoding="utf-8", newline="") as table:
        for number, row in enumerate(csv.DictReader(table), start=2):
            if row["level"] not in LEVELS or not row["name"] or not row["source"]:
                raise ValueError(f"{path.name} 第 {number} 行：level、name、source 都要填对。")
            order = int(row["order"])
            patterns.append(
                Pattern(row["level"], row["kind"], row["name"], row["short_name"], order)
            )
    return patterns


def level_word(kind: str, name: str) -> str:
    words = WORDS[kind]
    return next((word for word in words if name.endswith(word)), words[-1])


def load_departments(patterns: list[Pattern]) -> int:
    """Make what is missing at every current division; existing ones, whatever they were made
    into, stay. A scope must be open. Returns how many were made."""
    known = set(Department.objects.values_list("division", "name"))
    letters: dict[str, str] = {}
    missing = [
        department
        for department in _wanted(patterns, letters)
        if (department.division_id, department.name) not in known
    ]
    Department.objects.bulk_create(missing, batch_size=BATCH)
    return len(missing)


def _wanted(patterns: list[Pattern], letters: dict[str, str]) -> Iterator[Department]:
    for division, word in _places():
        for pattern in patterns:
            if pattern.fits(word):
                name = pattern.name.format(level=word)
                if name not in letters:
                    letters[name] = initials(name)[:INITIALS_LIMIT]
                yield Department(
                    division=division,
                    name=name,
                    short_name=pattern.short_name.format(level=word),
                    kind=pattern.kind,
                    initials=letters[name],
                    order=pattern.order,
                )


def _places() -> Iterator[tuple[Any, str]]:
    """Every current division that has departments, as a row, and its level word."""
    for city in list_children(SYSTEM):
        row = type(get_division(SYSTEM, division_id=city.id))
        yield row(pk=city.id, path=city.path), level_word(city.kind, city.name)
        for district in list_children(SYSTEM, parent_id=city.id):
            yield row(pk=district.id, path=district.path), level_word(district.kind, district.name)
            for town in list_children(SYSTEM, parent_id=district.id):
                yield row(pk=town.id, path=town.path), level_word(town.kind, town.name)

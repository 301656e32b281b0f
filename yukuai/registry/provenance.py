"""Which of several statements about one field is shown, and why. Pure.

A statement is a value with its evidence: who says so, since when, who has seen to it. The order is
a product default (产品设定); the ranks of sources are data (`seed/registry/sources.csv`). What is
not shown is kept: a correction never overwrites what a source said (domain.md §5.3).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

VALID_MONTHS = 12
"""How long a confirmation counts more than a later statement (domain.md §5.3: 默认 12 个月)."""


@dataclass(frozen=True)
class Evidence:
    """`source` is the code of a source and `rank` its weight, larger is stronger; `confidence` in
    per cent; `confirmed_on` the day somebody saw that it is so, `by` who."""

    source: str
    rank: int
    collected_on: date
    confidence: int = 100
    confirmed_on: date | None = None
    by: str = ""

    def confirmed(self, *, on: date, by: str) -> "Evidence":
        return replace(self, confirmed_on=on, by=by)

    def holds(self, on: date) -> bool:
        """Is it confirmed, and not so long ago that it must be asked again?"""
        seen = self.confirmed_on
        if seen is None:
            return False
        months = (on.year - seen.year) * 12 + on.month - seen.month
        return months < VALID_MONTHS or (months == VALID_MONTHS and on.day <= seen.day)


def held_since(on: date) -> date:
    """Confirmed on this day or later still holds."""
    try:
        return on.replace(year=on.year - VALID_MONTHS // 12)
    except ValueError:  # the 29th of February
        return date(on.year - VALID_MONTHS // 12, 3, 1)


@dataclass(frozen=True)
class Verdict:
    """Does the new statement take the place of the one shown? `why` says it in Chinese."""

    prevails: bool
    why: str


def judge(new: Evidence, shown: Evidence, *, on: date) -> Verdict:
    """Does what is stated now take the place of what is shown?

    What was confirmed within a year prevails, of two confirmed the later, on one day the one stated
    now; then the stronger source, then the later day, then the greater confidence. A source that
    says something else about the same day corrects itself. Otherwise what is shown stays.
    """
    if new.holds(on) != shown.holds(on):
        one = new if new.holds(on) else shown
        return Verdict(new.holds(on), f"{one.confirmed_on} 由{one.by}核实过")
    if new.holds(on):
        later = max(new, shown, key=lambda one: one.confirmed_on or date.min)
        return Verdict(later is new, f"核实得更晚（{later.confirmed_on}）")
    if new.rank != shown.rank:
        return Verdict(new.rank > shown.rank, "来源更权威")
    if new.collected_on != shown.collected_on:
        later = max(new, shown, key=lambda one: one.collected_on)
        return Verdict(later is new, f"采集得更晚（{later.collected_on}）")
    if new.confidence != shown.confidence:
        return Verdict(new.confidence > shown.confidence, "可信度更高")
    same = new.source == shown.source
    return Verdict(same, "同一来源后来的说法" if same else "先登记的")


def stronger(one: Evidence, other: Evidence, *, on: date) -> Evidence:
    """Of two that say the same."""
    return one if judge(one, other, on=on).prevails else other


DEFAULT = ""
"""The key in `facts` of the evidence of every field that has none of its own."""
Facts = dict[str, list[Any]]


def write(evidence: Evidence) -> list[Any]:
    """As it is kept in a row: short, for it stands in millions of them."""
    seen = evidence.confirmed_on.isoformat() if evidence.confirmed_on else None
    return [
        evidence.source,
        evidence.rank,
        evidence.collected_on.isoformat(),
        evidence.confidence,
        seen,
        evidence.by,
    ]


def read(kept: list[Any]) -> Evidence:
    source, rank, collected, confidence, seen, by = kept
    return Evidence(
        source,
        rank,
        date.fromisoformat(collected),
        confidence,
        date.fromisoformat(seen) if seen else None,
        by,
    )


def evidence_of(facts: Facts, field: str) -> Evidence:
    """Of the value a row shows in this field. Raises KeyError for a row without any evidence."""
    return read(facts.get(field) or facts[DEFAULT])


def with_evidence(facts: Facts, field: str, evidence: Evidence) -> Facts:
    """Facts in which one field rests on this; nothing is said twice."""
    kept = write(evidence)
    rest = {name: one for name, one in facts.items() if name != field}
    return rest if rest.get(DEFAULT) == kept else rest | {field: kept}


def all_confirmed(facts: Facts, *, on: date, by: str) -> Facts:
    """“没有变化”: each field as before, seen to by somebody today."""
    made = {name: write(read(kept).confirmed(on=on, by=by)) for name, kept in facts.items()}
    default = made.get(DEFAULT)
    return {name: kept for name, kept in made.items() if name == DEFAULT or kept != default}

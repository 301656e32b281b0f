"""Dispatch rules as arithmetic: which rule speaks for a matter, why, and why the others do not.

Pure: no database, no clock. The narrowest place wins, then the deepest category, then the more
words found, then the place in order; what is left is decided by the older rule, so that the same
rules in any order answer the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

TRIAGES = {"major": "大事", "minor": "小事", "private": "私事"}
QUOTED = 3


@dataclass(frozen=True)
class Facts:
    """What is known of a matter. `categories` from the top of the dictionary down to its own."""

    area: str
    categories: tuple[int, ...] = ()
    text: str = ""
    triage: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Rule:
    """The conditions of one rule; each that is empty asks for nothing.

    `every`: all of the words must be there, otherwise one of them. `urgent`: None asks for nothing.
    """

    id: int
    name: str
    area: str
    place: str
    category_id: int | None = None
    category: str = ""
    words: tuple[str, ...] = ()
    every: bool = False
    triage: str = ""
    urgent: bool | None = None
    order: int = 0


@dataclass(frozen=True)
class Hit:
    """A rule that fits, with what it rests on. The first of the sorted hits wins."""

    rule: Rule
    depth: int
    category_depth: int
    found: tuple[str, ...]

    @property
    def precedence(self) -> tuple[int, int, int, int, int]:
        """The smaller, the stronger."""
        rule = self.rule
        return (-self.depth, -self.category_depth, -len(self.found), rule.order, rule.id)

    @property
    def because(self) -> str:
        rule = self.rule
        parts = [f"地点在{rule.place}"]
        if rule.category_id is not None:
            parts.append(f"类别是{rule.category}")
        if self.found:
            parts.append(f"说到“{'”“'.join(self.found[:QUOTED])}”")
        if rule.triage:
            parts.append(f"定的是{TRIAGES[rule.triage]}")
        if rule.urgent is not None:
            parts.append("是紧急的事" if rule.urgent else "不是紧急的事")
        return f"因为：{'；'.join(parts)}。"


@dataclass(frozen=True)
class Loser:
    hit: Hit
    why: str


@dataclass(frozen=True)
class Ruling:
    winner: Hit
    others: tuple[Loser, ...]


def fit(rule: Rule, facts: Facts) -> Hit | None:
    """Whether the rule speaks of the matter at all."""
    if not facts.area.startswith(rule.area):
        return None
    if rule.triage and rule.triage != facts.triage:
        return None
    if rule.urgent is not None and rule.urgent != facts.urgent:
        return None
    category_depth = 0
    if rule.category_id is not None:
        if rule.category_id not in facts.categories:
            return None
        category_depth = facts.categories.index(rule.category_id) + 1
    found = tuple(word for word in rule.words if word in facts.text)
    if rule.words and (not found or (rule.every and len(found) < len(rule.words))):
        return None
    return Hit(rule, rule.area.count("."), category_depth, found)


def decide(facts: Facts, rules: Iterable[Rule]) -> Ruling | None:
    """The rule that speaks, and each other that would have, with why it does not."""
    hits = sorted(
        (hit for rule in rules if (hit := fit(rule, facts)) is not None),
        key=lambda hit: hit.precedence,
    )
    if not hits:
        return None
    winner, *others = hits
    return Ruling(winner, tuple(Loser(hit, why_lost(hit, winner)) for hit in others))


def why_lost(hit: Hit, winner: Hit) -> str:
    """In the order in which they are compared: the first difference decides."""
    if hit.depth < winner.depth:
        return f"“{winner.rule.name}”管的地方更小，先用它。"
    if hit.category_depth < winner.category_depth:
        return f"“{winner.rule.name}”的类别更细，先用它。"
    if len(hit.found) < len(winner.found):
        return f"话里说到“{winner.rule.name}”的词更多。"
    if hit.rule.order > winner.rule.order:
        return f"排在“{winner.rule.name}”后面。"
    return f"别的都一样，“{winner.rule.name}”建得早。"


class Book:
    """Who wins, for very many matters: the same answers as `decide`, without the runners-up.

    What does not depend on the words is worked out once for each kind of matter, and each word is
    looked for once in a text, however many rules ask for it.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.words = tuple({word for rule in self.rules for word in rule.words})
        self._steps: dict[tuple[object, ...], list[list[tuple[Rule, frozenset[str]]]]] = {}

    def find_winner(self, facts: Facts) -> Hit | None:
        found = frozenset(word for word in self.words if word in facts.text)
        for step in self._steps_for(facts):
            best: tuple[int, int, int] | None = None
            winner: Rule | None = None
            for rule, words in step:
                many = len(words & found)
                if words and (not many or (rule.every and many < len(words))):
                    continue
                key = (-many, rule.order, rule.id)
                if best is None or key < best:
                    best, winner = key, rule
            if winner is not None:
                return fit(winner, facts)
        return None

    def _steps_for(self, facts: Facts) -> list[list[tuple[Rule, frozenset[str]]]]:
        """The rules that fit but for their words, in steps of one place and category depth."""
        kind = (facts.area, facts.categories, facts.triage, facts.urgent)
        if kind not in self._steps:
            steps: dict[tuple[int, int], list[tuple[Rule, frozenset[str]]]] = {}
            for rule in self.rules:
                hit = fit(replace(rule, words=()), facts)
                if hit is not None:
                    step = steps.setdefault((-hit.depth, -hit.category_depth), [])
                    step.append((rule, frozenset(rule.words)))
            self._steps[kind] = [steps[depths] for depths in sorted(steps)]
        return self._steps[kind]


def nearest(area: str, offices: Mapping[str, int]) -> int | None:
    """Of the offices by the path where each stands, the one lowest above the place."""
    parts = area.split(".")[:-1]
    for depth in range(len(parts), 0, -1):
        path = ".".join(parts[:depth]) + "."
        if path in offices:
            return offices[path]
    return None


def chain(area: str) -> list[str]:
    """The paths of a place and of all above it, the root first."""
    parts = area.split(".")[:-1]
    return [".".join(parts[:depth]) + "." for depth in range(1, len(parts) + 1)]

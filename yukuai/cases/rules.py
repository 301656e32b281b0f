"""Pure arithmetic of cases: no database, no clock, no settings."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yukuai.workflow.calendar import Term

TITLE_LENGTH = 24
BODY_LENGTH = 500
SHORTEST_TITLE = 6
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_NUMBER = re.compile(r"ZT-?([0-9]{4})-?([0-9]{6,})(-[0-9]{1,3})?")
_PAUSES = "，、,： "


def title_of(body: str) -> str:
    """The first sentence, short enough for a list; a long one ends where its speaker paused."""
    first = _SENTENCE_END.split(body.strip(), maxsplit=1)[0].strip()
    if len(first) <= TITLE_LENGTH:
        return first
    cut = max(first.rfind(pause, 0, TITLE_LENGTH + 1) for pause in _PAUSES)
    return first[:cut] if cut >= SHORTEST_TITLE else f"{first[: TITLE_LENGTH - 1]}…"


def tidy_number(typed: str) -> str:
    """However it was typed: zt2603000012 is ZT-2603-000012. '' when it is no number of a matter."""
    plain = unicodedata.normalize("NFKC", "".join(typed.split())).upper()
    match = _NUMBER.fullmatch(plain)
    return f"ZT-{match[1]}-{match[2]}{match[3] or ''}"[:20] if match else ""


@dataclass(frozen=True)
class CategoryRule:
    """What the words of a category point to."""

    id: int
    name: str
    words: tuple[str, ...]
    triage: str
    why: str


@dataclass(frozen=True)
class Suggestion:
    """Never a decision: a category, a triage and the words they rest on.

    What was learned says which `model` spoke and how sure it is, in thousandths.
    """

    category_id: int | None
    triage: str
    reason: str
    model: int | None = None
    chance: int = 0

    @property
    def is_learned(self) -> bool:
        return self.model is not None

    def as_data(self) -> dict[str, object]:
        """For the log; {} when nothing was suggested."""
        if self.category_id is None and not self.triage:
            return {}
        said = {"category": self.category_id, "triage": self.triage}
        learned = {"model": self.model, "chance": self.chance} if self.is_learned else {}
        return {**said, "source": "learned" if self.is_learned else "words", **learned}

    def was_followed(self, *, triage: str, category_id: int | None) -> bool:
        return triage == self.triage and self.category_id in {None, category_id}


NOTHING = Suggestion(None, "", "")


def suggest(body: str, categories: Iterable[CategoryRule]) -> Suggestion:
    """The category with the most of its words in the text; a tie goes to the earlier category."""
    best: CategoryRule | None = None
    hits: tuple[str, ...] = ()
    for category in categories:
        found = tuple(word for word in category.words if word in body)
        if (len(found), sum(map(len, found))) > (len(hits), sum(map(len, hits))):
            best, hits = category, found
    if best is None:
        return NOTHING
    quoted = "”“".join(hits[:3])
    return Suggestion(best.id, best.triage, f"说到“{quoted}”，属于{best.name}。{best.why}")


TENTHS = "零一二三四五六七八九"


def in_ten(chance: int) -> str:
    """Thousandths as people count, never more than it is: 九 of 十."""
    return TENTHS[min(max(chance, 0) * 10 // 1000, 9)]


def learned_reason(*, name: str, chance: int, because: tuple[str, ...], why: str) -> str:
    """十件像这样的，九件定为“公共设施损坏”，因为说到“路灯”“不亮”。"""
    quoted = "”“".join(because)
    said = f"，因为说到“{quoted}”" if because else ""
    return f"十件像这样的，{in_ten(chance)}件定为“{name}”{said}。{why}"


def find_urgent(body: str, words: Mapping[str, str]) -> dict[str, list[str]]:
    """Which emergency numbers the text calls for, with the words that do: `{"119": ["起火"]}`."""
    calls: dict[str, list[str]] = {}
    for word, number in words.items():
        if word in body:
            calls.setdefault(number, []).append(word)
    return dict(sorted(calls.items()))


@dataclass(frozen=True)
class Rules:
    """A pinned RulePack, typed. Raises KeyError where the pack lacks a term."""

    params: Mapping[str, Any]

    def term(self, name: str) -> Term:
        raw = self.params["terms"][name]
        return Term(**{k: raw[k] for k in ("working_days", "days", "hours") if k in raw})

    def label(self, name: str) -> str:
        return str(self.params["terms"][name]["label"])

    def source(self, name: str) -> str:
        return str(self.params["terms"][name]["source"])

    @property
    def reopenings(self) -> int:
        return int(self.params["limits"]["reopen"]["value"])

    @property
    def extensions(self) -> int:
        return int(self.params["limits"]["extension"]["value"])

    def extension_days(self, term: str) -> int:
        """How many working days an extension of this term may take, at least one."""
        share = int(self.params["limits"]["extension_percent"]["value"])
        return max(self.term(term).working_days * share // 100, 1)


def resolve_term(*, triage: str, consultation: bool) -> str:
    """Which term of the pack promises the answer (domain.md §4.2)."""
    if consultation:
        return "consult"
    return triage or "major"


FEWEST_PARTS, MOST_PARTS = 2, 6
"""Product default: one part is no split, and nobody keeps an eye on more than six at once."""


def parts_allowed(*, live: int, running: int) -> tuple[int, int]:
    """How few and how many parts a split may make: `live` are not cancelled, `running` not done.

    One more may join those there are; the first split makes at least two.
    """
    return (1 if live else FEWEST_PARTS), MOST_PARTS - running


def part_number(number: str, place: int) -> str:
    """ZT-2603-000012-1: whoever reads it knows where it belongs."""
    return f"{number}-{place}"

"""How alike two matters are, in whole numbers, and why, in words. Pure: no database, no clock.

The score is a share of what can be compared at all, out of `WHOLE`: two matters without points are
not less alike because nobody marked them. It is symmetric, never leaves 0…WHOLE, and a matter is
as alike to itself as anything can be. A person decides; this only puts the likely ones on top.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

WHOLE = 1000
LIKELY = 500
"""From here on it is worth a person's look."""
WORDS, COMMUNITY, CATEGORY, NEAR, RECENT = 500, 150, 150, 150, 50
REACH = 300
"""Metres: beyond it, nearness counts for nothing."""
WINDOW = 90
"""Days: further apart, the dates count for nothing."""
METRES_A_DEGREE = 111_320
MILLION = 1_000_000
QUOTED = 3
_SIGNS = re.compile(r"[㐀-鿿]|[a-z]+|[0-9]+")
_LITTLE = frozenset(
    "的了是在我有和就都一上也很到说要去你您会着没看好自己这那们个吗呢吧啊把被给不又还里下点"
)
"""Signs that join others; two of them together say nothing about a matter."""
_COMMON = re.compile(
    "小区|社区|居民|反映|希望|晚上|白天|今天|昨天|现在|我们|你们|他们|已经|几天|经常|每天|附近|旁边"
)


@dataclass(frozen=True)
class Traits:
    """What of a matter is compared. `point` is (longitude, latitude) in millionths of a degree."""

    community: int
    text: str
    received_at: datetime
    category: int | None = None
    category_name: str = ""
    point: tuple[int, int] | None = None

    @cached_property
    def terms(self) -> frozenset[str]:
        return terms_of(self.text)


@dataclass(frozen=True)
class Likeness:
    score: int
    why: str


def point_of(lon: float | None, lat: float | None) -> tuple[int, int] | None:
    """Degrees (CGCS2000) as whole millionths, about 0.1 m."""
    if lon is None or lat is None:
        return None
    return round(lon * MILLION), round(lat * MILLION)


def _runs(text: str) -> list[list[str]]:
    """The signs of each unbroken run: a Chinese character, a Latin word, a number."""
    runs: list[list[str]] = []
    for phrase in re.split(r"[^㐀-鿿a-z0-9]+", _COMMON.sub(" ", text.lower())):
        if signs := _SIGNS.findall(phrase):
            runs.append(signs)
    return runs


def terms_of(text: str) -> frozenset[str]:
    """Single signs and pairs of neighbours, without what joins: better for Chinese than words cut
    by a dictionary (domain.md §13)."""
    found: set[str] = set()
    for signs in _runs(text):
        found |= {sign for sign in signs if sign not in _LITTLE}
        pairs = pairwise(signs)
        found |= {a + b for a, b in pairs if not (a in _LITTLE and b in _LITTLE)}
    return frozenset(found)


def metres(one: tuple[int, int], other: tuple[int, int]) -> int:
    """On a plane, good enough for a few hundred metres; the same both ways."""
    middle = math.radians((one[1] + other[1]) / (2 * MILLION))
    across = abs(one[0] - other[0]) * METRES_A_DEGREE * round(math.cos(middle) * 1000)
    along = abs(one[1] - other[1]) * METRES_A_DEGREE * 1000
    return math.isqrt(across * across + along * along) // (MILLION * 1000)


def compare(one: Traits, other: Traits) -> Likeness:
    """The reasons are said from the side of `one`."""
    parts = [
        (_words(one, other), WORDS),
        (COMMUNITY if one.community == other.community else 0, COMMUNITY),
        (_recent(one, other), RECENT),
    ]
    if one.category is not None and other.category is not None:
        parts.append((CATEGORY if one.category == other.category else 0, CATEGORY))
    if one.point is not None and other.point is not None:
        parts.append((NEAR * max(REACH - metres(one.point, other.point), 0) // REACH, NEAR))
    got, most = (sum(column) for column in zip(*parts, strict=True))
    return Likeness(got * WHOLE // most, explain(one, other))


def _words(one: Traits, other: Traits) -> int:
    """Dice: twice the shared terms of all terms. Two texts without a word are equal."""
    everything = len(one.terms) + len(other.terms)
    if not everything:
        return WORDS
    return WORDS * 2 * len(one.terms & other.terms) // everything


def _recent(one: Traits, other: Traits) -> int:
    days = abs(one.received_at - other.received_at).days
    return RECENT * max(WINDOW - days, 0) // WINDOW


def explain(one: Traits, other: Traits) -> str:
    """同一社区、同类，相距约 40 米，都说到“路灯”“不亮”"""
    facts = []
    if one.community == other.community:
        facts.append("同一社区")
    if one.category is not None and one.category == other.category:
        facts.append("同类")
    said = ["、".join(facts)] if facts else []
    if one.point is not None and other.point is not None:
        away = metres(one.point, other.point)
        if away <= REACH:
            said.append(f"相距约 {max(away // 10 * 10, 10)} 米")
    if shared := shared_words(one.text, other.text):
        said.append(f"都说到“{'”“'.join(shared)}”")
    return "，".join(said)


def shared_words(one: str, other: str, *, most: int = QUOTED) -> list[str]:
    """The longest runs of both, two signs or more, in the order of the first text."""
    theirs = ["".join(signs) for signs in _runs(other)]
    found: list[str] = []
    for signs in _runs(one):
        found += _common_runs(signs, theirs)
    whole = [word for word in dict.fromkeys(found) if not _is_part(word, found)]
    longest = sorted(whole, key=lambda word: (-len(word), word))[:most]
    return [word for word in whole if word in longest]


def _common_runs(signs: Sequence[str], theirs: Sequence[str]) -> Iterable[str]:
    """Greedy from each start: the longest piece that also stands in one of their runs."""
    start = 0
    while start < len(signs) - 1:
        end = start + 2
        if not _stands(signs[start:end], theirs):
            start += 1
            continue
        while end < len(signs) and _stands(signs[start : end + 1], theirs):
            end += 1
        word = _trimmed(signs[start:end])
        if len(word) > 1:
            yield word
        start = end


def _stands(signs: Sequence[str], theirs: Sequence[str]) -> bool:
    return any("".join(signs) in run for run in theirs)


def _trimmed(signs: Sequence[str]) -> str:
    """Without the joining signs at either end, but for 不亮 and its like."""
    kept = list(signs)
    while kept and kept[0] in _LITTLE and kept[0] != "不":
        kept.pop(0)
    while kept and kept[-1] in _LITTLE:
        kept.pop()
    return "".join(kept)


def _is_part(word: str, words: Sequence[str]) -> bool:
    return any(word != other and word in other for other in words)

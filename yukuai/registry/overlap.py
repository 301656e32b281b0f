"""FieldOverlap: which fields of a proposed form the register holds already. Pure, integers only.

The same fact is collected once (domain.md §10.2): a form whose headings the register mostly knows
is not sent out, it is filled from the register. Headings are compared as people write them: full
and half width, numbers before them, remarks and units in brackets make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yukuai.registry.reporting import COLUMNS, Column, Shape, column_of

NO_FACT = "-"
"""The synonym of what is no fact about anybody: 序号, 填表人, 备注."""
EXACT, ALIAS, SYNONYM, ABOUT = 100, 95, 90, 75
"""How sure, in per cent: the catalogue's own label, another name of it, a listed synonym, the same
behind a word that says whose it is."""
WHOSE = (
    *("户主", "居民", "本人", "老人", "老年人", "承租人", "租客", "租户", "房主", "业主"),
    *("退役军人", "残疾人", "儿童", "学生", "党员", "人员", "企业", "单位", "商户", "个人"),
    *("现", "所在", "所属", "目前", "家庭"),
)
_BRACKETS = re.compile(r"[（(\[【「『<《][^）)\]】」』>》]*[）)\]】」』>》]")
_NUMBERED = re.compile(r"^(?:[(（]?\d{1,3}[)）]?|[一二三四五六七八九十]{1,3})[.、．:：)）]")
_DROPPED = re.compile(r"[\s　*＊:：,，、.。/／_\-—“”\"'?？!！☆★]+")
_UNIT = re.compile(r"(?:平方米|平米|㎡|m2|万元|元|岁|人|个|层)$")
_PICKED = re.compile(r"^(?:是否|有无|请填写|填写|请选择)")
LONGEST, MOST = 60, 200


@dataclass(frozen=True)
class Match:
    """`column` is None for what the register does not hold; `sure` in per cent."""

    heading: str
    column: Column | None = None
    sure: int = 0


@dataclass(frozen=True)
class Overlap:
    """`kind` is the kind of the register whose records the form is about. `skipped` are headings
    that ask for no fact."""

    kind: str
    matches: tuple[Match, ...]
    skipped: tuple[str, ...]

    @property
    def held(self) -> tuple[Match, ...]:
        return tuple(one for one in self.matches if one.column)

    @property
    def new(self) -> tuple[str, ...]:
        return tuple(one.heading for one in self.matches if not one.column)

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down; 0 for a form that asks nothing."""
        return 100 * len(self.held) // len(self.matches) if self.matches else 0

    def must_reuse(self, threshold: int) -> bool:
        """More than `threshold` per cent; exactly as much is not more."""
        return 100 * len(self.held) > threshold * len(self.matches)

    @property
    def columns(self) -> tuple[str, ...]:
        """For a report made of it: each column once, in the order of the form."""
        return tuple(dict.fromkeys(one.column.name for one in self.held if one.column))


def tidy(heading: str) -> str:
    """A heading as it is compared."""
    text = unicodedata.normalize("NFKC", heading).strip()
    text = _BRACKETS.sub("", text) or text.strip("()[]【】「」『』<>《》")
    text = _NUMBERED.sub("", text)
    text = _PICKED.sub("", _DROPPED.sub("", text))
    return text.casefold()


def read_headings(lines: Iterable[str]) -> list[str]:
    """One a line, each once, empty ones left out; no essays and no more than a form can have."""
    shown = (" ".join(line.split())[:LONGEST] for line in lines)
    return list(dict.fromkeys(one for one in shown if one))[:MOST]


def headings_of(shape: Shape) -> list[str]:
    """A saved definition as a form: its columns as they are headed."""
    return [column_of(shape.kind, name).label for name in shape.columns]


Names = Mapping[str, tuple[str, int]]
"""Tidy heading to the name of a column and how sure."""


def names_of(columns: Sequence[Column], synonyms: Iterable[tuple[str, str]]) -> Names:
    """All names under which these columns are known; the surer one wins."""
    found: dict[str, tuple[str, int]] = {}
    offered = {one.name for one in columns}
    for word, name in synonyms:
        if name in offered:
            found.setdefault(tidy(word), (name, SYNONYM))
    for one in columns:
        for alias in one.field.aliases:
            key = tidy(alias)
            if found.get(key, ("", 0))[1] < ALIAS:
                found[key] = (one.name, ALIAS)
    for one in columns:
        key = tidy(one.label)
        if found.get(key, ("", 0))[1] < EXACT:
            found[key] = (one.name, EXACT)
    return found


def find(heading: str, names: Names) -> tuple[str, int]:
    """The column of a heading and how sure; ("", 0) for none."""
    key = tidy(heading)
    for sure, word in _ways(key):
        if word in names:
            name, named = names[word]
            return name, min(sure, named)
    return "", 0


def _ways(key: str) -> Iterable[tuple[int, str]]:
    """The heading itself, without its unit, without the word that says whose it is."""
    yield EXACT, key
    bare = _UNIT.sub("", key)
    if bare != key and bare:
        yield SYNONYM, bare
    for whose in sorted(WHOSE, key=len, reverse=True):
        rest = key.removeprefix(whose)
        if rest != key and rest:
            yield ABOUT, rest
            yield ABOUT, _UNIT.sub("", rest)


def compare(headings: Sequence[str], synonyms: Iterable[tuple[str, str]]) -> Overlap:
    """Against every kind of the register; the form is about the kind that holds most of its fields,
    of two that hold as many the one with more of its own among them, then the surer one."""
    listed = list(synonyms)
    idle = {tidy(word) for word, name in listed if name == NO_FACT}
    asked = [one for one in headings if tidy(one) not in idle]
    skipped = tuple(one for one in headings if tidy(one) in idle)
    compared = [_against(kind, asked, listed) for kind in COLUMNS]
    kind, held = max(compared, key=_fitness)
    matches = tuple(held.get(one, Match(one)) for one in asked)
    return Overlap(kind, matches, skipped)


def _fitness(one: tuple[str, Mapping[str, Match]]) -> tuple[int, int, int]:
    kind, held = one
    own = sum(match.column is not None and match.column.source == kind for match in held.values())
    return len(held), own, sum(match.sure for match in held.values())


def _against(
    kind: str, asked: Sequence[str], synonyms: Iterable[tuple[str, str]]
) -> tuple[str, dict[str, Match]]:
    by_name = {one.name: one for one in COLUMNS[kind]}
    names = names_of(COLUMNS[kind], synonyms)
    held: dict[str, Match] = {}
    for heading in asked:
        name, sure = find(heading, names)
        if name:
            held[heading] = Match(heading, by_name[name], sure)
    return kind, held

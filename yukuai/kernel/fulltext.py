"""Words of Chinese text without a dictionary: single signs and pairs of neighbours, for PostgreSQL.

A Han sign is a unit, so is a word or a number of any other script; blanks and punctuation end a
run of neighbours. `路灯3盏` has the units 路, 灯, 3, 盏 and the pairs 路灯, 灯3, 3盏. A text is
kept with all of them; a question asks for the pairs of each of its runs, and for the unit where a
run is only one. So whatever passage of a text is asked for, the text is found, as long as no word
or number is cut in two: `12号` is not found by `2号`.

Texts and questions are folded alike, sign by sign: full-width forms become plain, capitals small;
traditional signs stay as they are. Nothing here knows of a database: what is returned is text in
PostgreSQL's own notation of `tsvector` and `tsquery`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from operator import add

WEIGHTS = "ABCD"
"""The parts of a text: PostgreSQL's weights, which here only say where a word stands."""
UNIT_LENGTH = 40
"""A longer word or number is cut off, in texts and in questions alike."""
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(r"[^\W_]+")
_UNIT = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_ALL_HAN = re.compile(rf"[{_HAN}]+")


class _Folding(dict[int, str]):
    """What `str.translate` asks, each sign once."""

    def __missing__(self, code: int) -> str:
        before, after = "", chr(code)
        while before != after:
            before, after = after, unicodedata.normalize("NFKC", after).casefold()
        if code <= 0xFFFF:  # what is rare is not worth the memory
            self[code] = after
        return after


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Sign by sign, so that a part of a text folds to a part of the folded text; folding again
    changes nothing."""
    return text.translate(_FOLDING)


def runs(text: str) -> Iterator[Sequence[str]]:
    """The units of a folded text, neighbours together."""
    for run in _RUN.findall(text):
        if _ALL_HAN.fullmatch(run):
            yield run
        else:
            yield [unit[:UNIT_LENGTH] for unit in _UNIT.findall(run)]


def lexemes(text: str) -> set[str]:
    """Everything a text is kept with: its units and the pairs of neighbours."""
    found: set[str] = set()
    for run in runs(fold(text)):
        found.update(run)
        found.update(map(add, run, run[1:]))
    return found


def asked(text: str) -> list[str]:
    """What a text must have to answer a question, each once; empty: nothing can be looked for."""
    wanted: dict[str, None] = {}
    for run in runs(fold(text)):
        wanted.update(dict.fromkeys(map(add, run, run[1:]) if len(run) > 1 else run))
    return list(wanted)


def vector(parts: Mapping[str, Sequence[str]]) -> str:
    """A `tsvector`: under each weight the texts of that part. Of a position only the weight says
    something; there is one for each part a lexeme stands in."""
    places: dict[str, str] = {}
    for weight, texts in parts.items():
        mark = f"{WEIGHTS.index(weight) + 1}{weight}"
        for lexeme in set[str]().union(*map(lexemes, texts)):
            places[lexeme] = f"{places[lexeme]},{mark}" if lexeme in places else mark
    return " ".join(f"'{lexeme}':{marks}" for lexeme, marks in places.items())


def question(text: str, *, weights: str = "") -> str:
    """A `tsquery`: all that is asked for, anywhere or in the parts named. '' asks nothing."""
    suffix = f":{weights}" if weights else ""
    return " & ".join(f"'{lexeme}'{suffix}" for lexeme in asked(text))


def matches(text: str, asking: str) -> bool:
    """What the database answers, said in Python: for laws and for marking."""
    wanted = asked(asking)
    return bool(wanted) and set(wanted) <= lexemes(text)


Piece = tuple[str, bool]
"""Words of a text, and whether they were asked for."""
BEFORE = 12
"""So much of a text is shown before the first word found."""


def mark(text: str, asking: str) -> list[Piece]:
    """The whole text in pieces. Plain text: whoever shows it escapes it."""
    pieces: list[Piece] = []
    last = 0
    for start, end in _spans(text, asking):
        pieces += [(text[last:start], False)] if start > last else []
        pieces.append((text[start:end], True))
        last = end
    return pieces + ([(text[last:], False)] if last < len(text) else [])


def excerpt(text: str, asking: str, *, length: int) -> list[Piece]:
    """A line of the text around the first word found, in pieces; [] when none stands in it."""
    spans = _spans(text, asking)
    if not spans:
        return []
    start = max(spans[0][0] - BEFORE, 0)
    line = " ".join(text[start : start + length].split())
    head, tail = "…" if start else "", "…" if start + length < len(text) else ""
    return mark(f"{head}{line}{tail}", asking)


def _spans(text: str, asking: str) -> list[tuple[int, int]]:
    """Where what is asked for stands, in signs of the text itself; what touches is one."""
    folded, origin = "", []
    for place, sign in enumerate(text):
        said = fold(sign)
        folded += said
        origin += [place] * len(said)
    found = [span for lexeme in asked(asking) for span in _places(folded, lexeme)]
    joined: list[tuple[int, int]] = []
    for first, end in sorted((origin[a], origin[b - 1] + 1) for a, b in found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((first, end))
    return joined


def _places(folded: str, lexeme: str) -> Iterator[tuple[int, int]]:
    """A word or a number counts only whole."""
    before = "" if _ALL_HAN.match(lexeme) else rf"(?<![^\W_{_HAN}])"
    after = "" if _ALL_HAN.match(lexeme[-1]) else rf"(?![^\W_{_HAN}])"
    for found in re.finditer(f"(?={before}({re.escape(lexeme)}){after})", folded):
        yield found.span(1)

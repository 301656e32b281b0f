"""Texts as signs and pairs of neighbours, and the four parts they are dealt into.

No number is ever kept, whatever its length: a telephone or an identity number cannot become part
of a model. What is rare is dropped in training (`Settings.least_origins`), names with it.
"""

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import add

LONGEST = 2000
"""Signs of a text that are read."""
LEARN, CALIBRATE, CHOOSE, JUDGE = range(4)
"""What a text serves for: counting, the calibration, the thresholds, or the figures alone."""
_DEALT = (LEARN,) * 11 + (CALIBRATE,) * 3 + (CHOOSE,) * 3 + (JUDGE,) * 3
_RUN = re.compile(r"[㐀-鿿a-z]+")
_SIGN = re.compile(r"[㐀-鿿]|[a-z]+")


def grams(text: str) -> list[str]:
    """Each once, in the order they are first said."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    found: dict[str, None] = {}
    for run in _RUN.findall(plain):
        signs = _SIGN.findall(run)
        found.update(dict.fromkeys(signs))
        found.update(dict.fromkeys(map(add, signs, signs[1:])))
    return list(found)


@dataclass(frozen=True)
class Example:
    """A decided text. `labels` by head, '' for what fits no label.

    `origin` is whoever it comes from: a gram must come from several. Texts of one `group` (the
    origin, when not said) serve for the same thing, so that no figure is flattered by repetition.
    """

    text: str
    labels: Mapping[str, str]
    origin: str
    group: str = ""

    @property
    def part(self) -> int:
        """By the group's name alone: a text never moves from one part to another."""
        digest = hashlib.sha256((self.group or self.origin).encode()).digest()
        return _DEALT[int.from_bytes(digest[:4]) % len(_DEALT)]


@dataclass(frozen=True)
class Row:
    grams: "array[int]"
    labels: Mapping[str, str]
    part: int


@dataclass
class Corpus:
    """What was read, compact: a hundred thousand texts fit into memory."""

    names: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    origins: list[set[str]] = field(default_factory=list)
    """Of each gram, in the part that is counted; no more are kept than decide."""

    @classmethod
    def read(cls, examples: Iterable[Example], *, least_origins: int) -> "Corpus":
        corpus, places = cls(), dict[str, int]()
        for example in examples:
            part = example.part
            ids = array("q", [corpus._place(gram, places) for gram in grams(example.text)])
            corpus.rows.append(Row(ids, dict(example.labels), part))
            if part == LEARN:
                for place in ids:
                    if len(corpus.origins[place]) < least_origins:
                        corpus.origins[place].add(example.origin)
        return corpus

    def _place(self, gram: str, places: dict[str, int]) -> int:
        place = places.get(gram)
        if place is None:
            place = places[gram] = len(self.names)
            self.names.append(gram)
            self.origins.append(set())
        return place

    def of(self, part: int) -> list[Row]:
        return [row for row in self.rows if row.part == part]

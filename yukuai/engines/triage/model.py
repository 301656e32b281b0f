"""A trained model: what it holds, how it speaks, how it is written down."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import Any

from yukuai.engines.triage.calibration import WHOLE, Curve
from yukuai.engines.triage.texts import grams

FORMAT = 1
SMOOTH = 4
"""Added to the number of grams a score is divided by: three grams are no evidence."""
QUOTED = 2
_LITTLE = frozenset(
    "的了是在我有和就都一上也很到说要去你您会着看好自己这那们个吗呢吧啊把被给又还里下点人大小请来栋幢号单元层院"
)


@dataclass(frozen=True)
class Guess:
    """`chance` in thousandths; `label` is '' where the model is silent. `because` are the pieces
    of the text that spoke most for it."""

    label: str = ""
    chance: int = 0
    because: tuple[str, ...] = ()


SILENT = Guess()


@dataclass(frozen=True)
class Voice:
    """What a text scores highest for, before anybody asks whether that is good enough."""

    place: int
    score: int


@dataclass(frozen=True)
class Head:
    """One question with its possible answers. Weights are thousandths of a nat."""

    labels: tuple[str, ...]
    priors: tuple[int, ...]
    weights: Mapping[str, tuple[int, ...]]
    curves: tuple[Curve, ...]
    thresholds: tuple[int | None, ...]
    least_known: int
    """Thousandths of the grams of a text that must be known."""

    def hear(self, known: Sequence[str], number: int) -> Voice | None:
        """`known` are the grams with weights, of `number` in all. None: too little is known."""
        if not self.labels or not known or len(known) * WHOLE < self.least_known * number:
            return None
        rows = [self.weights[gram] for gram in known]
        totals = list(map(sum, zip(self.priors, *rows, strict=True)))
        best = max(range(len(totals)), key=lambda place: (totals[place], -place))
        others = [total for place, total in enumerate(totals) if place != best]
        margin = min([totals[best], *(totals[best] - other for other in others)])
        return Voice(best, margin * 10 // isqrt(100 * (len(known) + SMOOTH)))

    def chance(self, voice: Voice) -> int:
        return self.curves[voice.place].at(voice.score)

    def ask(self, text: str) -> Guess:
        said = grams(text)
        known = [gram for gram in said if gram in self.weights]
        voice = self.hear(known, len(said))
        if voice is None:
            return SILENT
        chance, threshold = self.chance(voice), self.thresholds[voice.place]
        if threshold is None or chance < threshold:
            return Guess(chance=chance)
        because = self._because(known, voice.place)
        if not because:  # single signs are no reason to give
            return Guess(chance=chance)
        return Guess(self.labels[voice.place], chance, because)

    def _because(self, known: Sequence[str], place: int) -> tuple[str, ...]:
        """The weightiest pairs that share no sign with a weightier one, as they were said."""
        telling = [g for g in known if self.weights[g][place] > 0 and not _LITTLE & set(g)]
        pairs = [g for g in telling if len(g) > 1]
        kept: list[str] = []
        for gram in sorted(pairs, key=lambda g: (-self.weights[g][place], g)):
            if len(kept) < QUOTED and not any(set(gram) & set(other) for other in kept):
                kept.append(gram)
        return tuple(gram for gram in known if gram in kept)


@dataclass(frozen=True)
class Model:
    """Heads by name. `texts` is how many were counted, `trained_on` a day, as written."""

    heads: Mapping[str, Head]
    texts: int
    trained_on: str = ""

    @cached_property
    def grams(self) -> frozenset[str]:
        return frozenset[str]().union(*(head.weights for head in self.heads.values()))

    def ask(self, head: str, text: str) -> Guess:
        return self.heads[head].ask(text) if head in self.heads else SILENT

    def dump(self) -> bytes:
        """Compressed JSON, the same bytes for the same model."""
        heads = {name: _written(head) for name, head in sorted(self.heads.items())}
        said = {
            "format": FORMAT,
            "texts": self.texts,
            "trained_on": self.trained_on,
            "heads": heads,
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return gzip.compress(text.encode(), mtime=0)

    @classmethod
    def load(cls, data: bytes) -> "Model":
        """Raises ValueError for what another release wrote."""
        said = json.loads(gzip.decompress(data))
        if said["format"] != FORMAT:
            raise ValueError(f"format {said['format']}: train anew")
        heads = {name: _read(head) for name, head in said["heads"].items()}
        return cls(heads, said["texts"], said["trained_on"])


def _written(head: Head) -> dict[str, Any]:
    return {
        "labels": head.labels,
        "priors": head.priors,
        "weights": head.weights,
        "curves": [[curve.starts, curve.chances] for curve in head.curves],
        "thresholds": head.thresholds,
        "least_known": head.least_known,
    }


def _read(said: Mapping[str, Any]) -> Head:
    return Head(
        labels=tuple(said["labels"]),
        priors=tuple(said["priors"]),
        weights={gram: tuple(row) for gram, row in said["weights"].items()},
        curves=tuple(Curve(tuple(starts), tuple(chances)) for starts, chances in said["curves"]),
        thresholds=tuple(said["thresholds"]),
        least_known=said["least_known"],
    )

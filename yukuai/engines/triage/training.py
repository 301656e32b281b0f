"""Naive Bayes over the presence of grams, each label against all others, then calibrated.

The parts of the corpus (`texts.Example.part`) never mix: counting, calibrating, choosing the
thresholds and judging each have texts of their own.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from yukuai.engines.triage.calibration import Curve, choose, fit
from yukuai.engines.triage.model import Head, Model, Voice
from yukuai.engines.triage.texts import CALIBRATE, CHOOSE, LEARN, Corpus, Row


@dataclass(frozen=True)
class Settings:
    """Product defaults, none from law: whoever runs the platform may set others."""

    least_origins: int = 5
    """A gram that fewer people used is dropped: names, nicknames, house numbers in words."""
    least_texts: int = 30
    """A label with fewer counted texts, or fewer of anything else, is not learned."""
    least_chosen: int = 10
    """A threshold rests on at least so many texts."""
    precision: int = 900
    """Thousandths of what is said that must be right, on texts kept for choosing."""
    least_known: int = 350
    """Thousandths of a text's grams that must be known; below, it is about something else."""
    unclear: int = 100
    """Thousandths of a label's own texts that speak too unclearly for a suggestion."""
    most_grams: int = 30_000


DEFAULTS = Settings()


def train(
    corpus: Corpus, *, heads: Sequence[str], settings: Settings = DEFAULTS, trained_on: str = ""
) -> Model:
    rows = corpus.of(LEARN)
    kept = _kept(corpus, rows, settings)
    made = {name: _head(corpus, rows, kept, name, settings) for name in heads}
    return Model(made, len(rows), trained_on)


def _kept(corpus: Corpus, rows: Sequence[Row], settings: Settings) -> list[int]:
    """The grams that enough people used, the most frequent ones, in the order of the signs."""
    seen: Counter[int] = Counter()
    for row in rows:
        seen.update(row.grams)
    common = [g for g in seen if len(corpus.origins[g]) >= settings.least_origins]
    common.sort(key=lambda g: (-seen[g], corpus.names[g]))
    return sorted(common[: settings.most_grams], key=lambda g: corpus.names[g])


def _head(
    corpus: Corpus, rows: Sequence[Row], kept: Sequence[int], name: str, settings: Settings
) -> Head:
    rows = [row for row in rows if name in row.labels]
    texts = Counter(row.labels[name] for row in rows)
    enough = range(settings.least_texts, len(rows) - settings.least_texts + 1)
    labels = tuple(sorted(n for n, number in texts.items() if n and number in enough))
    weights = _weights(corpus, rows, kept, name, labels)
    priors = tuple(_odds(texts[n], len(rows) - texts[n]) for n in labels)
    silent = tuple(Curve() for _ in labels)
    head = Head(labels, priors, weights, silent, (None,) * len(labels), settings.least_known)
    heard = _heard(corpus, head, name, CALIBRATE)
    curves = tuple(
        fit([(v.score, right) for v, right in heard if v.place == place], unclear=settings.unclear)
        for place in range(len(labels))
    )
    head = Head(labels, priors, weights, curves, head.thresholds, settings.least_known)
    return _with_thresholds(head, _heard(corpus, head, name, CHOOSE), settings)


def _with_thresholds(head: Head, heard: Sequence[tuple[Voice, bool]], settings: Settings) -> Head:
    said: list[list[tuple[int, bool]]] = [[] for _ in head.labels]
    for voice, right in heard:
        said[voice.place].append((head.chance(voice), right))
    thresholds = tuple(
        choose(one, precision=settings.precision, least=settings.least_chosen) for one in said
    )
    return Head(head.labels, head.priors, head.weights, head.curves, thresholds, head.least_known)


def _heard(corpus: Corpus, head: Head, name: str, part: int) -> list[tuple[Voice, bool]]:
    """What the head would say of each text of a part, and whether that is right."""
    found: list[tuple[Voice, bool]] = []
    for row in corpus.of(part):
        if name not in row.labels:
            continue
        said = [corpus.names[g] for g in row.grams]
        voice = head.hear([gram for gram in said if gram in head.weights], len(said))
        if voice is not None:
            found.append((voice, head.labels[voice.place] == row.labels[name]))
    return found


def _odds(one: int, other: int) -> int:
    return round(1000 * log((one + 1) / (other + 1)))


def _weights(
    corpus: Corpus, rows: Sequence[Row], kept: Sequence[int], name: str, labels: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """How much more likely each gram is in texts of a label than in all others, as log ratios."""
    tallies = {label: array("q", bytes(8 * len(corpus.names))) for label in labels}
    everything = array("q", bytes(8 * len(corpus.names)))
    texts: Counter[str] = Counter()
    for row in rows:
        label = row.labels[name]
        texts[label] += 1
        for counts in (everything, tallies.get(label)):
            if counts is not None:
                for gram in row.grams:
                    counts[gram] += 1
    return {
        corpus.names[g]: tuple(
            _weight(tallies[n][g], texts[n], everything[g], len(rows)) for n in labels
        )
        for g in kept
    }


def _weight(here: int, texts: int, everywhere: int, all_texts: int) -> int:
    """Smoothed towards what is usual, so that a gram seen once convinces nobody."""
    usual = (everywhere + 1) / (all_texts + 2)
    inside = (here + 2 * usual) / (texts + 2)
    outside = (everywhere - here + 2 * usual) / (all_texts - texts + 2)
    return round(1000 * log(inside / outside))

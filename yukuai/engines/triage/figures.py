"""How good what is said is, on texts that served for nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yukuai.engines.triage.model import Guess, Model
from yukuai.engines.triage.texts import JUDGE, Example

BINS = 10
Judged = tuple[str, Guess]
"""What was decided ('' for what fits no label), and what was said."""


@dataclass(frozen=True)
class Figures:
    """Shares in thousandths; of a label without texts they are 0."""

    texts: int
    coverage: int
    precision: int
    recall: int
    macro_f1: int
    calibration_error: int
    outside: int
    outside_silent: int
    labels: dict[str, dict[str, int]]

    @property
    def silent(self) -> int:
        return 1000 - self.coverage if self.texts else 0

    def as_data(self) -> dict[str, Any]:
        return {**vars(self), "silent": self.silent}


def judge(model: Model, head: str, examples: Iterable[Example]) -> Figures:
    """Only texts dealt into the part for judging count; the others were seen."""
    kept = [e for e in examples if e.part == JUDGE and head in e.labels]
    return measure([(e.labels[head], model.ask(head, e.text)) for e in kept])


def measure(judged: Sequence[Judged]) -> Figures:
    """Recall and F1 count silence as a miss. What fits no label should meet silence: it stands
    apart, but anything said of it is wrong and lowers precision."""
    inside = [one for one in judged if one[0]]
    outside = [guess for decided, guess in judged if not decided]
    said = [one for one in judged if one[1].label]
    right = sum(decided == guess.label for decided, guess in said)
    labels = _by_label(judged)
    f1 = [row["f1"] for row in labels.values() if row["texts"]]
    return Figures(
        texts=len(inside),
        coverage=_share(sum(bool(guess.label) for _, guess in inside), len(inside)),
        precision=_share(right, len(said)),
        recall=_share(right, len(inside)),
        macro_f1=_share(sum(f1), 1000 * len(f1)),
        calibration_error=_calibration_error(said),
        outside=len(outside),
        outside_silent=_share(sum(not guess.label for guess in outside), len(outside)),
        labels=labels,
    )


def _by_label(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    names = {decided for decided, _ in judged} | {guess.label for _, guess in judged}
    found: dict[str, dict[str, int]] = {}
    for name in sorted(names - {""}):
        texts = _count(judged, lambda d, _, n=name: d == n)  # type: ignore[misc]
        said = _count(judged, lambda _, s, n=name: s == n)  # type: ignore[misc]
        right = _count(judged, lambda d, s, n=name: d == s == n)  # type: ignore[misc]
        found[name] = {
            "texts": texts,
            "said": said,
            "precision": _share(right, said),
            "recall": _share(right, texts),
            "f1": _share(2 * right, texts + said),
        }
    return found


def _count(judged: Sequence[Judged], fits: Callable[[str, str], bool]) -> int:
    return sum(fits(decided, guess.label) for decided, guess in judged)


def _calibration_error(said: Sequence[Judged]) -> int:
    """Expected: how far what is promised lies from what comes true, over tenths of chance."""
    bins: list[list[tuple[int, bool]]] = [[] for _ in range(BINS)]
    for decided, guess in said:
        bins[min(guess.chance * BINS // 1000, BINS - 1)].append(
            (guess.chance, decided == guess.label)
        )
    gap = sum(
        abs(sum(c for c, _ in one) - 1000 * sum(right for _, right in one)) for one in bins if one
    )
    return gap // len(said) if said else 0


def _share(part: int, whole: int) -> int:
    return 1000 * part // whole if whole else 0

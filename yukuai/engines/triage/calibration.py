"""From a score to a probability: pool adjacent violators (Ayer et al. 1955), per label."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WHOLE = 1000
"""Probabilities are whole thousandths."""


@dataclass(frozen=True)
class Curve:
    """Steps that never fall: from `starts[i]` on the chance is `chances[i]`; below the first, 0."""

    starts: tuple[int, ...] = ()
    chances: tuple[int, ...] = ()

    def at(self, score: int) -> int:
        step = bisect_right(self.starts, score) - 1
        return self.chances[step] if step >= 0 else 0


def fit(seen: Iterable[tuple[int, bool]], *, unclear: int = 0) -> Curve:
    """The best steps that never fall, for scores and whether they were right. No step is certain:
    each is taken with one hit and one miss more than were seen (Laplace).

    Scores below that of the first `unclear` thousandths of what was right have no chance: what
    speaks less clearly than nearly all there ever was is most likely about something else.
    """
    seen = list(seen)
    by_score: dict[int, list[int]] = {}
    for score, right in seen:
        tally = by_score.setdefault(score, [0, 0])
        tally[0] += right
        tally[1] += 1
    pools: list[list[int]] = []  # start, right, all
    for score, (hits, number) in sorted(by_score.items()):
        pools.append([score, hits, number])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            _, more, others = pools.pop()
            pools[-1][1] += more
            pools[-1][2] += others
    chances: list[int] = []
    for _, hits, number in pools:
        chance = WHOLE * (hits + 1) // (number + 2)
        chances.append(max([chance, *chances[-1:]]))
    return _cut(Curve(tuple(pool[0] for pool in pools), tuple(chances)), seen, unclear)


def _cut(curve: Curve, seen: Iterable[tuple[int, bool]], unclear: int) -> Curve:
    clear = sorted(score for score, right in seen if right)
    if not clear or not unclear:
        return curve
    floor = clear[len(clear) * unclear // WHOLE]
    kept = [
        (max(start, floor), chance)
        for start, chance in zip(curve.starts, curve.chances, strict=True)
    ]
    last = dict(kept)
    return Curve(tuple(last), tuple(last.values()))


def choose(seen: Sequence[tuple[int, bool]], *, precision: int, least: int) -> int | None:
    """The lowest chance from which on at least `precision` thousandths of what is said are right,
    with `least` texts or more to say so. None: nothing is good enough, better be silent."""
    best: int | None = None
    hits = said = 0
    ordered = sorted(seen, key=lambda one: -one[0])
    for place, (chance, right) in enumerate(ordered):
        hits, said = hits + right, said + 1
        last = place + 1 == len(ordered) or ordered[place + 1][0] != chance
        if chance and last and said >= least and hits * WHOLE >= precision * said:
            best = chance
    return best

"""Risk-limiting hand checks of single ballots: how many, and what the hand's reading proves.

Two published ways. Stark's super-simple audit (2010) measures one margin for all; SHANGRLA (Stark
2020) puts each claim as "the mean of a number in [0, u] is above 1/2", which also says “过半数” and
“三分之一”. Both end in the P-value of Kaplan and Markov. All numbers are fractions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from yukuai.engines.tally.logarithms import Between, ln

GAMMA = Fraction(103905, 100000)
"""Error inflation; that of Stark's published tool, and of Colorado."""
HALF = Fraction(1, 2)
PADDING = Fraction(1, 10)
"""Keeps a single reading of 0 from ending a SHANGRLA test for ever."""


@dataclass(frozen=True)
class Errors:
    """Differences between the hand and the record, by how many votes the record was too kind to the
    winner (over) or too harsh (under)."""

    one_over: Fraction = Fraction(0)
    two_over: Fraction = Fraction(0)
    one_under: Fraction = Fraction(0)
    two_under: Fraction = Fraction(0)

    def a_draw(self, drawn: int) -> "Errors":
        return Errors(*(number / drawn for number in self._numbers()))

    def _numbers(self) -> tuple[Fraction, ...]:
        return (self.one_over, self.two_over, self.one_under, self.two_under)

    def weight(self, bits: int) -> Between:
        """The sum of the logarithms of the factors that the errors put on the P-value, negative."""
        found = Between(Fraction(0), Fraction(0))
        bases = (1 - HALF / GAMMA, 1 - 1 / GAMMA, 1 + HALF / GAMMA, 1 + 1 / GAMMA)
        for number, base in zip(self._numbers(), bases, strict=True):
            found += ln(base, bits).times(number)
        return found


EXPECTED = Errors(Fraction(1, 1000), Fraction(1, 10000), Fraction(1, 1000), Fraction(1, 10000))
"""What Stark's tool takes for usual before anything was looked at."""


def margin(votes: dict[str, int], seats: int, ballots: int) -> Fraction:
    """The diluted margin: the smallest lead of a winner over a loser, by all papers. 0 for a tie;
    with no loser at all, everything."""
    ordered = sorted(votes.values(), reverse=True)
    if len(ordered) <= seats:
        return Fraction(1)
    return Fraction(ordered[seats - 1] - ordered[seats], ballots)


def sample_size(
    risk: Fraction, lead: Fraction, ballots: int, found: Errors | None = None, drawn: int = 0
) -> int:
    """Super-simple: how many draws (all in all) suffice if errors go on as `found` in `drawn`, or
    as is usual. Never more than all ballots, which is what a tie takes."""
    rates = found.a_draw(drawn) if found is not None and drawn else EXPECTED
    if lead <= 0:
        return ballots
    first = _first_guess(risk, lead, rates)
    if first is None:
        return ballots
    errors = Errors(
        Fraction(ceil(rates.one_over * first)),
        Fraction(round(rates.two_over * first)),
        Fraction(ceil(rates.one_under * first)),
        Fraction(round(rates.two_under * first)),
    )
    return min(ballots, max(1, _enough(risk, lead, errors)))


def _first_guess(risk: Fraction, lead: Fraction, rates: Errors) -> int | None:
    """How many until the errors' drag is outweighed; None where it never is."""
    for bits in (64, 256, 1024):
        drift = ln(1 - lead / (2 * GAMMA), bits) + rates.weight(bits).times(-1)
        if drift.low >= 0:
            return None
        if drift.high >= 0:
            continue
        wanted = ln(risk, bits)
        ends = {ceil(wanted.high / drift.low), ceil(wanted.low / drift.high)}
        if len(ends) == 1:
            return ends.pop()
    return None


def _enough(risk: Fraction, lead: Fraction, errors: Errors) -> int:
    for bits in (64, 256, 1024):
        needed = (ln(risk, bits) + errors.weight(bits)).times(-2 * GAMMA / lead)
        low, high = ceil(needed.low), ceil(needed.high)
        if low == high:
            return low
    return high


def p_value(lead: Fraction, overstatements: Iterable[int], drawn: int) -> Fraction:
    """Kaplan-Markov of a super-simple audit after `drawn` draws: `overstatements` are those of the
    draws that differed, −2 to 2 votes each."""
    if lead <= 0:
        return Fraction(1)
    clean = 1 - lead / (2 * GAMMA)
    drags = [1 / (1 - Fraction(votes) / (2 * GAMMA)) for votes in overstatements]
    return min(Fraction(1), clean**drawn * prod(drags, start=Fraction(1)))


# SHANGRLA


@dataclass(frozen=True)
class Assertion:
    """A claim about one contest. Its assorter gives each ballot a number in [0, `most`]; the
    claim is true when their mean is above 1/2."""

    sentence: str
    winner: str = ""
    loser: str = ""
    share: Fraction | None = None
    """Of all papers: the winner has more than it, or with `below` the loser does not reach it."""
    below: bool = False

    @property
    def most(self) -> Fraction:
        if self.share is None:
            return Fraction(1)
        return HALF / (1 - self.share) if self.below else HALF / self.share

    def value(self, chosen: frozenset[str] | None) -> Fraction:
        """Of one ballot by whom it is for; None is a paper that cannot be found: the worst."""
        if chosen is None:
            return Fraction(0)
        if self.share is None:
            return (1 + Fraction(self.winner in chosen) - Fraction(self.loser in chosen)) / 2
        return self.most * ((self.loser not in chosen) if self.below else (self.winner in chosen))

    def mean(self, ballots: Sequence[frozenset[str]]) -> Fraction:
        return sum((self.value(one) for one in ballots), Fraction(0)) / len(ballots)


@dataclass(frozen=True)
class Compared:
    """One draw: whom the record says the paper is for, and whom the hand read; None if it is not
    there."""

    recorded: frozenset[str]
    read: frozenset[str] | None


def measured(claim: Assertion, mean: Fraction, draws: Sequence[Compared]) -> Fraction:
    """The P-value of one claim: the chance of such readings, or better, were it false. `mean` is
    that of the records of all papers; draws with replacement, in their order."""
    lead = 2 * mean - 1
    if lead <= 0:
        return Fraction(1)
    best = value = Fraction(1)
    for drawn in draws:
        over = claim.value(drawn.recorded) - claim.value(drawn.read)
        seen = (1 - over / claim.most) / (2 - lead / claim.most)
        value *= (HALF + PADDING) / (seen + PADDING)
        best = min(best, value)
    return best


def draws_wanted(claim: Assertion, mean: Fraction, risk: Fraction, ballots: int) -> int:
    """How many draws confirm it if the hand reads what the record says; all ballots at most."""
    lead = 2 * mean - 1
    if lead <= 0:
        return ballots
    factor = (HALF + PADDING) / (1 / (2 - lead / claim.most) + PADDING)
    value, drawn = Fraction(1), 0
    while value > risk and drawn < ballots:
        value, drawn = value * factor, drawn + 1
    return drawn

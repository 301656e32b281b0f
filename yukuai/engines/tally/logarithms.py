"""Natural logarithms of fractions between proven bounds, so that nothing is decided by a float.

ln x = k ln 2 + 2 artanh((y - 1) / (y + 1)) with y = x / 2^k in [1, 2); the series of
artanh z is cut where the rest, at most its next term / (1 - z²), is below the last place.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True)
class Between:
    """A number known to lie in [low, high]."""

    low: Fraction
    high: Fraction

    def __add__(self, other: "Between") -> "Between":
        return Between(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction | int) -> "Between":
        ends = sorted((self.low * factor, self.high * factor))
        return Between(ends[0], ends[1])


@lru_cache(maxsize=4096)
def ln(number: Fraction, bits: int) -> Between:
    """Within 2^(1 - bits) times a few; `number` is above 0."""
    if number <= 0:
        raise ValueError("a logarithm needs a number above 0")
    twos = number.numerator.bit_length() - number.denominator.bit_length()
    scaled = number / Fraction(2) ** twos
    if scaled < 1:
        twos, scaled = twos - 1, scaled * 2
    found = _artanh_twice((scaled - 1) / (scaled + 1), bits)
    return found if twos == 0 else found + _artanh_twice(Fraction(1, 3), bits).times(twos)


def _artanh_twice(z: Fraction, bits: int) -> Between:
    """For 0 <= z <= 1/3, on whole numbers of 2^-(bits + 16): each term is rounded down, and what
    was lost is at most one unit a term."""
    if z == 0:
        return Between(Fraction(0), Fraction(0))
    unit = 1 << (bits + 16)
    power = unit * z.numerator // z.denominator
    square = (z * z).numerator, (z * z).denominator
    total, place, terms = 0, 1, 0
    while power:
        total += power // place
        power = power * square[0] // square[1]
        place += 2
        terms += 1
    # each of the terms lost < 2 units (its power by < 1.2, the division < 1); the rest < 2 units
    return Between(Fraction(2 * total, unit), Fraction(2 * (total + 2 * terms + 2), unit))

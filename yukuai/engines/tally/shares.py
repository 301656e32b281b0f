"""“过半数”, “三分之二以上” as whole numbers (domain.md §0.3, 民法典 1259)."""

import re
from dataclasses import dataclass

from yukuai.engines.tally.reading import Unreadable

WRITTEN = re.compile(r"(>=?)([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True)
class Share:
    """`part` of `whole` is more than (`strict`), or at least, numerator / denominator."""

    numerator: int
    denominator: int
    strict: bool

    @classmethod
    def read(cls, written: str) -> "Share":
        """ ">1/2" is 过半数, ">=2/3" 三分之二以上."""
        found = WRITTEN.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            raise Unreadable(f"“{written}”不是“>1/2”这样的比较")
        return cls(int(found[2]), int(found[3]), found[1] == ">")

    def holds(self, part: int, whole: int) -> bool:
        left, right = self.denominator * part, self.numerator * whole
        return left > right if self.strict else left >= right

    def least(self, whole: int) -> int:
        """The smallest part that holds."""
        if self.strict:
            return self.numerator * whole // self.denominator + 1
        return -(-self.numerator * whole // self.denominator)

    def said(self, part: int, whole: int) -> str:
        """The comparison as whole numbers: 1202>1000."""
        sign = ">" if self.strict else "≥"
        if not self.holds(part, whole):
            sign = "不大于" if self.strict else "小于"
        return f"{self.denominator * part}{sign}{self.numerator * whole}"

    def __str__(self) -> str:
        if (self.numerator, self.denominator, self.strict) == (1, 2, True):
            return "过半数"
        share = f"{_chinese(self.denominator)}分之{_chinese(self.numerator)}"
        return f"超过{share}" if self.strict else f"{share}以上"


def _chinese(number: int) -> str:
    return "零一二三四五六七八九"[number] if number < 10 else str(number)

"""重叠: more than one child drew it. It goes to whoever comes first in the order of precedence
given, else to the one who would otherwise lose most of himself, else to the larger share of
border."""

from collections.abc import Iterator

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.findings import Check, Finding, metres, square_metres

FIX = "请各方商定这一块归谁，其余各方沿商定的线收回；不改就按上面的归属。"


def find(case: Case) -> Iterator[Finding]:
    for one in case.odd:
        if one.inside and len(one.children) > 1:
            message = (
                f"{len(one.children)} 方都画了这一块，重叠 {square_metres(one.m2)}"
                f"（宽约 {metres(one.width)}），暂归其中一方。"
            )
            yield case.finding(one, Check.OVERLAP, message, FIX)

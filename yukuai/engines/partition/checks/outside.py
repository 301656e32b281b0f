"""越界: drawn beyond the parent's line. It is cut off."""

from collections.abc import Iterator

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.findings import Check, Finding, metres, square_metres

FIX = "沿上级界线重画这一段；如果是上级界线不对，请上级先改。"


def find(case: Case) -> Iterator[Finding]:
    for one in case.odd:
        if not one.inside and not case.is_beside_the_line(one):
            message = (
                f"画到了上级界线以外 {square_metres(one.m2)}（宽约 {metres(one.width)}），"
                "超出部分已裁去。"
            )
            yield case.finding(one, Check.OUTSIDE, message, FIX)

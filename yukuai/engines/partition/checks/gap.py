"""缝隙: nobody drew it. It goes to the child with the longest border on it."""

from collections.abc import Iterator

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.findings import Check, Finding, Severity, metres, square_metres

FIX = "把相邻一方的线拖到对方线上，补满空白；不改就按上面的归属。"
FIX_ALONE = "这一块没有任何下级画到，请补画它属于哪一方。"


def find(case: Case) -> Iterator[Finding]:
    for one in case.odd:
        if not one.inside or one.children or case.is_beside_the_line(one):
            continue
        if case.owners.decisions[one.region].alone:
            message = f"有 {square_metres(one.m2)}没有人画，也不与任何一方相接，暂归最近的一方。"
            yield case.finding(one, Check.GAP, message, FIX_ALONE, severity=Severity.REFUSE)
        else:
            message = (
                f"有 {square_metres(one.m2)}没有人画（宽约 {metres(one.width)}），"
                "暂归接壤最长的一方。"
            )
            yield case.finding(one, Check.GAP, message, FIX)

"""碎片: a loose piece too small to be meant. It goes to the neighbour with the longest border."""

from collections.abc import Iterator

from yukuai.engines.partition.case import Case, place
from yukuai.engines.partition.faces import dissolve
from yukuai.engines.partition.findings import Check, Finding, Severity, metres, square_metres
from yukuai.engines.partition.metric import measure

FIX = "不需要处理；如果这一小块确实是飞地，请先申报飞地。"


def find(case: Case) -> Iterator[Finding]:
    given, pieces = case.owners.given, case.owners.pieces
    if not given:
        return
    labels = pieces.of[case.survey.faces.left]
    for piece, area in dissolve(case.survey.arcs, labels, given.__contains__).items():
        made, size = given[piece], measure(area)
        before = int(pieces.labels[piece])  # type: ignore[call-overload]
        small = size.m2 < case.limits.note_m2
        yield Finding(
            check=Check.SLIVER,
            severity=Severity.NOTE if small else Severity.CONFIRM,
            children=case.named({before, made.owner, *made.others}),
            message=(
                f"与主体不相连的一小块，{square_metres(size.m2)}"
                f"（宽约 {metres(size.width_m)}），已并入接壤最长的相邻一方。"
            ),
            fix=FIX,
            point=place(area),
            geometry=area,
            m2=size.m2,
            metres=size.width_m,
            decided=case.names[made.owner],
            others=(case.names[before], *(case.names[child] for child in made.others)),
        )

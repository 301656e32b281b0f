"""飞地: a child in more than one piece. Allowed only when declared."""

from collections.abc import Collection, Iterator, Mapping

from yukuai.engines.partition.case import Case, place
from yukuai.engines.partition.findings import Check, Finding, Severity, square_metres
from yukuai.engines.partition.grid import Area, area_of
from yukuai.engines.partition.metric import measures

FIX = "确有飞地的，提交时申报并附依据；不是飞地的，把这一块划给四周的相邻一方。"


def find(case: Case) -> Iterator[Finding]:
    named = {case.names[child]: area for child, area in case.children.items()}
    yield from undeclared(named, case.named(case.declared))


def undeclared(children: Mapping[str, Area], declared: Collection[str]) -> Iterator[Finding]:
    """Every piece but the largest."""
    for name, area in children.items():
        if area.parts < 2 or name in declared:
            continue
        pieces = [area_of([loops]) for loops in area.loops()]
        sized = list(zip(pieces, measures(pieces), strict=True))
        main = max(sized, key=lambda one: one[1].m2)
        for piece, size in sized:
            if piece is main[0]:
                continue
            yield Finding(
                check=Check.EXCLAVE,
                severity=Severity.REFUSE,
                children=(name,),
                message=f"有一块 {square_metres(size.m2)}与主体不相连，没有申报飞地。",
                fix=FIX,
                point=place(piece),
                geometry=piece,
                m2=size.m2,
                metres=size.width_m,
                decided=name,
            )

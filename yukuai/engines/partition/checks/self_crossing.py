"""自交: a ring that crosses itself, comes back on its own line, or was not closed. What it winds
around belongs to it, however often; a way there and back encloses nothing and is left out."""

from collections.abc import Iterator

import numpy as np

from yukuai.engines.partition.case import Case, place
from yukuai.engines.partition.cover import regions_of
from yukuai.engines.partition.faces import dissolve
from yukuai.engines.partition.findings import Check, Finding, Severity, metres, square_metres
from yukuai.engines.partition.grid import Area
from yukuai.engines.partition.metric import lengths_mm, measure
from yukuai.engines.partition.survey import PARENT

FIX = "在交叉处拆开，按实际范围重画这一圈。"
FIX_UNCLOSED = "请核对首尾之间是否漏画；没有漏画就不需要处理。"
FIX_SPIKE = "不需要处理；如果这里本应有一块地，请补画。"


def find(case: Case) -> Iterator[Finding]:
    yield from _crossings(case)
    yield from _spikes(case)


def _crossings(case: Case) -> Iterator[Finding]:
    survey, twisted = case.survey, case.survey.cover.twisted
    if not any(twisted):
        return
    whole = regions_of(survey.arcs, survey.faces, twisted, np.zeros(len(survey.arcs), bool))
    labels = whole.of[survey.faces.left]
    areas = dissolve(survey.arcs, labels, lambda region: bool(whole.labels[region]))
    for region, area in areas.items():
        size = measure(area)
        refused = size.m2 > case.limits.twist_m2
        yield Finding(
            check=Check.SELF_CROSSING,
            severity=Severity.REFUSE if refused else Severity.NOTE,
            children=case.named(whole.labels[region]),  # type: ignore[arg-type]
            message=f"边线自己交叉，绕出 {square_metres(size.m2)}说不清在内还是在外，暂算在内。",
            fix=FIX,
            point=place(area),
            geometry=area,
            m2=size.m2,
            metres=size.width_m,
        )


def _spikes(case: Case) -> Iterator[Finding]:
    arcs, rings = case.survey.arcs, case.survey.rings
    for arc, along in enumerate(arcs.rings):
        length = int(arcs.length_mm[arc]) / 1000
        who = {rings[ring].who for ring, times in along.items() if ring >= 0 and not times}
        if length <= case.limits.snap_m or not who - {PARENT}:
            continue
        x, y = arcs.line(arc)[0].tolist()
        yield Finding(
            check=Check.SELF_CROSSING,
            severity=Severity.NOTE,
            children=case.named(who - {PARENT}),
            message=f"边线沿原路折回 {metres(length)}，没有围出面积，已去掉。",
            fix=FIX_SPIKE,
            point=(x, y),
            metres=length,
        )


def unclosed(name: str, area: Area, *, snap_m: float) -> Iterator[Finding]:
    for number in area.unclosed:
        ring = area.ring(number)
        length = int(lengths_mm(ring[-1:], ring[:1])[0]) / 1000
        x, y = ring[0].tolist()
        yield Finding(
            check=Check.SELF_CROSSING,
            severity=Severity.CONFIRM if length > snap_m else Severity.NOTE,
            children=(name,),
            message=f"边线没有闭合，首尾相距 {metres(length)}，已用直线连上。",
            fix=FIX_UNCLOSED,
            point=(x, y),
            metres=length,
        )

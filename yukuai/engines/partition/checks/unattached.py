"""未贴合上级: a line beside the parent's line, or a border that ends between its vertices."""

from collections.abc import Iterator

import numpy as np

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.findings import Check, Finding, Severity, metres, square_metres
from yukuai.engines.partition.grid import unkey

FIX = "打开捕捉，让这一段的顶点落在上级界线的顶点上；不改就以上级界线为准。"
FIX_BROUGHT = "把交点移到上级界线最近的顶点上，或请上级在这里给界线加一个顶点（加密）后再提交。"
FIX_MOVED = "不需要处理；若不应移到这里，请上级先在交点处加密界线。"


def find(case: Case) -> Iterator[Finding]:
    for one in case.odd:
        if not case.is_beside_the_line(one):
            continue
        how = "没有画到上级界线" if one.inside else "略微超出上级界线"
        message = (
            f"{how}，相差约 {metres(one.width)}（{square_metres(one.m2)}），已改为与上级界线重合。"
        )
        yield case.finding(one, Check.UNATTACHED, message, FIX)
    yield from _moved(case)
    yield from _brought(case)


def _moved(case: Case) -> Iterator[Finding]:
    for move in case.attached.moved:
        yield Finding(
            check=Check.UNATTACHED,
            severity=Severity.NOTE,
            children=_meeting(case, move.end),
            message=f"分界线与上级界线的交点移动 {metres(move.metres)}，落在上级界线的顶点上。",
            fix=FIX_MOVED,
            point=_point(move.end),
            metres=move.metres,
        )


def _brought(case: Case) -> Iterator[Finding]:
    for vertex in case.attached.brought:
        yield Finding(
            check=Check.UNATTACHED,
            severity=Severity.REFUSE,
            children=_meeting(case, vertex),
            message="分界线与上级界线的交点不在上级界线的顶点上，附近也没有可用的顶点。",
            fix=FIX_BROUGHT,
            point=_point(vertex),
        )


def _meeting(case: Case, vertex: int) -> tuple[str, ...]:
    """The children with this vertex."""
    vertices, child = case.vertices
    first, last = np.searchsorted(vertices, [vertex, vertex + 1])
    return case.named(set(child[first:last].tolist()))


def _point(vertex: int) -> tuple[int, int]:
    x, y = unkey(np.array([vertex]))[0].tolist()
    return x, y

"""为空或缺失: a child that was not drawn, cannot be read, or has nothing left inside the parent."""

from collections.abc import Iterable, Iterator, Mapping

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.findings import Check, Finding, Severity

FIX_MISSING = "请补画这一方的范围，或从本次提交中去掉它。"
FIX_GONE = "请核对它是否画错了位置，或被其他各方整个盖住。"
FIX_READ = "请重新导出为经纬度坐标的面图形后再导入。"


def find(case: Case) -> Iterator[Finding]:
    yield from gone(
        case.named(set(range(1, len(case.names))) - set(case.children)),
    )


def gone(names: Iterable[str]) -> Iterator[Finding]:
    """Children nothing is left of."""
    for name in names:
        yield Finding(
            check=Check.EMPTY,
            severity=Severity.REFUSE,
            children=(name,),
            message="在上级界线以内没有留下任何范围。",
            fix=FIX_GONE,
        )


def missing(names: Mapping[str, str]) -> Iterator[Finding]:
    """`names` has what is wrong by id, '' where nothing was drawn."""
    for name, wrong in sorted(names.items()):
        yield Finding(
            check=Check.EMPTY,
            severity=Severity.REFUSE,
            children=(name,),
            message=wrong or "没有画出范围。",
            fix=FIX_READ if wrong else FIX_MISSING,
        )

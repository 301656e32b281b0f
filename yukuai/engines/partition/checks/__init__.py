"""What can be wrong with a drawing: a file a check, with its message and its fix in Chinese."""

from collections.abc import Iterator

from yukuai.engines.partition.case import Case
from yukuai.engines.partition.checks import (
    empty,
    exclave,
    gap,
    outside,
    overlap,
    self_crossing,
    sliver,
    unattached,
)
from yukuai.engines.partition.findings import Finding

CHECKS = (self_crossing, outside, overlap, gap, sliver, unattached, exclave, empty)


def find_all(case: Case) -> Iterator[Finding]:
    for check in CHECKS:
        yield from check.find(case)

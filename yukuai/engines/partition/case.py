"""What the checks look at: the drawing, what was decided, and the areas that came out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yukuai.engines.partition.attach import Attached
from yukuai.engines.partition.findings import Check, Finding, Severity
from yukuai.engines.partition.grid import Area, Ints, keys
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.metric import Measure, measures
from yukuai.engines.partition.owners import NOBODY, Owners
from yukuai.engines.partition.survey import Survey


@dataclass(frozen=True)
class Odd:
    """A region that more than one child covers, or none, or that lies outside."""

    region: int
    inside: bool
    children: frozenset[int]
    area: Area
    m2: float
    width: float
    at_parent: bool
    """It lies on the parent's line."""


@dataclass(frozen=True)
class Case:
    """`names` has the ids of the children by their place in the survey, '' for the parent;
    `children` what each gets in the end, by the same places."""

    limits: Limits
    names: tuple[str, ...]
    survey: Survey
    owners: Owners
    attached: Attached
    children: Mapping[int, Area]
    declared: frozenset[int]

    @cached_property
    def odd(self) -> tuple[Odd, ...]:
        shapes = self.survey.shapes
        rows = zip(shapes.items(), measures(list(shapes.values())), strict=True)
        return tuple(self._odd(region, area, size) for (region, area), size in rows)

    @cached_property
    def vertices(self) -> tuple[Ints, Ints]:
        """The vertices of all children, sorted, and whose each is."""
        vertices = np.concatenate([keys(area.xy) for area in self.children.values()])
        sizes = [len(area.xy) for area in self.children.values()]
        child = np.repeat(np.array(list(self.children), np.int64), sizes)
        order = np.lexsort((child, vertices))
        return vertices[order], child[order]

    def _odd(self, region: int, area: Area, size: Measure) -> Odd:
        inside, children = self.survey.label(region)
        at_parent = any(
            self.survey.label(beside)[0] != inside
            for beside in self.survey.regions.borders.get(region, ())
        )
        return Odd(region, inside, children, area, size.m2, size.width_m, at_parent)

    def is_beside_the_line(self, one: Odd) -> bool:
        """A thread along the parent's line, outside or drawn by nobody: two lines meant to be
        one."""
        thread = one.at_parent and one.width <= self.limits.snap_m
        if one.inside:
            made = self.owners.decisions[one.region]
            return thread and not one.children and not made.alone
        return thread

    def named(self, children: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.names[child] for child in children))

    def severity(self, one: Odd) -> Severity:
        if one.m2 < self.limits.note_m2:
            return Severity.NOTE
        if one.m2 > self.limits.refuse_m2 and one.width > self.limits.snap_m:
            return Severity.REFUSE
        return Severity.CONFIRM

    def finding(
        self, one: Odd, check: Check, message: str, fix: str, *, severity: Severity | None = None
    ) -> Finding:
        made = self.owners.decisions.get(one.region)
        candidates = (made.owner, *made.others) if made else ()
        return Finding(
            check=check,
            severity=self.severity(one) if severity is None else severity,
            children=self.named({*one.children, *candidates} - {NOBODY}),
            message=message,
            fix=fix,
            point=place(one.area),
            geometry=one.area,
            m2=one.m2,
            metres=one.width,
            decided=self.names[made.owner] if made else None,
            others=tuple(self.names[child] for child in made.others) if made else (),
        )


def place(area: Area) -> tuple[int, int]:
    x, y = area.xy[0].tolist()
    return x, y

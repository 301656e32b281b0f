"""What a board says beside its clocks: live rules that have nobody to send to, and how often the
duty list kept a matter from a community — by category and by the unit that tried, never by person
(domain.md §10.2). One statement for both.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from yukuai.cases.statistics import Span, Subtree

MOST_BROKEN = 7
MOST = 6

_NOTICES = """
    (SELECT 'broken', r.id, r.name, d.name, r.fault, 1
        FROM cases_dispatchrule r JOIN divisions_division d ON d.id = r.division_id
        WHERE r.state = 'live' AND r.fault <> '' AND r.area >= %s AND r.area < %s
        ORDER BY r.fault_since, r.id LIMIT %s)
    UNION ALL
    (SELECT 'category', 0, coalesce(g.name, '没有选类'), '', '', count(*)
        FROM cases_dutyrefusal f LEFT JOIN cases_category g ON g.id = f.category_id
        WHERE f.tried_at >= %s AND f.tried_at < %s AND f.area >= %s AND f.area < %s
        GROUP BY g.id, g.name ORDER BY count(*) DESC, g.id)
    UNION ALL
    (SELECT 'unit', 0, d.name, '', '', count(*)
        FROM cases_dutyrefusal f JOIN divisions_division d ON d.id = f.by_id
        WHERE f.tried_at >= %s AND f.tried_at < %s AND f.area >= %s AND f.area < %s
        GROUP BY d.id, d.name, d.code ORDER BY d.code, d.id)
"""


@dataclass(frozen=True)
class BrokenRule:
    """Where, which rule, what is wrong."""

    rule_id: int
    name: str
    place: str
    fault: str


@dataclass(frozen=True)
class Refused:
    """`units` in the order of their codes: not a ranking."""

    categories: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _name, number in self.categories)

    @property
    def most(self) -> tuple[tuple[str, int], ...]:
        return self.categories[:MOST]


@dataclass(frozen=True)
class Notices:
    broken: tuple[BrokenRule, ...]
    refused: Refused


def list_notices(subtree: Subtree, *, span: Span) -> Notices:
    """Of a subtree that may be counted now."""
    refused: list[Any] = [span.since, span.until, *[subtree.low, subtree.high]]
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, [*[subtree.low, subtree.high], MOST_BROKEN, *refused, *refused])
        rows = cursor.fetchall()
    numbers = {
        wanted: tuple((name, number) for kind, _, name, _, _, number in rows if kind == wanted)
        for wanted in ("category", "unit")
    }
    broken = tuple(BrokenRule(*row[1:5]) for row in rows if row[0] == "broken")
    return Notices(broken, Refused(numbers["category"], numbers["unit"]))

"""清单外下派: how often the duty list kept a matter from a community. By category and by the unit
that tried, never by person (domain.md §10.2)."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from yukuai.cases.statistics import Span, Subtree

MOST = 6

_REFUSED = """
    SELECT GROUPING(g.name) = 0, coalesce(g.name, '没有选类'), coalesce(d.name, ''), count(*),
        min(d.code)
    FROM cases_dutyrefusal r
    JOIN divisions_division d ON d.id = r.by_id
    LEFT JOIN cases_category g ON g.id = r.category_id
    WHERE r.tried_at >= %s AND r.tried_at < %s AND r.area >= %s AND r.area < %s
    GROUP BY GROUPING SETS ((g.name), (d.id, d.name)) ORDER BY 4 DESC, 5, 2, 3
"""


@dataclass(frozen=True)
class Refused:
    """`units` in the order of their codes: not a ranking."""

    total: int
    categories: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, int], ...]


def count_refused(subtree: Subtree, *, span: Span) -> Refused:
    """One statement; the scope must reach there."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [span.since, span.until, *subtree.bounds])
        rows = cursor.fetchall()
    categories: dict[str, int] = defaultdict(int)
    units: dict[tuple[str, str], int] = {}
    for by_category, category, unit, number, code in rows:
        if by_category:
            categories[category] += number
        else:
            units[code or "", unit] = number
    return Refused(
        total=sum(categories.values()),
        categories=tuple(categories.items())[:MOST],
        units=tuple((name, number) for (_code, name), number in sorted(units.items()))[:MOST],
    )

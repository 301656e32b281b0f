"""Several counts in one statement: for what stands around every page."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery


def count_together(**rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows each query finds. Whoever caps a count slices its query."""
    parts: list[tuple[str, str]] = []
    params: list[Any] = []
    counts = dict.fromkeys(rows, 0)
    for name, query in rows.items():
        try:
            sql, given = query.query.sql_with_params()
        except EmptyResultSet:  # nothing can be found: nothing is asked
            continue
        parts.append((name, f"(SELECT count(*) FROM ({sql}) AS counted)"))
        params += given
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _name, sql in parts)}", params)
            found = cursor.fetchone()
        counts |= dict(zip((name for name, _sql in parts), found, strict=True))
    return counts


class CountOf(Subquery):
    """The number of rows of another query as a column: it is asked once, not once a row."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

"""Several counts in one statement: for what stands around every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery

from yukuai.kernel.prepared import THEN


@dataclass(frozen=True)
class Counts:
    """Compiled: what it asks hangs on the moment alone."""

    names: tuple[str, ...]
    asked: tuple[str, ...]
    sql: str
    params: Sequence[Any]

    def ask(self, *, at: datetime = THEN) -> dict[str, int]:
        counts = dict.fromkeys(self.names, 0)
        if self.asked:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, [_moved(value, at - THEN) for value in self.params])
                counts |= dict(zip(self.asked, cursor.fetchone(), strict=True))
        return counts


@dataclass(frozen=True)
class EachOnce:
    """Counted by the values of one column, not by rows."""

    rows: QuerySet[Any]
    column: str


def compile_counts(**rows: QuerySet[Any] | EachOnce) -> Counts:
    """How many rows each query finds; whoever caps a count slices its query. Moments are told from
    `THEN`: a query that knew a real one would ask for it for ever."""
    parts: list[tuple[str, str]] = []
    params: list[Any] = []
    for name, one in rows.items():
        query, what = _counted(one)
        try:
            sql, given = query.query.sql_with_params()
        except EmptyResultSet:  # nothing can be found: nothing is asked
            continue
        parts.append((name, f"(SELECT count({what}) FROM ({sql}) AS counted)"))
        params += given
    assert not any(isinstance(value, datetime) and value < THEN for value in params), params
    asked = tuple(name for name, _sql in parts)
    return Counts(tuple(rows), asked, f"SELECT {', '.join(sql for _name, sql in parts)}", params)


def _counted(rows: QuerySet[Any] | EachOnce) -> tuple[QuerySet[Any], str]:
    """The query, and what of it is counted."""
    if isinstance(rows, EachOnce):
        return rows.rows, f"DISTINCT {connection.ops.quote_name(rows.column)}"
    return rows, "*"


def _moved(value: Any, by: timedelta) -> Any:
    return value + by if isinstance(value, datetime) else value


class CountOf(Subquery):
    """The number of rows of another query as a column: it is asked once, not once a row."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

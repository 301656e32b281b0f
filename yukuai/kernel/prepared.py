"""Queries of objects that are compiled once: for what every request asks.

To make a query, join it and write it as SQL costs the ORM ten times what the database takes to
answer it. What such a query asks may hang on values alone: each is marked by a stand-in when the
query is made, and given when it is asked.
"""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)
THEN = datetime(5000, 1, 1, tzinfo=UTC)
"""Stands for “now” in what is compiled once and asked often."""


class Prepared(Generic[M]):
    """`Prepared(make, user=-1, at=THEN).ask(user=7, at=now)`: the rows of `make(user=7, at=now)`,
    read now, as a list. The stand-ins are values that stand nowhere else in the query."""

    def __init__(self, make: Callable[..., QuerySet[M]], **stand_ins: Any) -> None:
        self._make, self._stand_ins = make, stand_ins

    def ask(self, **values: Any) -> list[M]:
        rows, compiler, sql, places = self._compiled
        given = tuple(values[name] if name else value for name, value in places)
        bound: Any = copy.copy(compiler)
        bound.connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        bound.as_sql = lambda *_args, **_kwargs: (sql, given)
        query: Any = copy.copy(rows.query)
        query.get_compiler = lambda *_args, **_kwargs: bound
        return list(ModelIterable(QuerySet(rows.model, query=query, using=DEFAULT_DB_ALIAS)))

    @cached_property
    def _compiled(self) -> tuple[QuerySet[M], Any, str, tuple[tuple[str, Any], ...]]:
        """The query, what knows how to read its rows, and of each parameter its name or value."""
        rows = self._make(**self._stand_ins)
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        places = tuple(self._place(value) for value in params)
        assert {name for name, _ in places} - {""} == self._stand_ins.keys(), params
        return rows, compiler, sql, places

    def _place(self, value: Any) -> tuple[str, Any]:
        for name, stand_in in self._stand_ins.items():
            if type(value) is type(stand_in) and value == stand_in:
                return name, None
        return "", value

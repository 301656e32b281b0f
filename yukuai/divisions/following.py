"""Which tables lie in places, found from the models: none can be forgotten.

A row follows its division by itself when the division moves (the cascade of the composite key).
When a division ends, what still lies exactly there goes to its successor; tables that only ever
grow keep it, for what they remember happened there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import ForeignKey, Model

from yukuai.divisions.located import AreaField
from yukuai.divisions.models import Division
from yukuai.kernel.constraints import AppendOnly
from yukuai.kernel.errors import Conflict


@dataclass(frozen=True)
class Place:
    """A foreign key to a division, with the path that repeats it where there is one."""

    model: type[Model]
    column: str
    area: str | None


def list_places_of_rows() -> list[Place]:
    """Every foreign key to Division outside this app, except in append-only tables."""
    models = apps.get_models(include_auto_created=True)
    return [place for model in models if _may_change(model) for place in _places(model)]


def repoint_rows(gone: Division, heir: Division) -> int:
    """What lay exactly at `gone` lies at `heir`; answers how many rows.

    Must see everything: call it in a scope of EVERYWHERE.
    """
    return sum(_repoint(place, gone, heir) for place in list_places_of_rows())


def count_rows_below(division: Division, *, cap: int) -> int:
    """How many rows of all these tables lie in its subtree: one statement, each table to a cap.

    Must see everything: call it in a scope of EVERYWHERE.
    """
    quote = connection.ops.quote_name
    located = [place for place in list_places_of_rows() if place.area]
    counted = [
        f"(SELECT count(*) FROM (SELECT 1 FROM {quote(place.model._meta.db_table)}"
        f" WHERE {quote(place.area or '')} >= %s AND {quote(place.area or '')} < %s"
        " LIMIT %s) AS rows)"
        for place in located
    ]
    bounds: list[str | int] = [division.path, f"{division.path[:-1]}/", cap + 1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(counted) or '0'}", bounds * len(located))
        return int(cursor.fetchone()[0])


def _may_change(model: type[Model]) -> bool:
    meta = model._meta
    if meta.app_label == Division._meta.app_label or meta.proxy or not meta.managed:
        return False
    return not any(isinstance(promise, AppendOnly) for promise in meta.constraints)


def _places(model: type[Model]) -> Iterator[Place]:
    fields = model._meta.local_concrete_fields
    areas = {field.place: field.column for field in fields if isinstance(field, AreaField)}
    for field in fields:
        if isinstance(field, ForeignKey) and field.related_model is Division:
            yield Place(model, field.column, areas.get(field.name))


def _repoint(place: Place, gone: Division, heir: Division) -> int:
    quote = connection.ops.quote_name
    table, column = quote(place.model._meta.db_table), quote(place.column)
    sql = f"UPDATE {table} SET {column} = %s WHERE {column} = %s"
    params: list[int | str] = [heir.pk, gone.pk]
    if place.area:  # by the index that begins with the area
        area = quote(place.area)
        sql = f"UPDATE {table} SET {column} = %s, {area} = %s WHERE {column} = %s AND {area} = %s"
        params = [heir.pk, heir.path, gone.pk, gone.path]
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql, params)
        except IntegrityError as error:
            raise _collision(place, gone, heir, error) from error
        return int(cursor.rowcount)


def _collision(place: Place, gone: Division, heir: Division, error: IntegrityError) -> Conflict:
    """Two offices of one name, for instance: a person has to decide which stays."""
    detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or ""
    values = re.search(r"=\((.*)\)", detail)
    what = f"（{values[1]}）" if values else ""
    return Conflict(
        f"“{gone.name}”名下有一条{place.model._meta.verbose_name}记录{what}转到“{heir.name}”后"
        "会与那里已有的重复。请先改名、合并或停用其中一个，再来办这件事。什么都没有改。"
    )

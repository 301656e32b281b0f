"""What the database must have been given by a superuser: said when it is migrated or checked."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

MARKED = ("arrayoverlap(anyarray,anyarray)", "ts_match_vq(tsvector,tsquery)")
_UNMARKED = """
    SELECT name FROM unnest(%s::text[]) AS wanted (name)
    JOIN pg_proc ON pg_proc.oid = name::regprocedure WHERE NOT proleakproof
"""


@register(Tags.database)
def operators_are_leakproof(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Without these marks every answer is right, and a search reads every row."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(_UNMARKED, [list(MARKED)])
            unmarked = [name for (name,) in cursor.fetchall()]
        if unmarked:
            found.append(
                Warning(
                    f"{alias}: not marked LEAKPROOF: {', '.join(unmarked)}. Searches will be slow.",
                    hint="As superuser: psql -d <database> -f deploy/marks.sql",
                    id="yukuai.W001",
                )
            )
    return found

"""Pages by key: the next one begins behind the last row shown, never at an offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
SIZE = 50
LONGEST = 200


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: Sequence[M]
    next_url: str
    first_url: str
    """Where the list begins, when this is not its first page."""


def number(text: str) -> int | None:
    """An id out of an address, or None: nothing that a database column could not hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def tidy(text: str, *, limit: int = 60) -> str:
    """What was looked for: no NUL, which no column takes, and no essays."""
    return text.replace("\x00", "").strip()[:limit]


def by_moment(request: Any, rows: QuerySet[M], field: str, *, size: int = SIZE) -> Page[M]:
    """For rows ordered by a moment and the key, both falling: `?after=<moment>~<id>`."""
    moment, _, pk = request.GET.get("after", "").partition("~")
    last = number(pk)
    try:
        until = datetime.fromisoformat(moment)
    except ValueError:
        until = None
    key = until is not None and until.tzinfo is not None and last is not None
    if key:
        older = Q(**{f"{field}__lt": until}) | Q(pk__lt=last)
        rows = rows.filter(older, **{f"{field}__lte": until})
    found = list(rows[: size + 1])
    edge = found[size - 1] if len(found) > size else None
    after = f"{getattr(edge, field).isoformat()}~{edge.pk}" if edge else ""
    return _page(request, found[:size], after, is_first=not key)


def ascending(
    request: Any, rows: QuerySet[M], fields: Sequence[str], *, size: int = SIZE
) -> Page[M]:
    """For rows ordered by these columns, all rising, the last one the key."""
    values = request.GET.get("after", "")[:LONGEST].replace("\x00", "").split("~")
    key = len(values) == len(fields) and number(values[-1]) is not None
    if key:
        rows = rows.filter(_behind(dict(zip(fields, values, strict=True))))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    after = "~".join(str(getattr(last, field)) for field in fields) if last else ""
    return _page(request, found[:size], after, is_first=not key)


def _behind(key: dict[str, str]) -> Q:
    """(a, b, c) > (x, y, z), written out; the first column bounds the range for its index."""
    wanted, same = Q(pk__in=()), Q()
    for field, value in key.items():
        wanted |= same & Q(**{f"{field}__gt": value})
        same &= Q(**{field: value})
    first, value = next(iter(key.items()))
    return wanted & Q(**{f"{first}__gte": value})


def _page(request: Any, rows: Sequence[M], after: str, *, is_first: bool) -> Page[M]:
    kept = {name: said for name, said in request.GET.items() if name != "after" and said}
    return Page(
        rows,
        next_url=f"?{urlencode({**kept, 'after': after})}" if after else "",
        first_url="" if is_first else f"?{urlencode(kept)}",
    )

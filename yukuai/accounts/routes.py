"""Deny by default: a route that does not say who may open it stops the process from starting."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def iter_routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every route as (path, qualified name, view)."""
    resolver = resolver or get_resolver()
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from iter_routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.lookup_str, pattern.callback


@register
def every_route_says_who_may_open_it(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.ROOT_URLCONF:
        return []
    return [
        Error(f"{path} ({name}) declares no access.", id="yukuai.E001")
        for path, name, view in iter_routes()
        if not hasattr(view, "access")
    ]

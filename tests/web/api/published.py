"""What the product publishes of its interfaces, found in the URL table: every OpenAPI document, and
every route below /api/ as a template."""

import json
import re
from collections.abc import Iterator
from typing import Any

import schemathesis
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from schemathesis import APIOperation

ROOT = "/api/"
DOCUMENT = "openapi.json"
PLACEHOLDER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def routes(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Template and view, `/api/v1/cases/{number}`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + PLACEHOLDER.sub(r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern) and path.startswith(ROOT):
            yield path, pattern.callback


def documents(urls: Any = None) -> dict[str, dict[str, Any]]:
    """Each description as it is served, by its address."""
    return {
        path: json.loads(view(RequestFactory().get(path)).content)
        for path, view in routes(get_resolver(urls))
        if path.endswith(DOCUMENT)
    }


def operations(urls: Any = None) -> list[APIOperation]:
    return [
        found.ok()
        for document in documents(urls).values()
        for found in schemathesis.openapi.from_dict(document).get_all_operations()
    ]


def described() -> set[tuple[str, str]]:
    """Method and template of all that stands in any description."""
    return {
        (method.upper(), path)
        for document in documents().values()
        for path, methods in document["paths"].items()
        for method in methods
    }

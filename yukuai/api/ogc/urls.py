"""The routes under /api/ogc/: everything is public, and readable from any page's script."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yukuai.accounts.access import Access
from yukuai.api.ogc.app import api

View = Callable[..., HttpResponse]


def _open_to_all(view: View) -> View:
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Crs"
        return response

    run.access = Access("public")  # type: ignore[attr-defined]
    return run


def _patterns() -> Any:
    routes: Any = api.urls
    patterns, app, namespace = routes
    for pattern in patterns:
        pattern.callback = _open_to_all(pattern.callback)
    return patterns, app, namespace


urlpatterns = [path("", _patterns())]

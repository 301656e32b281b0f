from typing import Any

from django.urls import include, path

from yukuai.accounts.access import Access
from yukuai.api.app import api
from yukuai.api.exchange import callback

OPEN = {"api-root", "openapi-json", "openapi-view"}
"""The description is public; everything else asks for a client's key."""


def _declared() -> Any:
    routes: Any = api.urls
    patterns, app, namespace = routes
    for pattern in patterns:
        kind = "public" if pattern.name in OPEN else "client"
        pattern.callback.access = Access(kind)
    return patterns, app, namespace


urlpatterns = [
    path("exchange/<slug:code>/callback", callback, name="exchange-callback"),
    path("open311/", include("yukuai.api.open311.urls")),
    path("ogc/", include("yukuai.api.ogc.urls")),
    path("", _declared()),
]

"""What makes the pages an app that opens without a network, and the heartbeat for watchers."""

import json
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import find
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.kernel.errors import NotFound
from yukuai.kernel.web import NOT_FOUND

MANIFEST = "brand/manifest.webmanifest"
WORKER = "islands/sw.js"


@public
@require_safe
def service_worker(request: Any) -> HttpResponse:
    """At the root, for a worker reaches no further up than where it lies."""
    path = find(WORKER)
    if not path:
        raise NotFound(NOT_FOUND)
    response = HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def manifest(request: Any) -> HttpResponse:
    path = find(MANIFEST)
    assert path, "static/brand/manifest.webmanifest is part of the checkout"
    body: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    for icon in body["icons"]:
        icon["src"] = static(f"brand/{icon['src']}")
    response = JsonResponse(
        body,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def offline(request: Any) -> HttpResponse:
    """Kept by the service worker and shown when a page cannot be fetched."""
    response = TemplateResponse(request, "errors/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


@public
@never_cache
@require_safe
def health(request: Any) -> HttpResponse:
    """Plain, for a proxy or a watcher; an error when the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")

"""For watchers, not for people: is this installation ready, and its figures."""

import ipaddress
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.flows import watching
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.limits import peer_of
from yukuai.kernel.metrics import CONTENT_TYPE, exposition
from yukuai.kernel.web import NOT_FOUND


@public
@never_cache
@require_safe
def ready(request: Any) -> HttpResponse:
    """200, or 503 with what is lacking: migrations not applied, no worker alive."""
    lacking = watching.find_lacking(at=clock.now())
    return JsonResponse({"ready": not lacking, "lacking": lacking}, status=503 if lacking else 200)


@public
@never_cache
@require_safe
def metrics(request: Any) -> HttpResponse:
    """Raises NotFound for everybody who is not a watcher of ours."""
    if not _may_watch(request):
        raise NotFound(NOT_FOUND)
    figures = watching.list_figures(at=clock.now())
    return HttpResponse(exposition(figures), content_type=CONTENT_TYPE)


def _may_watch(request: Any) -> bool:
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), token.encode())
    if "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES:
        return False  # a proxy that nobody told us of: whoever asks, it is not this machine
    try:
        peer = ipaddress.ip_address(peer_of(request))
    except ValueError:
        return False
    return peer.is_loopback or any(
        peer in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS
    )

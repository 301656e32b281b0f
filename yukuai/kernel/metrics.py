"""How many requests, to what, how fast: counted by every process, added up by whichever is asked.

Each process counts in a file of its own (`PROMETHEUS_MULTIPROC_DIR`), which outlives it: a killed
process takes no count along. A request is known by the name of its route, never by its address,
in which numbers of matters stand.
"""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from yukuai.kernel.web import Next

FOLDER = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
FOLDER.mkdir(parents=True, exist_ok=True)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""
log = logging.getLogger("yukuai.requests")
_own = CollectorRegistry()
REQUESTS = Counter(
    "yukuai_requests", "Requests answered", ["route", "method", "status"], registry=_own
)
SECONDS = Histogram(
    "yukuai_request_seconds", "Time to the answer", ["route"], buckets=STEPS, registry=_own
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MeteringMiddleware:
    """Counts each request, and says it in one line of the log."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        took = perf_counter() - began
        method = request.method if request.method in METHODS else "other"
        route = route_of(request)
        REQUESTS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route).observe(took)
        said = {
            "method": method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(took * 1000),
        }
        log.info("%(method)s %(route)s %(status)s %(milliseconds)s ms", said, extra=said)
        return response


def route_of(request: HttpRequest) -> str:
    """`portal:home`; what matches no route is one route, however many addresses are tried."""
    return (request.resolver_match and request.resolver_match.view_name) or "none"


@dataclass(frozen=True)
class Figure:
    """One gauge: its rows are (labels' values, figure)."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    rows: list[tuple[tuple[str, ...], float]] = field(default_factory=list)


class _Given(Collector):
    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = figures

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for figure in self.figures:
            family = GaugeMetricFamily(figure.name, figure.says, labels=figure.labels)
            for labels, value in figure.rows:
                family.add_metric(labels, value)
            yield family


def exposition(figures: Iterable[Figure]) -> bytes:
    """Requests of all processes and the figures given, as Prometheus reads them."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]
    registry.register(_Given(figures))
    return generate_latest(registry)

"""Matters on a map. The page works without scripts; the island draws the same points."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.spots import (
    PLACES_SHOWN,
    Square,
    count_by_place,
    find_spots,
    list_located,
    read_box,
)
from yukuai.cases.states import OPEN
from yukuai.kernel import clock, wording
from yukuai.workbench.casework.filtering import Asked, read_filter
from yukuai.workbench.casework.listing import page_of
from yukuai.workbench.casework.page import state_tone
from yukuai.workbench.map.base import base_map
from yukuai.workbench.map.seats import list_seats

if TYPE_CHECKING:
    from yukuai.cases.models import Case

PAGE = 50


@staff(Permission.CASE_VIEW)
@require_GET
def page(request: Any) -> HttpResponse:
    """That the map was opened is one entry of the audit; its pins are no look at a matter."""
    actor, at = request.actor, clock.now()
    asked = _read(actor, request.GET)
    listed = page_of(request, list_located(actor, wanted=asked.wanted), size=PAGE, text="")
    places = count_by_place(actor, wanted=asked.wanted)
    if not listed.newer_url:
        _record(actor, asked, at)
    context = {
        "form": asked.form,
        "within": asked.within,
        "choices": asked.choices,
        "lost": asked.lost,
        "narrowed": asked.kept != {"state": "open"},
        "query": asked.query,
        "page": listed,
        "rows": listed.rows,
        "total": listed.total,
        "older_url": listed.older_url,
        "newer_url": listed.newer_url,
        "places": places[:PLACES_SHOWN],
        "more_places": len(places) > PLACES_SHOWN,
        "map": _props(asked),
        "now": at,
    }
    return TemplateResponse(request, "work/map/page.html", context)


@staff(Permission.CASE_VIEW)
@require_GET
@never_cache
def pins(request: Any) -> HttpResponse:
    """What of the filter lies in `bbox`, as GeoJSON: pins, or squares with their counts."""
    asked = _read(request.actor, request.GET)
    box = read_box(request.GET.get("bbox", "")[:100])
    found = find_spots(request.actor, wanted=asked.wanted, box=box)
    features = [_pin(case) for case in found.pins] + [_square(one) for one in found.squares]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _read(actor: Actor, given: Mapping[str, str]) -> Asked:
    """The filter of the list; what is not done yet unless another step was chosen."""
    said = {name: given[name] for name in given}
    return read_filter(actor, {"state": "open", **said})


def _record(actor: Actor, asked: Asked, at: Any) -> None:
    own = next(iter(actor.paths_for(Permission.CASE_VIEW)), "")
    area = asked.within.path if asked.within else own
    record(actor, act="map.view", target="map", area=area, at=at, filter=asked.kept)


def _props(asked: Asked) -> dict[str, Any]:
    said = {**asked.kept, "state": asked.form.said("state")}
    return {
        "pins": f"{reverse('work:map-pins')}?{urlencode(said)}",
        "base": base_map(),
        "seats": [[seat.name, seat.lon, seat.lat] for seat in list_seats()],
    }


def _pin(case: "Case") -> dict[str, Any]:
    due = case.promised_at if case.state in OPEN and not case.replied_at else None
    said = {
        "number": case.number,
        "title": case.title,
        "state": case.get_state_display(),
        "tone": state_tone(case.state),
        "due": wording.moment(due, now=clock.now()) if due else "",
        "place": case.division.name,
        "url": reverse("work:case", args=[case.number]),
    }
    return _feature(case.lon, case.lat, said)


def _square(one: Square) -> dict[str, Any]:
    return _feature(one.lon, one.lat, {"count": one.number})


def _feature(lon: float | None, lat: float | None, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": said,
    }

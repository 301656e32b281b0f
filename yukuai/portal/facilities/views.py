"""附近的设施: what is near, is it open, how to get there. Where somebody stands never leaves his
browser; without scripts the list is reckoned from the middle of his community."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.kernel import clock
from yukuai.kernel.basemap import base_map
from yukuai.portal.community.chosen import find_community, find_living
from yukuai.registry.nearby import ways
from yukuai.registry.queries.facilities import (
    Nearby,
    get_facility,
    list_categories,
    list_near,
)

SECONDS = 60
"""Whether something is open is right for a minute."""


@public
@require_safe
def near(request: Any) -> HttpResponse:
    community = find_community(request)
    category = request.GET.get("category", "")
    found, _middle = (
        list_near(request.actor, division_id=community.id, category=category, at=clock.now())
        if community
        else ([], None)
    )
    context = {
        "community": community,
        "found": found,
        "category": category,
        "categories": list_categories(request.actor) if community else [],
        "map": {
            "points": [_point(one) for one in found if one.lon is not None],
            "base": base_map(),
        },
    }
    response = TemplateResponse(request, "portal/facilities/list.html", context)
    patch_cache_control(response, private=True, max_age=SECONDS)
    return response


def _point(one: Nearby) -> list[Any]:
    return [one.id, one.name, one.lon, one.lat, reverse("portal:facility", args=[one.id])]


@public
@require_safe
def one(request: Any, facility_id: int) -> HttpResponse:
    facility = get_facility(request.actor, facility_id=facility_id, at=clock.now())
    context = {
        "one": facility,
        "community": find_living(request.actor, division_id=facility.division_id),
        "ways": ways(facility.name, facility.lon, facility.lat)
        if facility.lon is not None and facility.lat is not None
        else [],
    }
    response = TemplateResponse(request, "portal/facilities/one.html", context)
    patch_cache_control(response, private=True, max_age=SECONDS)
    return response

"""What of the register stands on the map: the panel of one thing, and the things found by name."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.lines import find_inside
from yukuai.divisions.queries import list_chain
from yukuai.elections.queries import list_hanging
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.registry.keeping import NOT_HERE
from yukuai.registry.queries.facilities import list_categories
from yukuai.registry.queries.spots import Spot, find_spots, get_spot
from yukuai.registry.questions import read_question
from yukuai.registry.states import Kind
from yukuai.workbench.map.choices import LAID, NOTICES, OVERLAYS, overlays_of


@staff(Permission.MAP_VIEW)
@require_GET
@never_cache
def thing(request: Any, kind: str, spot_id: int) -> HttpResponse:
    context = thing_of(request.actor, kind, spot_id, clock.now())
    if context is None:
        raise NotFound(NOT_HERE)
    response = TemplateResponse(request, template_of(context), context)
    response["HX-Replace-Url"] = address_of(kind, spot_id)
    return response


def template_of(context: dict[str, Any]) -> str:
    return "work/map/board.html" if "board" in context else "work/map/thing.html"


def thing_of(actor: Actor, kind: str, spot_id: int, at: datetime) -> dict[str, Any] | None:
    """None where there is no such thing for the actor."""
    if kind not in LAID:
        return None
    if kind == NOTICES:
        return _board(actor, spot_id, at)
    try:
        spot = get_spot(actor, kind=kind, spot_id=spot_id, at=at)
    except NotFound:
        return None
    return {
        "thing": spot,
        "point": "" if spot.lon is None else f"{spot.lon},{spot.lat}",
        "above": list_chain(actor, division_id=spot.division_id),
        "ways": _ways(spot),
    }


def _board(actor: Actor, division_id: int, at: datetime) -> dict[str, Any] | None:
    """What hangs in a community."""
    notices = list_hanging(actor, division_id=division_id, at=at)
    if not notices:
        return None
    inside = find_inside(actor, division_id=division_id)
    return {
        "board": notices,
        "here": notices[0].division,
        "point": f"{inside[0]},{inside[1]}" if inside else "",
        "above": list_chain(actor, division_id=division_id),
    }


def _ways(spot: Spot) -> list[tuple[str, str, str]]:
    """Where one goes on from here: icon, label, address."""
    ways = []
    if spot.kind is Kind.BUILDING and spot.counts:
        plan = reverse("work:registry-plan", args=[spot.id])
        ways.append(("house", "以房找人", plan))
    if spot.reads:
        record = reverse("work:registry-record", args=[spot.kind, spot.id])
        ways.append(("doc", "看底册", record))
    return ways


def found_of(actor: Actor, text: str, most: int) -> list[dict[str, Any]]:
    icons = {one.kind: one.icon for one in OVERLAYS}
    found = find_spots(actor, question=read_question(text), most=most)
    return [
        {
            "name": one.name,
            "place": one.place,
            "icon": icons[one.kind],
            "sort": one.kind.label,
            "url": address_of(one.kind, one.id),
            "panel": reverse("work:map-thing", args=[one.kind, one.id]),
        }
        for one in found
    ]


def legend_of(actor: Actor) -> list[tuple[str, str]]:
    """Icon and words of each category that has an icon of its own, and of all others."""
    labels = dict(list_categories(actor))
    icons = next(one for one in overlays_of(actor) if one.kind is Kind.FACILITY).icons
    told = [(icon, labels[code]) for code, icon in icons.items() if code in labels]
    return [*told, ("place", "其他设施")] if told else []


def address_of(kind: str, spot_id: int) -> str:
    return f"{reverse('work:map')}?{urlencode({'at': f'{kind}:{spot_id}'})}"

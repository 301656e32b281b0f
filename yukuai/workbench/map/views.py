"""一张图: areas on our own tiles, coloured by a number, with matters laid over them.

The page works without scripts: the panel of a place is chosen by links, and the table says what
the map draws. The island draws the map and opens the same panel by htmx.
"""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.spots import PLACES_SHOWN, count_by_place, list_located
from yukuai.cases.tiles import count_spots
from yukuai.divisions.lines import find_box, known_notes
from yukuai.divisions.queries import find_divisions, get_division
from yukuai.kernel import clock
from yukuai.kernel.basemap import base_map
from yukuai.workbench.casework.filtering import Asked
from yukuai.workbench.casework.listing import page_of
from yukuai.workbench.fields import number, tidy
from yukuai.workbench.map.asking import read_matters
from yukuai.workbench.map.choices import COLOURINGS, overlays_of
from yukuai.workbench.map.panels import ids_of, panel_of
from yukuai.workbench.map.spots import found_of, legend_of, thing_of

PAGE = 50
HITS = 8
LINES = "city,district,zone,township,community,group,grid,compound,names"
FILTERED = {"state": "open"}


@staff(Permission.MAP_VIEW)
@require_GET
def page(request: Any) -> HttpResponse:
    """That the map was opened is one entry of the audit; its tiles are no look at a matter."""
    actor, at = request.actor, clock.now()
    asked = read_matters(actor, request.GET)
    listed = page_of(request, list_located(actor, wanted=asked.wanted), size=PAGE, text="")
    places = count_by_place(actor, wanted=asked.wanted)
    if not listed.newer_url:
        _record(actor, asked, at)
    context = {
        "form": asked.form,
        "within": asked.within,
        "choices": asked.choices,
        "lost": asked.lost,
        "narrowed": asked.kept != FILTERED,
        "query": asked.query,
        "page": listed,
        "rows": listed.rows,
        "total": listed.total,
        "older_url": listed.older_url,
        "newer_url": listed.newer_url,
        "places": places[:PLACES_SHOWN],
        "more_places": len(places) > PLACES_SHOWN,
        "map": _props(actor, asked),
        "colourings": COLOURINGS,
        "overlays": overlays_of(actor),
        "legend": legend_of(actor),
        "spots": count_spots(actor, wanted=asked.wanted, at=at),
        "notes": known_notes(actor),
        **_found(actor, request.GET.get("find", "")),
        "now": at,
        **_panel(request, at),
    }
    return TemplateResponse(request, "work/map/page.html", context)


@staff(Permission.MAP_VIEW)
@require_GET
def find(request: Any) -> HttpResponse:
    """Places by name, initials or code, houses and facilities by name or address, as one types."""
    context = _found(request.actor, request.GET.get("find", ""))
    return TemplateResponse(request, "work/map/found.html", context)


def _found(actor: Actor, typed: str) -> dict[str, Any]:
    text = tidy(typed, most=40)
    if not text:
        return {"find": text, "found": (), "things": ()}
    found = find_divisions(actor, text=text, limit=HITS)
    return {"find": text, "found": found, "things": found_of(actor, text, HITS)}


def _panel(request: Any, at: Any) -> dict[str, Any]:
    """Of a place, or of the thing asked for."""
    kind, _, pk = request.GET.get("at", "").partition(":")
    thing = thing_of(request.actor, kind, number(pk) or 0, at) if pk else None
    if thing:
        return thing
    return panel_of(request.actor, division_id=_here(request, request.actor), at=at)


def _here(request: Any, actor: Actor) -> int:
    """The place asked for, or one's own."""
    return number(request.GET.get("here", "")) or ids_of(actor)[0]


def _record(actor: Actor, asked: Asked, at: Any) -> None:
    own = next(iter(actor.paths_for(Permission.MAP_VIEW)), "")
    area = asked.within.path if asked.within else own
    record(actor, act="map.view", target="map", area=area, at=at, filter=asked.kept)


def _props(actor: Actor, asked: Asked) -> dict[str, Any]:
    said = {**asked.kept, "state": asked.form.said("state")}
    own = [get_division(actor, division_id=pk) for pk in ids_of(actor)]
    boxes = [box for one in own if (box := find_box(actor, division_id=one.pk))]
    return {
        "lines": f"/tiles/{LINES}/{{z}}/{{x}}/{{y}}.mvt",
        "matters": "/work/tiles/matters/{z}/{x}/{y}.mvt",
        "filter": said,
        "figures": reverse("work:map-figures"),
        "place": reverse("work:map-place", args=[0]).replace("0", "ID"),
        "spot": reverse("work:map-spot"),
        "overlays": [
            {
                "layer": one.layer,
                "since": one.since,
                "icon": one.icon,
                "icons": one.icons,
                "shown": one.shown,
                "thing": reverse("work:map-thing", args=[one.kind, 0]).replace("0", "ID"),
            }
            for one in overlays_of(actor)
        ],
        "overlaid": "/work/tiles/LAYER/{z}/{x}/{y}.mvt",
        "icons": static("icons.svg"),
        "mine": [one.path for one in own],
        "home": [[box.west, box.south, box.east, box.north] for box in boxes],
        "base": base_map(),
    }

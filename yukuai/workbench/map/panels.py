"""The panel of what was chosen on the map: a place with its figures, or the matters at a spot."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.cases.by_place import (
    COLUMNS,
    count_by_area,
    count_within,
    get_trend,
    list_in_box,
    list_pressing,
)
from yukuai.cases.lines import list_lines
from yukuai.cases.spots import read_box
from yukuai.divisions.lines import find_box
from yukuai.divisions.queries import list_chain, list_children
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.registry.queries.counting import count_area, count_level
from yukuai.workbench.casework.filtering import kept_of
from yukuai.workbench.casework.listing import as_rows
from yukuai.workbench.map.asking import read_matters
from yukuai.workbench.map.choices import MEASURES, SHARE, bounds

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

PRESSING = 5
AT_A_SPOT = 50
BELOW = {"city": "district", "district": "township", "zone": "township", "township": "community"}


@dataclass(frozen=True)
class Below:
    """An area below the place, with its numbers where one may look."""

    id: int
    name: str
    open: int
    late: int


def ids_of(actor: Actor) -> list[int]:
    """The places in which one may see the map; the root of the whole platform is the city."""
    paths = actor.paths_for(Permission.MAP_VIEW)
    return [int(path.rstrip(".").rpartition(".")[2]) for path in paths if path] or [1]


@staff(Permission.MAP_VIEW)
@require_GET
@never_cache
def place(request: Any, division_id: int) -> HttpResponse:
    context = panel_of(request.actor, division_id=division_id, at=clock.now())
    response = TemplateResponse(request, "work/map/place.html", context)
    response["HX-Replace-Url"] = _address(request.GET, here=division_id)
    return response


@staff(Permission.MAP_VIEW)
@require_GET
@never_cache
def spot(request: Any) -> HttpResponse:
    """The matters in a small box: what lies so close together that no zoom parts it."""
    box = read_box(request.GET.get("box", "")[:120])
    wanted = read_matters(request.actor, request.GET).wanted
    found = list_in_box(request.actor, wanted=wanted, box=box)[: AT_A_SPOT + 1]
    lines = list_lines(request.actor, rows=found)
    context = {
        "rows": as_rows(request.actor, lines[:AT_A_SPOT]),
        "more": len(lines) > AT_A_SPOT,
        "now": clock.now(),
    }
    return TemplateResponse(request, "work/map/spot.html", context)


@staff(Permission.MAP_VIEW)
@require_GET
@never_cache
def figures(request: Any) -> HttpResponse:
    """What the areas of a level are coloured by."""
    level, measure = request.GET.get("level", ""), request.GET.get("measure", "")
    if level not in COLUMNS or measure not in MEASURES:
        raise InvalidInput("地图不认识这个选择，请重新打开地图。")
    values = _values(request.actor, level, measure, clock.now())
    return JsonResponse({"bounds": bounds(values), "values": values})


def _values(actor: Actor, level: str, measure: str, at: datetime) -> dict[int, int]:
    """A share is told of areas whose households are known alone."""
    if measure != SHARE:
        return count_by_area(actor, level=level, measure=measure, at=at)
    open_here = count_by_area(actor, level=level, measure="open", at=at)
    homes = {pk: one.households for pk, one in count_level(actor, level=level).items()}
    return {pk: round(open_here.get(pk, 0) * 1000 / homes[pk]) for pk in homes if homes[pk]}


@staff(Permission.MAP_VIEW)
@require_GET
@never_cache
def trend(request: Any, division_id: int) -> HttpResponse:
    """For the charts of a place; a table of it stands beside them."""
    chain = list_chain(request.actor, division_id=division_id)
    found = get_trend(request.actor, within=chain[-1].path, at=clock.now())
    context = {
        "place": chain[-1],
        "trend": found,
        "chart": json.dumps(
            {
                "categories": [[name, count] for name, count in found.categories],
                "weeks": [[f"{start:%-m月%-d日}", count] for start, count in found.weeks],
            },
            ensure_ascii=False,
        ),
    }
    template = "work/map/trend.html" if request.htmx else "work/map/trend_page.html"
    return TemplateResponse(request, template, context)


def panel_of(actor: Actor, *, division_id: int, at: datetime) -> dict[str, Any]:
    chain = list_chain(actor, division_id=division_id)
    here = chain[-1]
    box = find_box(actor, division_id=here.pk)
    paths = actor.paths_for(Permission.CASE_VIEW)
    context: dict[str, Any] = {
        "here": here,
        "above": chain[:-1],
        "below": _below(actor, here, at),
        "box": f"{box.west},{box.south},{box.east},{box.north}" if box else "",
        "inside": any(here.path.startswith(path) for path in paths),
        "reaches": any(path.startswith(here.path) for path in paths),
        "may_list": actor.may(Permission.CASE_VIEW),
        "may_board": _may_board(actor, here),
        "now": at,
    }
    if context["inside"]:
        found = list_pressing(actor, within=here.path, at=at)[:PRESSING]
        pressing = list_lines(actor, rows=found)
        context["counted"] = count_within(actor, within=here.path, at=at)
        context["pressing"] = as_rows(actor, pressing)
    if check(actor, Permission.REGISTRY_COUNT, here):
        context["kept"] = count_area(actor, area=here)
    return context


def _may_board(actor: Actor, here: "Division") -> bool:
    paths = actor.paths_for(Permission.BOARD_VIEW)
    return here.kind != "community" and any(here.path.startswith(path) for path in paths)


def _below(actor: Actor, here: "Division", at: datetime) -> Sequence[Below]:
    level = BELOW.get(here.kind)
    if level is None:
        return ()
    counts = [
        count_by_area(actor, level=level, measure=measure, at=at, within=here.path)
        for measure in ("open", "late")
    ]
    children = list_children(actor, parent_id=here.pk)
    return [
        Below(one.id, one.name, *(count.get(one.id, 0) for count in counts)) for one in children
    ]


def _address(given: Any, *, here: int) -> str:
    said = {**kept_of(given), "here": str(here)}
    return f"{reverse('work:map')}?{urlencode(said)}"

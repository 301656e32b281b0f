"""Choose a community: by search, down the list, or by scanning the code in the service hall."""

from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.divisions.queries import (
    find_divisions,
    get_division,
    list_ancestors,
    list_children,
    resolve_code,
)
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.web import NOT_FOUND
from yukuai.portal.community.chosen import (
    describe_community,
    find_community,
    remember_community,
)
from yukuai.portal.fields import plain_words
from yukuai.portal.help.offices import list_offices
from yukuai.portal.raising.draft import find_draft, keep_draft

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

FOUND_AT_MOST = 20
ABOVE = ("city", "district", "zone", "township")
FOR_RAISING = "raise"


@public
@never_cache
@require_safe
def choose(request: Any) -> HttpResponse:
    """Search on top, the list below: districts, townships, communities."""
    typed = plain_words(request.GET.get("q", "")).strip()[:40]
    chosen = find_community(request)
    context = {
        "chosen": chosen,
        "typed": typed,
        "found": _found(request, typed) if typed else None,
        "aim": _aim(request),
        "suffix": _suffix(request),
        **_level(request, typed),
    }
    return TemplateResponse(request, "portal/community/choose.html", context)


def _found(request: Any, typed: str) -> list[Any]:
    found = find_divisions(request.actor, text=typed, kinds=["community"], limit=FOUND_AT_MOST)
    return [{"hit": hit, "place": _without_city(hit.place)} for hit in found]


def _without_city(place: str) -> str:
    """重庆市 › 渝中区 › 大溪沟街道 › 张家花园社区: the middle, which tells namesakes apart."""
    return " · ".join(place.split(" › ")[1:-1])


def _level(request: Any, typed: str) -> dict[str, Any]:
    """The children of the division asked for, and the way back up."""
    if typed:
        return {}
    under = request.GET.get("under", "")
    if not (under.isascii() and under.isdigit() and len(under) < 19):
        root = next(iter(list_children(request.actor)), None)
        children = list_children(request.actor, parent_id=root.id) if root else []
        return {"crumbs": [], "children": children, "level": "区县"}
    division = get_division(request.actor, division_id=int(under))
    if division.kind not in ABOVE or division.valid_to is not None:
        raise NotFound(NOT_FOUND)
    return {
        "crumbs": _crumbs(request, division),
        "children": list_children(request.actor, parent_id=division.pk),
        "level": division.name,
    }


def _crumbs(request: Any, division: "Division") -> list[dict[str, str]]:
    suffix = _suffix(request)
    above = [*list_ancestors(request.actor, division=division), division]
    first = f"?{suffix.removeprefix('?')}" if suffix else reverse("portal:community")
    crumbs = [{"label": "全市", "url": first}]
    joined = f"&{suffix.removeprefix('?')}" if suffix else ""
    crumbs += [
        {"label": d.name, "url": f"?under={d.pk}{joined}"} for d in above if d.kind != "city"
    ]
    return crumbs


def _aim(request: Any) -> str:
    """What the community is chosen for: the reader's pages, or the matter being written."""
    return FOR_RAISING if request.GET.get("for") == FOR_RAISING else ""


def _suffix(request: Any) -> str:
    aim = _aim(request)
    return f"?{urlencode({'for': aim})}" if aim else ""


@public
@never_cache
@require_safe
def by_code(request: Any, code: str) -> HttpResponse:
    """What the QR code in the service hall opens. A code once printed works for ever: a community
    that was merged leads to its successor, one that was split asks which."""
    resolved = resolve_code(request.actor, code=code)
    communities = [d for d in resolved.today if d.kind == "community" and d.valid_to is None]
    if not communities:
        return _above(request, resolved.today)
    if len(communities) > 1:
        context = {"before": resolved.division, "communities": communities, "aim": _aim(request)}
        return TemplateResponse(request, "portal/community/which.html", context)
    division = communities[0]
    if resolved.successors:
        messages.info(request, f"{resolved.division.name}已经并入{division.name}。")
    return _chosen(request, division)


def _above(request: Any, divisions: Any) -> HttpResponse:
    """The code of a district or a township: choose below it."""
    living = [d for d in divisions if d.valid_to is None and d.kind in ABOVE]
    if not living:
        raise NotFound("这个码对应的村（社区）已经撤销。请按名字找现在的社区。")
    aim = _aim(request)
    query = {"under": living[0].pk} | ({"for": aim} if aim else {})
    return HttpResponseRedirect(f"{reverse('portal:community')}?{urlencode(query)}")


def _chosen(request: Any, division: "Division") -> HttpResponse:
    raising = _aim(request) == FOR_RAISING
    if raising:
        _into_draft(request, division)
    response = redirect("portal:raise-where" if raising else "portal:home")
    if not raising or find_community(request) is None:
        remember_community(request, response, division_id=division.pk)
    return response


def _into_draft(request: Any, division: "Division") -> None:
    at = clock.now()
    draft = find_draft(request, at=at)
    if draft is not None:
        draft.division_id = division.pk
        keep_draft(request, draft, at=at)


@public
@require_safe
def poster(request: Any, code: str) -> HttpResponse:
    """To print and hang up in the service hall."""
    division = resolve_code(request.actor, code=code).division
    if division.kind != "community" or division.valid_to is not None:
        raise NotFound(NOT_FOUND)
    community = describe_community(request.actor, division=division)
    address = f"{settings.PUBLIC_BASE_URL}{reverse('portal:by-code', args=[community.code])}"
    offices = list_offices(request.actor, community=community)
    context = {
        "community": community,
        "address": address,
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(border=0, dark="#000"),
        "office": next((office for office in offices if office.near), None),
    }
    return TemplateResponse(request, "portal/community/poster.html", context)

"""The residents' home page: what waits for me, what I can do, where I am."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import public, reading
from yukuai.cases.public import count_since
from yukuai.cases.queries import count_own_open, list_own_cases, list_waiting_for_me
from yukuai.cases.rules import title_of
from yukuai.divisions.queries import find_divisions
from yukuai.kernel import clock
from yukuai.portal.community.chosen import Community, find_community
from yukuai.portal.fields import plain_words
from yukuai.portal.help.offices import list_offices
from yukuai.portal.matters.forms import find_number
from yukuai.portal.raising.draft import find_draft

PERIOD = timedelta(days=30)
SEARCH_LENGTH = 500
FOUND_AT_MOST = 8
HOW = (
    "您用平常的话说一句，可以拍照，可以不留姓名。",
    "社区收下，告诉您归谁办、什么时候办好；每一步都能看到。",
    "办完后由另一位工作人员问您：办好没有，满不满意。没办好，接着办。",
)


@public
@never_cache
@require_safe
def home(request: Any) -> HttpResponse:
    at, actor = clock.now(), request.actor
    community = find_community(request)
    offices = list_offices(actor, community=community)
    draft = find_draft(request, at=at)
    context = {
        "place": _band(community),
        "community": community,
        "search_url": reverse("portal:search"),
        "waiting": list_waiting_for_me(actor, at=at) if actor.holders else [],
        "own": count_own_open(actor) if actor.holders else 0,
        "unfinished": title_of(draft.body) if draft and draft.body else "",
        "figures": _figures(request, community),
        "office": next((office for office in offices if office.near), None),
        "how": HOW,
    }
    return TemplateResponse(request, "portal/home/home.html", context)


def _band(community: Community | None) -> dict[str, str]:
    url = reverse("portal:community")
    if community is None:
        return {"up": "重庆市", "name": "选您的村（社区）", "url": url}
    return {"up": community.up, "name": community.name, "url": url}


def _figures(request: Any, community: Community | None) -> Any:
    if community is None:
        return None
    return count_since(request.actor, area=community.area, since=clock.now() - PERIOD)


@public
@never_cache
@require_POST
def search(request: Any) -> HttpResponse:
    """By POST: what people type may be about themselves, and addresses are written into logs."""
    typed = plain_words(request.POST.get("q", "")).strip()[:SEARCH_LENGTH]
    if not typed:
        return redirect("portal:home")
    if number := find_number(typed):
        return _to_number(request, number)
    with reading(request):
        found = find_divisions(
            request.actor, text=typed[:40], kinds=["community"], limit=FOUND_AT_MOST + 1
        )
    context = {"typed": typed, "found": found[:FOUND_AT_MOST], "more": len(found) > FOUND_AT_MOST}
    return TemplateResponse(request, "portal/home/search.html", context)


def _to_number(request: Any, number: str) -> HttpResponse:
    """One's own matter opens; any other asks for its code."""
    with reading(request):
        held = list_own_cases(request.actor).filter(number=number).exists()
    if held:
        return redirect("portal:matter", number=number)
    return HttpResponseRedirect(f"{reverse('portal:follow')}?number={number}")

"""找人帮忙: a person, one tap away, with or without a phone that understands pages."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.kernel import clock
from yukuai.portal.community.chosen import find_community
from yukuai.portal.help.offices import list_manned_near, list_offices, list_windows


@public
@never_cache
@require_safe
def help_page(request: Any) -> HttpResponse:
    community = find_community(request)
    at = clock.now()
    manned = list_manned_near(request.actor, community=community, at=at)
    offices = list_offices(request.actor, community=community, manned=manned)
    context = {
        "community": community,
        "now": at,
        "windows": list_windows(community=community, manned=manned),
        "near": [office for office in offices if office.near],
        "above": [office for office in offices if not office.near],
    }
    return TemplateResponse(request, "portal/help/help.html", context)


@public
@require_safe
def objection(request: Any) -> HttpResponse:
    """对办理结果有异议怎么办."""
    return TemplateResponse(request, "portal/help/objection.html")

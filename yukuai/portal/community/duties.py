"""这个社区办什么: its duty list, published, in plain words."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.cases.duties import list_duties_that_hold
from yukuai.cases.duty_words import PLAIN
from yukuai.divisions.queries import resolve_code
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.kernel.web import NOT_FOUND
from yukuai.portal.community.chosen import describe_community


@public
@require_safe
def duties(request: Any, code: str) -> HttpResponse:
    """A code once printed leads to the community of today, when there is exactly one."""
    living = [d for d in resolve_code(request.actor, code=code).today if d.valid_to is None]
    if len(living) != 1 or living[0].kind != "community":
        raise NotFound(NOT_FOUND)
    community = describe_community(request.actor, division=living[0])
    items = list_duties_that_hold(request.actor, area=community.area, on=today(clock.now()))
    groups = [(words, [one for one in items if one.duty == duty]) for duty, words in PLAIN.items()]
    context = {"community": community, "groups": [group for group in groups if group[1]]}
    return TemplateResponse(request, "portal/community/duties.html", context)

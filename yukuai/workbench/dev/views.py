"""Pages that exist only in demo mode."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from yukuai.accounts.access import demo_only
from yukuai.accounts.demo import demo_logins, demo_password, seconds_left
from yukuai.kernel import clock


@demo_only
@never_cache
def logins(request: Any) -> HttpResponse:
    """Who can sign in to the demo, with the TOTP codes of this half minute."""
    at = clock.now()
    staff, residents = demo_logins(at)
    context = {
        "staff": staff,
        "residents": residents,
        "password": demo_password(),
        "seconds_left": seconds_left(at),
    }
    return TemplateResponse(request, "signin/demo_logins.html", context)


@demo_only
def components(request: Any) -> HttpResponse:
    """Every part of the design system, in every state."""
    return TemplateResponse(request, "dev/components.html")

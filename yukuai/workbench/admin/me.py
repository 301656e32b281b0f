"""我的: the officer's own posts, and how he signs in."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.signin.second_factor import find_recovery_codes
from yukuai.kernel import clock


@staff()
@require_safe
def me(request: Any) -> HttpResponse:
    context = {
        "held": request.posts,
        "here": request.post,
        "codes_left": len(find_recovery_codes(request.user)),
        "at": clock.now(),
        "crumbs": [{"label": "我的"}],
    }
    return TemplateResponse(request, "work/admin/me.html", context)

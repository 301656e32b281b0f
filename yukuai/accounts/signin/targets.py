"""Where somebody wanted to go before he had to sign in: only ever a page of ours."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def wanted_page(request: HttpRequest, *, default: str) -> str:
    given: Any = request.POST.get("next") or request.GET.get("next") or ""
    own = given.startswith("/") and url_has_allowed_host_and_scheme(
        given, allowed_hosts=None, require_https=request.is_secure()
    )
    return given if own else default

"""The routes under /api/open311/. Reading is public by the specification, and POST asks for a key
itself: both share an address."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import path

from yukuai.accounts.access import Access
from yukuai.api.open311.app import api
from yukuai.api.open311.errors import broken, plain_answer

View = Callable[..., HttpResponse]


def worded(view: View) -> View:
    """HEAD and OPTIONS as HTTP has them; every refusal in the form of the standard; and readable
    from any page's script, for no cookie is ever looked at here."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _open_to_all(_called(view, request, *args, **kwargs))

    run.csrf_exempt = True  # type: ignore[attr-defined]
    run.access = Access("public")  # type: ignore[attr-defined]
    return run


def _called(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"  # the server sends no body along
    try:
        response = view(request, *args, **kwargs)
    except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
        return broken(request, error)
    finally:
        request.method = asked
    if response.status_code != 405:
        return response
    allow = _allowed(response)
    if asked == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allow})
    refusal = plain_answer(request, 405, f"这个地址只能用 {allow}。")
    refusal["Allow"] = allow
    return refusal


def _allowed(response: HttpResponse) -> str:
    methods = {word.strip() for word in response.get("Allow", "").split(",") if word.strip()}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods | {"OPTIONS"}))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
    return response


@worded
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    return plain_answer(request, 404, "没有这个地址。看 /api/open311/docs。")


def _patterns() -> Any:
    routes: Any = api.urls
    patterns, app, namespace = routes
    for pattern in patterns:
        pattern.callback = worded(pattern.callback)
    return patterns, app, namespace


urlpatterns = [path("", _patterns()), path("<path:rest>", unknown)]

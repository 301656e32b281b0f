"""What every surface shares of HTTP: a number for each request, and errors as pages, fragments
or problem+json (RFC 9457)."""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from yukuai.kernel.errors import DomainError, InvalidInput, TooMany
from yukuai.kernel.ids import new_code
from yukuai.kernel.logs import whence
from yukuai.kernel.look import look

log = logging.getLogger("yukuai.web")
Next = Callable[[HttpRequest], HttpResponse]

TITLES = {
    400: "这个请求看不懂",
    403: "现在不能做这件事",
    404: "这里没有内容",
    405: "不能这样用",
    409: "别人刚改过，或者还差一步",
    413: "文件太大了",
    422: "有几处要改一改",
    429: "太快了，请歇一歇",
    500: "系统出了问题，不是您的错",
    503: "暂时不能用",
}
NOT_FOUND = "可能是网址不对，也可能已经撤下。"


class RequestNumberMiddleware:
    """A short number that a person can read out on the telephone; it stands in the log too."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = new_code(6)
        request.number = f"{code[:3]}-{code[3:]}"  # type: ignore[attr-defined]
        with whence(request=request.number):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["X-Request-Number"] = request.number  # type: ignore[attr-defined]
        return response


class ErrorMiddleware:
    """Domain errors become answers; everything else is Django's business, but for the method that
    is not allowed, which the interface too answers in its own form."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or not wants_json(request) or _says_why(response):
            return response
        refusal = answer(request, 405, "这个地址不能这样用。看 /api/docs 里写的方法。")
        refusal["Allow"] = response.get("Allow", "")
        return refusal

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return answer(request, error.status, error.message, problem=error)


def _says_why(response: HttpResponse) -> bool:
    """Whether an interface has already answered in a form of its own."""
    return not response.headers.get("Content-Type", "text/html").startswith("text/html")


def answer(
    request: HttpRequest, status: int, sentence: str, *, problem: DomainError | None = None
) -> HttpResponse:
    """The error in the form the caller asked for: JSON, a fragment to swap in, or a page."""
    number = getattr(request, "number", "")
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            problem_json(status, sentence, number, problem),
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        fragment = bool(request.headers.get("HX-Request"))
        name = "errors/fragment.html" if fragment else f"errors/{_page(status)}.html"
        context = {
            "status": status,
            "title": TITLES[_page(status)],
            "sentence": sentence,
            "code": number,
            "surface": "work" if request.path.startswith("/work") else "portal",
            "back_url": _back(request),
        }
        if status >= 500:  # no context processor may ask what is broken
            words = render_to_string(name, {**context, **look(request)})
        else:
            words = render_to_string(name, context, request)
        response = HttpResponse(words, status=status)
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(problem.retry_after)
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def problem_json(
    status: int, sentence: str, number: str, problem: DomainError | None
) -> dict[str, object]:
    """RFC 9457 members, and `errors` by field where there are any."""
    body: dict[str, object] = {
        "type": f"urn:yukuai:problem:{problem.code if problem else status}",
        "title": TITLES.get(status, TITLES[400]),
        "status": status,
        "detail": sentence,
        "instance": f"urn:yukuai:request:{number}",
    }
    if isinstance(problem, InvalidInput):
        body["errors"] = problem.fields
    return body


def _page(status: int) -> int:
    return status if status in TITLES and status not in {405, 422} else 400


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(own) else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, Exception) and "body" in str(exception).lower():
        return answer(request, 413, "一次传得太多了。照片最多 3 张，每张不超过 10 MB。")
    return answer(request, 400, "可能是页面放得太久了。请返回上一页，刷新后再试。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("csrf refused: %s", reason)
    return answer(request, 403, "页面放得太久了。请返回上一页，刷新后再提交；您写的字还在。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, "您现在的身份不能打开这一页。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever nobody expected; without a database it is 503, and the page asks for nothing."""
    log.error("request failed", exc_info=True)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, 503, "数据库暂时连不上。刚才这一步没有做成，请过几分钟再试。")
    return answer(request, 500, "刚才这一步没有做成，别的都没有变。请返回再试，您写的字还在。")

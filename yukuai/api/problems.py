"""Errors as application/problem+json."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yukuai.kernel.errors import DomainError, InvalidInput
from yukuai.kernel.web import answer

NO_KEY = "没有有效的接口密钥。请在 Authorization 里写 Bearer 加密钥；密钥找安全管理员领。"
NOT_JSON = "请求体不是有效的 JSON。"

REFUSALS = {
    401: "没有有效的接口密钥",
    403: "这个密钥不能做这件事",
    422: "有字段不对，见 errors",
    429: "太快了，看 Retry-After",
    503: "暂时不能用",
}
"""What any operation may answer; an operation says itself what else it may."""
BODY_REFUSALS = {400: "请求体读不出来", 413: "一次送得太多了"}


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(DomainError, _domain)
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(AuthenticationError, _no_key)
    api.add_exception_handler(HttpError, _http)


def _domain(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.status, error.message, problem=error)


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {
        ".".join(str(part) for part in item["loc"][2:]) or str(item["loc"][-1]): item["msg"]
        for item in error.errors
    }
    problem = InvalidInput("请求里有字段不对，见 errors。", fields=fields)
    return answer(request, problem.status, problem.message, problem=problem)


def _no_key(request: HttpRequest, error: Any) -> HttpResponse:
    response = answer(request, 401, NO_KEY)
    response["WWW-Authenticate"] = 'Bearer realm="yukuai"'
    return response


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.status_code, NOT_JSON if error.status_code == 400 else str(error))

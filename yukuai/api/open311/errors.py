"""Errors as the specification has them: an array of code and description, in the form that was
asked for. A description is meant to be shown to a person: Chinese first, then English."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from yukuai.api.open311.rendering import FORMATS, XML, respond
from yukuai.kernel.errors import DomainError, InvalidInput, TooMany

log = logging.getLogger("yukuai.open311")

GENERAL = {
    400: "The request could not be processed.",
    403: "This is not permitted with this api_key.",
    404: "Not found.",
    405: "This method is not allowed here.",
    413: "The request is too large.",
    429: "Too many requests, see Retry-After.",
    500: "General service error.",
    503: "The service is not available for the moment.",
}
REFUSALS = {status: GENERAL[status] for status in (400, 403, 404, 429, 503)}
"""What any operation may answer."""
BODY_REFUSALS = {413: GENERAL[413]}


@dataclass(frozen=True)
class Fault:
    words: str
    english: str

    @property
    def description(self) -> str:
        return f"{self.words} {self.english}"


class Refusal(Exception):
    """One or several faults of a request, under one HTTP status."""

    def __init__(self, status: int, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.english for fault in faults))
        self.status, self.faults = status, faults


def refuse(status: int, words: str, english: str) -> Refusal:
    return Refusal(status, [Fault(words, english)])


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(DomainError, _domain)
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(OperationalError, _gone)
    api.add_exception_handler(InterfaceError, _gone)


def answer(request: HttpRequest, status: int, faults: Iterable[Fault]) -> HttpResponse:
    said = [{"code": status, "description": fault.description} for fault in faults]
    return respond("errors", said, fmt=asked_format(request), status=status)


def plain_answer(request: HttpRequest, status: int, words: str) -> HttpResponse:
    return answer(request, status, [Fault(words, GENERAL[status])])


def asked_format(request: HttpRequest) -> str:
    """By the end of the address; XML, the form that every client reads, where it says nothing."""
    ending = request.path.rpartition(".")[2]
    return ending if ending in FORMATS else XML


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that cannot be read at all."""
    if isinstance(error, RequestDataTooBig):
        return plain_answer(request, 413, "一次送得太多了。")
    return plain_answer(request, 400, "请求体读不出来，请用 application/x-www-form-urlencoded。")


def _refusal(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.status, error.faults)


def _domain(request: HttpRequest, error: Any) -> HttpResponse:
    """The specification knows 403 and 404; everything else that cannot be done is 400."""
    status = error.status if error.status in (403, 404, 429, 503) else 400
    english = GENERAL[status]
    if isinstance(error, InvalidInput) and error.fields:
        english = f"Not valid: {', '.join(error.fields)}."
    response = answer(request, status, [Fault(error.message, english)])
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    places = {str(item["loc"][-1]) for item in error.errors}
    if "fmt" in places:
        return plain_answer(request, 404, "只有 .xml 和 .json 两种格式。")
    named = ", ".join(sorted(places))
    return answer(request, 400, [Fault(f"参数不对：{named}。", f"Not valid: {named}.")])


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return plain_answer(request, 400, "请求体读不出来，请用 application/x-www-form-urlencoded。")


def _gone(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("open311 without a database", exc_info=error)
    return plain_answer(request, 503, "数据库暂时连不上。什么也没有记下，请过几分钟再试。")

"""Every refusal is a page with a sentence, a fragment to swap in, or problem+json."""

import json
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from yukuai.accounts.access import public
from yukuai.kernel import errors

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
handler400 = "yukuai.kernel.web.bad_request"
handler403 = "yukuai.kernel.web.forbidden"
handler404 = "yukuai.kernel.web.not_found"
handler500 = "yukuai.kernel.web.server_error"

RAISED = {
    "400": SuspiciousOperation("x"),
    "403": errors.NotPermitted("这场议事会不能报名了。"),
    "404": errors.NotFound("这里没有内容。"),
    "409": errors.Conflict("已经受理过了。"),
    "422": errors.InvalidInput("写一句话。", fields={"body": "写一句话。"}),
    "429": errors.TooMany("试得太快了。", retry_after=60),
    "500": ZeroDivisionError(),
    "503": OperationalError("gone"),
}


def fail(request: Any, status: str) -> HttpResponse:
    raise RAISED[status]


def read(request: Any) -> HttpResponse:
    return HttpResponse(request.POST["body"])


urlpatterns = [
    path("read/", public(read)),
    path("fail/<str:status>/", public(fail)),
    path("work/fail/<str:status>/", public(fail)),
    path("api/fail/<str:status>/", public(fail)),
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", RAISED)
@pytest.mark.parametrize("where", ["/fail/", "/work/fail/"])
def test_a_failure_is_a_page_with_a_sentence_and_a_number(visitor: Any, where: str, status: str):
    answer = visitor.get(f"{where}{status}/")
    assert answer.status_code == int(status)
    page = answer.content.decode()
    assert answer["X-Request-Number"] in page or status in {"404", "409", "422", "429", "403"}
    said = getattr(RAISED[status], "message", "")
    assert said in page
    assert "Traceback" not in page


def test_a_number_to_wait_is_in_the_header(visitor: Any):
    assert visitor.get("/fail/429/")["Retry-After"] == "60"


def test_htmx_gets_a_fragment(visitor: Any):
    answer = visitor.get("/fail/409/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert "已经受理过了。" in answer.content.decode()


@pytest.mark.parametrize("status", ["403", "404", "409", "422", "429", "500", "503"])
def test_the_interface_gets_problem_json(visitor: Any, status: str):
    answer = visitor.get(f"/api/fail/{status}/")
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == int(status)
    assert problem["detail"].endswith("。")


def test_a_body_that_is_too_large_says_so(visitor: Any, settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = visitor.post("/read/", {"body": "x" * 100})
    assert answer.status_code == 413
    assert "照片最多 3 张" in answer.content.decode()

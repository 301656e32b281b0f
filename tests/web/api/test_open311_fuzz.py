"""Whatever is sent to Open311, it answers in the standard's shapes and never breaks."""

import json
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings

from tests.web.api.conftest import KEY
from tests.web.api.open311_site import at_noon, codes, endpoint, floods, tree
from yukuai.api.open311.app import api

__all__ = ["at_noon", "codes", "endpoint", "floods"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("endpoint")]
described = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/open311/"), default=str))
)
PATIENT = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@described.parametrize()
@PATIENT
def test_nothing_breaks_the_endpoint(case):
    answer = send(case)
    assert answer.status_code < 500, answer.content[:200]
    if answer.status_code >= 400:
        _is_an_error_of_the_standard(answer)


def _is_an_error_of_the_standard(answer):
    if answer["Content-Type"].startswith("text/xml"):
        root, errors = tree(answer)
        assert root == "errors"
        assert all([tag for tag, _ in error] == ["code", "description"] for _, error in errors)
    else:
        assert all(set(one) == {"code", "description"} for one in json.loads(answer.content))


def send(case):
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {str(k): _latin(v) for k, v in dict(sent.get("headers") or {}).items()}
    if case.operation.method.upper() == "POST":
        headers["Authorization"] = f"Bearer {KEY}"
    body = json.dumps(sent["json"]) if "json" in sent else _form(sent.get("data"))
    return Client().generic(
        sent["method"],
        case.formatted_path,
        data=body,
        content_type=headers.get("Content-Type", "application/x-www-form-urlencoded"),
        query_params={str(k): v for k, v in (sent.get("params") or {}).items()},
        headers=headers,
    )


def _form(data):
    return urlencode(data, doseq=True) if isinstance(data, dict) else data or b""


def _latin(value):
    return str(value).encode("latin-1", "replace").decode("latin-1")

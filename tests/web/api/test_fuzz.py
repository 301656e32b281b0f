"""Whatever is sent, the interface answers as its description says, and never breaks."""

import json

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings

from tests.web.api.conftest import KEY
from yukuai.api.app import api

pytestmark = pytest.mark.django_db
described = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))
)
PATIENT = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def client_system(register, pack):
    return register(fields=["body"])


@described.parametrize()
@PATIENT
def test_nothing_breaks_the_interface(case, client_system):
    answer = send(client_system, case)
    assert answer.status_code < 500, answer.content[:200]
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["detail"].endswith(("。", "."))


def send(client: Client, case):
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {**dict(sent.get("headers") or {}), "Authorization": f"Bearer {KEY}"}
    body = json.dumps(sent["json"]) if "json" in sent else sent.get("data") or b""
    return client.generic(
        sent["method"],
        case.formatted_path,
        data=body,
        content_type="application/json",
        query_params=_text(sent.get("params")),
        headers={
            str(k): str(v).encode("latin-1", "replace").decode("latin-1")
            for k, v in headers.items()
        },
    )


def _text(params):
    return {str(k): v for k, v in (params or {}).items()}

"""An Open311 endpoint with codes that look like the real ones, and what clients do with it."""

import json
from datetime import date
from xml.etree import ElementTree

import pytest
import time_machine

from tests.conftest import NOON
from tests.web.api.conftest import KEY
from yukuai.accounts.models import ApiClient
from yukuai.cases.models import Case, Category
from yukuai.divisions.models import DivisionCode
from yukuai.kernel.scope import EVERYWHERE, scope

BASE = "/api/open311/v2"
CODES = {
    1: "50",
    11: "500111",
    111: "500111001",
    1111: "500111001001",
    2: "500102",
    12: "500102001",
    112: "500102001001",
    113: "500102001002",
}
POINT = {"lat": "29.56470", "long": "106.55070"}
TRAPPED = {
    "code": "TRAPPED",
    "datatype": "singlevaluelist",
    "required": True,
    "question": "有没有人被困？",
    "hint": "有人被困先打 119",
    "values": [{"key": "no", "name": "没有"}, {"key": "yes", "name": "有"}],
}
SEEN = {
    "code": "SEEN",
    "datatype": "datetime",
    "required": False,
    "question": "什么时候看到的",
    "hint": "",
    "values": [],
}


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def codes(places):
    for pk, division in places.items():
        division.code = CODES[pk]
        division.save()
        DivisionCode.objects.create(
            division=division,
            scheme="stats",
            code=CODES[pk],
            valid_from=date(2020, 1, 1),
            source="test",
        )


@pytest.fixture
def floods(db):
    return Category.objects.create(
        code="07",
        name="地灾防汛",
        plain_name="地灾防汛",
        words=["积水", "滑坡"],
        triage="major",
        why="由应急部门牵头。",
        department_kind="应急",
        questions=[TRAPPED, SEEN],
        source="test",
        order=7,
    )


@pytest.fixture
def endpoint(codes, pack, lamps, floods, register, at_noon):
    """The catalogue, the codes, and a client of the southern district whose key is KEY."""
    register(division=2, fields=["body", "place_text"])


def report(client, *, fmt="json", headers=None, **fields):
    """As the specification's example sends it: form-encoded."""
    sent = {
        "api_key": KEY,
        "jurisdiction_id": "500102",
        "service_code": "05",
        "description": "路灯不亮。",
        **POINT,
        **fields,
    }
    form = {name: value for name, value in sent.items() if value is not None}
    return client.post(f"{BASE}/requests.{fmt}", form, headers=headers or {})


def number_of(answer):
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)[0]["service_request_id"]


def faults(answer, status):
    assert answer.status_code == status, answer.content.decode()
    said = json.loads(answer.content)
    assert [one["code"] for one in said] == [status] * len(said)
    return " ".join(one["description"] for one in said)


def count():
    with scope(EVERYWHERE):
        return Case.objects.count()


def case_of(number):
    with scope(EVERYWHERE):
        return Case.objects.select_related("division").get(number=number)


def tree(answer):
    """The XML of an answer as nested tuples: (tag, text or children)."""
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    return _node(ElementTree.fromstring(answer.content.decode().partition("\n")[2]))


def _node(element):
    assert element.attrib == {}
    if len(element):
        return element.tag, [_node(child) for child in element]
    return element.tag, element.text


def client_row(name):
    return ApiClient.objects.get(name=f"系统 {name}")

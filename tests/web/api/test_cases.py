"""The open interface: in the client's place, with its purpose, once."""

import pytest
from django.db import connection

from tests.casework import LIN
from yukuai.audit.models import AuditEntry
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
BODY = {"division_code": "X112", "body": "路灯不亮。"}


@pytest.fixture
def codes(places):
    from datetime import date

    from yukuai.divisions.models import DivisionCode

    for division in places.values():
        DivisionCode.objects.create(
            division=division,
            scheme="stats",
            code=division.code,
            valid_from=date(2020, 1, 1),
            source="test",
        )


def post(client, body, key="key-0001"):
    return client.post(
        "/api/v1/cases", body, content_type="application/json", headers={"Idempotency-Key": key}
    )


def count():
    with scope(EVERYWHERE):
        return Case.objects.count()


def test_a_matter_handed_in_twice_with_one_key_is_one(register, pack, codes):
    client = register()
    first, second = post(client, BODY), post(client, BODY)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert count() == 1


@pytest.mark.parametrize("other", [{"body": "井盖不见了。"}, {"place_text": "3 号楼"}])
def test_the_same_key_with_other_words_is_a_conflict(register, pack, codes, other):
    client = register()
    post(client, BODY)
    answer = post(client, BODY | other)
    assert answer.status_code == 409
    assert "换一个键" in answer.json()["detail"]
    assert count() == 1


def test_without_a_key_of_its_own_nobody_is_answered(client, places, pack):
    answer = post(client, BODY)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert count() == 0


def test_a_client_that_may_only_read_does_not_write(register, pack, codes):
    answer = post(register(may_write=False), BODY)
    assert answer.status_code == 403
    assert count() == 0


def test_a_client_hands_in_only_at_its_own_place(register, pack, codes):
    answer = post(register(division=11), BODY)
    assert answer.status_code == 403
    assert count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": ""}, "body"),
        ({"division_code": "000"}, "division_code"),
        ({"division_code": ""}, "division_code"),
        ({"category_code": "zz"}, "category_code"),
        ({"phone": "12"}, "phone"),
        ({"state": "closed"}, "state"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(register, pack, codes, change, field):
    answer = post(register(), BODY | change)
    assert answer.status_code == 422
    assert any(name.endswith(field) for name in answer.json()["errors"])
    assert count() == 0


def test_broken_json_is_a_sentence(register):
    answer = register().post(
        "/api/v1/cases", "{", content_type="application/json", headers={"Idempotency-Key": "k" * 9}
    )
    assert answer.status_code == 400
    assert answer.json()["detail"] == "请求体不是有效的 JSON。"


def test_what_is_read_is_what_was_declared_and_the_person_sees_it(register, raised):
    case = raised(place_text="人和街 41 号")
    answer = register(fields=["body"]).get(f"/api/v1/cases/{case.number}").json()
    assert answer["body"] == case.body
    assert answer["place_text"] is None
    with scope((), LIN.holders):
        entry = AuditEntry.objects.get(act="api.case.read")
    assert entry.purpose == "把 12345 的来电转给社区"


def test_a_matter_elsewhere_does_not_exist(register, raised):
    case = raised()
    answer = register(division=11).get(f"/api/v1/cases/{case.number}")
    assert answer.status_code == 404


def test_the_list_has_no_content_and_can_be_followed(register, raised, noon):
    from datetime import timedelta

    numbers = [raised(at=noon + timedelta(minutes=n)).number for n in range(3)]
    client = register(fields=["body"])
    page = client.get("/api/v1/cases?limit=2").json()
    assert [item["number"] for item in page["items"]] == numbers[:2]
    assert "body" not in page["items"][0]
    rest = client.get("/api/v1/cases", {"cursor": page["next"], "limit": 2}).json()
    assert [item["number"] for item in rest["items"]] == numbers[2:]
    assert rest["next"] is None


def test_the_list_asks_the_database_a_handful_of_times(
    register, raised, django_assert_max_num_queries
):
    for _ in range(5):
        raised()
    client = register()
    with django_assert_max_num_queries(8, connection=connection):
        client.get("/api/v1/cases")


def test_the_description_is_openapi_3_1_and_its_page_is_served(client, db):
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert b"cdn" not in page.content

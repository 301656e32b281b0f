"""GeoReport v2, reading: the shapes of the specification in both forms, and nothing beyond them."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.casework import CLERK, LIN, enforcement, read, squad, steps
from tests.conftest import NOON
from tests.web.api.conftest import KEY
from tests.web.api.open311_site import (
    BASE,
    at_noon,
    codes,
    count,
    endpoint,
    faults,
    floods,
    number_of,
    report,
    tree,
)
from yukuai.api.open311.statuses import CLOSED, STATUSES
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.models import Category
from yukuai.cases.states import DONE, CaseState
from yukuai.kernel.scope import scope

__all__ = ["at_noon", "codes", "endpoint", "enforcement", "floods", "squad", "steps"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("endpoint")]
REQUEST = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
LAMP_SERVICE = {
    "service_code": "05",
    "service_name": "公共设施损坏",
    "description": "公共设施坏了。由社区牵头办。",
    "metadata": False,
    "type": "realtime",
    "keywords": "路灯,楼道灯",
    "group": None,
}


def listed(client, query="", fmt="json"):
    answer = client.get(f"{BASE}/requests.{fmt}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def numbers(client, query=""):
    return [one["service_request_id"] for one in listed(client, query)]


def test_services_in_json(client):
    answer = client.get(f"{BASE}/services.json?jurisdiction_id=500102")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    lamp, floods = json.loads(answer.content)
    assert lamp == LAMP_SERVICE
    assert (floods["service_code"], floods["metadata"], floods["group"]) == ("07", True, "应急")


def test_services_in_xml(client):
    root, (lamp, _floods) = tree(client.get(f"{BASE}/services.xml"))
    assert root == "services"
    assert lamp == (
        "service",
        [
            ("service_code", "05"),
            ("service_name", "公共设施损坏"),
            ("description", "公共设施坏了。由社区牵头办。"),
            ("metadata", "false"),
            ("type", "realtime"),
            ("keywords", "路灯,楼道灯"),
            ("group", None),
        ],
    )


def test_a_service_out_of_use_is_not_offered(client, lamps):
    Category.objects.filter(pk=lamps.pk).update(active=False)
    offered = json.loads(client.get(f"{BASE}/services.json").content)
    assert [one["service_code"] for one in offered] == ["07"]
    assert "service_code" in faults(client.get(f"{BASE}/services/05.json"), 404)


def test_a_definition_in_xml(client):
    trapped = [
        ("variable", "true"),
        ("code", "TRAPPED"),
        ("datatype", "singlevaluelist"),
        ("required", "true"),
        ("datatype_description", "有人被困先打 119"),
        ("order", "1"),
        ("description", "有没有人被困？"),
        (
            "values",
            [
                ("value", [("key", "no"), ("name", "没有")]),
                ("value", [("key", "yes"), ("name", "有")]),
            ],
        ),
    ]
    seen = [
        ("variable", "true"),
        ("code", "SEEN"),
        ("datatype", "datetime"),
        ("required", "false"),
        ("datatype_description", None),
        ("order", "2"),
        ("description", "什么时候看到的"),
    ]
    assert tree(client.get(f"{BASE}/services/07.xml")) == (
        "service_definition",
        [
            ("service_code", "07"),
            ("attributes", [("attribute", trapped), ("attribute", seen)]),
        ],
    )


def test_a_definition_in_json_has_no_root(client):
    said = json.loads(client.get(f"{BASE}/services/07.json").content)
    assert said["service_code"] == "07"
    assert said["attributes"][0]["values"][0] == {"key": "no", "name": "没有"}
    assert said["attributes"][1]["datatype_description"] is None
    assert "values" not in said["attributes"][1]


def test_the_discovery_document_names_the_endpoint_and_both_forms(client, settings):
    settings.PUBLIC_BASE_URL = "https://city.example"
    said = json.loads(client.get("/api/open311/discovery.json").content)
    [there] = said["endpoints"]
    assert there["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert there["url"] == "https://city.example/api/open311/v2"
    assert there["formats"] == ["text/xml", "application/json"]
    assert said["changeset"] == there["changeset"]
    assert said["changeset"].endswith("+08:00")
    root, parts = tree(client.get("/api/open311/discovery.xml"))
    names = [name for name, _ in parts]
    assert (root, names) == ("discovery", ["changeset", "contact", "key_service", "endpoints"])
    [(_, endpoint)] = parts[3][1]
    assert endpoint[-1] == (
        "formats",
        [("format", "text/xml"), ("format", "application/json")],
    )


def test_the_changeset_moves_when_the_catalogue_does(client, lamps):
    before = json.loads(client.get("/api/open311/discovery.json").content)["changeset"]
    Category.objects.filter(pk=lamps.pk).update(changed_at=NOON + timedelta(days=3650))
    after = json.loads(client.get("/api/open311/discovery.json").content)["changeset"]
    assert after > before


def test_a_request_has_exactly_the_elements_of_the_specification(client, raised, lamps):
    case = raised(category_id=lamps.pk, place_text="人和街 41 号", lon=106.5507, lat=29.5647)
    [one] = listed(client)
    assert list(one) == REQUEST
    assert one == {
        "service_request_id": case.number,
        "status": "open",
        "status_notes": "收到了，等受理",
        "service_name": "公共设施损坏",
        "service_code": "05",
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": "2026-03-02T12:00:00+08:00",
        "updated_datetime": "2026-03-02T12:00:00+08:00",
        "expected_datetime": None,
        "address": "南社区，南街，南区，某市",
        "address_id": "500102001001",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    root, [(name, fields)] = tree(client.get(f"{BASE}/requests.xml"))
    assert (root, name) == ("service_requests", "request")
    assert [tag for tag, _ in fields] == REQUEST
    assert dict(fields)["description"] is None
    assert tree(client.get(f"{BASE}/requests/{case.number}.xml"))[1][0][1] == fields


def test_without_a_key_nothing_of_what_was_said_leaves(client, raised, lamps):
    case = raised(
        category_id=lamps.pk,
        body="隔壁林家天天吵。",
        place_text="人和街 41 号",
        name="林小满",
        phone="19900000417",
    )
    for address in ("requests", f"requests/{case.number}"):
        for fmt in ("json", "xml"):
            said = client.get(f"{BASE}/{address}.{fmt}").content.decode()
            assert case.number in said
            for secret in ("林", "吵", "41 号", "1990"):
                assert secret not in said


def test_a_private_matter_stands_in_no_list_and_keeps_its_kind_to_itself(client, raised, db):
    quarrels = Category.objects.create(
        code="01", name="矛盾纠纷", plain_name="邻里纠纷", triage="private", source="test"
    )
    case = raised(category_id=quarrels.pk)
    assert numbers(client) == []
    [one] = listed(client, f"service_request_id={case.number}")
    assert (one["service_name"], one["service_code"], one["status"]) == (None, None, "open")


def test_a_matter_without_a_kind_is_listed_all_the_same(client, raised):
    case = raised()
    assert numbers(client) == [case.number]


def test_a_key_opens_what_its_client_declared_and_the_person_sees_it(client, raised, lamps):
    case = raised(category_id=lamps.pk, place_text="人和街 41 号", lon=106.5507, lat=29.5647)
    [one] = listed(client, f"service_request_id={case.number}&api_key={KEY}")
    assert one["description"] == case.body
    assert one["address"] == "人和街 41 号，南社区，南街，南区，某市"
    assert (one["lat"], one["long"]) == (29.5647, 106.5507)
    with scope((), LIN.holders):
        entry = AuditEntry.objects.get(act="api.case.read")
    assert (entry.target, entry.purpose) == (case.number, "把 12345 的来电转给社区")
    assert entry.details["fields"] == ["body", "place_text"]


def test_a_list_with_a_key_has_no_content_and_leaves_no_entry(client, raised):
    raised()
    [one] = listed(client, f"api_key={KEY}")
    assert one["description"] is None
    with scope(("",), LIN.holders):
        assert not AuditEntry.objects.filter(act="api.case.read").exists()


def test_a_key_opens_nothing_outside_of_its_place(client, raised):
    north = raised(division_id=1111, body="北边的事。")
    answer = Client(headers={"Authorization": f"Bearer {KEY}"}).get(
        f"{BASE}/requests/{north.number}.json"
    )
    [one] = json.loads(answer.content)
    assert one["description"] is None
    assert "北边的事" not in answer.content.decode()


def test_a_wrong_key_is_refused_and_not_overlooked(client, raised):
    raised()
    said = faults(client.get(f"{BASE}/requests.json?api_key=guess"), 403)
    assert "api_key 不对" in said
    assert "api_key is not valid." in said


def test_keys_are_not_found_by_trying(client):
    answers = [client.get(f"{BASE}/requests.json?api_key=guess{n}") for n in range(21)]
    assert [a.status_code for a in answers] == [403] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["new", "north", "old"]),
        ("jurisdiction_id=500102", ["new", "old"]),
        ("jurisdiction_id=500111", ["north"]),
        ("jurisdiction_id=500000", ["new", "north", "old"]),
        ("service_code=05", ["new"]),
        ("service_code=05,07", ["new", "north"]),
        ("service_code=05&service_code=07", ["new", "north"]),
        ("status=open", ["new", "north", "old"]),
        ("status=closed", []),
        ("status=open,closed", ["new", "north", "old"]),
        ("start_date=2026-03-02T00:00:00%2B08:00", ["new", "north"]),
        ("start_date=2026-03-02T00:00:00+08:00", ["new", "north"]),
        ("start_date=2026-03-02", ["new", "north"]),
        ("end_date=2026-02-28T00:00:00Z", ["old"]),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-02-28T00:00:00Z", ["old"]),
        ("page_size=2", ["new", "north"]),
        ("page_size=2&page=2", ["old"]),
        ("page_size=2&page=3", []),
        ("service_code=&status=&start_date=&page=", ["new", "north", "old"]),
    ],
)
def test_a_list_is_narrowed(client, raised, lamps, floods, query, wanted):
    made = {
        "new": raised(category_id=lamps.pk),
        "north": raised(division_id=1111, category_id=floods.pk, at=NOON - timedelta(minutes=5)),
        "old": raised(at=NOON - timedelta(days=20)),
    }
    assert numbers(client, query) == [made[name].number for name in wanted]


def test_ninety_days_are_the_default_and_the_most(client, raised):
    raised(at=NOON - timedelta(days=91))
    recent = raised(at=NOON - timedelta(days=89))
    assert numbers(client) == [recent.number]
    answer = client.get(
        f"{BASE}/requests.json?start_date=2025-11-01T00:00:00Z&end_date=2026-03-01T00:00:00Z"
    )
    assert "90" in faults(answer, 400)


def test_numbers_override_everything_else(client, raised):
    old = raised(at=NOON - timedelta(days=400))
    new = raised()
    query = f"service_request_id={old.number},{new.number},ZT-0000-999999&status=closed"
    assert numbers(client, query) == [new.number, old.number]


def test_many_numbers_at_once_are_refused(client):
    answer = client.get(f"{BASE}/requests.json?service_request_id={'A,' * 51}")
    assert "50" in faults(answer, 400)


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("requests.json?jurisdiction_id=999999", 404, "jurisdiction_id"),
        ("requests.json?jurisdiction_id=500102001", 404, "jurisdiction_id"),
        ("services.json?jurisdiction_id=x", 404, "jurisdiction_id"),
        ("services/zz.json", 404, "service_code"),
        ("requests.json?service_code=zz", 404, "service_code"),
        ("requests/ZT-0000-000000.json", 404, "service_request_id"),
        ("tokens/0123.json", 404, "token"),
        (f"tokens/{'0' * 32}.json", 404, "token"),
        ("requests.json?status=done", 400, "status"),
        ("requests.json?start_date=yesterday", 400, "start_date"),
        ("requests.json?start_date=2026-03-02T00:00:00", 400, "start_date"),
        ("requests.json?end_date=0001-01-01T00:00:00Z", 400, "end_date"),
        ("requests.json?page=0", 400, "page"),
        ("requests.json?page_size=1001", 400, "page_size"),
        ("nothing.json", 404, "open311/docs"),
    ],
)
def test_an_error_names_the_parameter_in_both_languages(client, address, status, named):
    said = faults(client.get(f"{BASE}/{address}"), status)
    assert named in said
    assert any("一" <= sign <= "鿿" for sign in said)
    root, [(name, fields)] = tree(client.get(f"{BASE}/{address.replace('.json', '.xml')}"))
    assert (root, name) == ("errors", "error")
    assert fields[0] == ("code", str(status))
    assert fields[1][0] == "description"


def test_another_ending_is_not_found(client):
    assert client.get(f"{BASE}/services.html").status_code == 404
    assert client.get(f"{BASE}/services").status_code == 404


def test_head_and_options_are_answered_and_other_methods_are_refused(client):
    head = client.head(f"{BASE}/services.json")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == "application/json; charset=utf-8"
    options = client.options(f"{BASE}/requests.json")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert options["Access-Control-Allow-Origin"] == "*"
    for method in (client.delete, client.put, client.patch):
        refused = method(f"{BASE}/requests.json")
        assert "只能用 GET" in faults(refused, 405)
        assert refused["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.post(f"{BASE}/services.xml").status_code == 405
    assert count() == 0


def test_every_state_has_its_word_and_the_word_is_right():
    assert set(STATUSES) == set(CaseState)
    assert {state for state, status in STATUSES.items() if status.word == CLOSED} == DONE


def test_a_closed_request_was_updated_when_it_was_closed(client, raised, steps):
    case = raised()
    later = NOON + timedelta(hours=3)
    actions.reject_case(CLERK, case_id=case.pk, reason="court", channel="请找司法所。", at=later)
    [one] = listed(client, "status=closed")
    assert (one["status"], one["updated_datetime"]) == ("closed", "2026-03-02T15:00:00+08:00")
    assert one["status_notes"] == "没有受理，已告诉反映人该找哪里"


def test_a_unit_and_a_promise_are_named(client, raised, steps):
    case = raised()
    for name in ("accept", "triage", "dispatch"):
        steps[name](read(case.pk))
    [one] = listed(client)
    assert one["agency_responsible"] == "综合行政执法大队"
    assert one["expected_datetime"] == "2026-03-17T00:00:00+08:00"


def test_what_xml_cannot_hold_does_not_break_it(client, raised):
    case = raised(body="响\x0b铃\x1f<b>&")
    answer = client.get(f"{BASE}/requests/{case.number}.xml?api_key={KEY}")
    fields = dict(tree(answer)[1][0][1])
    assert fields["description"] == "响铃<b>&"


def test_a_number_from_a_post_can_be_asked_for(client):
    number = number_of(report(client))
    assert numbers(client, f"service_request_id={number.lower()}") == [number]


def test_a_list_asks_the_database_a_handful_of_times(client, raised, django_assert_max_num_queries):
    for _ in range(8):
        raised()
    with django_assert_max_num_queries(12):
        assert len(listed(client)) == 8


def test_readers_without_a_key_are_counted_by_their_address(client, monkeypatch):
    monkeypatch.setattr("yukuai.api.open311.callers.READS_PER_MINUTE", 2)
    answers = [client.get(f"{BASE}/requests.xml") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) <= 60
    assert tree(answers[-1])[0] == "errors"

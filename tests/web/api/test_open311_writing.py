"""GeoReport v2, writing: once, in the client's place, with a sentence for what is missing."""

import csv
import json
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from tests.conftest import NOON
from tests.mapmaking import area
from tests.offices import make_post, make_staff
from tests.web.api.conftest import KEY
from tests.web.api.open311_site import (
    BASE,
    POINT,
    at_noon,
    case_of,
    codes,
    count,
    endpoint,
    faults,
    floods,
    number_of,
    report,
    tree,
)
from yukuai.accounts.actors import phone_key
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import Role
from yukuai.cases.models import CaseContact
from yukuai.divisions.models import (
    Boundary,
    Division,
    DivisionChange,
    DivisionCode,
    Succession,
)
from yukuai.documents.queries import list_attachments
from yukuai.engines.partition import canonical, to_wkb
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline

__all__ = ["at_noon", "codes", "endpoint", "floods"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("endpoint")]
AT_HOME = {"address_id": "500102001001", "lat": None, "long": None}


def contact_of(case):
    with scope(EVERYWHERE):
        return CaseContact.objects.filter(case=case).first()


def clocks_of(case):
    with scope(EVERYWHERE):
        rows = Deadline.objects.filter(object_id=case.pk, met_at=None, dropped_at=None)
        return {(row.name, row.owner_area) for row in rows}


def test_a_report_with_an_address_lies_in_its_community(client):
    case = case_of(number_of(report(client, **AT_HOME, address_string="人和街 41 号")))
    assert (case.area, case.to_place, case.source) == ("1.2.12.112.", False, "api")
    assert (case.body, case.place_text, case.category.code) == ("路灯不亮。", "人和街 41 号", "05")
    assert clocks_of(case) == {("accept", "1.2.12.112.")}


def test_a_point_alone_waits_at_the_door_of_its_district(client):
    answer = report(client)
    case = case_of(number_of(answer))
    assert (case.area, case.to_place, case.state) == ("1.2.", True, "submitted")
    assert (case.lon, case.lat) == (106.5507, 29.5647)
    assert clocks_of(case) == {("accept", "1.2.")}
    [said] = json.loads(answer.content)
    assert (
        said["service_notice"] == "收到了。先由南区定到村或社区（3月3日 24:00 前），再由那里受理。"
    )
    [one] = json.loads(client.get(f"{BASE}/requests/{case.number}.json").content)
    assert one["status_notes"] == "收到了，等区县定到村或社区"
    assert (one["status"], one["address_id"], one["address"]) == ("open", None, "南区，某市")


def draw(division, *corners):
    west, south, east, north = corners
    ring = [(west, south), (east, south), (east, north), (west, north)]
    Boundary.objects.create(
        division=division,
        geom=to_wkb(canonical(area([[(round(x * 1e7), round(y * 1e7)) for x, y in ring]]))),
        version=1,
        valid_from=date(2024, 1, 1),
        illustrative=True,
        basis="合成",
        source="合成",
        approved_by="测试",
        recorded_at=NOON,
    )


def test_a_point_lies_in_the_community_whose_line_is_around_it(client, places):
    draw(places[112], 106.54, 29.56, 106.56, 29.57)
    case = case_of(number_of(report(client)))
    assert (case.area, case.to_place, case.state) == ("1.2.12.112.", False, "submitted")
    assert (case.lon, case.lat) == (106.5507, 29.5647)
    assert clocks_of(case) == {("accept", "1.2.12.112.")}
    outside = case_of(number_of(report(client, lat="29.57100", description="另一件。")))
    assert (outside.area, outside.to_place) == ("1.2.", True)


def test_a_line_of_another_district_or_out_of_reach_sends_nothing_there(client, places):
    draw(places[1111], 106.54, 29.56, 106.56, 29.57)
    case = case_of(number_of(report(client)))
    assert (case.area, case.to_place) == ("1.2.", True)


def test_an_address_in_words_alone_waits_there_too(client):
    long = "从人和街口往里走，" * 20
    answer = report(client, lat=None, long=None, address_string=long)
    case = case_of(number_of(answer))
    assert case.to_place
    assert len(case.place_text) == 120
    assert f"地址：{long[:-1]}" in case.body


def test_the_answer_in_xml_and_in_json(client):
    first = report(client, account_id="7", fmt="xml")
    root, [(name, fields)] = tree(first)
    assert (root, name) == ("service_requests", "request")
    assert [tag for tag, _ in fields] == ["service_request_id", "service_notice", "account_id"]
    assert fields[2] == ("account_id", "7")
    [said] = json.loads(report(client, account_id="7").content)
    assert said == dict(fields)
    assert json.loads(report(client, description="另一件。").content)[0]["account_id"] is None


def test_the_example_of_the_specification_with_point_and_address_together(client):
    number = number_of(
        report(
            client,
            address_string="1234 5th street",
            email="smit333@sfgov.example",
            device_id="tt222111",
            account_id="123456",
            first_name="john",
            last_name="smith",
            phone="199 0000 0417",
            description="A large sinkhole is destroying the street",
            media_url="http://photos.example/2212426634_5ed477a060.jpg",
        )
    )
    case = case_of(number)
    assert (case.place_text, case.to_place) == ("1234 5th street", True)
    contact = contact_of(case)
    assert (contact.name, contact.phone) == ("john smith", "19900000417")
    assert contact.email == "smit333@sfgov.example"
    assert phone_key("19900000417") in case.holders
    for gone in ("tt222111", "123456"):
        assert gone not in case.body


def test_the_contact_lies_sealed(client):
    report(client, phone="19900000417", email="a@b.example", last_name="林", first_name="小满")
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email FROM cases_casecontact")
        [row] = cursor.fetchall()
    assert not any(word in "".join(row) for word in ("林", "小满", "1990", "b.example"))
    assert contact_of(case_of(number_of(report(client, phone="19900000418")))).name == ""


def test_a_chinese_name_has_the_family_first(client):
    case = case_of(number_of(report(client, last_name="林", first_name="小满")))
    assert contact_of(case).name == "林小满"
    assert not case.anonymous


def test_without_any_contact_it_is_anonymous(client):
    case = case_of(number_of(report(client)))
    assert case.anonymous
    assert contact_of(case) is None


def test_a_web_address_is_noted_and_never_opened(client):
    """Sockets are closed in the tests to all but our own servers: a fetch would fail loudly."""
    url = "http://169.254.169.254/latest/meta-data/?a=b"
    case = case_of(number_of(report(client, media_url=url)))
    assert case.body == f"路灯不亮。\n附带的网址（平台没有打开过）：{url}"


def test_no_description_is_the_name_of_the_service(client):
    case = case_of(number_of(report(client, description=None)))
    assert case.body == "公共设施坏了。"


def test_answers_are_written_below_the_words(client):
    case = case_of(
        number_of(
            report(
                client,
                service_code="07",
                **{"attribute[TRAPPED]": "no", "attribute[SEEN]": "2026-03-02T11:00:00+08:00"},
            )
        )
    )
    assert case.body == "路灯不亮。\n有没有人被困：没有\n什么时候看到的：2026-03-02T11:00:00+08:00"


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({}, "attribute TRAPPED was not provided."),
        ({"attribute[TRAPPED]": " "}, "attribute TRAPPED was not provided."),
        ({"attribute[TRAPPED]": "maybe"}, "attribute TRAPPED is not valid."),
        ({"attribute[TRAPPED][]": ["no", "yes"]}, "attribute TRAPPED is not valid."),
        ({"attribute[TRAPPED]": "no", "attribute[SEEN]": "now"}, "attribute SEEN is not valid."),
        ({"attribute[TRAPPED]": "no", "attribute[X]": "1"}, "attribute X is not defined."),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_written(client, answers, named):
    assert named in faults(report(client, service_code="07", **answers), 400)
    assert count() == 0


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"service_code": None}, 400, "service_code was not provided."),
        ({"service_code": ""}, 400, "service_code was not provided."),
        ({"service_code": "zz"}, 404, "service_code was not found."),
        ({"jurisdiction_id": "999999"}, 404, "jurisdiction_id was not found"),
        ({"jurisdiction_id": "500102001"}, 404, "jurisdiction_id was not found"),
        ({"lat": None, "long": None}, 400, "was not provided."),
        ({"lat": None}, 400, "lat was not provided."),
        ({"long": None}, 400, "long was not provided."),
        ({"lat": "north"}, 400, "lat is not valid."),
        ({"lat": "nan"}, 400, "lat is not valid."),
        ({"long": "inf"}, 400, "long is not valid."),
        ({"lat": "106.5507", "long": "29.5647"}, 400, "lat and long are swapped."),
        ({"lat": "39.90", "long": "116.40"}, 400, "outside of this municipality"),
        ({"address_id": "500102009999"}, 400, "address_id was not found."),
        ({"address_id": "500102001"}, 400, "address_id is not a village or community."),
        ({"address_id": "500102"}, 400, "address_id is not a village or community."),
        ({"address_id": "500111001001"}, 400, "address_id does not lie in jurisdiction_id."),
        ({"description": "长" * 4001}, 400, "description is too long."),
        ({"phone": "111111111"}, 400, "phone is not a mobile number"),
        ({"email": "nobody"}, 400, "email is not valid."),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url is not valid."),
        ({"media_url": "http://[x"}, 400, "media_url is not valid."),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_written(client, change, status, named):
    assert named in faults(report(client, **change), status)
    assert count() == 0


def test_all_faults_of_the_words_are_said_at_once(client):
    answer = report(client, phone="1", email="x", media_url="y")
    assert len(json.loads(answer.content)) == 3


def test_a_township_is_refused_with_its_name_and_the_way_out(client):
    said = faults(report(client, address_id="500102001"), 400)
    assert "是南街，不是村或社区" in said
    assert "不写 address_id，给 lat 和 long" in said


@pytest.mark.parametrize("key", ["guess", "", None])
def test_without_a_right_key_nothing_is_taken(client, key):
    said = faults(report(client, api_key=key), 403)
    assert "api_key" in said
    assert count() == 0


def test_a_client_that_may_only_read_is_refused(client, register):
    register(may_write=False, key="reader-key", division=2)
    assert "only read" in faults(report(client, api_key="reader-key"), 403)
    assert count() == 0


@pytest.mark.parametrize(
    "where", [{"jurisdiction_id": "500111"}, {**AT_HOME, "address_id": "500111001001"}]
)
def test_a_client_reports_only_in_its_own_place(client, where):
    where = {"jurisdiction_id": None, **where}
    assert faults(report(client, **where), 403)
    assert count() == 0


def test_the_key_goes_in_the_header_or_in_the_address_too(client):
    header = {"Authorization": f"Bearer {KEY}"}
    assert number_of(report(client, api_key=None, headers=header))
    sent = {"service_code": "05", "description": "井盖坏了。", **POINT}
    assert number_of(client.post(f"{BASE}/requests.json?api_key={KEY}", sent))


def test_without_a_jurisdiction_the_client_s_own_district_finds_the_place(client, register):
    assert case_of(number_of(report(client, jurisdiction_id=None))).area == "1.2."
    register(key="city-key", division=1)
    answer = report(client, jurisdiction_id=None, api_key="city-key")
    assert "jurisdiction_id was not provided" in faults(answer, 400)


def test_old_codes_lead_to_who_bears_them_today(client, places):
    old = Division.objects.create(
        id=3,
        parent=places[2],
        kind="community",
        name="旧社区",
        path="1.2.3.",
        valid_from=NOON.date() - timedelta(days=2000),
        valid_to=NOON.date() - timedelta(days=100),
    )
    DivisionCode.objects.create(
        division=old, scheme="stats", code="500109001001", valid_from=old.valid_from,
        valid_to=old.valid_to, source="test",
    )  # fmt: skip
    DivisionCode.objects.create(
        division=places[2], scheme="stats", code="500109", valid_from=old.valid_from,
        valid_to=old.valid_to, source="test",
    )  # fmt: skip
    Succession.objects.create(predecessor=old, successor=places[112], change=_change(old))
    assert case_of(number_of(report(client, jurisdiction_id="500109"))).area == "1.2."
    old_address = {**AT_HOME, "address_id": "500109001001"}
    both = report(client, jurisdiction_id="500109", **old_address)
    assert case_of(number_of(both)).area == "1.2.12.112."
    Succession.objects.create(predecessor=old, successor=places[113], change=_change(old))
    said = faults(report(client, **old_address, description="又坏了。"), 400)
    assert "南社区 500102001001、坡社区 500102001002" in said


def _change(division):
    return DivisionChange.objects.create(
        key=str(DivisionChange.objects.count()),
        kind="merge",
        effective=division.valid_to,
        reason="测试",
        actor="测试",
        recorded_at=NOON,
    )


def test_the_same_report_of_the_same_person_is_one(client):
    sent = {"account_id": "7", "device_id": "d1"}
    with time_machine.travel(NOON, tick=False):
        first = number_of(report(client, **sent))
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        assert number_of(report(client, **sent)) == first
    with time_machine.travel(NOON + timedelta(minutes=9, seconds=59), tick=False):
        second = number_of(report(client, **sent, fmt="json", description="另一盏。"))
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        assert number_of(report(client, **sent, description="另一盏。")) == second
    with time_machine.travel(NOON + timedelta(minutes=25), tick=False):
        assert number_of(report(client, **sent)) not in (first, second)
    assert count() == 3


@pytest.mark.parametrize(
    "other",
    [
        {"account_id": "8"},
        {"device_id": "d2"},
        {"description": "井盖不见了。"},
        {"long": "106.5508"},
        {"phone": "19900000417"},
    ],
)
def test_anything_else_makes_another_report(client, other):
    sent = {"account_id": "7", "device_id": "d1"}
    assert number_of(report(client, **sent)) != number_of(report(client, **sent | other))


def test_a_key_of_the_client_s_own_holds_for_ever_and_for_one_report(client):
    headers = {"Idempotency-Key": "report-0001"}
    first = number_of(report(client, headers=headers))
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assert number_of(report(client, headers=headers)) == first
        other = report(client, headers=headers, description="井盖不见了。")
    assert "Idempotency-Key was used for another report." in faults(other, 400)
    assert "8 to 120" in faults(report(client, headers={"Idempotency-Key": "x"}), 400)
    assert count() == 1


def test_two_clients_never_share_a_report(client, register):
    register(key="other-key", division=2)
    headers = {"Idempotency-Key": "report-0001"}
    first = number_of(report(client, headers=headers))
    assert number_of(report(client, headers=headers, api_key="other-key")) != first


def test_a_token_is_given_when_it_is_asked_for(client):
    answer = report(client, headers={"Prefer": "respond-async"})
    [said] = json.loads(answer.content)
    assert list(said) == ["token", "service_notice", "account_id"]
    token = said["token"]
    [found] = json.loads(client.get(f"{BASE}/tokens/{token}.json").content)
    assert found["token"] == token
    assert case_of(found["service_request_id"]).to_place
    assert tree(client.get(f"{BASE}/tokens/{token}.xml")) == (
        "service_requests",
        [
            (
                "request",
                [("service_request_id", found["service_request_id"]), ("token", token)],
            )
        ],
    )


def test_a_resident_s_own_report_cannot_be_asked_for_by_token(client, raised):
    case = raised()
    faults(client.get(f"{BASE}/tokens/{case.client_uuid.hex}.json"), 404)


def test_a_session_opens_nothing_here(client, raised, places):
    """Only a key does: a page elsewhere must not write with an officer's cookie."""
    user = make_staff("qx")
    make_post(user, Role.DISTRICT_OP, places[2])
    signed_in = Client()
    signed_in.force_login(user)
    faults(report(signed_in, api_key=None), 403)
    case = raised(body="只给看得到的人。")
    seen = signed_in.get(f"{BASE}/requests/{case.number}.json").content.decode()
    assert case.number in seen
    assert "只给" not in seen


def test_writers_are_counted(client, monkeypatch):
    monkeypatch.setattr("yukuai.api.open311.callers.WRITES_PER_MINUTE", 2)
    answers = [report(client, description=f"第 {n} 件。") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) <= 60
    assert count() == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("--x", "multipart/form-data; boundary="),
        ("--x", "multipart/form-data; boundary=x"),
        ("a=%ff&b", "application/x-www-form-urlencoded"),
        ("a=1", "application/x-www-form-urlencoded; charset=nonsense"),
    ],
)
def test_a_body_that_cannot_be_read_is_an_error_of_the_standard(client, body, kind):
    answer = client.generic("POST", f"{BASE}/requests.xml", body, content_type=kind)
    assert answer.status_code in {400, 403}
    assert tree(answer)[0] == "errors"
    assert count() == 0


def test_a_picture_that_comes_along_is_kept_made_anew(client):
    made = BytesIO()
    Image.new("RGB", (600, 400), "#38423f").save(made, "PNG")
    photo = SimpleUploadedFile("photo.png", made.getvalue())
    case = case_of(number_of(report(client, media=photo)))
    with scope(EVERYWHERE):
        [kept] = list_attachments(SYSTEM, subject="case", object_id=case.pk)
    assert (kept.kind, kept.is_image) == ("scene", True)


def test_a_file_that_is_no_picture_is_refused(client):
    photo = SimpleUploadedFile("photo.png", b"<svg onload=alert(1)>")
    assert faults(report(client, media=photo), 400)
    assert count() == 0


def test_every_seat_of_a_township_lies_well_inside_the_box():
    west, south, east, north = configured.OPEN311_BOX
    path = configured.SEED / "chongqing_town_points_geonames.csv"
    with path.open(encoding="utf-8", newline="") as file:
        points = [(float(r["lon_wgs84"]), float(r["lat_wgs84"])) for r in csv.DictReader(file)]
    assert len(points) == 780
    assert all(west + 0.2 < lon < east - 0.2 for lon, _ in points)
    assert all(south + 0.2 < lat < north - 0.2 for _, lat in points)

"""没有网也能写: the page that is kept, and the door for what was written without a network."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.casework import lamps, pack, places
from tests.pictures import gif_bomb
from tests.web.portal_fixtures import (
    BODY,
    CODES,
    PHONE,
    cases,
    clock,
    photo,
    resident,
    signed_in,
    town,
    words,
)
from yukuai.cases.models import CaseContact
from yukuai.divisions.models import Division
from yukuai.documents.models import Attachment
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["clock", "lamps", "pack", "places", "resident", "signed_in", "town"]
pytestmark = pytest.mark.django_db
PAGE, SYNC = "/raise/offline/", "/raise/sync/"


def send(client, **fields):
    told = {"client_uuid": str(uuid4()), "body": BODY, "contact": "unnamed", "community": "南社区"}
    return client.post(SYNC, told | fields, headers={"Accept": "application/json"})


def test_a_matter_written_offline_is_received_with_its_receipt(client, town):
    answer = send(client, place_text="3 楼", photos=[photo(), photo("b.jpg")])
    [case] = cases()
    assert answer.status_code == 201
    assert answer.json()["number"] == case.number
    assert answer.json()["url"] == f"/matters/{case.number}/"
    assert (case.body, case.place_text, case.division_id, case.anonymous) == (
        BODY,
        "3 楼",
        112,
        True,
    )
    with scope(EVERYWHERE):
        assert Attachment.objects.count() == 2
    assert client.get(answer.json()["url"]).status_code == 200
    other = Client()
    follow = {"number": case.number, "code": answer.json()["code"]}
    assert other.post("/follow/", follow).headers["Location"] == answer.json()["url"]


def test_sent_again_it_is_the_same_matter(client, town):
    uuid = str(uuid4())
    first, second = send(client, client_uuid=uuid), send(client, client_uuid=uuid, body="别的话")
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json() == first.json()
    assert [case.body for case in cases()] == [BODY]


def test_with_a_name_the_telephone_is_sealed_beside_it(client, town):
    assert send(client, contact="named", phone="199 0000 0417", name="黎女士").status_code == 201
    with scope(EVERYWHERE):
        contact = CaseContact.objects.get()
    assert (contact.name, contact.phone) == ("黎女士", PHONE)


def test_without_a_community_the_one_chosen_on_this_device_is_meant(client, town):
    client.get(f"/c/{CODES[113]}/")
    assert send(client, community="").status_code == 201
    assert [case.division_id for case in cases()] == [113]


def test_a_resident_is_at_home(signed_in):
    assert send(signed_in, community="").status_code == 201
    assert [case.division_id for case in cases()] == [112]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"client_uuid": "x"}, "这件事的编号不对。请改一改，再交一次。"),
        ({"body": " \x00"}, "写一句话，说说是什么事。"),
        ({"body": "灯" * 501}, "写得太长了，最多 500 字，现在 501 字。请删掉一些。"),
        ({"contact": "x"}, "选一个：留姓名和电话，还是不留姓名。"),
        ({"contact": "named"}, "请填手机号，或者选“不留姓名”。"),
        ({"contact": "named", "phone": "12"}, "还差 9 位。手机号是 11 位数字。"),
        ({"community": ""}, "写上是哪个村或社区，最好带上街道，例如“大溪沟街道 人民村社区”。"),
        ({"community": "没有"}, "没有找到“没有”。请核对社区的名字，或者只写前两三个字。"),
    ],
)
def test_what_cannot_be_used_says_what_to_mend_and_changes_nothing(client, town, fields, sentence):
    answer = send(client, **fields)
    assert (answer.status_code, answer.json()) == (422, {"sentence": sentence})
    assert cases() == []


def test_a_name_borne_by_two_communities_asks_for_the_street(client, town):
    town[1111].name = "南社区"
    town[1111].save()
    answer = send(client)
    assert answer.status_code == 422
    assert answer.json()["sentence"].startswith("叫“南社区”的不止一个。")
    assert send(client, community="南街 南社区").status_code == 201
    assert [case.division_id for case in cases()] == [112]


def test_the_exact_name_wins_over_longer_ones(client, town):
    Division.objects.filter(pk=113).update(name="南社区二期社区")
    assert send(client).status_code == 201
    assert [case.division_id for case in cases()] == [112]


@pytest.mark.parametrize("data", [b"", b"no photo", gif_bomb()])
def test_a_bad_photo_refuses_the_whole_and_stores_nothing(client, town, data):
    bad = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    answer = send(client, photos=[photo(), bad])
    assert answer.status_code == 422
    assert answer.json()["sentence"].endswith("。")
    with scope(EVERYWHERE):
        assert not Attachment.objects.exists()
    assert cases() == []


def test_four_photos_are_one_too_many(client, town):
    answer = send(client, photos=[photo() for _ in range(4)])
    assert (answer.status_code, cases()) == (422, [])
    assert answer.json()["sentence"] == "照片最多 3 张。去掉几张再交。"


def test_too_many_are_told_to_wait(client, town):
    for _ in range(60):
        assert send(Client()).status_code == 201
    answer = send(client)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "试得太快了" in answer.json()["sentence"]
    assert len(cases()) == 60


def test_without_the_token_nothing_comes_in(town):
    client = Client(enforce_csrf_checks=True)
    assert send(client).status_code == 403
    token = client.get(PAGE).context["csrf_token"]
    answer = client.post(
        SYNC,
        {"client_uuid": str(uuid4()), "body": BODY, "contact": "unnamed", "community": "南社区"},
        headers={"X-CSRFToken": str(token)},
    )
    assert answer.status_code == 201


def test_the_page_that_is_kept_says_nothing_about_its_reader(signed_in, client):
    page = words(signed_in.get(PAGE))
    assert (
        page.split("csrfmiddlewaretoken")[0]
        == words(Client().get(PAGE)).split("csrfmiddlewaretoken")[0]
    )
    assert "data-kept" in page
    assert "0417" not in page
    assert "黎某某" not in page


def test_a_look_at_the_door_is_not_a_report(client, town):
    assert client.get(SYNC).status_code == 405

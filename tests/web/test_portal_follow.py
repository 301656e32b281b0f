"""查进度: number and code, without an account."""

import pytest
from django.test import Client

from tests.casework import LIN, lamps, pack, places, raised, read
from tests.web.portal_fixtures import clock, resident, signed_in, town, words
from yukuai.cases import tickets

__all__ = ["clock", "lamps", "pack", "places", "raised", "resident", "signed_in", "town"]
pytestmark = pytest.mark.django_db
WRONG = "单号和查询码对不上。请对着回执再看一遍，字母和数字都要对。"


def code_of(case):
    return tickets.code_for(case.client_uuid, length=tickets.LENGTH)


def follow(client, number, code):
    return client.post("/follow/", {"number": number, "code": code})


def test_number_and_code_open_the_matter_on_this_device(client, town, raised):
    case = raised(LIN)
    assert client.get(f"/matters/{case.number}/").status_code == 404
    answer = follow(client, case.number, code_of(case))
    assert answer.headers["Location"] == f"/matters/{case.number}/"
    assert client.get(f"/matters/{case.number}/").status_code == 200
    assert case.number in words(client.get("/matters/"))
    assert Client().get(f"/matters/{case.number}/").status_code == 404


def test_they_are_read_as_people_copy_them(client, town, raised):
    case = raised(LIN)
    number = case.number.lower().replace("-", " ")
    code = " ".join(code_of(case).lower())
    assert follow(client, number, code).headers["Location"] == f"/matters/{case.number}/"
    plain = case.number.replace("-", "")
    assert follow(client, plain, code).status_code == 302


def test_whatever_is_wrong_the_sentence_is_the_same(client, town, raised):
    case, other = raised(LIN), raised(LIN)
    for number, code in [
        (case.number, "AAAAAA"),
        (case.number, code_of(other)),
        ("ZT-0000-000000", code_of(case)),
        ("x' OR 1=1 --", "y"),
        ("<b>", "😀"),
    ]:
        response = follow(client, number, code)
        assert response.status_code == 422
        assert WRONG in words(response)
        assert client.get("/matters/").context["rows"] == []


def test_what_was_typed_stays(client, town):
    shown = words(follow(client, "zt 2603 1\x00", "abc"))
    assert 'value="zt 2603 1"' in shown
    assert 'value="abc"' in shown


def test_an_empty_field_says_what_goes_in(client, town):
    shown = words(follow(client, "", " "))
    assert "填回执上的单号" in shown
    assert "填回执上的 6 位查询码。" in shown


def test_guessing_one_number_is_stopped(client, town, raised):
    case = raised(LIN)
    for _ in range(10):
        assert follow(Client(), case.number, "AAAAAA").status_code == 422
    response = follow(client, case.number, code_of(case))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "试得太快了" in words(response)
    assert client.get(f"/matters/{case.number}/").status_code == 404


def test_guessing_many_numbers_from_one_address_is_stopped(client, town, raised):
    case = raised(LIN)
    for n in range(30):
        follow(client, f"ZT-2603-9{n:05d}", "AAAAAA")
    assert follow(client, case.number, code_of(case)).status_code == 429


def test_whoever_holds_the_receipt_may_rate_and_withdraw(client, town, raised):
    case = raised(LIN, anonymous=True)
    follow(client, case.number, code_of(case))
    client.post(f"/matters/{case.number}/withdraw/")
    assert read(case.pk).state == "withdrawn"


def test_a_borrowed_phone_forgets_when_asked(client, town, raised):
    case = raised(LIN)
    follow(client, case.number, code_of(case))
    assert client.get("/follow/forget/").status_code == 405
    client.post("/follow/forget/")
    assert client.get(f"/matters/{case.number}/").status_code == 404


def test_a_resident_keeps_what_he_opened_before_signing_in(client, town, raised, resident):
    case = raised(LIN)
    follow(client, case.number, code_of(case))
    client.force_login(resident)
    assert client.get(f"/matters/{case.number}/").status_code == 200


def test_an_officer_is_told_to_use_another_browser(client, town, raised):
    from tests.offices import make_post, make_staff
    from yukuai.accounts.roles import Role

    user = make_staff("sq01")
    make_post(user, Role.COMMUNITY_STAFF, town[113])
    client.force_login(user)
    case = raised(LIN)
    response = follow(client, case.number, code_of(case))
    assert response.status_code == 422
    assert "您现在登录的是工作台" in words(response)


def test_the_number_may_come_filled_in_the_code_never(client, town):
    shown = words(client.get("/follow/?number=zt2603000001&code=ABCDEF"))
    assert 'value="ZT-2603-000001"' in shown
    assert 'value="ABCDEF"' not in shown

"""A resident signs in with a telephone and six digits."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.conftest import NOON
from yukuai.accounts.actors import phone_hash, phone_key
from yukuai.accounts.gateways import register_sender
from yukuai.accounts.gateways.fake import FakeSender
from yukuai.accounts.models import RealNameLevel, Resident, User
from yukuai.accounts.signin.adapters import AccountAdapter
from yukuai.kernel.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.signin_site")]
PHONE = "19900000417"
PAGE = "/signin/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def texts():
    sender = FakeSender()
    before = register_sender(sender)
    yield sender
    register_sender(before)


def ask(client, phone=PHONE, **more):
    return client.post(PAGE, {"act": "send", "phone": phone, **more})


def enter(client, code, **more):
    return client.post(PAGE, {"code": code, "phone": PHONE, **more})


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def words(response):
    return response.content.decode()


def test_a_first_sign_in_makes_the_account(client, texts):
    assert ask(client).headers["Location"] == PAGE
    [text] = texts.sent
    assert (text.phone, text.at) == (PHONE, NOON)
    assert re.fullmatch(r"\d{6}", text.code)
    response = enter(client, text.code)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    user = User.objects.get(kind=User.Kind.RESIDENT)
    assert re.fullmatch(r"r-[0-9a-f]{24}", user.username)
    assert not user.has_usable_password()
    with scope((), [phone_key(PHONE)]):
        resident = Resident.objects.get()
    assert resident.phone == PHONE
    assert resident.phone_hash == phone_hash(PHONE)
    assert resident.holders == [f"user:{user.pk}", phone_key(PHONE)]
    assert resident.level == RealNameLevel.PHONE
    assert words(client.get("/me/")) == "居民本人|"


def test_a_second_sign_in_finds_the_account_again(client, texts, clock):
    ask(client)
    enter(client, texts.sent[-1].code)
    client.post("/signout/")
    clock.shift(timedelta(seconds=61))
    ask(client)
    enter(client, texts.sent[-1].code)
    assert User.objects.filter(kind=User.Kind.RESIDENT).count() == 1
    assert client.get("/me/").status_code == 200


def test_the_account_is_seen_only_by_who_holds_the_telephone(client, texts):
    ask(client)
    enter(client, texts.sent[-1].code)
    with scope(["1."], [phone_key("19900000520")]):
        assert not Resident.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_resident")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "typed",
    [
        "199 0000 0417",
        "199-0000-0417",
        "+86 199 0000 0417",
        "１９９０００００４１７",
        "008619900000417",
    ],
)
def test_a_telephone_may_be_typed_as_people_write_it(client, texts, typed):
    ask(client, typed)
    assert [text.phone for text in texts.sent] == [PHONE]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填手机号。"),
        ("1990000041", "还差 1 位。手机号是 11 位数字。"),
        ("199000004171", "多了 1 位。手机号是 11 位数字。"),
        ("12900000417", "这不像手机号。手机号以 13 到 19 开头；座机收不到短信。"),
        ("<b>1</b>", "手机号里只能有数字，例如 199 0000 0417。"),
        ("٠٩٩٠٠٠٠٠٤١٧", "手机号里只能有数字，例如 199 0000 0417。"),
    ],
)
def test_a_wrong_telephone_is_explained_and_kept(client, texts, typed, sentence):
    response = ask(client, typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert response.context["phone_form"]["phone"].value() == typed
    assert texts.sent == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("4827", "还差 2 位。短信里是 6 位数字。"),
        ("", "请填短信里的 6 位数字。"),
        ("48271x", "这里只填数字。短信里是 6 位数字。"),
        ("1234567", "多了 1 位。短信里是 6 位数字。"),
    ],
)
def test_a_code_of_the_wrong_shape_is_explained_and_counts_for_nothing(
    client, texts, typed, sentence
):
    ask(client)
    for _ in range(6):
        response = enter(client, typed)
        assert response.status_code == 422
        assert sentence in words(response)
    assert response.context["code_form"]["code"].value() == typed
    assert enter(client, texts.sent[-1].code).status_code == 302


def test_digits_of_the_code_may_be_full_width(client, texts):
    ask(client)
    code = texts.sent[-1].code
    enter(client, "".join(chr(ord(c) + 0xFEE0) for c in code))
    assert client.get("/me/").status_code == 200


def test_after_five_wrong_codes_the_right_one_opens_nothing(client, texts):
    ask(client)
    code = texts.sent[-1].code
    for left in (4, 3, 2, 1):
        response = enter(client, wrong(code))
        assert f"还可以试 {left} 次。" in words(response)
    response = enter(client, wrong(code))
    assert response.status_code == 429
    assert "试了 5 次都不对，这组数字作废了。请重发一条。" in words(response)
    assert response.context["phone"] == PHONE
    assert enter(client, code).status_code == 422
    assert not User.objects.filter(kind=User.Kind.RESIDENT).exists()


def test_copies_of_the_unfinished_sign_in_share_the_five_attempts(client, texts):
    """Requests side by side all read the same session before any of them writes it."""
    ask(client)
    code, kept = texts.sent[-1].code, dict(client.session.items())
    for _ in range(5):
        enter(client, wrong(code))
        session = client.session
        session.update(kept)
        session.save()
    assert enter(client, code).status_code == 429
    assert not User.objects.filter(kind=User.Kind.RESIDENT).exists()


def test_a_code_holds_five_minutes(client, texts, clock):
    ask(client)
    clock.shift(timedelta(seconds=301))
    response = enter(client, texts.sent[-1].code)
    assert response.status_code == 422
    assert "这组数字过了 5 分钟，用不了了。请重发一条。" in words(response)
    assert not User.objects.filter(kind=User.Kind.RESIDENT).exists()


def test_a_code_opens_once(client, texts):
    ask(client)
    code = texts.sent[-1].code
    enter(client, code)
    client.post("/signout/")
    assert enter(client, code).status_code == 422
    assert client.get("/me/").status_code == 302


def test_a_new_code_voids_the_one_before(client, texts, clock, monkeypatch):
    codes = iter(["111222", "333444"])
    monkeypatch.setattr(
        AccountAdapter, "generate_phone_verification_code", lambda self, **_kw: next(codes)
    )
    ask(client)
    clock.shift(timedelta(seconds=60))
    ask(client)
    assert enter(client, "111222").status_code == 422
    assert enter(client, "333444").status_code == 302


def test_a_code_is_of_use_only_to_the_browser_that_asked(client, texts):
    ask(client)
    other = Client()
    assert enter(other, texts.sent[-1].code).status_code == 422
    assert other.get("/me/").status_code == 302


def test_a_minute_passes_between_two_texts_from_whatever_browser(client, texts, clock):
    ask(client)
    clock.shift(timedelta(seconds=59))
    response = ask(Client())
    assert response.status_code == 429
    assert "刚给这个号码发过一条。请等 60 秒再发。" in words(response)
    clock.shift(timedelta(seconds=1))
    assert ask(Client()).status_code == 302
    assert len(texts.sent) == 2


def test_five_texts_an_hour_for_one_telephone(client, texts, clock):
    for _ in range(5):
        assert ask(client).status_code == 302
        clock.shift(timedelta(minutes=2))
    response = ask(client)
    assert response.status_code == 429
    assert "这一个小时里发的短信太多了。" in words(response)
    assert ask(client, "19900000520").status_code == 302
    clock.shift(timedelta(minutes=50, seconds=1))
    assert ask(client).status_code == 302


def test_twenty_texts_an_hour_for_one_address(client, texts):
    for number in range(20):
        assert ask(client, f"1990000{number:04d}").status_code == 302
    assert ask(client, "19900000999").status_code == 429
    assert len(texts.sent) == 20


def test_nobody_learns_whether_a_telephone_has_an_account(client, texts):
    ask(client, "19900000520")
    enter(client, texts.sent[-1].code)
    client.post("/signout/")
    pages = []
    for phone in (PHONE, "19900000521"):
        ask(client, phone)
        pages.append(re.sub(r'csrf\S+" value="\S+"', "", words(client.get(PAGE))))
    known, unknown = pages
    assert known.replace("199 0000 0417", "").replace(PHONE, "") == unknown.replace(
        "199 0000 0521", ""
    ).replace("19900000521", "")


def test_the_session_keeps_neither_telephone_nor_code(client, texts):
    ask(client)
    kept = str(dict(client.session.items()))
    assert PHONE not in kept
    assert texts.sent[-1].code not in kept


def test_when_texts_do_not_go_out_the_page_says_so_and_keeps_the_number(client, texts):
    texts.broken = "短信平台没有应答。请过几分钟再试。"
    response = ask(client)
    assert response.status_code == 503
    assert texts.broken in words(response)
    assert response.context["phone_form"]["phone"].value() == PHONE


def test_the_page_goes_on_where_the_browser_left_it(client, texts):
    ask(client)
    page = words(client.get(PAGE))
    assert 'value="199 0000 0417"' in page
    assert 'data-island="resend" data-seconds="60"' in page


def test_one_goes_on_to_the_page_one_wanted(client, texts):
    assert client.get("/me/").headers["Location"] == "/signin/?next=/me/"
    assert ask(client, next="/me/").headers["Location"] == "/signin/?next=%2Fme%2F"
    assert enter(client, texts.sent[-1].code, next="/me/").headers["Location"] == "/me/"
    assert client.get("/signin/?next=/me/").headers["Location"] == "/me/"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
)
def test_one_is_never_sent_to_another_site(client, texts, elsewhere):
    ask(client)
    assert enter(client, texts.sent[-1].code, next=elsewhere).headers["Location"] == "/"


def test_signing_in_gives_the_session_a_new_key(client, texts):
    ask(client)
    before = client.session.session_key
    enter(client, texts.sent[-1].code)
    assert client.session.session_key != before


def test_a_resident_stays_signed_in_for_thirty_days_however_busy(client, texts, clock):
    ask(client)
    response = enter(client, texts.sent[-1].code)
    assert response.cookies["sessionid"]["max-age"] == 30 * 24 * 3600
    for _ in range(29):
        clock.shift(timedelta(days=1))
        assert client.get("/me/").status_code == 200
    clock.shift(timedelta(days=1))
    assert client.get("/me/").status_code == 302


def test_signing_out_is_a_post(client, texts):
    ask(client)
    enter(client, texts.sent[-1].code)
    assert client.get("/signout/").status_code == 405
    assert client.get("/me/").status_code == 200
    assert client.post("/signout/").headers["Location"] == "/"
    assert client.get("/me/").status_code == 302


def test_a_closed_account_stays_closed(client, texts, clock):
    ask(client)
    enter(client, texts.sent[-1].code)
    User.objects.update(is_active=False)
    assert client.get("/me/").status_code == 302
    clock.shift(timedelta(seconds=61))
    ask(client)
    response = enter(client, texts.sent[-1].code)
    assert response.headers["Location"] == "/signin/?closed=1"
    assert "这个账户停用了" in words(client.get("/signin/?closed=1"))
    assert client.get("/me/").status_code == 302


def test_a_form_from_elsewhere_is_refused(texts):
    assert ask(Client(enforce_csrf_checks=True)).status_code == 403
    assert texts.sent == []

"""我的, 谁看过我的信息, 个人信息说明, 找人帮忙."""

from datetime import timedelta

import pytest

from tests.casework import CLERK, LIN, lamps, pack, places, raised
from tests.conftest import NOON
from tests.web.portal_fixtures import (
    CODES,
    PHONE,
    clock,
    resident,
    signed_in,
    town,
    words,
)
from yukuai.accounts.actors import holders_of, phone_key, resident_actor
from yukuai.accounts.models import Department, Resident
from yukuai.audit.actions import record
from yukuai.cases import actions
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["clock", "lamps", "pack", "places", "raised", "resident", "signed_in", "town"]
pytestmark = pytest.mark.django_db


def known():
    with scope(EVERYWHERE):
        return Resident.objects.get()


def test_signed_out_the_page_offers_the_door_and_the_switches(client, town):
    shown = words(client.get("/me/"))
    assert "还没有登录" in shown
    assert "/signin/?next=/me/" in shown
    assert "换成长辈版" in shown


def test_signed_in_it_says_what_is_known_and_no_more(signed_in):
    shown = words(signed_in.get("/me/"))
    assert "黎某某" in shown
    assert "尾号 0417 的手机" in shown
    assert "已填姓名" in shown
    assert PHONE not in shown


def test_the_community_chosen_here_can_become_the_home(signed_in, town):
    signed_in.get(f"/c/{CODES[113]}/")
    assert "记成常住社区" in words(signed_in.get("/me/"))
    assert signed_in.post("/me/home/").headers["Location"] == "/me/"
    assert known().home_id == 113
    assert "这是您的常住社区" in words(signed_in.get("/me/"))


def test_the_name_can_be_put_right(signed_in):
    assert 'value="黎某某"' in words(signed_in.get("/me/name/"))
    assert signed_in.post("/me/name/", {"name": "黎 某"}).headers["Location"] == "/me/"
    assert known().name == "黎某"


@pytest.mark.parametrize("name", ["", "x", "<b>黎</b>", "黎\x00", "黎" * 41])
def test_what_is_no_name_says_so_and_changes_nothing(signed_in, name):
    response = signed_in.post("/me/name/", {"name": name})
    assert response.status_code == 422
    assert response.context["form"].errors["name"]
    assert known().name == "黎某某"


@pytest.mark.parametrize("page", ["/me/name/", "/me/home/"])
def test_what_belongs_to_an_account_needs_one(client, town, page):
    assert client.post(page).headers["Location"].startswith("/signin/")


def test_who_looked_is_listed_by_day_with_unit_purpose_and_what(signed_in, resident, raised, clock):
    me = resident_actor(resident, holders_of(resident))
    case = raised(me, phone=PHONE)
    officer = type(CLERK)(**{**CLERK.__dict__, "label": "周某某，南社区"})
    actions.reveal_contact(officer, case_id=case.pk, purpose="ask", at=NOON)
    later = NOON + timedelta(days=1)
    actions.reveal_contact(officer, case_id=case.pk, purpose="visit", at=later)
    clock.move_to(later)
    response = signed_in.get("/me/viewers/")
    shown = words(response)
    assert [(day.on.day, len(day.looks)) for day in response.context["days"]] == [(3, 1), (2, 1)]
    assert shown.index("用途：约上门时间") < shown.index("用途：核实情况")
    assert "南社区" in shown
    assert "周某某" not in shown
    assert case.number in shown


def test_what_one_did_oneself_and_what_concerns_others_is_not_listed(signed_in, resident, raised):
    with scope(EVERYWHERE):
        record(LIN, act="case.view", target="ZT-X", area="1.", at=NOON, holders=["user:901"])
        record(
            resident_actor(resident, []),
            act="resident.set-name",
            target="me",
            area="1.",
            at=NOON,
            holders=[phone_key(PHONE)],
        )
    response = signed_in.get("/me/viewers/")
    assert response.context["days"] == []
    assert "还没有人看过" in words(response)


def test_a_visitor_without_a_receipt_is_told_how_to_see(client, town):
    assert "先登录，或者凭单号打开一件事" in words(client.get("/me/viewers/"))


def test_the_looks_can_be_narrowed_to_one_matter_and_paged(signed_in, resident):
    with scope(EVERYWHERE):
        for n in range(60):
            record(
                CLERK,
                act="case.view",
                target=f"ZT-2603-{n % 2:06d}",
                area="1.2.",
                at=NOON,
                holders=[f"user:{resident.pk}"],
            )
    first = signed_in.get("/me/viewers/")
    assert sum(look.times for day in first.context["days"] for look in day.looks) == 50
    second = signed_in.get("/me/viewers/" + first.context["older_url"])
    assert sum(look.times for day in second.context["days"] for look in day.looks) == 10
    one = signed_in.get("/me/viewers/?number=zt2603000001")
    assert sum(look.times for day in one.context["days"] for look in day.looks) == 30


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 40, "number=%00'--"])
def test_a_forged_page_of_looks_breaks_nothing(signed_in, query):
    assert signed_in.get(f"/me/viewers/?{query}").status_code == 200


def test_rights_are_said_with_their_articles(client, town):
    shown = words(client.get("/privacy/"))
    for right in ("查阅和复制", "更正", "删除和撤回"):
        assert right in shown
    assert "第四十四条至第四十八条" in shown


def test_help_lists_the_street_first_and_always_the_emergency_numbers(client, town):
    for place, phone in ((12, "023-5000"), (2, "023-7000"), (111, "023-6000")):
        Department.objects.create(
            division=town[place], name=f"办{place}", short_name="办", kind="基层", phone=phone
        )
    client.get(f"/c/{CODES[112]}/")
    shown = words(client.get("/help/"))
    assert shown.index("tel:110") < shown.index("tel:023-5000") < shown.index("tel:12345")
    assert shown.index("tel:12345") < shown.index("tel:023-7000")
    assert "023-6000" not in shown
    assert "请人上门代办" in shown


def test_help_works_before_a_community_is_chosen(client, town):
    assert "tel:12345" in words(client.get("/help/"))
    assert client.get("/help/objection/").status_code == 200


SAVEPOINTS = 3
"""What a test adds: a savepoint and its release around the scope, and the scope emptied."""


@pytest.mark.parametrize("page", ["/me/", "/me/viewers/", "/me/name/"])
def test_personal_pages_are_not_kept_and_ask_little(signed_in, page, django_assert_max_num_queries):
    signed_in.get(page)
    with django_assert_max_num_queries(15 + SAVEPOINTS):
        response = signed_in.get(page)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("switch", ["mode=elder", "text=200"])
def test_the_switches_are_plain_links_on_every_page(client, town, switch):
    answer = client.get(f"/me/?{switch}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/")
    name, value = switch.split("=")
    assert f'data-{name}="{value}"' in words(client.get("/me/"))

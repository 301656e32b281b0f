"""The home page and its search."""

from datetime import timedelta

import pytest

from tests.casework import LIN, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.web.portal_fixtures import CODES, clock, resident, signed_in, town, words
from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.models import Department
from yukuai.divisions.models import Division

__all__ = [
    "clock",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "resident",
    "signed_in",
    "squad",
    "steps",
    "town",
]
pytestmark = pytest.mark.django_db
TO_THE_END = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")


def search(client, typed):
    return client.post("/search/", {"q": typed})


def test_without_a_community_the_page_asks_for_one_and_still_takes_a_report(client, town):
    shown = words(client.get("/"))
    assert "您在哪个村（社区）？" in shown
    assert 'href="/raise/"' in shown
    assert "近 30 天" not in shown


def test_the_community_chosen_here_is_remembered(client, town):
    client.get(f"/c/{CODES[113]}/")
    shown = words(client.get("/"))
    assert "坡社区" in shown
    assert "南区 · 南街" in shown


def test_a_resident_begins_at_home(signed_in):
    assert "南社区" in words(signed_in.get("/"))


def test_a_resident_who_looks_elsewhere_is_elsewhere(signed_in):
    signed_in.get(f"/c/{CODES[113]}/")
    assert signed_in.get("/").context["community"].name == "坡社区"


@pytest.mark.parametrize("cookie", ["x", "", "-1", "999999999", "9" * 40, "1", "112x"])
def test_a_forged_cookie_chooses_nothing(client, town, cookie):
    client.cookies["community"] = cookie
    response = client.get("/")
    assert (response.status_code, response.context["community"]) == (200, None)


def test_nothing_waits_and_nothing_is_amber(signed_in):
    shown = words(signed_in.get("/"))
    assert "轮到您了" not in shown
    assert "yours" not in shown


def test_a_matter_that_waits_for_my_word_stands_first(signed_in, resident, raised, steps):
    me = resident_actor(resident, holders_of(resident))
    case = raised(me)
    for move in TO_THE_END:
        steps[move](case)
    response = signed_in.get("/")
    shown = words(response)
    assert shown.index("轮到您了") < shown.index("反映一件事</b>")
    assert "请在 3月9日 24:00 前确认" in shown
    assert f'href="/matters/{case.number}/?solved=no#rate"' in shown
    assert response.context["own"] == 1


def test_anothers_matters_are_not_counted(signed_in, raised):
    raised(LIN)
    assert signed_in.get("/").context["own"] == 0


def test_the_numbers_of_the_community_are_numbers_only(client, town, raised, steps):
    client.get(f"/c/{CODES[112]}/")
    old = raised(at=NOON - timedelta(days=40), body="很久以前的事")
    done = raised(body="已经办完的事")
    for move in TO_THE_END:
        steps[move](done)
    raised(body="刚刚来的事")
    raised(body="别的社区的事", division_id=113)
    response = client.get("/")
    figures = response.context["figures"]
    assert (figures.received, figures.closed, figures.promised, figures.kept) == (2, 1, 1, 1)
    for text in ("很久以前", "已经办完", "刚刚来的", "别的社区的"):
        assert text not in words(response)
    assert read(old.pk).state == "submitted"


def test_the_telephone_of_the_street_is_shown_where_it_is_known(client, town):
    client.get(f"/c/{CODES[112]}/")
    assert "打 12345，说是哪个社区" in words(client.get("/"))
    Department.objects.create(
        division=town[12], name="基层治理办", short_name="基层办", kind="基层", phone="023-5000"
    )
    Department.objects.create(
        division=town[111], name="别处的办公室", short_name="别处", kind="基层", phone="023-6000"
    )
    shown = words(client.get("/"))
    assert 'href="tel:023-5000"' in shown
    assert "023-6000" not in shown


def test_a_number_of_ones_own_opens_the_matter(signed_in, resident, raised):
    case = raised(resident_actor(resident, holders_of(resident)))
    for typed in (case.number, case.number.lower().replace("-", " "), f" {case.number}\x00"):
        assert search(signed_in, typed).headers["Location"] == f"/matters/{case.number}/"


def test_any_other_number_asks_for_its_code(client, raised):
    case = raised(LIN)
    answer = search(client, case.number)
    assert answer.headers["Location"] == f"/follow/?number={case.number}"
    assert case.number in words(client.get(answer.headers["Location"]))
    answer = search(client, "ZT-9912-000009")
    assert answer.headers["Location"] == "/follow/?number=ZT-9912-000009"


def test_the_name_of_a_community_offers_it_with_its_street(client, town):
    shown = words(search(client, "坡社区"))
    assert f'href="/c/{CODES[113]}/"' in shown
    assert "南街" in shown


def test_anything_else_becomes_a_report(client, town):
    shown = words(search(client, "楼道灯坏了<b>"))
    assert "用这句话反映一件事" in shown
    assert "楼道灯坏了&lt;b&gt;" in shown
    assert "楼道灯坏了<b>" not in shown


def test_an_empty_search_leads_home(client, town):
    assert search(client, " \x00 ").headers["Location"] == "/"


def test_what_is_searched_stands_in_no_address(client, town):
    assert client.get("/search/?q=x").status_code == 405
    assert 'method="post"' in words(client.get("/"))


def test_the_home_page_asks_the_database_little(
    signed_in, resident, raised, steps, django_assert_max_num_queries
):
    case = raised(resident_actor(resident, holders_of(resident)))
    for move in TO_THE_END:
        steps[move](case)
    signed_in.get(f"/c/{CODES[113]}/")
    with django_assert_max_num_queries(15):
        assert "轮到您了" in words(signed_in.get("/"))


def test_a_community_that_is_gone_leads_to_its_heir(client, town):
    from datetime import date

    from yukuai.divisions.models import DivisionChange, Succession

    client.get(f"/c/{CODES[113]}/")
    Division.objects.filter(pk=113).update(valid_to=date(2026, 1, 1))
    change = DivisionChange.objects.create(
        kind="merge",
        effective=date(2026, 1, 1),
        recorded_at=NOON,
        title="并入",
        reason="test",
        source="test",
    )
    Succession.objects.create(change=change, predecessor=town[113], successor=town[112])
    assert client.get("/").context["community"].name == "南社区"
    answer = client.get(f"/c/{CODES[113]}/")
    assert answer.headers["Location"] == "/"
    assert "坡社区已经并入南社区。" in words(client.get("/"))

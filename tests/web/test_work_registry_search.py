"""The box of the register over HTTP: never in an address, on record, limited."""

import re

import pytest

from tests.casework import enforcement, places
from tests.registering import building, citizen, codes, dwelling, kept, person
from tests.web.desks import at_most, at_noon, desk, without_tokens
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions import opening

__all__ = ["at_noon", "codes", "desk", "enforcement", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
SEARCH = "/work/registry/search/"
IDENTITY = 4
"""Statements of every page: session, user, posts, open glass."""
PHONE = "19900000417"
TOKENS = r'name="csrf-token" content="\w+"'


def searches():
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act="registry.search").order_by("pk"))


def test_a_person_is_found_and_his_numbers_stand_nowhere(desk):
    person(id_no=citizen(7), phone=PHONE)
    for q in ("清浅", citizen(7), PHONE):
        page = desk("clerk").post(SEARCH, {"q": q})
        html = page.content.decode()
        assert "水清浅" in html
        assert "••••0417" in html
        for secret in {citizen(7), PHONE} - {q}:
            assert secret not in html
        assert "no-store" in page["Cache-Control"]


def test_what_was_looked_for_is_on_record_by_its_sort_alone(desk):
    person(id_no=citizen(7))
    desk("clerk").post(SEARCH, {"q": citizen(7)})
    desk("clerk").post(SEARCH, {"q": "没有这人"})
    first, second = searches()
    assert (first.area, first.purpose, first.user_id) == ("1.2.12.112.", "查找底数", 11)
    assert (first.details["sort"], first.details["found"]) == ("身份证号", 1)
    assert (second.details["sort"], second.details["found"]) == ("姓名或名称", 0)
    assert citizen(7) not in str(first.details)
    assert "没有这人" not in str(second.details)


def test_an_address_looks_for_nothing(desk):
    person()
    page = desk("clerk").get(SEARCH, {"q": "水清浅"}).content.decode()
    assert "水清浅" not in page
    assert "一个框" in page
    assert searches() == []


def test_a_number_of_elsewhere_is_answered_as_one_that_nobody_has(desk):
    person(id_no=citizen(7))
    wanted, nobody = citizen(7), citizen(8)
    pages = [desk("neighbour").post(SEARCH, {"q": q}).content.decode() for q in (wanted, nobody)]
    known, unknown = (re.sub(TOKENS, "", without_tokens(page)) for page in pages)
    assert known == unknown.replace(nobody, wanted)
    assert "没找到" in known


def test_a_number_that_cannot_be_is_said_to_be_wrong(desk):
    page = desk("clerk").post(SEARCH, {"q": "509999199001010011"}).content.decode()
    assert "校验位" in page


def test_whoever_tries_numbers_is_stopped(desk, monkeypatch):
    monkeypatch.setattr(opening, "NUMBERS_AN_HOUR", 2)
    clerk = desk("clerk")
    answers = [clerk.post(SEARCH, {"q": citizen(n)}).status_code for n in range(1, 4)]
    assert answers == [200, 200, 429]
    assert clerk.post(SEARCH, {"q": "水清浅"}).status_code == 200
    assert len(searches()) == 3


def test_a_search_asks_at_most_ten_times(desk):
    home = building()
    for n in range(25):
        person(f"水{'清浅流长'[n % 4]}", id_no=citizen(n + 1), phone=PHONE)
        dwelling(home, f"{n + 101}")
        kept("organisation", name=f"水店{n}")
    clerk = desk("clerk")
    for q in ("水", "s", PHONE, citizen(3), "1栋 101", "101"):
        clerk.post(SEARCH, {"q": q})
        with at_most(10):
            clerk.post(SEARCH, {"q": q})


def test_only_who_keeps_or_oversees_the_register_has_the_box(desk):
    for who in ("district", "grid", "squad", "admin"):
        assert desk(who).post(SEARCH, {"q": "水"}).status_code == 403, who
    assert desk("town").post(SEARCH, {"q": "水"}).status_code == 200

"""Choosing a community: search, list, code."""

from datetime import date

import pytest

from tests.casework import lamps, pack, places
from tests.conftest import NOON
from tests.web.portal_fixtures import CODES, clock, town, words
from yukuai.divisions.models import Division, DivisionChange, Succession

__all__ = ["clock", "lamps", "pack", "places", "town"]
pytestmark = pytest.mark.django_db


def test_it_is_found_by_name_code_and_initials(client, town):
    Division.objects.filter(pk=113).update(initials="psq")
    for typed in ("坡社", CODES[113], "psq", "南街 坡"):
        found = client.get("/community/", {"q": typed}).context["found"]
        assert [row["hit"].name for row in found] == ["坡社区"], typed
        assert found[0]["place"] == "南区 · 南街"


def test_streets_and_districts_are_not_offered_as_communities(client, town):
    assert client.get("/community/", {"q": "南街"}).context["found"] == []


@pytest.mark.parametrize(
    "typed", ["没有这里", "<script>", "' OR 1=1 --", "%", "\x00坡坡", "a" * 500]
)
def test_nothing_found_says_what_to_do(client, town, typed):
    response = client.get("/community/", {"q": typed})
    assert response.status_code == 200
    assert "没有找到" in words(response)
    assert "<script>alert" not in words(response)


def test_the_list_goes_down_level_by_level(client, town):
    districts = client.get("/community/")
    assert [child.name for child in districts.context["children"]] == ["北区", "南区"]
    streets = client.get("/community/", {"under": "2"})
    assert [child.name for child in streets.context["children"]] == ["南街"]
    communities = client.get("/community/", {"under": "12"})
    assert f'href="/c/{CODES[112]}/"' in words(communities)
    assert [crumb["label"] for crumb in communities.context["crumbs"]] == ["全市", "南区", "南街"]


@pytest.mark.parametrize("under", ["112", "987654321"])
def test_what_has_no_communities_below_is_not_a_level(client, town, under):
    assert client.get("/community/", {"under": under}).status_code == 404


@pytest.mark.parametrize("under", ["x", "-1", "9" * 40, "1 OR 1=1", ""])
def test_a_forged_level_is_the_first_one(client, town, under):
    assert client.get("/community/", {"under": under}).context["crumbs"] == []


def test_the_list_asks_the_database_little(client, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get("/community/", {"under": "12"})


def test_the_code_in_the_hall_leads_home_with_the_community_chosen(client, town):
    answer = client.get(f"/c/{CODES[112]}/")
    assert answer.headers["Location"] == "/"
    assert answer.cookies["community"].value == "112"
    assert answer.cookies["community"]["httponly"]


@pytest.mark.parametrize("code", ["509999009009", "1", "ABC"])
def test_a_code_nobody_bore_is_not_found(client, town, code):
    answer = client.get(f"/c/{code}/")
    assert answer.status_code == 404
    assert "community" not in answer.cookies


def test_a_code_of_a_street_leads_to_its_list(client, town):
    from yukuai.divisions.models import DivisionCode

    DivisionCode.objects.create(
        division=town[12], scheme="stats", code="509999001", source="t", valid_from=date(2020, 1, 1)
    )
    assert client.get("/c/509999001/").headers["Location"] == "/community/?under=12"


def test_a_community_that_was_split_asks_which(client, town):
    Division.objects.filter(pk=1111).update(valid_to=date(2026, 1, 1))
    change = DivisionChange.objects.create(
        kind="merge",
        effective=date(2026, 1, 1),
        recorded_at=NOON,
        title="拆分",
        reason="test",
        source="test",
    )
    for heir in (112, 113):
        Succession.objects.create(change=change, predecessor=town[1111], successor=town[heir])
    shown = words(client.get(f"/c/{CODES[1111]}/"))
    assert "北社区已经分开了" in shown
    assert f'href="/c/{CODES[112]}/"' in shown
    assert f'href="/c/{CODES[113]}/"' in shown


def test_a_community_without_an_heir_says_so(client, town):
    Division.objects.filter(pk=1111).update(valid_to=date(2026, 1, 1))
    answer = client.get(f"/c/{CODES[1111]}/")
    assert answer.status_code == 404
    assert "已经撤销" in words(answer)


def test_for_a_report_the_choice_stays_in_the_report(client, town):
    client.get(f"/c/{CODES[112]}/")
    shown = words(client.get("/community/", {"under": "12", "for": "raise"}))
    assert f'href="/c/{CODES[113]}/?for=raise"' in shown
    answer = client.get(f"/c/{CODES[113]}/?for=raise")
    assert answer.headers["Location"] == "/raise/where/"
    assert "community" not in answer.cookies


def test_a_forged_aim_is_none(client, town):
    response = client.get("/community/", {"for": "//elsewhere.example"})
    assert (response.context["aim"], response.context["suffix"]) == ("", "")
    answer = client.get(f"/c/{CODES[112]}/?for=//elsewhere.example")
    assert answer.headers["Location"] == "/"


def test_the_poster_carries_the_code(client, town, settings):
    settings.PUBLIC_BASE_URL = "https://example.org"
    response = client.get(f"/c/{CODES[112]}/poster/")
    assert response.context["address"] == f"https://example.org/c/{CODES[112]}/"
    assert 'src="data:image/svg+xml' in words(response)
    assert "南社区" in words(response)


def test_there_is_no_poster_for_what_is_no_community(client, town):
    Division.objects.filter(pk=1111).update(valid_to=date(2026, 1, 1))
    assert client.get(f"/c/{CODES[1111]}/poster/").status_code == 404
    assert client.get("/c/509999009009/poster/").status_code == 404

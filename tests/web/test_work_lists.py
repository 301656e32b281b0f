"""The list of matters, the search, and what stands around every page."""

from datetime import timedelta

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.offices import make_department
from tests.web.desks import at_most, at_noon, desk, part
from yukuai.accounts.models import BreakGlass, Post

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
LIST, SEARCH = "/work/cases/", "/work/search/"


def numbers(response):
    return [row.case.number for row in response.context["rows"]]


def test_the_newest_stand_first_and_only_those_of_ones_area(desk, raised):
    old = raised(at=NOON - timedelta(days=2))
    new = raised()
    raised(division_id=113)
    assert numbers(desk("clerk").get(LIST)) == [new.number, old.number]
    assert len(numbers(desk("town").get(LIST))) == 3
    assert numbers(desk("elsewhere").get(LIST)) == []


def test_filters_narrow_alone_and_together(desk, raised, steps, lamps):
    plain = raised()
    lamp = raised(category_id=lamps.pk, body="路灯不亮。")
    urgent = raised(urgent=True, body="有危险。")
    steps["accept"](lamp)
    clerk = desk("clerk")
    for query, wanted in {
        "state=accepted": [lamp],
        "state=new": [urgent, lamp, plain],
        "state=done": [],
        f"category={lamps.pk}": [lamp],
        "urgent=on": [urgent],
        f"q={plain.number.lower()}": [plain],
        "q=路灯": [lamp],
        "q=路灯&urgent=on": [],
    }.items():
        assert numbers(clerk.get(f"{LIST}?{query}")) == [c.number for c in wanted], query


def test_a_place_narrows_by_its_name_or_offers_those_that_are_called_so(desk, raised):
    here = raised()
    raised(division_id=113)
    town = desk("town")
    assert numbers(town.get(f"{LIST}?place=南社区")) == [here.number]
    many = town.get(f"{LIST}?place=社区")
    assert [one.name for one in many.context["choices"]] == ["南社区", "坡社区"]
    assert len(numbers(many)) == 2
    assert "没有找到" in town.get(f"{LIST}?place=北社区").content.decode()


def test_a_place_outside_shows_nothing(desk, raised):
    raised(division_id=1111)
    assert numbers(desk("clerk").get(f"{LIST}?within=1111")) == []


def test_pages_go_on_by_key_without_gap_or_repeat(desk, raised):
    made = [raised(body=f"第 {n} 件。", at=NOON - timedelta(minutes=n // 7)) for n in range(53)]
    clerk = desk("clerk")
    first = clerk.get(LIST)
    second = clerk.get(first.context["older_url"])
    seen = [*numbers(first), *numbers(second)]
    assert len(numbers(first)) == 50
    assert sorted(seen) == sorted(case.number for case in made)
    assert "older_url" not in second.context
    assert (first.context["total"], second.context["total"]) == ("53", "53")


def test_a_count_stops_at_a_thousand(desk, raised, monkeypatch):
    raised()
    monkeypatch.setattr("yukuai.workbench.casework.listing.PAGE", 1)
    raised()
    monkeypatch.setattr("yukuai.workbench.casework.listing.CAP", 1)
    assert desk("clerk").get(LIST).context["total"] == "1+"


@pytest.mark.parametrize(
    "query",
    [
        "state=x&triage=y&category=z",
        "category=99999999999999999999999",
        "within=-1",
        "within=999999999999999999",
        "older=x",
        "older=0001-01-01T00:00:00%2B14:00~1",
        "older=2026-03-02T12:00:00~1",
        "q=%00%27%3B+DROP+TABLE",
        "place=%00",
        "q=%25%25&place=%5C",
    ],
)
def test_a_forged_address_is_an_ordinary_list(desk, raised, query):
    raised()
    assert desk("clerk").get(f"{LIST}?{query}").status_code == 200


def test_a_list_asks_little_of_the_database(desk, raised, lamps):
    clerk = desk("clerk")
    for n in range(9):
        raised(body=f"第 {n} 件。", category_id=lamps.pk)
    clerk.get(LIST)
    identity = 4  # session, user, posts, open glass
    with at_most(identity + 8):
        clerk.get(f"{LIST}?state=open")


def test_an_empty_list_says_what_to_do(desk, pack):
    clerk = desk("clerk")
    assert "还没有诉求" in clerk.get(LIST).content.decode()
    assert "没有这样的诉求" in clerk.get(f"{LIST}?q=x").content.decode()


def test_a_number_leads_straight_to_its_matter_however_it_is_typed(desk, raised):
    case = raised()
    for typed in (case.number, case.number.lower(), case.number.replace("-", "")):
        answer = desk("clerk").get(SEARCH, {"q": f" {typed} "})
        assert (answer.status_code, answer.headers.get("Location")) == (
            302,
            f"/work/cases/{case.number}/",
        )


def test_somebody_elses_number_is_not_found(desk, raised):
    case = raised()
    page = desk("neighbour").get(SEARCH, {"q": case.number}).content.decode()
    assert "没有找到" in page
    assert case.title not in page


def test_a_search_finds_titles_places_and_departments(desk, raised, places):
    raised(body="南社区的路灯不亮。")
    make_department(places[2], name="南区路灯所", initials="nqlds")
    response = desk("town").get(SEARCH, {"q": "南"})
    assert len(response.context["rows"]) == 1
    assert {hit.name for hit in response.context["divisions"]} == {"南区", "南街", "南社区"}
    assert [d.name for d in response.context["departments"]] == ["南区路灯所"]
    assert desk("town").get(SEARCH, {"q": "nqlds"}).context["departments"]


@pytest.mark.parametrize("q", ["", "\x00", "'; --", "%", "<script>", "9" * 500])
def test_a_search_for_anything_is_a_page(desk, raised, q):
    raised()
    page = desk("clerk").get(SEARCH, {"q": q})
    assert page.status_code == 200
    assert b"<script>&" not in page.content


def test_the_nav_shows_the_rooms_of_the_post_with_their_counts(desk, raised):
    raised(at=NOON - timedelta(days=7))
    raised()
    nav = part(desk("clerk").get(LIST).content.decode(), '<nav class="nav"')
    assert "社区直通车" in nav
    assert '<span class="count count--late">1</span>' in nav
    assert '<span class="count">2</span>' in nav
    assert "岗位" not in nav
    assert "登记来访来电" not in part(desk("squad").get(LIST).content.decode(), '<nav class="nav"')


def test_an_open_glass_is_said_on_every_page_until_it_ends(desk, raised, places):
    case = raised(division_id=1111)
    town = desk("town")
    assert town.get(f"{LIST}{case.number}/").status_code == 404
    BreakGlass.objects.create(
        user_id=21,
        post=Post.objects.get(user=21),
        division=places[1111],
        reason="协助北社区核实同一件事。",
        valid_from=NOON - timedelta(hours=1),
        valid_to=NOON + timedelta(hours=2),
    )
    for address in (LIST, "/work/", f"{LIST}{case.number}/"):
        page = town.get(address)
        assert page.status_code == 200
        assert "正在临时越区查看，到今天 14:00 为止。" in page.content.decode()
    assert town.post(f"{LIST}{case.number}/do/accept/").status_code == 403

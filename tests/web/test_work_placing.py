"""The district's desk: find the community of what an outside system sent with a point alone."""

from uuid import uuid4

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.db.cases.test_placing import POINT, SYSTEM_OF_THE_SOUTH, sent
from tests.web.desks import at_most, at_noon, desk, part
from tests.web.test_work_casework import everything, url
from yukuai.cases import actions
from yukuai.cases.actions.intake import Told

__all__ = [
    "at_noon",
    "desk",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "sent",
    "squad",
    "steps",
]
pytestmark = pytest.mark.django_db
PLACE = "relocate"


def test_the_desk_is_led_to_placing_and_told_why_it_cannot_accept(desk, sent):
    case = sent(place_text="人民村路口")
    page = desk("district").get(url(case)).content.decode()
    acts = part(page, '<section class="card acts2"')
    first = acts[: acts.index("</svg>定位")]
    assert f'href="{url(case, PLACE)}"' in first
    assert "btn--primary" in first
    assert "<b>还不能受理。</b>还没有定到村或社区。" in acts
    assert "东经" in page
    assert "106.55070" in page
    assert "待定位" in page


def test_today_names_the_step_and_opens_its_form(desk, sent):
    case = sent()
    page = desk("district").get(f"/work/?case={case.number}").content.decode()
    assert "等您定位" in page
    assert f'href="{url(case, PLACE)}"' in page
    assert case.number not in desk("town").get("/work/").content.decode()


def test_the_form_shows_what_there_is_to_find_it_by(desk, sent):
    case = sent(place_text="人民村路口")
    form = desk("district").get(url(case, PLACE)).content.decode()
    drawer = part(form, '<section class="drawer"')
    for shown in ("人民村路口", "106.55070", "29.56470", "路灯不亮。", "定在这里"):
        assert shown in drawer


def test_communities_of_the_district_come_first_and_others_where_it_has_none(desk, sent):
    case = sent()
    district = desk("district")
    near = district.get(f"{url(case, PLACE)}?q=社区").content.decode()
    assert 'value="112"' in near
    assert 'value="1111"' not in near
    assert 'value="1111"' in district.get(f"{url(case, PLACE)}?q=北社区").content.decode()


def test_placing_needs_no_reason_and_goes_on_to_the_community(desk, sent):
    case = sent()
    answer = desk("district").post(url(case, PLACE), {"q": "南社区", "division": "112"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url(case))
    placed = read(case.pk)
    assert (placed.area, placed.to_place) == ("1.2.12.112.", False)
    page = desk("clerk").get(url(case)).content.decode()
    assert "地点定在南社区，由那里受理。" in page
    assert "待定位" not in page
    assert desk("clerk").post(url(case, "accept")).status_code == 302


def test_an_empty_form_says_what_to_do_and_changes_nothing(desk, sent):
    case = sent()
    before = everything(case)
    answer = desk("district").post(url(case, PLACE), {"q": "南社区", "reason": "看着像。"})
    assert answer.status_code == 422
    assert "请选一个村或社区。" in answer.content.decode()
    assert "看着像。" in answer.content.decode()
    assert everything(case) == before


@pytest.mark.parametrize("who", ["clerk", "town", "elsewhere", "neighbour"])
def test_for_others_it_is_not_there(desk, sent, who):
    case = sent()
    before = everything(case)
    client = desk(who)
    assert client.get(url(case)).status_code == 404
    assert client.get(url(case, PLACE)).status_code == 404
    assert client.post(url(case, PLACE), {"division": "112"}).status_code == 404
    assert everything(case) == before


def test_the_filter_is_there_for_whoever_places_and_for_nobody_else(desk, sent, raised):
    case, _other = sent(), raised()
    page = desk("district").get("/work/cases/?to_place=on")
    assert [row.case.number for row in page.context["rows"]] == [case.number]
    assert "待定位 · 南区" in page.content.decode()
    for who in ("clerk", "town"):
        page = desk(who).get("/work/cases/?to_place=on")
        assert "待定位" not in page.content.decode()
        assert [row.case.number for row in page.context["rows"]] == [_other.number]


def test_the_list_of_what_waits_asks_the_database_a_handful_of_times(desk, sent, places, pack):
    for n in range(6):
        told = Told(uuid4(), division_id=2, body=f"第 {n} 件。", to_place=True, **POINT)
        actions.register_case(SYSTEM_OF_THE_SOUTH, told=told, source="api", at=NOON)
    district = desk("district")
    district.get("/work/cases/?to_place=on")
    with at_most(15):
        assert len(district.get("/work/cases/?to_place=on").context["rows"]) == 6


def test_the_resident_is_told_who_finds_the_place(sent, at_noon, client):
    case = sent(phone="19900000417")
    session = client.session
    session["tickets"] = [key for key in case.holders if key.startswith("ticket:")]
    session.save()
    page = client.get(f"/matters/{case.number}/").content.decode()
    assert "等定到社区" in page
    assert "南区定到社区" in page

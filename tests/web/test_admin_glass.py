"""越区查看: with a reason, three hours, looking only; the security administrator reviews it."""

import pytest

from tests.casework import pack, raised
from tests.conftest import NOON
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.accounts.models import GLASS_LIMIT, BreakGlass

__all__ = ["at_noon", "pack", "places", "raised", "window"]
pytestmark = pytest.mark.django_db
LOOK, END, LIST = "/work/glass/", "/work/glass/end/", "/work/glasses/"
REASON = {"reason": "核对一件重复反映的事情"}


@pytest.fixture
def town(window):
    return window("town")


def look(client, division=111, **said):
    return client.post(f"{LOOK}?division={division}", {**REASON, **said})


def test_it_says_before_what_will_happen(town):
    shown = words(town.get(f"{LOOK}?place=北街"))
    for word in ("最多看三小时", "只看不动", "每看一件都留记录", "安全管理员和被看的地方都看得到"):
        assert word in shown
    assert "开始看，三小时" in shown


def test_a_reason_opens_the_place_for_three_hours(town, raised):
    case = raised(division_id=1111)
    assert town.get(f"/work/cases/{case.number}/").status_code == 404
    response = look(town)
    assert response.headers["Location"] == "/work/cases/?within=111"
    glass = BreakGlass.objects.get()
    assert (glass.division_id, glass.valid_to) == (111, NOON + GLASS_LIMIT)
    assert town.get(f"/work/cases/{case.number}/").status_code == 200
    assert [e.area for e in acts("glass.break")] == ["1.11.111."]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "至少 10 个字"), ("看看而已", "还差 6 个"), ("长" * 201, "最多 200 个字")],
)
def test_a_poor_reason_opens_nothing_and_stays_in_the_form(town, reason, sentence):
    response = look(town, reason=reason)
    assert response.status_code == 422
    assert sentence in words(response)
    assert reason in words(response)
    assert BreakGlass.objects.count() == 0


@pytest.mark.parametrize(
    ("division", "sentence"), [(112, "本来就归您看"), (12, "本来就归您看"), (1, "范围太大")]
)
def test_ones_own_area_needs_no_glass_and_what_holds_it_is_too_much(town, division, sentence):
    assert sentence in words(town.get(f"{LOOK}?division={division}"))
    assert look(town, division).status_code == 409
    assert BreakGlass.objects.count() == 0


def test_without_a_place_nothing_opens(town):
    response = town.post(LOOK, REASON)
    assert response.status_code == 200
    assert BreakGlass.objects.count() == 0


def test_the_button_of_the_banner_ends_every_look_of_the_post(town):
    look(town)
    look(town, 11)
    assert "正在看的" in words(town.get(LOOK))
    assert town.post(END).headers["Location"] == "/work/"
    assert [g.valid_to for g in BreakGlass.objects.all()] == [NOON, NOON]
    assert len(acts("glass.end")) == 2
    assert town.get(END).status_code == 405


def test_ending_what_is_not_open_changes_nothing(town):
    assert town.post(END).status_code == 302
    assert acts("glass.end") == []


def test_the_reviewer_of_the_place_sees_who_looked_and_why(town, window):
    look(town)
    shown = words(window("security").get(LIST))
    for word in ("王小满", "北街", "核对一件重复反映的事情", "正在看", "今天 12:00 到 今天 15:00"):
        assert word in shown
    assert "没有人越区看过这里" in words(window("security-south").get(LIST))


def test_the_reviewer_ends_a_look_and_says_why(town, window):
    look(town)
    glass, security = BreakGlass.objects.get(), window("security")
    address = f"{LIST}{glass.pk}/end/"
    assert "核对一件重复反映的事情" in words(security.get(address))
    assert security.post(address, {"reason": ""}).status_code == 422
    glass.refresh_from_db()
    assert glass.valid_to == NOON + GLASS_LIMIT
    security.post(address, {"reason": "理由不成立"})
    glass.refresh_from_db()
    assert glass.valid_to == NOON
    [entry] = acts("glass.end")
    assert entry.details["ended_because"] == "理由不成立"
    assert security.post(address, {"reason": "再来"}).status_code == 409


def test_a_look_elsewhere_is_not_the_reviewers_to_end(town, window):
    look(town)
    glass, south = BreakGlass.objects.get(), window("security-south")
    assert south.post(f"{LIST}{glass.pk}/end/", {"reason": "不归我"}).status_code == 404
    glass.refresh_from_db()
    assert glass.valid_to == NOON + GLASS_LIMIT


def test_whoever_may_not_break_it_is_not_offered_to(window):
    assert LOOK not in words(window("clerk").get("/work/me/"))
    assert LOOK in words(window("town").get("/work/me/"))


def test_the_pages_cost_little(town, window):
    look(town)
    security = window("security")
    glass = BreakGlass.objects.get()
    for client, address in (
        (town, f"{LOOK}?place=街"),
        (town, f"{LOOK}?division=111"),
        (security, LIST),
        (security, f"{LIST}{glass.pk}/end/"),
    ):
        with at_most(15):
            client.get(address)

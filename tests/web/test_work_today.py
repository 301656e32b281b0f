"""今日: what is due at one's own door, the earliest first."""

from datetime import timedelta

import pytest

from tests.casework import CLERK, TOWN, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.web.desks import at_most, at_noon, desk, part, without_tokens
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db


def looks(case):
    with scope(EVERYWHERE):
        rows = AuditEntry.objects.filter(act="case.view", target=case.number)
        return [(row.actor, row.purpose, list(row.holders)) for row in rows]


def walked(case, steps, *names):
    for name in names:
        steps[name](case)
    return read(case.pk)


def test_a_new_matter_waits_for_the_clerk_and_nobody_else(desk, raised):
    case = raised()
    page = desk("clerk").get("/work/").content.decode()
    assert case.title in page
    assert '<span class="mine">等您受理</span>' in page
    assert case.title not in desk("neighbour").get("/work/").content.decode()
    assert case.title not in desk("elsewhere").get("/work/?of=all").content.decode()


def test_a_grid_worker_sees_it_but_owes_nothing(desk, raised):
    case = raised()
    page = desk("grid").get("/work/").content.decode()
    assert case.title in page
    assert 'class="mine"' not in page


def test_rows_stand_in_groups_by_the_day_they_end(desk, raised):
    late = raised(at=NOON - timedelta(days=7), body="晚了的。")
    soon = raised(body="明天的。")
    response = desk("clerk").get("/work/")
    groups = {g.name: [t.case.number for t in g.tasks] for g in response.context["groups"]}
    assert groups == {"late": [late.number], "tomorrow": [soon.number]}
    assert [(s["n"], s["label"]) for s in response.context["strip"]][:4] == [
        ("1", "已超期"),
        ("0", "今天到期"),
        ("1", "明天"),
        ("0", "本周"),
    ]


def test_a_number_of_the_strip_narrows_the_table(desk, raised):
    raised(at=NOON - timedelta(days=7), body="晚了的。")
    raised(body="明天的。")
    page = desk("clerk").get("/work/?only=late").content.decode()
    assert "晚了的" in page
    assert "明天的" not in page


def test_what_was_sent_elsewhere_is_somebody_elses_and_can_be_chased(desk, raised, steps):
    walked(raised(body="派出去的。"), steps, "accept", "triage", "dispatch")
    town = desk("town")
    assert "派出去的" not in town.get("/work/").content.decode()
    page = town.get("/work/?only=others").content.decode()
    assert "派出去的" in page
    assert "催办" in page
    assert "等您" not in part(page, '<table class="table table--today')


def test_a_department_finds_only_its_own(desk, raised, steps):
    walked(raised(body="归执法队。"), steps, "accept", "triage", "dispatch")
    raised(body="还没派的。")
    page = desk("squad").get("/work/?of=all").content.decode()
    assert "归执法队" in page
    assert "等您签收" in page
    assert "还没派的" not in page


def test_a_request_for_return_waits_for_the_township(desk, raised, steps):
    walked(raised(), steps, "accept", "triage", "dispatch", "request_return")
    response = desk("town").get("/work/?only=mine")
    assert "等您审批退单" in response.content.decode()
    assert [s["n"] for s in response.context["strip"]][4] == "1"


def test_whoever_handled_it_is_not_asked_to_check_it(desk, raised, steps):
    case = raised(category_id=None)
    walked(case, steps, "accept")
    actions.triage_case(CLERK, case_id=case.pk, triage="private", at=NOON)
    actions.guide_case(CLERK, case_id=case.pk, answer="可以先协商。", at=NOON)
    own, other = desk("clerk").get("/work/"), desk("colleague").get("/work/")
    asked = '<span class="mine">等您核查</span>'
    assert (asked in own.content.decode(), asked in other.content.decode()) == (False, True)
    assert [r.context["strip"][4]["n"] for r in (own, other)] == ["0", "1"]


def test_a_private_matter_is_not_to_be_dispatched_but_answered(desk, raised, steps):
    case = raised()
    walked(case, steps, "accept")
    actions.triage_case(CLERK, case_id=case.pk, triage="private", at=NOON)
    page = desk("clerk").get("/work/").content.decode()
    assert "等您告诉办法" in page
    assert f"/work/cases/{case.number}/do/guide/" in page


def test_a_closed_matter_waits_for_the_resident_not_for_an_office(desk, raised, steps):
    names = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")
    case = walked(raised(), steps, *names)
    assert case.number not in desk("clerk").get("/work/?of=all").content.decode()


def test_nothing_owed_is_said_with_one_way_on(desk, pack):
    page = desk("clerk").get("/work/").content.decode()
    assert "今天没有欠着的事" in page


def test_looking_at_the_list_is_no_look_at_a_matter_selecting_it_is(desk, raised):
    case = raised()
    clerk = desk("clerk")
    clerk.get("/work/")
    assert looks(case) == []
    clerk.get(f"/work/?case={case.number}")
    [(actor, purpose, holders)] = looks(case)
    assert (actor, purpose) == ("王小满，南社区", "办理诉求")
    assert holders == case.holders


def test_the_panel_accepts_without_leaving_the_list(desk, raised):
    case = raised()
    clerk = desk("clerk")
    response = clerk.get(f"/work/?case={case.number}")
    answer = clerk.post(
        f"/work/cases/{case.number}/do/accept/",
        {"seen": response.context["seen"], "next": "/work/"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert read(case.pk).state == "accepted"


def test_the_panel_of_somebody_elses_matter_does_not_open(desk, raised):
    case = raised()
    page = desk("neighbour").get(f"/work/?case={case.number}").content.decode()
    assert case.title not in page
    assert looks(case) == []


def test_a_swap_brings_what_a_fresh_page_has(desk, raised):
    case = raised()
    raised(body="另一件。")
    clerk = desk("clerk")
    url = f"/work/?case={case.number}"
    swap = clerk.get(url, headers={"HX-Request": "true", "HX-Target": "desk"}).content.decode()
    fresh = clerk.get(url).content.decode()
    start = '<div id="desk">'
    assert without_tokens(part(swap, start)) == without_tokens(part(fresh, start))
    assert "<html" not in swap


def test_rows_answer_to_the_keyboard(desk, raised):
    raised()
    assert "data-keys" in part(desk("clerk").get("/work/").content.decode(), "<table")


@pytest.mark.parametrize("query", ["case=%00", "page=x", "page=9" + "9" * 30, "only=%27", "of=1"])
def test_a_forged_address_is_an_ordinary_list(desk, raised, query):
    raised()
    assert desk("clerk").get(f"/work/?{query}").status_code == 200


def test_an_administrator_is_shown_to_his_own_rooms_never_to_matters(desk, raised):
    case = raised()
    response = desk("admin").get("/work/")
    assert response.status_code in {302, 403}
    assert case.title not in response.content.decode()


def test_the_list_costs_the_same_with_many_rows(desk, raised):
    clerk = desk("clerk")
    for n in range(12):
        raised(body=f"第 {n} 件。")
    number = raised().number
    clerk.get("/work/")
    with at_most(13):
        clerk.get("/work/")
    with at_most(15):
        clerk.get(f"/work/?case={number}")


def test_the_township_counts_what_lies_below_it(desk, raised):
    raised()
    raised(division_id=113)
    raised(division_id=1111)
    response = desk("town").get("/work/?of=all")
    assert [scope_["label"] for scope_ in response.context["scopes"]] == ["我的 0", "全街道 2"]
    assert TOWN.areas == ("1.2.12.",)

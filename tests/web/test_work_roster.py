"""值班表、交接班、回访清单 at the desk, without scripts."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.casework import enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.duty import MONDAY, people, put, shift
from tests.web.desks import at_most, at_noon, desk
from yukuai.cases.models import VisitAttempt
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.roster.models import Assignment, Handover, Shift
from yukuai.workflow.models import RulePack

__all__ = [
    "at_noon", "desk", "enforcement", "lamps", "pack", "people", "places", "raised", "shift",
    "squad", "steps",
]  # fmt: skip
pytestmark = pytest.mark.django_db
ROSTER, HANDOVER, CALLBACKS = "/work/roster/", "/work/handover/", "/work/callbacks/"
TO_VISIT = ("accept", "triage", "dispatch", "sign", "reply", "review")


@pytest.fixture
def tries(db):
    return RulePack.objects.create(
        subject="callback",
        code="CALLBACK-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params={"limits": {"tries": {"value": 2, "label": "最多打几次", "source": "test"}}},
        source="test",
    )


@pytest.fixture
def waiting(raised, steps):
    def make(**told):
        case = raised(**told)
        for move in TO_VISIT:
            steps[move](case)
        return case

    return make


def count(model, **found):
    with scope(EVERYWHERE):
        return model.objects.filter(**found).count()


def shown(response):
    return response.content.decode()


# The roster


def test_an_empty_window_begins_with_the_default_shifts_and_fills_a_gap(desk, people):
    clerk = desk("clerk")
    assert "还没有班次" in shown(clerk.get(ROSTER))
    assert clerk.post(f"{ROSTER}shifts/default/", {"window": "112"}).status_code == 302
    page = shown(clerk.get(ROSTER))
    assert "产品设定" in page
    assert page.count("没有人") > 10
    with scope(EVERYWHERE):
        early = Shift.objects.get(name="早班")
    address = f"{ROSTER}assign/?shift={early.pk}&day={MONDAY}"
    assert "陈建国" in shown(clerk.get(address))
    answer = clerk.post(address, {"pick": f"{people['colleague'].pk}"})
    assert answer.status_code == 302
    assert "现在值班：<b>陈建国</b>" in shown(clerk.get(answer.url))


def test_a_refusal_is_said_at_the_field_and_nothing_is_written(desk, people, shift):
    clerk = desk("clerk")
    put(shift, people["clerk"])
    address = f"{ROSTER}assign/?shift={shift.pk}&day={MONDAY}"
    answer = clerk.post(address, {"pick": f"{people['clerk'].pk}"})
    assert answer.status_code == 422
    assert "已经排在这个班里了" in shown(answer)
    assert clerk.post(address, {"pick": "999"}).status_code == 422
    assert clerk.get(f"{ROSTER}assign/?shift=x&day=y").status_code == 404
    assert count(Assignment) == 1


def test_names_are_changed_swapped_and_taken_off_and_the_history_says_by_whom(desk, people, shift):
    clerk = desk("clerk")
    row = put(shift, people["clerk"])
    other = put(shift, people["colleague"], day=MONDAY + timedelta(days=1))
    clerk.post(f"{ROSTER}{row.pk}/", {"pick": f"swap-{other.pk}"})
    assert count(Assignment, ended_at=None, day=MONDAY, post=people["colleague"]) == 1
    with scope(EVERYWHERE):
        now = Assignment.objects.get(ended_at=None, day=MONDAY)
    clerk.post(f"{ROSTER}{now.pk}/", {"pick": "off"})
    assert count(Assignment, ended_at=None) == 1
    assert "换班" in shown(clerk.get(f"{ROSTER}history/"))
    assert clerk.get(f"{ROSTER}{now.pk}/").status_code == 404


def test_another_area_opens_no_window_and_the_squad_reads_without_making(desk, people, shift):
    assert desk("neighbour").get(f"{ROSTER}?window=112").status_code == 404
    assert desk("elsewhere").get(f"{ROSTER}?window=112").status_code == 404
    squad = desk("squad")
    assert squad.get(ROSTER).status_code == 200
    assert squad.post(f"{ROSTER}shifts/default/", {}).status_code == 403
    assert desk("grid").get(ROSTER).status_code == 403
    assert desk("town").get(f"{ROSTER}?window=112").status_code == 200
    assert count(Shift) == 1


def test_today_says_which_shift_has_nobody_and_which_hand_over_waits(desk, people, shift):
    clerk, colleague = desk("clerk"), desk("colleague")
    assert "三天里有 3 班没有人值" in shown(clerk.get("/work/"))
    for n in range(3):
        put(shift, people["clerk"], day=MONDAY + timedelta(days=n))
    assert "没有人值" not in shown(clerk.get("/work/"))
    clerk.post(HANDOVER, {"notes": ""})
    assert "有一份交接等人接" in shown(colleague.get("/work/"))


def test_a_full_week_costs_few_statements(desk, people, shift):
    for n in range(7):
        put(shift, people["clerk"], day=MONDAY + timedelta(days=n))
    clerk, town = desk("clerk"), desk("town")
    clerk.get(ROSTER)
    with at_most(15):
        clerk.get(ROSTER)
    town.get(ROSTER)
    with at_most(15):
        town.get(f"{ROSTER}?window=112")
    with at_most(15):
        clerk.get(f"{ROSTER}history/")


# The hand-over


def test_it_is_written_refused_with_the_words_kept_and_taken_by_the_next(desk, people, raised):
    case = raised()
    clerk, colleague = desk("clerk"), desk("colleague")
    assert case.number in shown(clerk.get(HANDOVER))
    refused = clerk.post(HANDOVER, {"notes": "回他 19900000417。"})
    assert refused.status_code == 422
    assert "不写电话和证件号" in shown(refused)
    assert "回他 19900000417。" in shown(refused)
    assert count(Handover) == 0
    answered = clerk.post(HANDOVER, {"notes": f"答应了 {case.number} 明早回话。"})
    assert answered.status_code == 302
    page = shown(colleague.get(HANDOVER))
    assert f'href="/work/cases/{case.number}/">{case.number}</a> 明早回话' in page
    with scope(EVERYWHERE):
        one = Handover.objects.get()
    assert "由接班的人来接" in shown(clerk.get(f"{HANDOVER}{one.pk}/"))
    assert clerk.post(f"{HANDOVER}{one.pk}/take/").status_code == 409
    assert colleague.post(f"{HANDOVER}{one.pk}/take/").status_code == 302
    assert colleague.post(f"{HANDOVER}{one.pk}/take/").status_code == 409
    assert desk("neighbour").get(f"{HANDOVER}{one.pk}/").status_code == 404
    assert "明早回话" in shown(colleague.get(f"{HANDOVER}past/"))


def test_the_hand_over_page_costs_the_same_with_many_matters(desk, people, raised):
    for n in range(8):
        raised(body=f"第 {n} 件。")
    clerk = desk("clerk")
    clerk.get(HANDOVER)
    with at_most(15):
        clerk.get(HANDOVER)
    with at_most(15):
        clerk.get(f"{HANDOVER}past/")


# The call-back list


def test_the_list_leads_to_the_form_and_back_and_never_shows_a_telephone(desk, waiting):
    case = waiting(name="黎某", phone="19900000417")
    colleague = desk("colleague")
    page = shown(colleague.get(CALLBACKS))
    assert case.number in page
    assert "0417" not in page
    form = f"/work/cases/{case.number}/do/visit/"
    assert f"{form}?next={CALLBACKS}" in page
    said = {"channel": "phone", "reached": "yes", "solved": "yes", "next": CALLBACKS}
    assert colleague.post(form, said).url == CALLBACKS
    assert "没有等您回访的" in shown(colleague.get(CALLBACKS))


def test_not_reached_waits_and_the_last_time_closes(desk, waiting, tries):
    case = waiting()
    colleague = desk("colleague")
    address = f"{CALLBACKS}{case.number}/again/"
    assert "最多打 2 次" in shown(colleague.get(address))
    assert colleague.post(address, {"tried": "0"}).status_code == 422
    assert count(VisitAttempt) == 0
    assert colleague.post(address, {"tried": "0", "prefers": "evening"}).url == CALLBACKS
    assert "说好晚上打" in shown(colleague.get(CALLBACKS))
    assert colleague.post(address, {"tried": "0", "prefers": "later"}).status_code == 409
    assert "按联系不上办结" in shown(colleague.get(address))
    colleague.post(address, {"tried": "1", "prefers": "later"})
    assert read(case.pk).state == "closed"
    assert desk("neighbour").get(address).status_code == 404


def test_the_call_back_list_costs_the_same_with_many_rows(desk, waiting):
    for n in range(6):
        waiting(body=f"第 {n} 件。")
    colleague = desk("colleague")
    colleague.get(CALLBACKS)
    with at_most(15):
        colleague.get(CALLBACKS)


# What a resident reads


def test_the_help_page_says_that_the_window_is_manned_and_not_by_whom(client, people, shift):
    put(shift, people["clerk"])
    with time_machine.travel(NOON, tick=False):
        client.cookies["community"] = "112"
        page = shown(client.get("/help/"))
        assert "南社区窗口现在有人值守" in page
        assert "今天 14:00" in page
        assert "周晓岚" not in page
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        assert "窗口现在有人值守" not in shown(client.get("/help/"))

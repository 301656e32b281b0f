"""派单规则 on the screen: list, form, trial, live, and what a matter shows of it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command

from tests.casework import TOWN, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.db.cases.lists import NORTH, SOUTH, drafted, on_the_list, put_live
from tests.offices import make_department
from tests.people import officer
from tests.web.desks import at_most, at_noon, desk, part
from tests.web.test_work_casework import post, url, walk
from yukuai.accounts.actions import close_department
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions
from yukuai.cases.models import Category, DispatchRule, DutyItem
from yukuai.divisions.models import DivisionCode
from yukuai.flows.rule_messages import announce_broken_rule
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
LIST = "/work/rules/"
ADMIN = officer(Role.SYS_ADMIN, "1.", user_id=81)
TYPED = {
    "name": "夜市油烟",
    "category": "",
    "terms": "油烟、烧烤 夜市",
    "triage": "",
    "urgent": "",
    "target": "nearest",
    "department_kind": "综合执法",
    "unit": "",
    "opinion": "请到{地点}查看。",
    "order": "100",
    "reason": "常常派错。",
}


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def rules():
    with scope(EVERYWHERE):
        return list(DispatchRule.objects.order_by("pk"))


def close(department):
    close_department(ADMIN, department_id=department.pk, reason="机构改革。", at=NOON)
    actions.check_rules(SYSTEM, at=NOON)


# From draft to retirement, without scripts


def test_a_rule_is_written_tried_put_live_and_retired_without_scripts(desk, enforcement):
    town = desk("town")
    assert "还没有派单规则" in page_of(town, LIST)
    assert "综合执法" in page_of(town, f"{LIST}new/")
    made = town.post(f"{LIST}new/", TYPED)
    [rule] = rules()
    here = f"{LIST}{rule.pk}/"
    assert made.headers["Location"] == here
    assert (rule.words, rule.state, rule.area) == (["油烟", "烧烤", "夜市"], "draft", "1.2.12.")
    assert "先在过去的事上试一遍" in part(page_of(town, here), '<section class="card acts2"')
    refused = town.post(f"{here}live/", {"reason": "急用。"})
    assert refused.status_code == 409
    assert "先在过去的事上试一遍" in refused.content.decode()
    assert rules()[0].state == "draft"
    ran = town.post(f"{here}try/", {"months": "6"})
    assert "会用上" in page_of(town, ran.headers["Location"])
    assert town.post(f"{here}live/", {"reason": "试过了。"}).headers["Location"] == here
    assert rules()[0].state == "live"
    shown = page_of(town, here)
    assert "第 1 版" in shown
    assert "常常派错。" in shown
    town.post(f"{here}retire/", {"reason": "夜市搬走了。"})
    assert rules()[0].state == "retired"
    assert "夜市油烟" not in part(page_of(town, LIST), '<section class="card field"')
    assert "夜市油烟" in page_of(town, f"{LIST}?state=retired")


def test_what_was_typed_is_kept_with_the_sentence_beside_its_field(desk, enforcement):
    town = desk("town")
    answer = town.post(f"{LIST}new/", {**TYPED, "department_kind": "", "reason": ""})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "写明为什么" in said
    assert 'value="油烟、烧烤 夜市"' in said
    answer = town.post(f"{LIST}new/", {**TYPED, "department_kind": ""})
    assert (answer.status_code, "选一类部门。" in answer.content.decode()) == (422, True)
    assert rules() == []


def test_an_edit_shows_what_there_was_and_warns_that_it_stops(desk, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    town = desk("town")
    shown = page_of(town, f"{LIST}{rule.pk}/edit/")
    assert 'value="油烟"' in shown
    assert "一存就变成草稿" in shown
    town.post(f"{LIST}{rule.pk}/edit/", {**TYPED, "terms": "烧烤"})
    assert (rules()[0].state, rules()[0].words, rules()[0].version) == ("draft", ["烧烤"], 2)
    shown = page_of(town, f"{LIST}{rule.pk}/")
    assert "第 2 版" in shown
    assert "第 1 版" in shown
    assert "试的是以前的写法" in shown


def test_a_rule_for_a_place_inside_offers_its_units(desk, enforcement, places):
    district = desk("district")
    make_department(places[2], name="区城管局")
    shown = page_of(district, f"{LIST}new/?division=112")
    assert "南社区</b>的规则" in shown
    units = part(shown, '<select name="unit"')
    assert [units.index(name) for name in ("南社区", "南街", "综合行政执法大队", "区城管局")]
    made = district.post(
        f"{LIST}new/?division=112", {**TYPED, "target": "unit", "unit": f"12-{enforcement.pk}"}
    )
    assert made.status_code == 302
    [rule] = rules()
    assert (rule.area, rule.unit_id, rule.department_id) == ("1.2.12.112.", 12, enforcement.pk)


@pytest.mark.parametrize("path", ["", "edit/", "try/", "live/", "retire/"])
def test_a_rule_of_elsewhere_does_not_exist(desk, places, path):
    make_department(places[11], kind="综合执法")
    rule = put_live(NORTH, division_id=11)
    page_of(desk("town"), f"{LIST}{rule.pk}/{path}", 404)
    assert "夜市油烟" not in page_of(desk("town"), LIST)


def test_a_rule_from_above_is_read_and_not_changed(desk, enforcement):
    rule = put_live(SOUTH, division_id=2)
    town = desk("town")
    assert "上级定的，这里只能看" in page_of(town, LIST)
    shown = page_of(town, f"{LIST}{rule.pk}/")
    assert "您可以看，不能改" in shown
    assert "常常派错" not in shown
    for path in ("edit/", "try/", "live/", "retire/"):
        page_of(town, f"{LIST}{rule.pk}/{path}", 403)
        assert town.post(f"{LIST}{rule.pk}/{path}", TYPED).status_code == 403
    assert rules()[0].state == "live"


def test_a_rule_for_a_place_outside_is_written_nowhere(desk, places, enforcement):
    desk("town").post(f"{LIST}new/?division=111", TYPED)
    assert [rule.area for rule in rules()] == ["1.2.12."]  # fell back to one's own place


def test_hostile_words_are_shown_as_words(desk, enforcement):
    said = "<script>alert(1)</script>"
    rule = drafted(TOWN, name=said[:40], words=("<b>",), opinion=said)
    for address in (LIST, f"{LIST}{rule.pk}/", f"{LIST}{rule.pk}/edit/"):
        assert "<script>alert" not in page_of(desk("town"), address)


@pytest.mark.parametrize("name", ["", "{}/", "{}/edit/", "new/", "{}/trials/{}/"])
def test_a_page_asks_little_of_the_database(desk, enforcement, raised, steps, name):
    case = raised(body="油烟。")
    walk(case, steps, "accept", "triage", "dispatch", "sign", "reply")
    rule, *_ = [put_live(TOWN, name=str(n), words=("油烟",), order=n) for n in range(8)]
    with scope(EVERYWHERE):
        ran = rule.trials.first().pk
    town = desk("town")
    address = LIST + name.format(rule.pk, ran)
    page_of(town, address)
    with at_most(15):
        town.get(address)


def test_the_trial_lists_what_differs_with_its_links(desk, enforcement, raised, steps):
    case = raised(body="油烟。")
    walk(case, steps, "accept", "triage", "dispatch", "sign", "reply")
    rule = drafted(TOWN, target="unit", unit_id=12, department_kind="", words=("油烟",))
    town = desk("town")
    ran = town.post(f"{LIST}{rule.pk}/try/", {"months": "3"}).headers["Location"]
    shown = page_of(town, ran)
    assert url(case) in part(shown, '<section class="card field" id="differing"')
    assert "综合行政执法大队" in shown
    assert page_of(town, f"{ran}?from=99999")
    page_of(desk("elsewhere"), ran, 404)


# What a matter shows


@pytest.fixture
def greasy(raised, steps):
    case = raised(body="楼下烧烤，油烟很大。", place_text="南门口")
    return walk(case, steps, "accept", "triage")


def test_a_matter_shows_the_reason_and_the_rule_to_those_who_may_see_it(desk, enforcement, greasy):
    rule = put_live(TOWN, words=("油烟",))
    link = f'href="{LIST}{rule.pk}/"'
    for address in (url(greasy), url(greasy, "dispatch")):
        for who, may in (("town", True), ("clerk", False)):
            shown = page_of(desk(who), address)
            assert "为什么派这里" in shown
            assert "因为：地点在南街；说到“油烟”。" in shown
            assert "夜市油烟" in shown
            assert (link in shown) == may
    page_of(desk("clerk"), f"{LIST}{rule.pk}/", 403)


def test_the_form_takes_the_words_of_the_rule_and_keeps_what_was_typed(desk, enforcement, greasy):
    put_live(TOWN, words=("油烟",), opinion="请到{地点}查“{事情}”。")
    clerk = desk("clerk")
    assert "请到南门口查“楼下烧烤，油烟很大”。" in page_of(clerk, url(greasy, "dispatch"))
    answer = post(clerk, greasy, "dispatch", unit="", opinion="我自己写的")
    assert "我自己写的" in answer.content.decode()


def test_afterwards_the_page_says_whether_it_was_followed(desk, enforcement, greasy):
    put_live(TOWN, words=("油烟",))
    post(desk("clerk"), greasy, "dispatch", unit=f"12-{enforcement.pk}", opinion="请查。")
    assert "照着派了" in page_of(desk("clerk"), url(greasy))


def test_when_it_was_not_followed_the_page_says_that(desk, enforcement, greasy):
    put_live(TOWN, words=("油烟",))
    post(desk("clerk"), greasy, "dispatch", unit="12-", opinion="请查。")
    assert "没有照着派" in page_of(desk("clerk"), url(greasy))


def test_after_a_correction_the_form_says_what_changed_and_suggests_anew(
    desk, enforcement, greasy, places, lamps
):
    bureau = make_department(places[2], name="区城管局", kind="城市管理")
    put_live(TOWN, words=("油烟",))
    put_live(TOWN, name="路灯", category_id=lamps.pk, order=1, department_kind="城市管理", words=())
    clerk = desk("clerk")
    post(clerk, greasy, "dispatch", unit=f"12-{enforcement.pk}", opinion="请查。")
    post(clerk, greasy, "retriage", triage="major", category=str(lamps.pk), reason="是路灯。")
    drawer = part(page_of(clerk, url(greasy, "dispatch")), '<section class="drawer"')
    for words in (
        "改判过，建议重新算过",
        "类别从“没有选”改成“公共设施损坏”。理由：是路灯。",
        "上次派给综合行政执法大队。现在建议派给区城管局。",
        f'value="2-{bureau.pk}"',
    ):
        assert words in drawer, words


def test_after_a_return_the_form_says_who_is_passed_over(desk, enforcement, greasy, steps):
    put_live(TOWN, words=("油烟",))
    walk(greasy, steps, "dispatch", "request_return", "grant_return")
    drawer = page_of(desk("town"), url(greasy, "dispatch"))
    assert "综合行政执法大队退过这件事：属于供电单位" in drawer
    assert "退单收回来了" in drawer


@pytest.mark.parametrize("name", ["", "dispatch"])
def test_a_matter_asks_hardly_more_with_rules_than_without(
    desk, enforcement, greasy, places, lamps, name
):
    for n in range(10):
        put_live(TOWN, name=str(n), words=("油烟",), order=n)
    on_the_list(lamps)
    clerk = desk("clerk")
    page_of(clerk, url(greasy, name))
    with at_most(15):
        clerk.get(url(greasy, name))


@pytest.mark.parametrize("name", ["", "dispatch"])
def test_also_where_the_duty_list_is_asked(desk, enforcement, raised, steps, places, lamps, name):
    for level in (1, 2):  # as everywhere: each level has its offices
        make_department(places[level])
    case = walk(raised(body="油烟。", category_id=lamps.pk), steps, "accept", "triage")
    put_live(TOWN, words=("油烟",))
    on_the_list(lamps, "not")
    clerk = desk("clerk")
    page_of(clerk, url(case, name))
    with at_most(15):
        clerk.get(url(case, name))


# A rule without a unit


@pytest.mark.parametrize("who", ["town", "clerk"])
def test_a_broken_rule_is_said_on_the_matter_and_nobody_is_suggested(
    desk, enforcement, greasy, who
):
    put_live(TOWN, words=("油烟",))
    close(enforcement)
    for address in (url(greasy), url(greasy, "dispatch")):
        shown = page_of(desk(who), address)
        assert "规则“夜市油烟”派不出去" in shown
        assert "系统不换别的单位" in shown
    assert desk(who).get(url(greasy, "dispatch")).context["advised"] is None


def test_a_broken_rule_is_said_on_the_rules_page_and_on_the_boards_above_it(desk, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    close(enforcement)
    assert "“夜市油烟”派不出去" in page_of(desk("town"), LIST)
    for who, board in (("town", "/work/board/"), ("district", "/work/board/")):
        alarms = part(page_of(desk(who), board), '<section class="card" id="alarms"')
        assert "南街：规则“夜市油烟”没有单位可派" in alarms
        assert f"{LIST}{rule.pk}/" in alarms
    assert "夜市油烟" not in page_of(desk("elsewhere"), "/work/board/")


def test_the_missing_rules_of_clusters_are_said_on_the_boards_until_they_are_loaded(desk):
    said = "同一个人反映的几件事不会提成一串"
    alarms = '<section class="card" id="alarms"'
    for who, place in (("town", "南街"), ("district", "南区")):
        assert f"{place}：{said}" in part(page_of(desk(who), "/work/board/"), alarms)
    call_command("load_rulepacks", verbosity=0)
    left = part(page_of(desk("town"), "/work/board/"), alarms)
    assert said not in left
    assert "没有超期的。" in left


def test_its_maker_and_its_place_hear_of_it_once(desk, enforcement):
    call_command("load_message_templates", verbosity=0)
    desk("town"), desk("clerk"), desk("district")
    rule = put_live(SOUTH, division_id=12, words=("油烟",))
    close(enforcement)
    for _ in range(2):
        announce_broken_rule(SYSTEM, rule_id=rule.pk, at=NOON)
    with scope(EVERYWHERE):
        told = list(Message.objects.filter(kind="rule-broken").order_by("recipient_id"))
    assert [one.recipient_id for one in told] == [21, 51]
    assert "都没有“综合执法”类的部门" in told[0].body
    assert told[0].link == f"{LIST}{rule.pk}/"


# 职责清单


@pytest.fixture
def fumes(db):
    return Category.objects.create(
        code="04", name="油烟", plain_name="油烟扰民", department_kind="城市管理", source="test"
    )


def test_every_officer_reads_the_list_and_the_keepers_change_it(desk, places, fumes, enforcement):
    for who in ("clerk", "town", "squad", "grid", "admin"):
        shown = page_of(desk(who), "/work/duties/")
        assert "清单还是空的" in shown
        assert "定一条" not in shown
        page_of(desk(who), "/work/duties/new/", 403)
    district = desk("district")
    typed = {
        "category": str(fumes.pk),
        "duty": "not",
        "basis": "南区发〔2026〕1号",
        "valid_from": "2026-03-02",
        "valid_to": "",
        "reason": "按文件。",
    }
    assert district.post("/work/duties/new/", {**typed, "basis": ""}).status_code == 422
    assert DutyItem.objects.count() == 0
    assert district.post("/work/duties/new/", typed).status_code == 302
    shown = page_of(desk("clerk"), "/work/duties/")
    assert "不得交社区" in shown
    assert "南区发〔2026〕1号" in shown
    assert "清单还是空的" in page_of(desk("elsewhere"), "/work/duties/")
    item = DutyItem.objects.get()
    for who in ("town", "clerk"):
        page_of(desk(who), f"/work/duties/{item.pk}/end/", 403)
    district.post(f"/work/duties/{item.pk}/end/", {"reason": "撤了。"})
    assert "清单还是空的" in page_of(desk("clerk"), "/work/duties/")
    assert "撤了。" in page_of(district, "/work/duties/history/?division=2")


def test_the_lists_ask_little_of_the_database(desk, places, fumes, enforcement):
    for n in range(10):
        kind = Category.objects.create(code=f"9{n}", name=f"类{n}", plain_name="类", source="t")
        on_the_list(kind)
    for who in ("clerk", "district"):
        client = desk(who)
        for address in ("/work/duties/", "/work/duties/history/?division=1"):
            page_of(client, address)
            with at_most(15):
                client.get(address)


def test_a_form_that_names_the_community_is_refused_and_counted(
    desk, enforcement, raised, steps, fumes
):
    case = raised(category_id=fumes.pk)
    walk(case, steps, "accept", "triage")
    clerk = desk("clerk")
    assert "不能选：大事不能交社区办：“油烟”不在社区职责清单里" in page_of(
        clerk, url(case, "dispatch")
    )
    answer = post(clerk, case, "dispatch", unit="112-", opinion="请办。")
    assert answer.status_code == 409
    assert "请派给“城市管理”类的部门" in answer.content.decode()
    assert read(case.pk).state == "triaged"
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        board = page_of(desk("district"), "/work/board/")
    line = part(board, '<section class="card field" id="duties"')
    assert "清单外下派被挡 1 次" in line
    assert "油烟" in line
    assert "南社区" in line
    assert "u11" not in line
    assert "王小满" not in line
    assert "清单外下派被挡" not in page_of(desk("town"), "/work/board/")
    assert "清单外下派被挡" not in page_of(desk("district"), "/work/board/12/")


def test_a_resident_reads_what_the_community_does(client, places, fumes, lamps):
    for pk, code in ((112, "509999001001"), (12, "509999001")):
        DivisionCode.objects.create(
            division=places[pk], scheme="stats", code=code, source="t", valid_from=date(2020, 1, 1)
        )
    on_the_list(lamps)
    on_the_list(fumes, "not")
    shown = client.get("/c/509999001001/duties/")
    said = shown.content.decode()
    assert shown.status_code == 200
    assert said.index("公共设施坏了") < said.index("油烟扰民")
    for words in ("南社区办什么", "社区办", "部门办，不交给社区", "某市发〔2025〕9号"):
        assert words in said
    for code in ("509999001", "nothing"):
        assert client.get(f"/c/{code}/duties/").status_code == 404

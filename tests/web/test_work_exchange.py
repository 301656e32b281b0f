"""外部系统: set up, looked through, and what waits for a person is settled there."""

import re
from datetime import timedelta

import pytest

from tests.casework import enforcement, lamps, pack, places, raised
from tests.conftest import NOON
from tests.outside import clock as clock
from tests.outside import dispatched, link_of, notices, outside, parcels, stand_in, worker, world
from tests.web.desks import at_most, desk
from yukuai.cases import actions as cases
from yukuai.exchange import carrying
from yukuai.exchange.models import Credential, DepartmentRoute, ExternalSystem, StatusMap
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "clock",
    "desk",
    "enforcement",
    "lamps",
    "outside",
    "pack",
    "places",
    "raised",
    "stand_in",
    "worker",
    "world",
]
pytestmark = pytest.mark.django_db
LIST = "/work/exchange/"
TYPED = {
    "kind": "letters",
    "code": "nq-qungong",
    "name": "南区群工平台",
    "base_url": "http://127.0.0.1:9/",
    "keeper": "区信访办值班室 000",
    "connect_seconds": "5",
    "read_seconds": "15",
    "retry_seconds": "60、300",
    "jitter_percent": "20",
    "replay_seconds": "300",
    "stale_days": "7",
    "protocol": "",
    "active": "on",
}


@pytest.fixture
def at_noon(clock):
    return clock


def words(response):
    return response.content.decode()


def test_a_system_is_set_up_with_the_table_of_its_kind_and_its_key_is_shown_once(desk, world):
    district = desk("district")
    shown = words(district.get(f"{LIST}new/"))
    assert "管南区的事" in shown
    for name in TYPED:
        assert len(set(re.findall(rf'name="{name}"[^>]*id="([^"]+)"', shown))) >= 1, name
        assert len(re.findall(rf'<(?:input|textarea)[^>]*name="{name}"', shown)) == (
            5 if name == "kind" else 1
        ), name
    made = district.post(f"{LIST}new/", TYPED)
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    key = made.context["key"]
    assert key in words(made)
    assert "http://testserver/api/exchange/nq-qungong/callback" in words(made)
    system = ExternalSystem.objects.get()
    assert (system.area, system.retry_seconds) == ("1.2.", [60, 300])
    with scope(EVERYWHERE):
        assert Credential.objects.get().secret == key
    assert StatusMap.objects.get(direction="in", theirs="已答复").ours == "reply"
    page = words(district.get(f"{LIST}systems/nq-qungong/"))
    assert key not in page
    assert "区信访办值班室 000" in page
    assert "还没有选部门" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"code": "大写"}, "代号用 2 到 30 个小写字母"),
        ({"base_url": "http://10.0.0.1/"}, "地址要以 https:// 开头"),
        ({"base_url": "https://192.168.0.1/"}, "EXCHANGE_NETWORKS"),
        ({"keeper": ""}, "写明问哪个单位"),
        ({"retry_seconds": "一分钟"}, "用空格隔开几个数字"),
        ({"read_seconds": "999"}, "填 1 到 120 的数字"),
        ({"protocol": "{{{"}, "这段读不懂"),
        ({"protocol": '{"format": "fax"}'}, "format 写 json 或 xml"),
        ({"kind": "fax"}, "选一种系统"),
    ],
)
def test_a_refused_system_is_not_made_and_what_was_typed_is_kept(desk, world, said, sentence):
    response = desk("district").post(f"{LIST}new/", {**TYPED, **said})
    assert response.status_code == 422
    assert sentence in words(response)
    assert "南区群工平台" in words(response)
    assert ExternalSystem.objects.count() == 0


def test_a_township_sees_the_districts_system_and_cannot_change_it(desk, outside):
    there = outside()
    town = desk("town")
    address = f"{LIST}systems/{there.system.code}/"
    assert there.system.name in words(town.get(LIST))
    assert "您可以看，不能改" in words(town.get(address))
    assert town.get(f"{address}edit/").status_code == 403
    for page in ("edit/", "secret/", "routes/"):
        assert town.post(address + page, {"reason": "改"}).status_code == 403, page
    assert town.post(f"{address}states/", {"outward": "1", "move-sign": "x"}).status_code == 403
    assert desk("elsewhere").get(address).status_code == 404
    assert desk("clerk").get(LIST).status_code == 403
    there.system.refresh_from_db()
    assert there.system.active


def test_a_system_is_changed_with_a_reason_and_gets_another_key(desk, outside):
    there = outside()
    district = desk("district")
    address = f"{LIST}systems/{there.system.code}/"
    form = district.get(f"{address}edit/").context["form"]
    now = {name: form[name].value() for name in form.fields if name != "reason"}
    kept = {name: value for name, value in now.items() if not isinstance(value, bool)}
    assert district.post(f"{address}edit/", kept).status_code == 422
    changed = district.post(f"{address}edit/", {**kept, "name": "新名字", "reason": "改名了"})
    assert changed.status_code == 302
    there.system.refresh_from_db()
    assert (there.system.name, there.system.active) == ("新名字", False)
    assert district.post(f"{address}secret/", {"reason": " "}).status_code == 422
    key = district.post(f"{address}secret/", {"reason": "定期更换"}).context["key"]
    assert key != there.secret


def test_departments_are_chosen_within_the_place_of_the_system(desk, outside, enforcement):
    there = outside(routed=False)
    district = desk("district")
    address = f"{LIST}systems/{there.system.code}/routes/"
    assert "综合行政执法大队" in words(district.get(address))
    assert district.post(address, {"departments": ["987654"]}).status_code == 422
    assert district.post(address, {"departments": [enforcement.pk]}).status_code == 302
    assert DepartmentRoute.objects.get().department_id == enforcement.pk
    assert "综合行政执法大队" in words(district.get(f"{LIST}systems/{there.system.code}/"))


def test_states_are_mapped_and_a_wrong_choice_keeps_the_rest(desk, outside):
    there = outside()
    district = desk("district")
    address = f"{LIST}systems/{there.system.code}/states/"
    added = district.post(address, {"add": "1", "theirs": "挂起", "means": "note"})
    assert added.status_code == 302
    row = StatusMap.objects.get(theirs="挂起")
    assert row.ours == "note"
    saved = district.post(address, {"inward": "1", f"means-{row.pk}": "reply:explained"})
    assert saved.status_code == 302
    row.refresh_from_db()
    assert (row.ours, row.outcome) == ("reply", "explained")
    wrong = district.post(address, {"inward": "1", f"means-{row.pk}": "reply:never"})
    assert wrong.status_code == 422
    assert "没有选对" in words(wrong)
    row.refresh_from_db()
    assert row.outcome == "explained"
    assert district.post(address, {"add": "1", "theirs": "", "means": "note"}).status_code == 422
    assert district.post(address, {"outward": "1", "move-sign": "在办"}).status_code == 302
    assert StatusMap.objects.get(ours="sign", direction="out").theirs == "在办"


def test_a_dead_letter_is_seen_counted_and_sent_again(desk, outside, raised, enforcement, worker):
    there = outside()
    there.faults = ["refuse", "refuse"]
    case = dispatched(raised(), enforcement)
    worker.run()
    town = desk("town")
    page = words(town.get(f"{LIST}dead/"))
    for word in (case.number, "事项不归我们受理", there.system.name, "重发"):
        assert word in page
    assert 'count--late">1<' in page
    [parcel] = parcels()
    assert town.get(f"{LIST}dead/{parcel.pk}/resend/").status_code == 405
    assert town.post(f"{LIST}dead/{parcel.pk}/resend/").status_code == 302
    worker.run()
    assert [p.state for p in parcels()] == ["dead"]
    assert town.post(f"{LIST}dead/{parcel.pk}/resend/").status_code == 302
    worker.run()
    assert [p.state for p in parcels()] == ["sent"]
    assert "都送到了" in words(town.get(f"{LIST}dead/"))
    assert "已经有人处理过" in words(town.post(f"{LIST}dead/{parcel.pk}/resend/", follow=True))


def test_dropping_asks_first_says_what_follows_and_wants_a_reason(
    desk, outside, raised, enforcement, worker
):
    there = outside()
    there.faults = ["refuse"]
    dispatched(raised(), enforcement)
    worker.run()
    [parcel] = parcels()
    town = desk("town")
    address = f"{LIST}dead/{parcel.pk}/drop/"
    assert "后面的进展也都不送了" in words(town.get(address))
    assert town.post(address, {"reason": ""}).status_code == 422
    assert [p.state for p in parcels()] == ["dead"]
    assert town.post(address, {"reason": "电话说了"}).status_code == 302
    assert [p.state for p in parcels()] == ["dropped"]
    assert desk("elsewhere").get(address).status_code == 404


def test_a_word_that_was_refused_is_seen_tried_again_and_settled(
    desk, outside, raised, enforcement, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    there.move(theirs.id, "神秘状态", "已联系供电。")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    town, district = desk("town"), desk("district")
    page = words(town.get(f"{LIST}refused/"))
    for word in (case.number, "神秘状态", "已联系供电。", "没有写在状态对照表里"):
        assert word in page
    [refused] = notices(state="refused")
    again = words(town.post(f"{LIST}refused/{refused.pk}/retry/", follow=True))
    assert "还是办不了" in again
    states = f"{LIST}systems/{there.system.code}/states/"
    assert "还没有写意思" in words(district.get(states))
    row = StatusMap.objects.get(theirs="神秘状态")
    district.post(states, {"inward": "1", f"means-{row.pk}": "tell"})
    assert "办好了" in words(town.post(f"{LIST}refused/{refused.pk}/retry/", follow=True))
    assert notices(state="refused") == []
    settle = f"{LIST}refused/{refused.pk}/settle/"
    assert town.get(settle).status_code == 404


def test_settling_by_hand_keeps_the_reason(desk, outside, raised, enforcement, worker):
    there = outside()
    dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    there.move(theirs.id, "已办结", "")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    [refused] = notices(state="refused")
    town = desk("town")
    settle = f"{LIST}refused/{refused.pk}/settle/"
    assert "我们这边的状态不会因此改变" in words(town.get(settle))
    assert town.post(settle, {"reason": "已补答复"}).status_code == 302
    [settled] = notices(state="settled")
    assert settled.reason.endswith("处理：已补答复")


def test_a_day_is_reconciled_shown_downloaded_and_repaired(
    desk, outside, raised, enforcement, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    there.move(theirs.id, "处置中")
    district = desk("district")
    address = f"{LIST}systems/{there.system.code}/reports/"
    assert "还没有对过账" in words(district.get(address))
    assert district.post(address, {"day": "2026-03-03"}).status_code == 422
    assert district.post(address, {"day": "2026-03-02"}).status_code == 302
    worker.run()
    assert "还有 1 处没处理" in words(district.get(address))
    report = district.get(address).context["rows"][0]
    page = words(district.get(f"{LIST}reports/{report.pk}/"))
    for word in (case.number, theirs.id, "状态不一样", "处置中", "重新取"):
        assert word in page
    sheet = district.get(f"{LIST}reports/{report.pk}/numbers/")
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"状态不一样,{case.number},{theirs.id},,处置中," in words(sheet)
    [found] = district.get(f"{LIST}reports/{report.pk}/").context["rows"]
    assert desk("town").post(f"{LIST}differences/{found.pk}/pull/").status_code == 404
    done = district.post(f"{LIST}differences/{found.pk}/pull/", follow=True)
    assert "按对方现在的说法办了" in words(done)
    assert link_of(there.system, case).state == "处置中"
    assert "处理了" in words(district.get(f"{LIST}reports/{report.pk}/"))


def test_what_others_write_becomes_no_formula_in_a_spreadsheet(desk, outside, worker):
    there = outside(routed=False)
    there.open(body="路灯", division="X112")
    there.move("Z1", "=HYPERLINK(1)")
    carrying.reconcile(system_id=there.system.pk, day=NOON.date(), at=NOON)
    report = desk("district").get(f"{LIST}systems/{there.system.code}/reports/").context["rows"][0]
    sheet = words(desk("district").get(f"{LIST}reports/{report.pk}/numbers/"))
    assert "'=HYPERLINK(1)" in sheet


def test_the_page_of_a_matter_says_where_else_it_is_and_the_resident_does_not_see_it(
    desk, outside, raised, enforcement, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    there.move(theirs.id, "现场反馈", "已到现场。")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    clerk = desk("clerk")
    page = words(clerk.get(f"/work/cases/{case.number}/"))
    for word in (there.system.name, theirs.number, "现场反馈", "已到现场。"):
        assert word in page
    with at_most(15):
        clerk.get(f"/work/cases/{case.number}/")


def test_an_officer_sends_a_matter_outside_from_its_page(desk, outside, raised, worker):
    there = outside("letters", routed=False)
    case = raised()
    clerk = desk("clerk")
    address = f"/work/cases/{case.number}/do/send_outside/"
    assert there.system.name in words(clerk.get(address))
    assert clerk.post(address, {"system": "", "reason": "请协助"}).status_code == 422
    typed = {"system": str(there.system.pk), "reason": "请协助"}
    assert clerk.post(address, typed).status_code == 302
    worker.run()
    assert [m.our_number for m in there.matters.values()] == [case.number]
    again = clerk.post(address, typed)
    assert again.status_code == 409
    assert "已经在" in words(again)
    assert "由派单的和承办的单位来送" in words(desk("grid").post(address, typed))
    assert len(parcels()) == 1


def test_empty_pages_say_what_comes(desk, world):
    town = desk("town")
    assert "还没有接外部系统" in words(town.get(LIST))
    assert "都送到了" in words(town.get(f"{LIST}dead/"))
    assert "都照办了" in words(town.get(f"{LIST}refused/"))


def test_the_pages_cost_little(desk, outside, raised, enforcement, worker):
    there = outside()
    for _ in range(3):
        there.faults = ["refuse"]
        case = dispatched(raised(), enforcement)
        worker.run()
    there.open(body="路灯", division="Y9")
    there.open(body="井盖", division="Y9")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    carrying.reconcile(system_id=there.system.pk, day=NOON.date(), at=NOON + timedelta(days=9))
    district = desk("district")
    system = f"{LIST}systems/{there.system.code}/"
    report = district.get(f"{system}reports/").context["rows"][0]
    assert len(district.get(f"{LIST}dead/").context["rows"]) == 3
    assert len(district.get(f"{LIST}refused/").context["rows"]) == 2
    pages = ("", "dead/", "refused/", f"reports/{report.pk}/", f"reports/{report.pk}/numbers/")
    inner = ("", "states/", "routes/", "reports/", "edit/")
    for address in [*(LIST + page for page in pages), *(system + page for page in inner)]:
        with at_most(15):
            assert district.get(address).status_code == 200, address
    assert cases
    assert case

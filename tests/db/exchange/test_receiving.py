"""In: genuine, once, in order; what cannot be done waits for a person and is never lost."""

import json
from datetime import timedelta

import pytest

from tests.casework import CLERK, DISTRICT, ELSEWHERE, TOWN, read
from tests.conftest import NOON
from tests.outside import dispatched, later, link_of, log, notices
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions as cases
from yukuai.cases.models import Case, CaseContact
from yukuai.exchange import carrying
from yukuai.exchange.actions.exceptions import open_refused, settle_by_hand
from yukuai.exchange.actions.receiving import Replayed, forget_nonces, settle_matter
from yukuai.exchange.actions.systems import change_secret, save_inward
from yukuai.exchange.gateways.port import Call, Forged
from yukuai.exchange.models import SeenNonce, StatusMap
from yukuai.exchange.tasks import sweep
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
KINDS = ["governance", "letters", "one-stop", "hotline"]
STAMP = int(NOON.timestamp())


@pytest.fixture
def shared(outside, raised, enforcement, worker):
    """A matter of ours that lies with the squad, in a system it works in: (there, case, theirs)."""

    def make(kind="governance"):
        there = outside(kind)
        case = dispatched(raised(), enforcement)
        worker.run()
        [theirs] = there.matters.values()
        return there, case, theirs

    return make


_nonces = iter(range(10**6))


def hear(there, theirs, *steps, at=NOON, **how):
    how.setdefault("nonce", f"nonce-{next(_nonces):08d}")
    headers, body = there.call(theirs.id, *steps, stamp=int(at.timestamp()), **how)
    return carrying.hear(code=there.system.code, call=Call(headers, body), at=at)


@pytest.mark.parametrize("kind", KINDS)
def test_what_they_do_becomes_our_move_and_what_they_say_our_timeline(kind, shared, worker):
    there, case, theirs = shared(kind)
    say = there.shape
    for state, words in ((say.signs, ""), (say.tells, "已到现场查看。"), (say.replies, "已清洗。")):
        hear(there, theirs, there.move(theirs.id, state, words))
        worker.run()
    done = read(case.pk)
    assert (done.state, done.answer) == ("replied", "已清洗。")
    assert log(case)[-3:] == [
        ("sign", "综合行政执法大队已经接手。"),
        ("note", "已到现场查看。"),
        ("reply", "已清洗。"),
    ]
    link = link_of(there.system, case)
    assert (link.state, link.number) == (say.replies, theirs.number)
    assert {one.state for one in notices()} == {"applied"}
    assert there.heard == []  # no echo of their own words


def test_the_resident_reads_the_department_and_staff_read_the_system_too(shared, worker):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "现场反馈", "已到现场。"))
    worker.run()
    with scope(EVERYWHERE):
        from yukuai.workflow.models import StateChange

        change = StateChange.objects.filter(object_id=case.pk).latest("pk")
    assert change.actor == f"{there.system.name}，综合行政执法大队"


def test_the_same_call_and_the_same_word_again_change_nothing(shared, worker):
    there, case, theirs = shared()
    step = there.move(theirs.id, "处置中")
    assert hear(there, theirs, step, nonce="nonce-the-same") == 1
    with pytest.raises(Replayed):
        hear(there, theirs, step, nonce="nonce-the-same")
    assert hear(there, theirs, step) == 0
    worker.run()
    assert hear(there, theirs, step) == 0
    worker.run()
    assert [move for move, _ in log(case)].count("sign") == 1


def test_a_forged_late_or_unsigned_call_is_refused_and_keeps_nothing(shared):
    there, case, theirs = shared()
    step = there.move(theirs.id, "处置中")
    with pytest.raises(Forged, match="签名不对"):
        hear(there, theirs, step, secret="guessed")
    headers, body = there.call(theirs.id, step, stamp=STAMP - 301, nonce="nonce-old-1")
    with pytest.raises(Forged, match="时间戳差得太多"):
        carrying.hear(code=there.system.code, call=Call(headers, body), at=NOON)
    headers, body = there.call(theirs.id, step, stamp=STAMP, nonce="nonce-changed")
    with pytest.raises(Forged, match="签名不对"):
        carrying.hear(code=there.system.code, call=Call(headers, body + b" "), at=NOON)
    with pytest.raises(Forged):
        carrying.hear(code=there.system.code, call=Call({}, body), at=NOON)
    with pytest.raises(NotFound):
        carrying.hear(code="nobody", call=Call(headers, body), at=NOON)
    assert (notices(), read(case.pk).state) == ([], "dispatched")


def test_while_the_secret_is_changed_both_count_and_then_only_the_new_one(shared):
    there, _case, theirs = shared()
    old = there.secret
    there.secret = change_secret(DISTRICT, code=there.system.code, reason="定期更换", at=NOON)
    assert there.secret != old
    assert hear(there, theirs, there.move(theirs.id, "处置中")) == 1
    assert hear(there, theirs, there.move(theirs.id, "现场反馈", "到了。"), secret=old) == 1
    after = NOON + timedelta(days=8)
    with pytest.raises(Forged):
        hear(there, theirs, there.move(theirs.id, "现场反馈", "又到。"), secret=old, at=after)


def test_reordered_calls_are_put_in_order_by_asking_them(shared, worker):
    there, case, theirs = shared()
    signs = there.move(theirs.id, "处置中")
    tells = there.move(theirs.id, "现场反馈", "已到现场。")
    ends = there.move(theirs.id, "已办结", "已清洗。")
    for step in (ends, signs, tells):
        hear(there, theirs, step)
    worker.run()
    assert [move for move, _ in log(case)[-3:]] == ["sign", "note", "reply"]
    assert link_of(there.system, case).gap_since is None


def test_a_gap_that_they_do_not_explain_is_noted_and_the_newest_word_counts(shared, worker):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "处置中"))
    worker.run()
    missing = there.move(theirs.id, "现场反馈", "已到现场。")
    ends = there.move(theirs.id, "已办结", "已清洗。")
    there.matters[theirs.id].steps.remove(missing)
    hear(there, theirs, ends)
    settle_matter(system_id=there.system.pk, external_id=theirs.id, at=NOON)
    assert link_of(there.system, case).gap_since == NOON
    assert read(case.pk).state == "handling"
    worker.run()
    assert read(case.pk).state == "replied"
    assert link_of(there.system, case).gap_since is None
    hear(there, theirs, missing)
    worker.run()
    assert read(case.pk).state == "replied"
    assert [one.state for one in notices(theirs="现场反馈")] == ["late"]
    assert link_of(there.system, case).state == "已办结"


def test_while_they_cannot_be_asked_a_word_waits_and_the_sweep_goes_on_without(
    shared, worker, clock
):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "处置中"))
    worker.run()
    there.move(theirs.id, "现场反馈", "已到现场。")
    hear(there, theirs, there.move(theirs.id, "已办结", "已清洗。"))
    there.faults = ["500"] * 9
    with pytest.raises(DomainError):
        worker.run()
    sweep(timestamp=0)
    assert read(case.pk).state == "handling"
    clock.move_to(later(121))
    sweep(timestamp=0)
    assert read(case.pk).state == "replied"


def test_whoever_finishes_has_signed(shared, worker):
    there, case, theirs = shared("letters")
    hear(there, theirs, there.move(theirs.id, "已答复", "已答复来信人。"))
    worker.run()
    assert [move for move, _ in log(case)[-2:]] == ["sign", "reply"]
    assert read(case.pk).outcome == "explained"


def test_a_word_nobody_explained_is_an_error_that_staff_see_and_then_it_is_done(shared, worker):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "神秘状态", "什么意思？"))
    hear(there, theirs, there.move(theirs.id, "处置中"))
    worker.run()
    [refused] = notices(state="refused")
    assert "“神秘状态”没有写在状态对照表里" in refused.reason
    assert StatusMap.objects.get(theirs="神秘状态").ours == ""
    assert read(case.pk).state == "handling"
    save_inward(DISTRICT, code=there.system.code, theirs="神秘状态", act="tell", at=NOON)
    ids = open_refused(TOWN, notice_id=refused.pk, at=NOON)
    assert carrying.retry(notice_ids=ids, at=NOON) == ""
    assert log(case)[-1] == ("note", "什么意思？")
    assert link_of(there.system, case).state == "处置中"


def test_a_move_that_is_refused_here_is_kept_undone_and_settled_by_a_person(shared, worker):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "已办结", ""))
    worker.run()
    [refused] = notices(state="refused")
    assert refused.reason == "写明给居民的答复。"
    assert (read(case.pk).state, log(case)[-1][0]) == ("dispatched", "dispatch")
    assert link_of(there.system, case).state == "已办结"
    for stranger in (ELSEWHERE, CLERK):
        with pytest.raises((NotFound, NotPermitted)):
            settle_by_hand(stranger, notice_id=refused.pk, reason="办好了", at=NOON)
    with pytest.raises(InvalidInput):
        settle_by_hand(TOWN, notice_id=refused.pk, reason="", at=NOON)
    settle_by_hand(TOWN, notice_id=refused.pk, reason="已打电话补了答复", at=NOON)
    [settled] = notices(state="settled")
    assert settled.settled_by == TOWN.label
    with pytest.raises(Conflict):
        open_refused(TOWN, notice_id=refused.pk, at=NOON)


def test_a_system_acts_only_for_the_departments_that_work_in_it(shared, worker):
    there, case, theirs = shared()
    there.system.routes.all().delete()
    hear(there, theirs, there.move(theirs.id, "处置中"))
    worker.run()
    assert read(case.pk).state == "dispatched"
    [refused] = notices(state="refused")
    assert "没有“办理”这项权限" in refused.reason


def test_a_crash_between_the_move_and_its_tick_undoes_both(shared, worker, monkeypatch):
    there, case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "处置中"))
    from yukuai.exchange.actions import receiving

    def crash(*_args, **_kwargs):
        raise RuntimeError("kill -9")

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "_note_state", crash)
        with pytest.raises(RuntimeError):
            worker.run()
    assert (read(case.pk).state, notices()[-1].state) == ("dispatched", "waiting")
    settle_matter(system_id=there.system.pk, external_id=theirs.id, at=NOON)
    assert [move for move, _ in log(case)].count("sign") == 1


# Their matters


def bring(there, **said):
    words = {"body": "小区门口路灯不亮。", "division": "X112", "place": "北门"}
    return there.open(**(words | said))


@pytest.mark.parametrize("kind", KINDS)
def test_their_matter_becomes_ours_once_with_a_note_of_where_it_came_from(kind, outside, worker):
    there = outside(kind, routed=False)
    theirs = bring(there, name="冉隆全", phone="19900000417")
    step = theirs.steps[0]
    assert carrying.pull(system_id=there.system.pk, at=NOON) == 1
    worker.run()
    assert carrying.pull(system_id=there.system.pk, at=NOON) == 0
    hear(there, theirs, step)
    worker.run()
    with scope(EVERYWHERE):
        [case] = Case.objects.all()
        contact = CaseContact.objects.get()
    assert (case.body, case.place_text, case.source) == ("小区门口路灯不亮。", "北门", "api")
    assert (contact.name, contact.phone) == ("冉隆全", "19900000417")
    assert [move for move, _ in log(case)] == ["raise", "note"]
    link = link_of(there.system, case)
    assert (link.origin, link.number) == ("theirs", theirs.number)


def test_what_we_do_with_their_matter_goes_back_to_them(outside, worker):
    there = outside(routed=False)
    bring(there)
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    with scope(EVERYWHERE):
        [case] = Case.objects.all()
    cases.accept_case(CLERK, case_id=case.pk, at=NOON)
    worker.run()
    assert [one["state"] for one in there.heard] == ["已受理"]


def test_a_pull_goes_on_where_it_stopped(outside, worker):
    there = outside(routed=False)
    for number in range(5):
        bring(there, body=f"第 {number} 盏路灯不亮。")
    there.faults = ["", "500"]
    assert carrying.pull(system_id=there.system.pk, at=NOON) == 2
    there.system.refresh_from_db()
    assert (there.system.cursor, there.system.pull_error) == ("2", "对方回应 500，现在办不了。")
    assert carrying.pull(system_id=there.system.pk, at=NOON) == 3
    worker.run()
    with scope(EVERYWHERE):
        assert Case.objects.count() == 5
    there.system.refresh_from_db()
    assert (there.system.cursor, there.system.pull_error) == ("5", "")


def test_a_matter_from_nowhere_waits_for_a_person_and_then_comes_in_with_all_its_words(
    outside, worker
):
    there = outside(routed=False)
    theirs = bring(there, division="Y999")
    there.move(theirs.id, "现场反馈", "已联系来电人。")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    assert [one.state for one in notices()] == ["refused", "refused"]
    assert "区划代码 Y999 我们没有" in notices()[0].reason
    from datetime import date

    from yukuai.divisions.models import DivisionCode

    DivisionCode.objects.create(
        division_id=112, scheme="own", code="Y999", valid_from=date(2020, 1, 1), source="test"
    )
    ids = open_refused(DISTRICT, notice_id=notices()[0].pk, at=NOON)
    assert carrying.retry(notice_ids=ids, at=NOON) == ""
    with scope(EVERYWHERE):
        [case] = Case.objects.all()
    assert log(case)[-1] == ("note", "已联系来电人。")
    assert [one.state for one in notices()] == ["applied", "applied"]


def test_a_matter_of_another_district_is_refused_by_the_systems_own_area(outside, worker):
    there = outside(routed=False)
    bring(there, division="X1111")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    with scope(EVERYWHERE):
        assert Case.objects.count() == 0
    [refused] = notices()
    assert (refused.state, refused.area) == ("refused", "1.2.")


def test_the_same_person_place_and_subject_are_flagged_and_never_merged(outside, raised, worker):
    there = outside(routed=False)
    first = raised(body="小区门口路灯不亮了。", phone="19900000417")
    other = raised(body="楼上漏水，天花板湿了。", phone="19900000417")
    bring(there, phone="19900000417")
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    with scope(EVERYWHERE):
        case = Case.objects.exclude(pk__in=[first.pk, other.pk]).get()
    assert link_of(there.system, case).alike == [first.number]
    assert read(first.pk).state == read(case.pk).state == "submitted"


def test_our_own_matter_whose_receipt_was_lost_does_not_come_back_as_a_new_one(
    outside, raised, enforcement, worker
):
    there = outside()
    there.faults = ["cut"]
    case = dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    assert link_of(there.system, case).external_id is None
    hear(there, theirs, *theirs.steps)
    hear(there, theirs, there.move(theirs.id, "处置中"))
    worker.run()
    with scope(EVERYWHERE):
        assert Case.objects.count() == 1
    assert link_of(there.system, case).external_id == theirs.id
    assert read(case.pk).state == "handling"


def test_forgotten_nonces_are_those_whose_time_stamp_counts_no_more(shared):
    there, _case, theirs = shared()
    hear(there, theirs, there.move(theirs.id, "处置中"))
    assert forget_nonces(SYSTEM, at=later(600)) == 0
    assert forget_nonces(SYSTEM, at=later(601)) == 1
    assert SeenNonce.objects.count() == 0


def test_what_they_said_lies_sealed(outside, worker):
    there = outside(routed=False)
    bring(there, phone="19900000417")
    carrying.pull(system_id=there.system.pk, at=NOON)
    from django.db import connection

    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT said FROM exchange_notice")
        [(said,)] = cursor.fetchall()
    assert said.startswith("s1:")
    assert json.loads(notices()[0].said)["phone"] == "19900000417"

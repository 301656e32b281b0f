"""Out: once, in order, in spite of every fault; what cannot be delivered is seen by a person."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import CLERK, DISTRICT, ELSEWHERE, LIN, TOWN, TWO, read
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.outside import WAITS, dispatched, later, link_of, log, parcels
from tests.people import officer
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions as cases
from yukuai.exchange.actions.sending import (
    drop_parcel,
    follow_case,
    requeue_parcels,
    resend_parcel,
    send_outside,
)
from yukuai.exchange.actions.systems import save_outward
from yukuai.exchange.models import ExternalCase, Parcel
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message

LIN_AS_OFFICER = officer(Role.DEPT_OP, "1.2.12.", user_id=99)
pytestmark = pytest.mark.django_db
KINDS = ["governance", "letters", "one-stop", "hotline"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_dispatched_to_a_department_goes_to_the_system_it_works_in(
    kind, outside, raised, enforcement, worker
):
    there = outside(kind)
    case = dispatched(raised(place_text="2 单元"), enforcement)
    worker.run()
    [matter] = there.matters.values()
    assert (matter.our_number, matter.body) == (case.number, case.body)
    assert (matter.place, matter.division) == ("2 单元", "X112")
    link = link_of(there.system, case)
    assert (link.external_id, link.number) == (matter.id, matter.number)
    assert [p.state for p in parcels()] == ["sent"]
    assert there.forged == []


def test_the_outbox_row_is_written_with_the_dispatch_or_not_at_all(outside, raised, enforcement):
    outside()
    case = raised()
    jobs = ProcrastinateJob.objects.filter(task_name="yukuai.exchange.tasks.follow")
    with pytest.raises(NotPermitted):
        cases.accept_case(LIN_AS_OFFICER, case_id=case.pk, at=NOON)
    assert jobs.count() == 0
    dispatched(case, enforcement)
    assert [job.args["move"] for job in jobs.order_by("id")] == ["accept", "triage", "dispatch"]


def test_name_and_telephone_never_leave_and_the_person_sees_what_did(
    outside, raised, enforcement, worker
):
    there = outside()
    case = dispatched(raised(name="王小满", phone="19900000417"), enforcement)
    worker.run()
    [matter] = there.matters.values()
    assert "19900000417" not in repr(matter)
    assert "王小满" not in repr(matter)
    with scope((), case.holders):
        [entry] = AuditEntry.objects.filter(act="exchange.push")
    assert entry.purpose == f"送{there.system.name}办理"


@pytest.mark.parametrize("fault", ["500", "timeout", "cut", "cut-before", "slow"])
def test_whatever_breaks_once_is_healed_by_itself_and_nothing_arrives_twice(
    fault, outside, raised, enforcement, worker
):
    there = outside(read_seconds=1)
    there.faults = [fault]
    case = dispatched(raised(), enforcement)
    worker.run()
    if fault != "slow":
        [parcel] = parcels()
        assert (parcel.state, parcel.attempts) == ("waiting", 1)
        assert parcel.next_try_at == later(WAITS[0])
        assert parcel.error.endswith("。")
        assert requeue_parcels(SYSTEM, at=later(WAITS[0] - 1)) == 0
        assert requeue_parcels(SYSTEM, at=later(WAITS[0])) == 1
        worker.run()
    assert [p.state for p in parcels()] == ["sent"]
    assert [m.our_number for m in there.matters.values()] == [case.number]


def test_after_the_last_attempt_it_is_a_dead_letter_that_the_area_hears_of(
    outside, raised, enforcement, worker, places
):
    there = outside()
    keeper = make_staff("jd01", id=21)
    make_post(keeper, Role.TOWNSHIP_OP, places[12])
    there.faults = ["500"] * 9
    case = dispatched(raised(), enforcement)
    worker.run()
    for wait in (60, 360):
        assert requeue_parcels(SYSTEM, at=later(wait + 600)) == 1
        worker.run()
    [parcel] = parcels()
    assert (parcel.state, parcel.attempts, parcel.next_try_at) == ("dead", 3, None)
    assert there.calls == 3
    assert requeue_parcels(SYSTEM, at=later(10**7)) == 0
    with scope(EVERYWHERE):
        [message] = Message.objects.filter(recipient=keeper)
    assert case.number in message.title
    assert message.link == "/work/exchange/dead/"


def test_what_they_refuse_outright_is_not_tried_again(outside, raised, enforcement, worker):
    there = outside()
    there.faults = ["refuse"]
    dispatched(raised(), enforcement)
    worker.run()
    [parcel] = parcels()
    assert (parcel.state, parcel.attempts) == ("dead", 1)
    assert "事项不归我们受理" in parcel.error


def dead_one(there, raised, enforcement, worker):
    there.faults = ["refuse"]
    case = dispatched(raised(), enforcement)
    worker.run()
    return case


def test_resending_gives_it_all_its_attempts_again(outside, raised, enforcement, worker):
    there = outside()
    case = dead_one(there, raised, enforcement, worker)
    [parcel] = parcels()
    resend_parcel(TOWN, parcel_id=parcel.pk, at=NOON)
    worker.run()
    assert [p.state for p in parcels()] == ["sent"]
    assert [m.our_number for m in there.matters.values()] == [case.number]
    with pytest.raises(Conflict, match="已经有人处理过"):
        resend_parcel(TOWN, parcel_id=parcel.pk, at=NOON)
    assert there.calls == 2


@pytest.mark.parametrize("actor", [ELSEWHERE, CLERK, LIN])
def test_who_does_not_manage_the_exchange_there_changes_nothing(
    actor, outside, raised, enforcement, worker
):
    there = outside()
    dead_one(there, raised, enforcement, worker)
    [parcel] = parcels()
    with pytest.raises((NotFound, NotPermitted)):
        resend_parcel(actor, parcel_id=parcel.pk, at=NOON)
    with pytest.raises((NotFound, NotPermitted)):
        drop_parcel(actor, parcel_id=parcel.pk, reason="不要了", at=NOON)
    assert [p.state for p in parcels()] == ["dead"]
    assert there.calls == 1


def test_dropping_needs_a_reason_and_gives_up_what_waits_behind_it(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    case = dead_one(there, raised, enforcement, worker)
    cases.sign_case(squad, case_id=case.pk, at=NOON)
    worker.run()
    assert [p.state for p in parcels()] == ["dead", "waiting"]
    first = parcels()[0]
    with pytest.raises(InvalidInput):
        drop_parcel(TOWN, parcel_id=first.pk, reason=" ", at=NOON)
    drop_parcel(TOWN, parcel_id=first.pk, reason="改为电话联系", at=NOON)
    worker.run()
    assert [(p.state, p.settled_reason) for p in parcels()] == [("dropped", "改为电话联系")] * 2
    assert link_of(there.system, case).ended_at == NOON
    assert (there.calls, there.matters) == (1, {})


def test_the_order_of_a_matter_is_kept_while_an_older_word_fails(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    there.faults = ["500"]
    case = dispatched(raised(), enforcement)
    worker.run()
    cases.sign_case(squad, case_id=case.pk, at=NOON)
    cases.add_note(squad, case_id=case.pk, words="已到现场。", public=True, at=NOON)
    cases.add_note(squad, case_id=case.pk, words="内部：找不到人。", at=NOON)
    cases.reply_case(squad, case_id=case.pk, answer="清洗了。", outcome="solved", at=NOON)
    worker.run()
    assert there.heard == []
    assert [p.state for p in parcels()] == ["waiting"] * 4
    requeue_parcels(SYSTEM, at=later(60))
    worker.run()
    assert [(one["state"], one["words"]) for one in there.heard] == [
        ("处置中", f"{enforcement.name}已经接手。"),
        ("进展", "已到现场。"),
        ("已答复", "清洗了。"),
    ]
    assert [p.state for p in parcels()] == ["sent"] * 4


def test_following_twice_sends_once(outside, raised, enforcement, worker):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    assert follow_case(SYSTEM, case_id=case.pk, at=NOON) == 0
    worker.run()
    assert (len(parcels()), there.calls) == (1, 1)


def test_a_job_that_comes_late_still_opens_the_matter_and_tells_the_rest(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    cases.sign_case(squad, case_id=case.pk, at=NOON)
    worker.run()
    assert [m.our_number for m in there.matters.values()] == [case.number]
    assert [one["state"] for one in there.heard] == ["处置中"]


def test_what_was_given_back_is_none_of_their_business_any_more(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    cases.request_return(squad, case_id=case.pk, reason="不归我们。", at=NOON)
    cases.decide_return(TOWN, case_id=case.pk, granted=True, reason="收回。", at=NOON)
    cases.dispatch_case(CLERK, case_id=case.pk, unit_id=12, at=NOON)
    worker.run()
    assert [one["state"] for one in there.heard] == ["同意退回"]
    assert link_of(there.system, case).ended_reason == "退回来了，不再由这个系统办。"
    cases.sign_case(TOWN, case_id=case.pk, at=NOON)
    worker.run()
    assert [one["state"] for one in there.heard] == ["同意退回"]


def test_a_move_nobody_gave_a_word_for_is_seen_and_not_guessed(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    there.system.states.filter(direction="out", ours="sign").delete()
    cases.sign_case(squad, case_id=case.pk, at=NOON)
    worker.run()
    _, parcel = parcels()
    assert (parcel.state, there.heard) == ("dead", [])
    with pytest.raises(Conflict, match="先在状态对照表里写明"):
        resend_parcel(TOWN, parcel_id=parcel.pk, at=NOON)
    save_outward(DISTRICT, code=there.system.code, words={"sign": "处置中"}, at=NOON)
    resend_parcel(TOWN, parcel_id=parcel.pk, at=NOON)
    worker.run()
    assert [one["state"] for one in there.heard] == ["处置中"]


def test_what_offices_note_among_themselves_neither_goes_out_nor_stops_what_does(
    outside, raised, enforcement, squad, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    cases.merge_case(CLERK, case_id=raised().pk, into_id=case.pk, reason="同一盏灯。", at=NOON)
    cases.sign_case(squad, case_id=case.pk, at=NOON)
    cases.split_case(squad, case_id=case.pk, shares=TWO, at=NOON)
    worker.run()
    cases.add_note(squad, case_id=case.pk, words="明天来修。", public=True, at=NOON)
    follow_case(SYSTEM, case_id=case.pk, at=NOON)
    worker.run()
    moves = [move for move, _said in log(case)]
    assert {"take_in", "split_at_unit"} < set(moves)
    assert {parcel.state for parcel in parcels()} == {"sent"}
    assert [one["state"] for one in there.heard] == ["处置中", "进展"]


def test_an_officer_sends_a_matter_outside_with_a_reason(outside, raised, worker):
    there = outside("letters", routed=False)
    case = raised()
    with pytest.raises(InvalidInput):
        send_outside(CLERK, case_id=case.pk, system_id=there.system.pk, reason="", at=NOON)
    send_outside(CLERK, case_id=case.pk, system_id=there.system.pk, reason="请群工协助", at=NOON)
    worker.run()
    [matter] = there.matters.values()
    assert matter.our_number == case.number
    assert read(case.pk).state == "submitted"
    assert log(case)[-1] == ("note", "")
    with pytest.raises(Conflict, match="已经在"):
        send_outside(CLERK, case_id=case.pk, system_id=there.system.pk, reason="再送", at=NOON)
    assert len(parcels()) == 1


def test_a_matter_is_not_sent_by_a_stranger_nor_to_a_system_of_another_place(
    outside, raised, worker, places
):
    there = outside(routed=False)
    case = raised()
    with pytest.raises(NotFound):
        send_outside(ELSEWHERE, case_id=case.pk, system_id=there.system.pk, reason="送", at=NOON)
    there.system.division = places[11]
    there.system.save()
    with pytest.raises(InvalidInput, match="管这个地方"):
        send_outside(CLERK, case_id=case.pk, system_id=there.system.pk, reason="送", at=NOON)
    with scope(EVERYWHERE):
        assert ExternalCase.objects.count() == 0
        assert Parcel.objects.count() == 0


def test_while_a_system_is_off_nothing_is_sent_and_nothing_is_lost(
    outside, raised, enforcement, worker
):
    there = outside()
    case = dispatched(raised(), enforcement)
    there.system.active = False
    there.system.save()
    worker.run()
    assert (there.calls, parcels()) == (0, [])
    there.system.active = True
    there.system.save()
    follow_case(SYSTEM, case_id=case.pk, at=NOON)
    worker.run()
    assert [p.state for p in parcels()] == ["sent"]

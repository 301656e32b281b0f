"""Clocks, contact, supervision, relocation: the rest of a matter's life."""

from datetime import timedelta

import pytest

from tests.casework import CLERK, COLLEAGUE, DISTRICT, LIN, NEIGHBOUR, TOWN, read
from tests.conftest import NOON
from tests.db.cases.lists import on_the_list
from tests.db.cases.test_moves import walk
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.actions.closing import Answers
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.queries import list_cases
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db


def running(case):
    with scope(EVERYWHERE):
        rows = Deadline.objects.filter(object_id=case.pk, met_at=None, dropped_at=None)
        return {row.name: row for row in rows}


@pytest.mark.parametrize(
    ("state", "clocks"),
    [
        ("submitted", {"accept"}),
        ("accepted", {"triage"}),
        ("triaged", {"dispatch"}),
        ("dispatched", {"sign", "resolve"}),
        ("handling", {"resolve"}),
        ("return-requested", {"approve", "resolve"}),
        ("replied", {"review"}),
        ("reviewed", {"visit"}),
        ("visited", {"close"}),
        ("closed", {"rate"}),
        ("rated", set()),
        ("reopened", {"dispatch"}),
        ("rejected", set()),
        ("withdrawn", set()),
    ],
)
def test_each_state_has_its_clocks(raised, steps, state, clocks):
    case = raised()
    walk(case, steps, state)
    assert running(case).keys() == clocks


def test_a_major_matter_is_promised_within_ten_working_days(raised, steps):
    case = raised()
    walk(case, steps, "dispatched")
    # Monday 2 March 2026 12:00 in Chongqing; the tenth working day after it ends on the 16th
    assert read(case.pk).promised_at.isoformat() == "2026-03-16T16:00:00+00:00"
    assert running(case)["resolve"].owner_area == "1.2.12."


def test_a_major_matter_does_not_go_to_a_community(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    with pytest.raises(Conflict, match="大事不能交社区办"):
        actions.dispatch_case(CLERK, case_id=case.pk, unit_id=112, at=NOON)
    assert read(case.pk).state == "triaged"


def test_but_it_does_where_the_duty_list_says_so(raised, steps, lamps):
    case = raised(category_id=lamps.pk)
    walk(case, steps, "triaged")
    on_the_list(lamps)
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=112, at=NOON)
    assert read(case.pk).unit_area == "1.2.12.112."


def test_a_unit_elsewhere_is_not_given_the_matter(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    with pytest.raises(NotPermitted, match="不管这个地方"):
        actions.dispatch_case(CLERK, case_id=case.pk, unit_id=111, at=NOON)
    assert read(case.pk).unit_id is None


def test_a_department_is_asked_and_its_opinion_brings_the_matter_back(raised, steps, squad, places):
    case = raised()
    walk(case, steps, "handling")
    water = Department.objects.create(
        division=places[2], name="区水利局", short_name="水利局", kind="水利"
    )
    ask = {"case_id": case.pk, "department_ids": [water.pk], "question": "请看水管。", "at": NOON}
    actions.ask_help(squad, **ask)
    assert read(case.pk).state == "collab"
    helper = officer(Role.DEPT_OP, "1.2.", user_id=71, department_id=water.pk)
    with pytest.raises(Conflict, match="被请的部门"):
        actions.give_help(squad, case_id=case.pk, opinion="我来写。", at=NOON)
    actions.give_help(helper, case_id=case.pk, opinion="水管没有问题。", at=NOON)
    assert read(case.pk).state == "handling"
    assert f"help:{water.pk}" not in running(case)


def test_an_extension_moves_the_promise_once(raised, steps):
    case = raised()
    walk(case, steps, "extended")
    before = read(case.pk).promised_at
    steps["grant_extension"](case)
    after = read(case.pk)
    assert after.extended == 1
    assert after.promised_at == before + timedelta(days=3)
    assert running(case)["resolve"].due_at == after.promised_at
    with pytest.raises(Conflict, match="最多 1 次"):
        steps["ask_extension"](case)


def test_a_unit_that_gave_the_matter_back_owes_nothing(raised, steps):
    case = raised()
    walk(case, steps, "return-requested")
    steps["grant_return"](case)
    clocks = running(case)
    assert clocks.keys() == {"resolve", "dispatch"}
    assert {(c.owner_area, c.owner_department_id) for c in clocks.values()} == {("1.2.12.", None)}


def test_another_class_has_another_term_and_another_promise(raised, steps):
    case = raised()
    walk(case, steps, "dispatched")
    steps["retriage"](case)
    assert running(case).keys() == {"dispatch"}
    steps["dispatch"](case)
    # five working days after Monday 2 March 2026 end on the 9th at 24:00
    assert read(case.pk).promised_at.isoformat() == "2026-03-09T16:00:00+00:00"
    assert running(case)["resolve"].due_at == read(case.pk).promised_at


def test_an_extension_is_not_longer_than_the_term_it_extends(raised, steps, squad):
    case = raised()
    walk(case, steps, "handling")
    for days in (0, 11):
        with pytest.raises(InvalidInput, match="1 到 10"):
            actions.ask_extension(
                squad, case_id=case.pk, working_days=days, reason="等配件。", at=NOON
            )
    assert read(case.pk).state == "handling"


def test_only_the_handler_opens_the_contact_and_the_resident_can_read_it(raised, steps, squad):
    case = raised(name="林小满", phone="19900000417")
    walk(case, steps, "handling")
    for actor in (CLERK, TOWN):
        with pytest.raises(NotPermitted):
            actions.reveal_contact(actor, case_id=case.pk, purpose="ask", at=NOON)
    with pytest.raises(InvalidInput):
        actions.reveal_contact(squad, case_id=case.pk, purpose="", at=NOON)
    contact = actions.reveal_contact(squad, case_id=case.pk, purpose="visit", at=NOON)
    assert contact.phone == "19900000417"
    with scope((), LIN.holders):
        [entry] = AuditEntry.objects.filter(act="case.contact")
        assert entry.purpose == "约上门时间"


def test_a_matter_without_a_name_has_no_contact_to_open(raised, steps, squad):
    case = raised(anonymous=True)
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](case)
    with pytest.raises(Conflict, match="没有留姓名"):
        actions.reveal_contact(squad, case_id=case.pk, purpose="ask", at=NOON)


def test_supervision_has_a_clock_at_the_door_of_whoever_has_the_matter(raised, steps, squad):
    case = raised()
    walk(case, steps, "handling")
    with pytest.raises(NotPermitted):
        actions.supervise_case(CLERK, case_id=case.pk, reason="怎么样了？", at=NOON)
    actions.supervise_case(DISTRICT, case_id=case.pk, reason="怎么样了？", at=NOON)
    with pytest.raises(Conflict, match="已经在督办"):
        actions.supervise_case(TOWN, case_id=case.pk, reason="再问一次。", at=NOON)
    clock = running(case)["supervision"]
    assert clock.owner_department_id == read(case.pk).unit_department_id
    actions.answer_supervision(squad, case_id=case.pk, answer="明天换灯。", at=NOON)
    assert "supervision" not in running(case)


def test_a_matter_moves_to_the_community_next_door_with_all_it_has(raised, steps, places):
    case = raised(name="林小满", phone="19900000417")
    steps["accept"](case)
    actions.relocate_case(
        TOWN, case_id=case.pk, division_id=113, reason="在坡社区的地界。", at=NOON
    )
    moved = read(case.pk)
    assert moved.area == "1.2.12.113."
    with scope(NEIGHBOUR.areas):
        assert [c.pk for c in list_cases(NEIGHBOUR)] == [case.pk]
        assert StateChange.objects.filter(object_id=case.pk).count() == 3
        assert CaseContact.objects.get().area == moved.area
    with scope(CLERK.areas):
        assert not Case.objects.exists()
        assert not StateChange.objects.exists()
    assert running(case)["triage"].owner_area == moved.area


def test_a_rejection_says_why_and_where_to_go(raised):
    case = raised()
    with pytest.raises(InvalidInput):
        actions.reject_case(CLERK, case_id=case.pk, reason="court", channel=" ", at=NOON)
    with pytest.raises(InvalidInput):
        actions.reject_case(CLERK, case_id=case.pk, reason="lazy", channel="别处", at=NOON)
    assert read(case.pk).state == "submitted"


def test_a_follow_up_may_close_in_the_same_breath(raised, steps):
    case = raised()
    walk(case, steps, "reviewed")
    answers = Answers(contacted=True, solved="yes", satisfied=True)
    actions.record_visit(
        COLLEAGUE, case_id=case.pk, reached=True, answers=answers, close=True, at=NOON
    )
    assert read(case.pk).state == "closed"


def test_a_rating_with_a_missing_answer_is_sent_back_field_by_field(raised, steps):
    case = raised()
    walk(case, steps, "closed")
    with pytest.raises(InvalidInput) as refusal:
        actions.rate_case(LIN, case_id=case.pk, answers=Answers(solved="yes"), at=NOON)
    assert refusal.value.fields.keys() == {"contacted", "satisfied"}
    assert read(case.pk).state == "closed"


def test_a_stranger_neither_rates_nor_withdraws(raised, steps):
    from tests.people import resident

    case = raised()
    with pytest.raises(NotFound):
        actions.withdraw_case(resident(999), case_id=case.pk, at=NOON)
    assert read(case.pk).state == "submitted"

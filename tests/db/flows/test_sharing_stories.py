"""Who hears of a split, a helper, an objection: whose turn it is, and whoever need not go on."""

import pytest

from tests.casework import CLERK, TWO, read
from tests.conftest import NOON
from tests.db.cases.test_moves import walk
from tests.db.flows.test_case_stories import announce, appointed, last_change, templates, told
from tests.offices import make_department
from tests.people import officer
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions
from yukuai.cases.actions.parts import Share
from yukuai.flows.case_messages import announce_case_move
from yukuai.flows.deadline_messages import announce_deadline
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import Deadline, StateChange

__all__ = ["appointed", "templates"]
pytestmark = pytest.mark.django_db


def text(user, kind):
    with scope(EVERYWHERE):
        return Message.objects.get(recipient=user, kind=kind).body


def announce_again(case, move):
    """What was told before the newest line was written."""
    with scope(EVERYWHERE):
        change = StateChange.objects.filter(object_id=case.pk, move=move).latest("pk")
    for _ in range(2):
        announce_case_move(SYSTEM, case_id=case.pk, change_id=change.pk, move=move, at=NOON)


@pytest.fixture
def offices(places):
    return [make_department(places[2], name=name) for name in ("区水利局", "区电力办")]


def test_every_department_that_is_asked_hears_it_once(raised, steps, squad, offices, appointed):
    users = [appointed(f"h{n}", Role.DEPT_OP, 2, office) for n, office in enumerate(offices)]
    case = raised()
    walk(case, steps, "handling")
    ids = [one.pk for one in offices]
    actions.ask_help(squad, case_id=case.pk, department_ids=ids, question="归谁？", at=NOON)
    announce_again(case, "ask_help")
    assert [told(user) for user in users] == [["help-asked"], ["help-asked"]]
    actions.withdraw_help(
        squad, case_id=case.pk, department_id=ids[0], reason="已经查清。", at=NOON
    )
    announce_again(case, "withdraw_help")
    assert "help-withdrawn" in told(users[0])
    assert told(users[1]) == ["help-asked"]
    assert "已经查清。" in text(users[0], "help-withdrawn")


def test_a_late_helper_is_reminded_and_nobody_else(raised, steps, squad, offices, appointed):
    water = appointed("water", Role.DEPT_OP, 2, offices[0])
    power = appointed("power", Role.DEPT_OP, 2, offices[1])
    case = raised()
    walk(case, steps, "handling")
    ids = [one.pk for one in offices]
    actions.ask_help(squad, case_id=case.pk, department_ids=ids, question="归谁？", at=NOON)
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(object_id=case.pk, name=f"help:{ids[0]}")
    announce_deadline(SYSTEM, deadline_id=clock.pk, percent=100, at=clock.due_at)
    assert (told(water), told(power)) == (["deadline-100"], [])


def test_the_arbiter_hears_of_an_objection_and_the_unit_of_the_ruling(
    raised, steps, enforcement, appointed
):
    district = appointed("district", Role.DISTRICT_OP, 2)
    handler = appointed("handler", Role.DEPT_OP, 12, enforcement)
    case = raised()
    walk(case, steps, "objected")
    announce(case, "object")
    assert told(district) == ["objection-raised"]
    assert "城市照明归区里管。" in text(district, "objection-raised")
    steps["uphold"](case)
    announce(case, "uphold")
    assert told(handler) == ["objection-upheld"]
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(object_id=case.pk, name="arbitrate")
        Deadline.objects.filter(pk=clock.pk).update(met_at=None)
    announce_deadline(SYSTEM, deadline_id=clock.pk, percent=80, at=NOON)
    assert "deadline-80" in told(district)


def test_when_it_goes_elsewhere_both_units_hear_it(raised, steps, enforcement, appointed):
    handler = appointed("handler", Role.DEPT_OP, 12, enforcement)
    district = appointed("district", Role.DISTRICT_OP, 2)
    case = raised()
    walk(case, steps, "objected")
    actions.rule_on_objection(
        officer(Role.CITY_OP, "1.", user_id=91),
        case_id=case.pk,
        unit_id=2,
        grounds="归区里。",
        at=NOON,
    )
    announce(case, "redirect")
    assert told(handler) == ["objection-granted"]
    assert told(district) == ["unit-assigned"]


def test_the_lead_hears_how_many_parts_are_left(raised, steps, enforcement, appointed):
    lead = appointed("lead", Role.DEPT_OP, 12, enforcement)
    case = raised(phone="19900000417")
    walk(case, steps, "triaged")
    shares = [Share(one.body, "minor", 112) for one in TWO]
    parts = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    steps["dispatch"](case)
    beside = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=12)
    for part in parts:
        actions.sign_case(CLERK, case_id=part.pk, at=NOON)
        actions.reply_case(CLERK, case_id=part.pk, answer="好了。", outcome="solved", at=NOON)
        actions.finish_part(beside, case_id=part.pk, at=NOON)
    announce(parts[1], "finish")
    assert told(lead) == ["part-finished"]
    assert "分单都办完了" in text(lead, "part-finished")
    with scope(EVERYWHERE):
        assert Message.objects.get(recipient=lead).link == f"/work/cases/{case.number}/"
        assert not Delivery.objects.exists()  # no text to the resident about a part


def test_the_desk_hears_of_the_parts_a_department_split_off(raised, steps, squad, appointed):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    case = raised()
    walk(case, steps, "handling")
    part, _other = actions.split_case(squad, case_id=case.pk, shares=TWO, at=NOON)
    announce_case_move(SYSTEM, case_id=part.pk, change_id=last_change(part), move="part", at=NOON)
    assert told(clerk) == ["part-to-triage"]


def test_the_unit_hears_that_a_part_is_not_needed(raised, steps, appointed, offices):
    handler = appointed("water", Role.DEPT_OP, 2, offices[0])
    case = raised()
    walk(case, steps, "triaged")
    shares = (Share("查水管。", "major", 2, offices[0].pk), TWO[0])
    part, _other = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    actions.cancel_part(CLERK, case_id=case.pk, part_id=part.pk, reason="不漏了。", at=NOON)
    announce(part, "cancel_part")
    assert told(handler) == ["part-cancelled"]
    assert read(part.pk).state == "cancelled"


def test_the_resident_is_told_why_it_takes_longer(raised, steps, appointed):
    from tests.casework import LIN
    from yukuai.accounts.models import User

    case = raised()
    walk(case, steps, "extended")
    steps["grant_extension"](case)
    announce(case, "grant_extension")
    resident = User.objects.get(pk=LIN.user_id)
    assert "原因：等配件。" in text(resident, "case-extended")

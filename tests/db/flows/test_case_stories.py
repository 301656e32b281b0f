"""What a move sets going: a message to whose turn it is, a paper, a reminder. Once each."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import COLLEAGUE, LIN, read
from tests.conftest import NOON
from tests.db.cases.test_moves import walk
from tests.people import officer
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.accounts.roles import ROLES
from yukuai.cases import actions
from yukuai.cases.actions.intake import Told
from yukuai.documents.models import IssuedDocument
from yukuai.flows.case_documents import issue_case_paper
from yukuai.flows.case_messages import announce_answer, announce_case_move
from yukuai.flows.deadline_messages import announce_deadline
from yukuai.kernel.errors import DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(db: None) -> None:
    call_command("load_message_templates", verbosity=0)
    User.objects.create(pk=LIN.user_id, username="lin")


@pytest.fixture
def appointed(places: Any) -> Any:
    def make(username: str, role: Role, division: int, department: Any = None) -> User:
        user = User.objects.create(kind="staff", username=username, display_name=username)
        Post.objects.create(
            user=user,
            role=role,
            family=ROLES[role].family,
            division=places[division],
            department=department,
            valid_from=datetime(2026, 1, 1, tzinfo=NOON.tzinfo),
            appointed_by="test",
            reason="test",
        )
        return user

    return make


def told(user: User) -> list[str]:
    with scope(EVERYWHERE):
        return list(Message.objects.filter(recipient=user).values_list("kind", flat=True))


def last_change(case: Any) -> int:
    with scope(EVERYWHERE):
        return StateChange.objects.filter(object_id=case.pk).latest("pk").pk


def announce(case: Any, move: str) -> None:
    announce_case_move(SYSTEM, case_id=case.pk, change_id=last_change(case), move=move, at=NOON)


def test_the_community_hears_of_a_new_matter_once(raised, appointed):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    beside = appointed("beside", Role.COMMUNITY_STAFF, 113)
    case = raised()
    announce(case, "raise")
    announce(case, "raise")
    assert told(clerk) == ["desk-arrived"]
    assert told(beside) == []


def test_a_matter_without_its_community_is_announced_to_who_places_it(appointed, places, pack):
    district = appointed("district", Role.DISTRICT_OP, 2)
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    hotline = officer(Role.API_CLIENT, "1.2.", user_id=99_001)
    words = Told(uuid4(), division_id=2, body="路灯不亮。", to_place=True, place_text="人民村路口")
    receipt = actions.register_case(hotline, told=words, source="api", at=NOON)
    announce(read(receipt.case_id), "raise")
    assert told(district) == ["desk-to-place"]
    assert told(clerk) == []


def test_where_nobody_sits_the_level_above_hears_of_it(raised, appointed):
    town = appointed("town", Role.TOWNSHIP_OP, 12)
    announce(raised(), "raise")
    assert told(town) == ["desk-arrived"]


def test_the_department_hears_that_it_was_given_the_matter(raised, steps, appointed, enforcement):
    handler = appointed("squad", Role.DEPT_OP, 12, enforcement)
    case = raised()
    walk(case, steps, "dispatched")
    announce(case, "dispatch")
    assert told(handler) == ["unit-assigned"]


@pytest.mark.parametrize(("close", "heard"), [(False, ["desk-to-close"]), (True, [])])
def test_what_was_closed_with_the_visit_is_nobodys_turn(raised, steps, appointed, close, heard):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    case = raised()
    walk(case, steps, "reviewed")
    said = actions.closing.Answers(contacted=True, solved="yes", satisfied=True)
    actions.record_visit(
        COLLEAGUE, case_id=case.pk, reached=True, answers=said, close=close, at=NOON
    )
    with scope(EVERYWHERE):
        moves = StateChange.objects.filter(object_id=case.pk, move__in=("visit", "close"))
        made = list(moves.order_by("pk").values_list("pk", "move"))
    assert len(made) == 1 + close
    for change_id, move in made:
        announce_case_move(SYSTEM, case_id=case.pk, change_id=change_id, move=move, at=NOON)
    assert told(clerk) == heard


def test_the_resident_gets_his_receipt_by_text_without_a_word_of_the_matter(raised):
    case = raised(phone="19900000417")
    announce(case, "raise")
    with scope(EVERYWHERE):
        sent = Delivery.objects.get()
    assert case.number in sent.text
    assert "楼道灯" not in sent.text


def test_an_anonymous_matter_sends_no_text(raised):
    announce(raised(anonymous=True, phone="19900000417"), "raise")
    with scope(EVERYWHERE):
        assert not Delivery.objects.exists()


def test_every_move_finds_its_words(raised, steps):
    case = raised(phone="19900000417")
    walk(case, steps, "closed")
    with scope(EVERYWHERE):
        changes = list(StateChange.objects.filter(object_id=case.pk).order_by("pk"))
    for change in changes:
        announce_case_move(SYSTEM, case_id=case.pk, change_id=change.pk, move=change.move, at=NOON)


def test_a_refused_matter_leaves_a_paper_with_reason_and_address_once(raised, steps):
    case = raised()
    walk(case, steps, "rejected")
    for _ in range(2):
        issue_case_paper(SYSTEM, case_id=case.pk, move="reject", at=NOON)
    with scope(EVERYWHERE):
        paper = IssuedDocument.objects.get()
    assert paper.kind == "refusal"
    assert "请找司法所" in str(paper.printed)


def test_each_round_has_its_own_reply(raised, steps):
    case = raised()
    walk(case, steps, "closed")
    issue_case_paper(SYSTEM, case_id=case.pk, move="close", at=NOON)
    steps["reopen"](case)
    for name in ("dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](case)
    for _ in range(2):
        issue_case_paper(SYSTEM, case_id=case.pk, move="close", at=NOON)
    with scope(EVERYWHERE):
        assert IssuedDocument.objects.count() == 2


def test_a_clock_that_ran_out_reminds_its_owner_and_nobody_else(raised, appointed):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    town = appointed("town", Role.TOWNSHIP_OP, 12)
    case = raised()
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(object_id=case.pk)
    announce_deadline(SYSTEM, deadline_id=clock.pk, percent=100, at=clock.due_at)
    assert told(clerk) == ["deadline-100"]
    assert told(town) == []


def test_the_unit_hears_that_its_return_was_granted(raised, steps, appointed, enforcement):
    handler = appointed("squad", Role.DEPT_OP, 12, enforcement)
    case = raised()
    walk(case, steps, "return-requested")
    steps["grant_return"](case)
    announce(case, "grant_return")
    assert told(handler) == ["return-granted"]


def test_whoever_supervised_hears_the_answer(raised, steps, squad, appointed):
    asker = appointed("asker", Role.DISTRICT_OP, 2)
    case = raised()
    walk(case, steps, "handling")
    actor = officer(Role.DISTRICT_OP, "1.2.", user_id=asker.pk)
    actions.supervise_case(actor, case_id=case.pk, reason="怎么样了？", at=NOON)
    actions.answer_supervision(squad, case_id=case.pk, answer="明天换灯。", at=NOON)
    job = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_answer").get()
    announce_answer(SYSTEM, at=NOON, **job.args)
    assert told(asker) == ["supervision-answered"]


def test_a_refused_move_leaves_no_job(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    before = ProcrastinateJob.objects.count()
    assert before > 0
    with pytest.raises(DomainError):
        steps["reply"](case)
    assert ProcrastinateJob.objects.count() == before
    assert read(case.pk).state == "triaged"

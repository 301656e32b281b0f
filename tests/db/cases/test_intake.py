"""What comes in: once, whole, or not at all."""

from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import CLERK, LIN, NEIGHBOUR, read
from tests.conftest import NOON
from tests.people import visitor
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.models import Case, CaseContact, UrgentWord
from yukuai.cases.public import find_receipt
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db
HOSTILE = "'; DROP TABLE cases_case; -- <script>alert(1)</script> {{ 7*7 }} \x00 ＆"


def everything():
    with scope(EVERYWHERE):
        tables = (Case, CaseContact, StateChange, Deadline, AuditEntry, ProcrastinateJob)
        return [table.objects.count() for table in tables]


def told(**words):
    return Told(**{"client_uuid": uuid4(), "division_id": 112, "body": "路灯不亮。", **words})


def test_a_matter_comes_in_with_its_clock_its_log_and_its_trace(raised):
    case = raised(name="林小满", phone="19900000417")
    with scope(EVERYWHERE):
        assert case.number.startswith("ZT-2603-")
        assert case.area == "1.2.12.112."
        [clock] = Deadline.objects.all()
        assert (clock.name, clock.owner_area) == ("accept", "1.2.12.112.")
        [line] = StateChange.objects.all()
        assert (line.move, line.target, line.said) == ("raise", "submitted", "您提交了。")
        [trace] = AuditEntry.objects.all()
        assert (trace.act, trace.target) == ("case.raise", case.number)


def test_sent_twice_it_is_one_matter_with_one_receipt(places, pack):
    words = told()
    first = actions.raise_case(LIN, told=words, at=NOON)
    before = everything()
    with pytest.raises(AlreadyReceived):
        actions.raise_case(LIN, told=words, at=NOON)
    assert everything() == before
    with scope(()):
        assert find_receipt(LIN, client_uuid=words.client_uuid) == first


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": " \n\x00 "}, "body"),
        ({"body": "长" * 501}, "body"),
        ({"division_id": 12}, "division"),
        ({"category_id": 99999}, "category"),
        ({"photos": (1, 2, 3, 4)}, "photos"),
    ],
)
def test_what_cannot_be_used_says_why_and_leaves_nothing(places, pack, words, field):
    with pytest.raises(InvalidInput) as refusal:
        actions.raise_case(LIN, told=told(**words), at=NOON)
    assert field in refusal.value.fields
    assert everything() == [0] * 6


def test_hostile_words_are_words(raised):
    case = raised(body=HOSTILE, place_text=HOSTILE, wanted=HOSTILE)
    assert case.body == HOSTILE.replace("\x00", "").strip()
    assert "DROP TABLE" in case.place_text


def test_an_anonymous_matter_keeps_neither_name_nor_telephone(raised):
    case = raised(anonymous=True, name="林小满", phone="19900000417")
    with scope(EVERYWHERE):
        assert not CaseContact.objects.exists()
    assert (case.reporter_id, case.phone_hash) == (None, "")
    assert all(key.startswith("ticket:") for key in case.holders)


def test_the_contact_lies_sealed(raised):
    from django.db import connection

    raised(name="林小满", phone="19900000417")
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM cases_casecontact")
        assert all(value.startswith("s1:") for value in cursor.fetchone())


def test_words_of_danger_make_it_urgent_with_a_clock_of_two_hours(raised):
    UrgentWord.objects.create(word="起火", number="119", source="test")
    case = raised(body="楼道里起火了。")
    assert case.urgent
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(name="urgent")
    assert (clock.due_at - clock.starts_at).total_seconds() == 2 * 3600


def test_an_officer_registers_at_home_and_not_next_door(places, pack):
    words = told(name="代先生", phone="19900000520")
    receipt = actions.register_case(CLERK, told=words, source="phone", at=NOON)
    assert read(receipt.case_id).source == "phone"
    with pytest.raises(NotPermitted):
        actions.register_case(NEIGHBOUR, told=told(), source="phone", at=NOON)


def test_somebody_not_signed_in_raises_a_matter_too(places, pack):
    receipt = actions.raise_case(visitor(), told=told(anonymous=True), at=NOON)
    assert read(receipt.case_id).state == "submitted"

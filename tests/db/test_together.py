"""One statement writes what `save()` of each would have written."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection

from tests.casework import CLERK, LIN, NOON, lamps, pack, places, read
from yukuai.accounts.models import User
from yukuai.audit.actions import record
from yukuai.audit.models import AuditEntry
from yukuai.cases.actions import raise_case, register_case
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.events import CaseRaised, UrgentRaised
from yukuai.cases.models import Case, CaseContact
from yukuai.kernel.outbox import muted, publish, take
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.kernel.together import Follower, Statement, insert_many, insert_together
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import Deadline, StateChange

__all__ = ["lamps", "pack", "places"]
pytestmark = pytest.mark.django_db
ODD = "他说：“\\路灯\u2028坏了'; --\" 😀 ${x} %s {first}”"


def rows(model: Any, number_of: str, **found: object) -> list[dict[str, Any]]:
    kept = model.objects.filter(**found).order_by("pk").values()
    return [{k: v for k, v in row.items() if k not in {"id", number_of, "xact"}} for row in kept]


def jobs() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, task_name, priority, lock, queueing_lock, args::text, status,"
            " scheduled_at FROM procrastinate_jobs ORDER BY id"
        )
        return list(cursor.fetchall())


def told(**words: Any) -> Told:
    given = {"division_id": 112, "body": f"燃气味很重。{ODD}", "place_text": ODD[:100]}
    return Told(
        **{"client_uuid": uuid4(), "name": "林某", "phone": "19900000417", **given, **words}
    )


def write_one_by_one(case: Case, change: StateChange, contact: CaseContact, clocks: Any) -> Case:
    """The same matter through the ORM and the steps that every other action is made of."""
    case.save(force_insert=True)
    change.object_id = contact.case_id = case.pk
    change.save(force_insert=True)
    contact.save(force_insert=True)
    for clock in clocks:
        clock.object_id = case.pk
        clock.save(force_insert=True)
    record(LIN, act="case.raise", target=case.number, area=case.area, at=NOON)
    for event in (CaseRaised, UrgentRaised):
        publish(event(case_id=case.pk, change_id=change.pk))
    return case


def test_a_matter_comes_in_as_if_each_row_had_been_saved(places: Any, pack: Any, lamps: Any):
    receipt = raise_case(LIN, told=told(category_id=lamps.pk, urgent=True), at=NOON)
    with scope(EVERYWHERE):
        first = Case.objects.defer(None).get(pk=receipt.case_id)
        change, contact = StateChange.objects.get(), CaseContact.objects.get()
        clocks = list(Deadline.objects.order_by("pk"))
        kept = {m: rows(m, "object_id") for m in (StateChange, Deadline)}
        said, (job, *more) = rows(AuditEntry, ""), jobs()
        assert (len(clocks), len(said), more) == (2, 1, [])
        assert take(CaseRaised, most=2) == [CaseRaised(first.pk, change.pk)]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
    again = Case(
        **{
            f.attname: getattr(first, f.attname)
            for f in Case._meta.concrete_fields
            if f.name != "id"
        }
    )
    again.number, again.client_uuid = f"{first.number}-B", uuid4()
    for row in (change, contact, *clocks):
        row.pk, row._state.adding = None, True
    with scope(EVERYWHERE):
        twin = write_one_by_one(again, change, contact, clocks)
        own = {"number", "client_uuid", "id"}
        one, other = (Case.objects.filter(pk=pk).values()[0] for pk in (first.pk, twin.pk))
        assert {k: one[k] for k in one.keys() - own} == {k: other[k] for k in one.keys() - own}
        for model, before in kept.items():
            assert rows(model, "object_id", object_id=twin.pk) == before
        name, phone = CaseContact.objects.filter(case=twin).values_list("name", "phone")[0]
        assert (name, phone) == ("林某", "19900000417")
        audited = rows(AuditEntry, "")[-1]
        assert audited == {**said[0], "target": twin.number}
        (orm_job,) = jobs()
        ids = f'{{"case_id": {twin.pk}, "change_id": {change.pk}}}'
        assert orm_job == (*job[:5], ids, *job[6:])
        assert take(CaseRaised, most=2) == [CaseRaised(twin.pk, change.pk)]


def test_it_is_one_statement_and_its_text_does_not_change_with_the_words(
    places: Any, pack: Any, django_assert_num_queries: Any
):
    raise_case(LIN, told=told(), at=NOON)
    with django_assert_num_queries(8) as first:
        raise_case(LIN, told=told(), at=NOON)
    with django_assert_num_queries(8) as second:
        raise_case(LIN, told=told(body="路灯不亮。"), at=NOON)
    inserts = [[q["sql"] for q in asked if "INSERT" in q["sql"]] for asked in (first, second)]
    assert [len(asked) for asked in inserts] == [1, 1]


@pytest.mark.parametrize("field", ["body", "name", "place_text", "wanted"])
def test_odd_signs_come_back_as_they_were_said(field: str, places: Any, pack: Any):
    receipt = register_case(CLERK, told=told(**{field: ODD[:38]}), source="phone", at=NOON)
    with scope(EVERYWHERE):
        case = Case.objects.select_related("contact").get(pk=receipt.case_id)
    assert (case.contact.name if field == "name" else getattr(case, field)) == ODD[:38].strip()


def test_a_report_sent_twice_is_one_and_leaves_nothing(places: Any, pack: Any):
    words = told()
    raise_case(LIN, told=words, at=NOON)
    with pytest.raises(AlreadyReceived):
        raise_case(LIN, told=words, at=NOON)
    with scope(EVERYWHERE):
        assert (Case.objects.count(), StateChange.objects.count()) == (1, 1)
        assert (len(take(CaseRaised, most=9)), jobs()) == (1, [])


def test_in_silence_nothing_is_gathered_and_no_job_is_written(places: Any, pack: Any):
    with muted():
        raise_case(LIN, told=told(urgent=True), at=NOON)
    with scope(EVERYWHERE):
        assert (jobs(), take(CaseRaised, most=9)) == ([], [])


def change_of(case: Case, **words: Any) -> StateChange:
    given = {"workflow": "case", "move": "note", "target": "x", "actor": "甲", "happened_at": NOON}
    return StateChange(division=case.division, holders=case.holders, **given | words)


@pytest.fixture
def a_case(places: Any, pack: Any) -> Case:
    return read(raise_case(LIN, told=told(), at=NOON).case_id)


def test_a_text_longer_than_its_column_is_refused_not_cut(a_case: Case):
    with pytest.raises(DataError, match="too long"), scope(EVERYWHERE):
        insert_together(change_of(a_case, move="m" * 41, object_id=a_case.pk), [])


def test_a_row_outside_of_the_scope_is_refused_by_the_database(a_case: Case):
    with pytest.raises(Exception, match="row-level security"), scope(("1.11.",)):
        insert_together(change_of(a_case, object_id=a_case.pk), [])


def test_a_follower_takes_the_id_and_moments_keep_their_microseconds(a_case: Case):
    at = datetime(2026, 3, 2, 4, 5, 6, 789012, tzinfo=UTC)
    first = change_of(a_case, object_id=a_case.pk, happened_at=at, data={"n": [1, None, "二"]})
    second = change_of(a_case, said=ODD)
    with scope(EVERYWHERE):
        insert_together(first, [Follower(second, "object_id")])
        kept = StateChange.objects.in_bulk([first.pk, second.pk])
    assert second.object_id == kept[second.pk].object_id == first.pk
    assert (kept[first.pk].happened_at, kept[first.pk].data) == (at, {"n": [1, None, "二"]})
    assert kept[second.pk].said == ODD


def test_what_fails_beside_it_takes_everything_back(a_case: Case):
    wrong = Statement("INSERT INTO kernel_referenceversion (id, version) VALUES (%s, 1)", (2,))
    with pytest.raises(IntegrityError), scope(EVERYWHERE):
        insert_together(change_of(a_case, object_id=a_case.pk), [], [wrong])
    with scope(EVERYWHERE):
        assert StateChange.objects.filter(move="note").count() == 0


def text_to(phone: str, **words: Any) -> Delivery:
    given = {"holders": ["phone:x", ODD[:60]], "phone_hash": phone, "template": "t", "text": ODD}
    return Delivery(phone=phone, dedupe=f"once:{phone}", created_at=NOON, **given | words)


def test_many_come_in_as_if_each_had_been_saved():
    one_by_one = [text_to("19900000001"), text_to("19900000002", number="ZT-1", spoken="说。")]
    together = [text_to("19900000003"), text_to("19900000004", number="ZT-1", spoken="说。")]
    own = {"id", "reference", "phone", "phone_hash", "dedupe"}
    with scope(EVERYWHERE):
        for row in one_by_one:
            row.save(force_insert=True)
        insert_many(together)
        kept = Delivery.objects.order_by("pk").values()
        before, after = kept.filter(pk__in=[r.pk for r in one_by_one]), list(kept)[2:]
        plain = [[{k: v for k, v in r.items() if k not in own} for r in x] for x in (before, after)]
    assert plain[0] == plain[1]
    assert [(row["id"], row["phone"], row["reference"]) for row in after] == [
        (row.pk, row.phone, row.reference) for row in together
    ]


def test_the_text_of_the_statement_does_not_change_with_their_number(
    django_assert_num_queries: Any,
):
    with scope(EVERYWHERE):
        with django_assert_num_queries(1) as few:
            insert_many([text_to("19900000001")])
        with django_assert_num_queries(1) as more:
            insert_many([text_to(f"1990000010{n}") for n in range(9)])
        with django_assert_num_queries(0):
            insert_many([])
    texts = [asked[0]["sql"].partition("(NULL::")[0] for asked in (few, more)]
    assert texts[0] == texts[1]


def test_of_many_one_that_is_known_is_refused_or_stays_as_it_is():
    user = User.objects.create(username="r1")
    first, second = (
        Message(recipient=user, kind="t", title=title, dedupe=once, created_at=NOON)
        for title, once in (("一", "a"), ("二", "b"))
    )
    again = Message(recipient=user, kind="t", title="三", dedupe="a", created_at=NOON)
    with scope(EVERYWHERE):
        insert_many([first])
        insert_many([again, second], known_stay=True)
        titles = list(Message.objects.order_by("pk").values_list("title", flat=True))
    assert titles == ["一", "二"]
    again.dedupe = "b"
    with pytest.raises(IntegrityError), scope(EVERYWHERE):
        insert_many([again])

"""What came in is told of in rounds: to the same people in the same words as one by one, once."""

from typing import Any

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import LIN
from tests.conftest import NOON
from tests.people import resident
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.accounts.roles import ROLES
from yukuai.cases.models import CaseCluster
from yukuai.flows import arrivals
from yukuai.flows.arrivals import announce_arrivals, set_aside_arrivals
from yukuai.flows.case_messages import announce_case_move
from yukuai.flows.tasks import tell_of_arrivals
from yukuai.kernel.models import Gathered
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db
WANG = resident(902)
CLUSTER_ASKED = ["cluster-proposed"]


@pytest.fixture(autouse=True)
def told_with(places: Any) -> None:
    call_command("load_message_templates", verbosity=0)
    for person in (LIN, WANG):
        User.objects.create(pk=person.user_id, username=f"r{person.user_id}")
    for username, division in (("clerk", 112), ("beside", 113), ("town", 12)):
        role = Role.TOWNSHIP_OP if division == 12 else Role.COMMUNITY_STAFF
        Post.objects.create(
            user=User.objects.create(kind="staff", username=username, display_name=username),
            role=role,
            family=ROLES[role].family,
            division=places[division],
            valid_from=NOON,
            appointed_by="test",
            reason="test",
        )


def messages() -> list[tuple[Any, ...]]:
    with scope(EVERYWHERE):
        rows = Message.objects.order_by("object_id", "recipient", "kind")
        return list(
            rows.values_list("recipient__username", "kind", "title", "body", "link", "dedupe")
        )


def texts() -> list[tuple[str, str, str, str]]:
    with scope(EVERYWHERE):
        rows = Delivery.objects.order_by("object_id")
        return [(d.phone, d.text, d.spoken, d.dedupe) for d in rows]


def jobs() -> list[str]:
    names = ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True)
    return [name.rpartition(".")[2] for name in names]


def test_a_round_tells_what_one_by_one_tells(raised: Any):
    cases = [raised(), raised(actor=WANG), raised(phone="19900000417"), raised(anonymous=True)]
    with scope(EVERYWHERE):
        changes = {c.object_id: c.pk for c in StateChange.objects.filter(workflow="case")}
    for case in cases:
        announce_case_move(
            SYSTEM, case_id=case.pk, change_id=changes[case.pk], move="raise", at=NOON
        )
    one_by_one = messages(), texts()
    with scope(EVERYWHERE):
        Message.objects.all().delete()
        Delivery.objects.all().delete()
    assert announce_arrivals(SYSTEM, at=NOON) == 4
    assert (messages(), texts()) == one_by_one
    assert {who for who, *_ in messages()} >= {"clerk", f"r{LIN.user_id}", f"r{WANG.user_id}"}
    assert len(texts()) == 1
    assert announce_arrivals(SYSTEM, at=NOON) == 0
    assert (messages(), texts()) == one_by_one


def test_an_urgent_matter_does_not_wait_and_is_told_of_once(raised: Any):
    case = raised(urgent=True)
    assert jobs() == ["tell_of_raised"]
    args = ProcrastinateJob.objects.get().args
    announce_case_move(SYSTEM, **args, move="raise", at=NOON)
    before = messages()
    assert [kind for who, kind, *_ in before if who == "clerk"] == ["desk-arrived"]
    assert announce_arrivals(SYSTEM, at=NOON) == 1
    assert messages() == before
    assert args["case_id"] == case.pk


def test_a_hundred_cost_no_more_statements_than_two(
    raised: Any, django_assert_max_num_queries: Any
):
    for n in range(2):
        raised(phone=f"199000030{n:02d}")
    with django_assert_max_num_queries(60) as of_two:
        announce_arrivals(SYSTEM, at=NOON)
    for n in range(20):
        raised(phone=f"199000031{n:02d}")
    with django_assert_max_num_queries(60) as of_twenty:
        announce_arrivals(SYSTEM, at=NOON)
    assert len(of_twenty) <= len(of_two) < 30
    with scope(EVERYWHERE):
        assert Delivery.objects.count() == 22


def test_what_may_belong_together_is_looked_for_in_one_statement(
    raised: Any, lamps: Any, django_assert_max_num_queries: Any
):
    call_command("load_rulepacks", verbosity=0)
    cost = []
    for persons in ((910,), (911,), (912, 913, 914, 915, 916)):
        for pk in persons:
            User.objects.create(pk=pk, username=f"r{pk}")
            for _ in range(2):
                raised(resident(pk), category_id=lamps.pk)
        with django_assert_max_num_queries(60) as asked:
            announce_arrivals(SYSTEM, at=NOON)
        cost.append(len(asked))
    _first, of_one, of_five = cost
    assert of_five - of_one == 4 * 3  # each proposal: is there one, the new one, its members
    with scope(EVERYWHERE):
        assert CaseCluster.objects.count() == 7


def test_the_desk_is_asked_about_what_may_belong_together(raised: Any, lamps: Any):
    call_command("load_rulepacks", verbosity=0)
    raised(category_id=lamps.pk)
    raised(category_id=lamps.pk)
    raised(category_id=lamps.pk, actor=WANG)
    announce_arrivals(SYSTEM, at=NOON)
    asked = [(who, kind) for who, kind, *_ in messages() if kind in CLUSTER_ASKED]
    assert asked == [("clerk", "cluster-proposed")]
    with scope(EVERYWHERE):
        assert CaseCluster.objects.get().members.count() == 2


def test_without_the_rules_of_clusters_everybody_is_told_all_the_same(raised: Any, lamps: Any):
    for _ in range(2):
        raised(category_id=lamps.pk, phone="19900000417")
    assert announce_arrivals(SYSTEM, at=NOON) == 2
    assert sorted({kind for _who, kind, *_ in messages()}) == ["case-received", "desk-arrived"]
    assert len(texts()) == 2
    with scope(EVERYWHERE):
        assert not CaseCluster.objects.exists()


def test_one_that_cannot_be_told_keeps_nobody_waiting(raised: Any, monkeypatch: Any):
    cases = [raised() for _ in range(3)]
    tell = arrivals.tell_of

    def trip(mail: Any, moved: Any) -> None:
        if moved.case.pk == cases[1].pk:
            raise ZeroDivisionError
        tell(mail, moved)

    monkeypatch.setattr(arrivals, "tell_of", trip)
    with pytest.raises(ZeroDivisionError):
        tell_of_arrivals(timestamp=0)
    assert messages() == []
    assert not Gathered.objects.exists()
    assert sorted(jobs()) == ["find_cluster_of_raised"] * 3 + ["tell_of_raised"] * 3
    assert set_aside_arrivals(SYSTEM, at=NOON) == 0

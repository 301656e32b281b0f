"""Events over the wire: at least once, in order, within the client's area, never one skipped."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.casework import CLERK, TOWN
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.outside import dispatched, later
from tests.people import officer
from tests.standins.receiver import Receiver
from yukuai.accounts.models import ApiClient
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.accounts.queries import find_client_actor
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions as cases
from yukuai.exchange import feeding
from yukuai.exchange.actions.subscriptions import (
    change_webhook_secret,
    create_subscription,
    end_subscription,
    forget_tries,
    replay_events,
    resume_subscription,
)
from yukuai.exchange.models import Subscription, Try
from yukuai.exchange.queries.subscriptions import read_events
from yukuai.exchange.rules import EVENT_TYPES
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow import horizon
from yukuai.workflow.horizon import advance_horizon, find_horizon
from yukuai.workflow.models import StateChange

GUARD = officer(Role.SEC_ADMIN, "1.2.", user_id=201)
OTHER_GUARD = officer(Role.SEC_ADMIN, "1.11.", user_id=202)
ALL = tuple(EVENT_TYPES)
pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver():
    running = Receiver()
    yield running
    running.stop()


@pytest.fixture
def whole(monkeypatch):
    """As if no transaction ran elsewhere in the cluster: other tests do, and would delay us."""
    look = horizon._LOOK.replace(
        "pg_snapshot_xmin(s)::text::bigint", "pg_snapshot_xmax(s)::text::bigint"
    )
    assert look != horizon._LOOK
    monkeypatch.setattr(horizon, "_LOOK", look)


def client(places, *, division=12, fields=(), name="热线平台"):
    return ApiClient.objects.create(
        division=places[division],
        name=name,
        purpose="把进度告诉来电人",
        key_hash=name,
        fields=list(fields),
        valid_from=NOON - timedelta(days=1),
        created_by="test",
    )


@pytest.fixture
def subscribe(world, receiver, whole, clock):
    def make(*, types=ALL, contact="", **of_client):
        advance_horizon(SYSTEM, at=NOON)
        made, receiver.secret = create_subscription(
            GUARD,
            client_id=client(world, **of_client).pk,
            address=receiver.url,
            types=types,
            contact=contact,
            at=NOON,
        )
        assert feeding.shake(GUARD, subscription_id=made.pk, at=NOON) == ""
        return made.pk

    return make


def rounds(subscription_id, at=NOON):
    advance_horizon(SYSTEM, at=at)
    while feeding.feed(subscription_id=subscription_id, at=at):
        pass


def state(subscription_id):
    with scope(EVERYWHERE):
        return Subscription.objects.get(pk=subscription_id)


def test_each_step_is_told_once_in_order_with_its_own_id(
    subscribe, receiver, raised, enforcement, settings
):
    settings.PUBLIC_BASE_URL = "http://localhost:8000"
    subscription = subscribe()
    case = dispatched(raised(), enforcement)
    cases.supervise_case(TOWN, case_id=case.pk, reason="居民催了。", at=NOON)
    cases.add_note(CLERK, case_id=case.pk, words="内部记录。", at=NOON)
    rounds(subscription)
    rounds(subscription)
    told = [(one["type"].split(".")[2], one["data"]["move"]) for one in receiver.events]
    assert told == [
        ("raised", "raise"),
        ("moved", "accept"),
        ("moved", "triage"),
        ("moved", "dispatch"),
        ("supervised", "supervise"),
    ]
    first = receiver.events[0]
    with scope(EVERYWHERE):
        line = StateChange.objects.filter(object_id=case.pk).earliest("pk")
    assert first == {
        "specversion": "1.0",
        "id": str(line.pk),
        "source": "http://localhost:8000/api/v1/cases",
        "type": "yukuai.case.raised.v1",
        "subject": case.number,
        "time": "2026-03-02T04:00:00+00:00",
        "sequence": f"{line.pk:020d}",
        "datacontenttype": "application/json",
        "data": {
            "number": case.number,
            "move": "raise",
            "state": "submitted",
            "state_label": "等受理",
            "division_code": "X112",
        },
    }
    sequences = [one["sequence"] for one in receiver.events]
    assert sequences == sorted(sequences)
    assert receiver.forged == 0


def test_only_declared_words_are_told_and_the_person_sees_that_they_were(
    subscribe, receiver, raised
):
    subscription = subscribe(fields=["body"])
    case = raised(place_text="2 单元", name="王小满", phone="19900000417")
    rounds(subscription)
    [event] = receiver.events
    assert event["data"]["body"] == case.body
    assert "place_text" not in event["data"]
    assert "19900000417" not in repr(event)
    with scope((), case.holders):
        [entry] = AuditEntry.objects.filter(act="api.event.read")
    assert (entry.purpose, entry.actor) == ("把进度告诉来电人", "接口客户 热线平台")


def test_another_areas_matter_never_appears(subscribe, receiver, raised, world):
    subscription = subscribe(division=12)
    raised(division_id=1111)
    own = raised(division_id=113)
    rounds(subscription)
    assert [one["subject"] for one in receiver.events] == [own.number]
    with scope(EVERYWHERE):
        actor = find_client_actor(SYSTEM, client_id=ApiClient.objects.get().pk, at=NOON)
    with scope(EVERYWHERE):  # even where row-level security would let it through
        found = read_events(
            actor, types=ALL, cursor=0, horizon=find_horizon(SYSTEM), limit=100
        ).events
    assert [told.case.number for told in found] == [own.number]


def test_only_the_chosen_types_are_told(subscribe, receiver, raised, enforcement):
    subscription = subscribe(types=["yukuai.case.raised.v1"])
    dispatched(raised(), enforcement)
    rounds(subscription)
    assert [one["data"]["move"] for one in receiver.events] == ["raise"]
    assert state(subscription).cursor == find_horizon(SYSTEM)


@pytest.mark.parametrize("fault", ["500", "cut", "lose"])
def test_a_fault_delays_what_follows_and_loses_nothing(fault, subscribe, receiver, raised):
    subscription = subscribe()
    first, second = raised(), raised()
    receiver.faults = [fault]
    rounds(subscription)
    waiting = state(subscription)
    assert (waiting.attempts, waiting.failing_since) == (1, NOON)
    assert waiting.next_try_at >= later(10)
    rounds(subscription, at=later(5))
    assert len(receiver.events) == (0 if fault == "500" else 1)
    rounds(subscription, at=later(60))
    subjects = [one["subject"] for one in receiver.events]
    assert list(dict.fromkeys(subjects)) == [first.number, second.number]
    ids = {one["id"] for one in receiver.events}
    assert len(ids) == 2  # told again, it is the same event
    assert (state(subscription).attempts, state(subscription).error) == (0, "")
    with scope(EVERYWHERE):
        outcomes = list(Try.objects.order_by("pk").values_list("status", flat=True))
    assert outcomes[-2:] == [202, 202]


def test_who_fails_too_long_is_paused_both_sides_hear_and_resuming_goes_on_from_there(
    subscribe, receiver, raised, world
):
    keeper = make_staff("aq01", id=201)
    make_post(keeper, Role.SEC_ADMIN, world[2])
    subscription = subscribe(contact="199 0000 0999")
    first, second = raised(), raised()
    receiver.faults = ["500"] * 2
    rounds(subscription)
    rounds(subscription, at=NOON + timedelta(hours=24))
    paused = state(subscription)
    assert (paused.state, paused.next_try_at) == ("paused", None)
    rounds(subscription, at=NOON + timedelta(hours=48))
    assert receiver.events == []
    with scope(EVERYWHERE):
        [message] = Message.objects.filter(recipient=keeper)
        [text] = Delivery.objects.all()
    assert message.title == "推送暂停了：热线平台"
    assert text.phone == "19900000999"
    resume_subscription(GUARD, subscription_id=subscription, at=NOON + timedelta(hours=49))
    rounds(subscription, at=NOON + timedelta(hours=49))
    assert [one["subject"] for one in receiver.events] == [first.number, second.number]


def test_gone_pauses_at_once(subscribe, receiver, raised):
    subscription = subscribe()
    raised()
    receiver.faults = ["410"]
    rounds(subscription)
    assert state(subscription).state == "paused"


def test_a_replay_tells_the_same_events_with_the_same_ids(subscribe, receiver, raised, enforcement):
    subscription = subscribe()
    dispatched(raised(), enforcement)
    rounds(subscription)
    before = list(receiver.events)
    receiver.events.clear()
    replay_events(GUARD, subscription_id=subscription, since=date(2026, 3, 2), at=NOON)
    rounds(subscription)
    assert receiver.events == before
    with pytest.raises(InvalidInput, match="不用重放"):
        replay_events(GUARD, subscription_id=subscription, since=date(2026, 3, 3), at=NOON)


def test_until_they_agree_nothing_is_told(world, receiver, whole, clock, raised):
    receiver.allows = "somebody.else"
    made, receiver.secret = create_subscription(
        GUARD, client_id=client(world).pk, address=receiver.url, types=ALL, at=NOON
    )
    assert "没有同意接收" in feeding.shake(GUARD, subscription_id=made.pk, at=NOON)
    assert receiver.asked == ["localhost"]
    raised()
    rounds(made.pk)
    assert (receiver.events, state(made.pk).state) == ([], "pending")
    receiver.allows, receiver.rate = "localhost", "60"
    assert feeding.shake(GUARD, subscription_id=made.pk, at=NOON) == ""
    rounds(made.pk)
    assert len(receiver.events) == 1
    assert state(made.pk).per_minute == 60


def test_while_the_secret_is_changed_both_sign_and_then_only_the_new_one(
    subscribe, receiver, raised
):
    subscription = subscribe()
    old = receiver.secret
    new = change_webhook_secret(GUARD, subscription_id=subscription, at=NOON)
    raised()
    rounds(subscription)
    assert (len(receiver.events), receiver.forged) == (1, 0)  # verified with the old one
    raised()
    receiver.secret = new
    rounds(subscription, at=later(60))
    assert len(receiver.events) == 2
    receiver.secret = old
    raised()
    rounds(subscription, at=NOON + timedelta(days=7))
    assert (len(receiver.events), receiver.forged) == (2, 1)


def test_an_ended_client_or_subscription_is_told_nothing(subscribe, receiver, raised):
    subscription = subscribe()
    ApiClient.objects.update(valid_to=NOON)
    raised()
    rounds(subscription, at=later(1))
    assert (receiver.events, state(subscription).state) == ([], "ended")
    with pytest.raises(Conflict):
        resume_subscription(GUARD, subscription_id=subscription, at=NOON)


def test_a_guard_of_another_place_finds_nothing_to_change(subscribe):
    subscription = subscribe()
    for act in (
        lambda who: end_subscription(who, subscription_id=subscription, reason="停", at=NOON),
        lambda who: change_webhook_secret(who, subscription_id=subscription, at=NOON),
        lambda who: replay_events(
            who, subscription_id=subscription, since=date(2026, 3, 1), at=NOON
        ),
    ):
        with pytest.raises(NotFound):
            act(OTHER_GUARD)
        with pytest.raises(NotPermitted):
            act(TOWN)
    assert state(subscription).state == "active"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"types": ["unknown"]}, "types"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"contact": "1234"}, "contact"),
    ],
)
def test_a_refused_subscription_is_not_made(said, field, world, whole):
    typed = {"address": "http://127.0.0.1:1/", "types": ALL, "contact": ""} | said
    with pytest.raises(InvalidInput) as refused:
        create_subscription(GUARD, client_id=client(world).pk, **typed, at=NOON)
    assert field in refused.value.fields
    with scope(EVERYWHERE):
        assert Subscription.objects.count() == 0


def test_secrets_lie_sealed_and_old_tries_are_forgotten(subscribe, receiver, raised):
    subscription = subscribe(contact="19900000999")
    raised()
    rounds(subscription)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT secret, contact FROM exchange_subscription")
        [(secret, contact)] = cursor.fetchall()
    assert secret.startswith("s1:")
    assert contact.startswith("s1:")
    assert forget_tries(SYSTEM, at=NOON + timedelta(days=30)) == 0
    assert forget_tries(SYSTEM, at=NOON + timedelta(days=30, seconds=1)) == 1


def test_every_writer_of_the_log_has_its_transactions_id_before_its_line(raised, world, whole):
    """What the horizon rests on: the matter is locked or written first."""
    statements = []

    def watch(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        case = raised()
        cases.accept_case(CLERK, case_id=case.pk, at=NOON)
        cases.add_note(CLERK, case_id=case.pk, words="记。", at=NOON)
    lines = [n for n, sql in enumerate(statements) if 'INSERT INTO "workflow_statechange"' in sql]
    assert len(lines) == 3
    for start, end in zip([-1, *lines], lines, strict=False):
        earlier = statements[start + 1 : end]
        at_once = statements[end].startswith('WITH r0 AS (INSERT INTO "cases_case"')
        assert at_once or any("FOR UPDATE" in s or s.startswith("INSERT") for s in earlier)

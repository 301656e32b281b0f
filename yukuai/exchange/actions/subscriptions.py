"""Webhooks: who is told of what, and how each telling went."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_client_actor, find_staff_for, get_client
from yukuai.accounts.rules import phone_problem, tidy_phone
from yukuai.audit.actions import record
from yukuai.cases.public import DECLARABLE
from yukuai.divisions.queries import list_ancestors
from yukuai.exchange.actions._steps import checked_reason
from yukuai.exchange.cloudevents import to_bytes
from yukuai.exchange.gateways.wire import Answer, address_problem
from yukuai.exchange.models import Subscription, Try
from yukuai.exchange.queries.subscriptions import (
    Told,
    find_first_line,
    get_subscription,
    read_events,
)
from yukuai.exchange.rules import EVENT_TYPES, LEASE, next_round
from yukuai.exchange.states import SubscriptionState
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.messaging.actions import notify_users, queue_sms
from yukuai.workflow.horizon import find_horizon

SECRET_BYTES = 32
ROTATION = timedelta(days=7)
BATCH = 50
KEPT = timedelta(days=30)
S = SubscriptionState


@dataclass(frozen=True)
class Feed:
    """What one round tells, in order. `until`: how far it has then been told."""

    address: str
    secrets: tuple[str, ...]
    events: tuple[tuple[Told, bytes], ...]
    until: int
    more: bool
    """Behind `until` there is more to look through."""


@action
def create_subscription(
    actor: Actor,
    *,
    client_id: int,
    address: str,
    types: Iterable[str],
    contact: str = "",
    at: datetime,
) -> tuple[Subscription, str]:
    """Returns it with its secret, which is shown only here. It begins with what happens from now
    on, once they have agreed."""
    client = get_client(actor, client_id=client_id)
    policy.require(actor, Permission.CLIENT_MANAGE, client)
    if client.valid_to is not None and client.valid_to <= at:
        raise Conflict("这个接口客户已经停用了，不能再订阅。")
    chosen = _types(types)
    url, phone = _address(address), _contact(contact)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = Subscription.objects.create(
        division=client.division,
        client=client,
        address=url,
        types=chosen,
        secret=secret,
        contact=phone,
        cursor=find_horizon(actor),
        created_at=at,
        created_by=actor.label,
    )
    _remember(actor, made, act="webhook.create", at=at, address=url, types=chosen)
    return made, secret


def _types(types: Iterable[str]) -> list[str]:
    chosen = [name for name in EVENT_TYPES if name in set(types)]
    if not chosen:
        raise InvalidInput("至少选一种事件。", fields={"types": "至少选一种事件。"})
    return chosen


def _address(address: str) -> str:
    url = address.strip()
    problem = address_problem(url) if len(url) <= 300 else "地址最多 300 个字符。"
    if problem:
        raise InvalidInput(problem, fields={"address": problem})
    return url


def _contact(contact: str) -> str:
    phone = tidy_phone(contact)
    problem = phone_problem(phone) if phone else ""
    if problem:
        raise InvalidInput(problem, fields={"contact": problem})
    return phone


@action
def note_agreed(
    actor: Actor, *, subscription_id: int, per_minute: int | None, at: datetime
) -> None:
    """They agreed to be called: from now on they are."""
    found = Subscription.objects.select_for_update().get(pk=subscription_id)
    if found.state != S.PENDING:
        return
    found.state, found.per_minute, found.next_try_at, found.error = S.ACTIVE, per_minute, at, ""
    found.save()


@action
def note_not_agreed(actor: Actor, *, subscription_id: int, error: str, at: datetime) -> None:
    found = Subscription.objects.select_for_update().get(pk=subscription_id)
    found.error = error[:300]
    found.save(update_fields=["error"])


@action
def change_webhook_secret(actor: Actor, *, subscription_id: int, at: datetime) -> str:
    """A new secret, shown only here; until the former one runs out both sign."""
    found = _locked(actor, subscription_id)
    found.former, found.former_until = found.secret, at + ROTATION
    found.secret = secrets.token_urlsafe(SECRET_BYTES)
    found.save()
    _remember(actor, found, act="webhook.secret", at=at)
    return str(found.secret)


@action
def end_subscription(actor: Actor, *, subscription_id: int, reason: str, at: datetime) -> None:
    found = _locked(actor, subscription_id)
    why = checked_reason(reason)
    found.state, found.next_try_at, found.ended_at = S.ENDED, None, at
    found.save()
    _remember(actor, found, act="webhook.end", at=at, reason=why)


@action
def resume_subscription(actor: Actor, *, subscription_id: int, at: datetime) -> None:
    """On from its cursor: what happened meanwhile is told first."""
    found = _locked(actor, subscription_id)
    if found.state != S.PAUSED:
        raise Conflict("这个订阅没有暂停。")
    _start_anew(found, at)
    _remember(actor, found, act="webhook.resume", at=at)


@action
def replay_events(actor: Actor, *, subscription_id: int, since: date, at: datetime) -> None:
    """Tell again what happened since a day: the same events with the same ids."""
    found = _locked(actor, subscription_id)
    if found.state not in (S.ACTIVE, S.PAUSED):
        raise Conflict("对方同意接收以后才能重放。")
    begin = datetime.combine(since, time(0), SHANGHAI)
    first = find_first_line(actor, area=found.area, since=begin)
    if first is None:
        sentence = "那一天以后没有发生过什么，不用重放。"
        raise InvalidInput(sentence, fields={"since": sentence})
    found.cursor = min(found.cursor, first - 1)
    _start_anew(found, at)
    _remember(actor, found, act="webhook.replay", at=at, since=str(since))


def _start_anew(found: Subscription, at: datetime) -> None:
    found.state, found.next_try_at = S.ACTIVE, at
    found.attempts, found.failing_since, found.error = 0, None, ""
    found.save()


def _locked(actor: Actor, subscription_id: int) -> Subscription:
    get_subscription(actor, subscription_id=subscription_id)
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("division")
    found = rows.get(pk=subscription_id)
    if found.state == S.ENDED:
        raise Conflict("这个订阅已经停用了。")
    return found


@action
def open_feed(actor: Actor, *, subscription_id: int, at: datetime) -> Actor | None:
    """Take the round: as whom it is read; None when it is not due, or another worker has it."""
    rows = Subscription.objects.select_for_update(skip_locked=True)
    found = rows.filter(pk=subscription_id, state=S.ACTIVE, next_try_at__lte=at).first()
    if found is None:
        return None
    client = find_client_actor(actor, client_id=found.client_id, at=at)
    if client is None:
        found.state, found.next_try_at, found.ended_at = S.ENDED, None, at
        found.error = "接口客户停用了，订阅跟着停。"
        found.save()
        return None
    found.next_try_at = at + LEASE
    found.save(update_fields=["next_try_at"])
    return client


@action
def read_feed(actor: Actor, *, subscription_id: int, at: datetime) -> Feed:
    """The client's own look: within its area, by its declared fields. That words of a person's
    matter leave is on record for that person."""
    found = Subscription.objects.get(pk=subscription_id)
    limit = BATCH if found.per_minute is None else max(1, min(BATCH, found.per_minute // 6))
    horizon = find_horizon(actor)
    stretch = read_events(
        actor,
        types=found.types,
        cursor=found.cursor,
        horizon=horizon,
        limit=1 if found.attempts else limit,  # one knock until somebody opens
    )
    note_reading(actor, stretch.events, at=at)
    keys = [found.secret]
    if found.former and found.former_until and found.former_until > at:
        keys.append(found.former)
    events = tuple((told, to_bytes(told.event)) for told in stretch.events)
    return Feed(found.address, tuple(keys), events, stretch.until, stretch.until < horizon)


def note_reading(actor: Actor, events: Iterable[Told], *, at: datetime) -> None:
    """A step: declared words of somebody's matter go to a client."""
    for told in events:
        if told.private:
            record(
                actor,
                act="api.event.read",
                target=told.case.number,
                area=told.case.area,
                at=at,
                purpose=actor.details["purpose"],
                holders=told.case.holders,
                fields=[DECLARABLE[name] for name in actor.details["fields"] if name in DECLARABLE],
            )


@action
def note_told(
    actor: Actor, *, subscription_id: int, told: Told, answer: Answer, at: datetime
) -> None:
    found = Subscription.objects.select_for_update().get(pk=subscription_id)
    found.cursor = max(found.cursor, told.change_id)
    found.attempts, found.failing_since, found.error = 0, None, ""
    found.save(update_fields=["cursor", "attempts", "failing_since", "error"])
    _log(found, told, answer, "", at)


@action
def note_untold(
    actor: Actor,
    *,
    subscription_id: int,
    told: Told,
    error: str,
    answer: Answer | None,
    gone: bool = False,
    at: datetime,
) -> None:
    """The same event again later; after too long a time, or when they are gone, it is paused and
    both sides hear of it."""
    rows = Subscription.objects.select_for_update(of=("self",))
    found = rows.select_related("division", "client").get(pk=subscription_id)
    if found.state != S.ACTIVE:
        return
    found.attempts += 1
    found.error, found.failing_since = error[:300], found.failing_since or at
    chance = secrets.randbelow(1000) / 1000
    found.next_try_at = next_round(at, attempts=found.attempts, chance=chance)
    if gone or at - found.failing_since >= timedelta(hours=found.pause_after_hours):
        found.state, found.next_try_at = S.PAUSED, None
        _tell_of_pause(actor, found, at)
    found.save()
    _log(found, told, answer, error, at)


@action
def close_feed(actor: Actor, *, subscription_id: int, until: int, at: datetime) -> None:
    """The round went well: told up to there."""
    found = Subscription.objects.select_for_update().get(pk=subscription_id)
    if found.state == S.ACTIVE:
        found.cursor, found.next_try_at = max(found.cursor, until), at
        found.save(update_fields=["cursor", "next_try_at"])


def _log(found: Subscription, told: Told, answer: Answer | None, error: str, at: datetime) -> None:
    Try.objects.create(
        division=found.division,
        subscription=found,
        change_id=told.change_id,
        type=told.type,
        number=told.case.number,
        tried_at=at,
        status=answer.status if answer else None,
        milliseconds=answer.milliseconds if answer else 0,
        error=error[:300],
    )


def _tell_of_pause(actor: Actor, found: Subscription, at: datetime) -> None:
    once = f"webhook:{found.pk}:{at:%Y%m%d%H}"
    values = {"client": found.client.name, "reason": found.error}
    if found.contact:
        queue_sms(
            actor, phone=found.contact, template="webhook-paused", values=values, dedupe=once, at=at
        )
    for level in (found.division, *reversed(list_ancestors(actor, division=found.division))):
        users = find_staff_for(
            actor,
            division_id=level.pk,
            department_id=None,
            permission=Permission.CLIENT_MANAGE,
            at=at,
        )
        if users:
            notify_users(
                actor,
                user_ids=users,
                template="webhook-paused",
                values=values,
                link=f"/work/clients/{found.client_id}/webhooks/",
                dedupe=once,
                at=at,
            )
            return


@action
def forget_tries(actor: Actor, *, at: datetime) -> int:
    return Try.objects.filter(tried_at__lt=at - KEPT).delete()[0]


def _remember(actor: Actor, found: Subscription, *, act: str, at: datetime, **details: Any) -> None:
    target = f"subscription:{found.pk}"
    record(actor, act=act, target=target, area=found.area, at=at, **details)

"""The worker's rounds to the addresses of subscribers: read, tell one by one, note each."""

from datetime import datetime

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.exchange.actions.subscriptions import (
    Feed,
    close_feed,
    note_agreed,
    note_not_agreed,
    note_told,
    note_untold,
    open_feed,
    read_feed,
)
from yukuai.exchange.gateways import webhooks
from yukuai.exchange.gateways.port import Unreachable
from yukuai.exchange.gateways.wire import Answer
from yukuai.exchange.queries.subscriptions import (
    Told,
    get_subscription,
    list_due_subscriptions,
)
from yukuai.kernel.scope import EVERYWHERE, scope


def shake(actor: Actor, *, subscription_id: int, at: datetime) -> str:
    """Ask whether we may come. Returns why not, or ''."""
    with scope(actor.areas):
        address = get_subscription(actor, subscription_id=subscription_id).address
    try:
        allowed = webhooks.shake_hands(address)
    except Unreachable as error:
        note_not_agreed(SYSTEM, subscription_id=subscription_id, error=error.message, at=at)
        return error.message
    note_agreed(SYSTEM, subscription_id=subscription_id, per_minute=allowed.per_minute, at=at)
    return ""


def feed(*, subscription_id: int, at: datetime) -> bool:
    """One round. Returns whether there is more to tell right away."""
    client = open_feed(SYSTEM, subscription_id=subscription_id, at=at)
    if client is None:
        return False
    taken = read_feed(client, subscription_id=subscription_id, at=at)
    for told, body in taken.events:
        if not _tell(subscription_id, taken, told, body, at):
            return False
    close_feed(SYSTEM, subscription_id=subscription_id, until=taken.until, at=at)
    return taken.more


def _tell(subscription_id: int, taken: Feed, told: Told, body: bytes, at: datetime) -> bool:
    answer: Answer | None = None
    try:
        answer = webhooks.tell(taken.address, body, taken.secrets, at=at)
        error = "" if 200 <= answer.status < 300 else f"对方回应 {answer.status}。"
    except Unreachable as failure:
        error = failure.message
    if not error and answer is not None:
        note_told(SYSTEM, subscription_id=subscription_id, told=told, answer=answer, at=at)
        return True
    note_untold(
        SYSTEM,
        subscription_id=subscription_id,
        told=told,
        error=error,
        answer=answer,
        gone=answer is not None and answer.status == webhooks.GONE,
        at=at,
    )
    return False


def list_due(*, horizon: int, at: datetime) -> list[int]:
    with scope(EVERYWHERE):
        return list_due_subscriptions(SYSTEM, horizon=horizon, at=at)

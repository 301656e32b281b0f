"""Subscriptions, their log, and events from a cursor on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Min, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import list_cases
from yukuai.exchange.cloudevents import contents, make_event, type_of
from yukuai.exchange.models import Subscription, Try
from yukuai.exchange.states import SubscriptionState
from yukuai.kernel.errors import NotFound
from yukuai.workflow.queries import list_log

if TYPE_CHECKING:
    from yukuai.cases.models import Case
    from yukuai.workflow.models import StateChange

P = Permission
WINDOW = 5000
"""So many lines of the log are looked through at once, whatever is found in them."""


def list_subscriptions(actor: Actor, *, client_id: int) -> QuerySet[Subscription]:
    policy.require_anywhere(actor, P.CLIENT_MANAGE)
    rows = Subscription.objects.filter(client=client_id).select_related("client", "division")
    return policy.visible(actor, P.CLIENT_MANAGE, rows).order_by("pk")


def get_subscription(actor: Actor, *, subscription_id: int) -> Subscription:
    policy.require_anywhere(actor, P.CLIENT_MANAGE)
    rows = Subscription.objects.filter(pk=subscription_id).select_related("client", "division")
    found = policy.visible(actor, P.CLIENT_MANAGE, rows).first()
    if found is None:
        raise NotFound("没有这个订阅。可能网址不对，也可能不归您的岗位管。")
    return found


def list_tries(actor: Actor, *, subscription: Subscription, limit: int) -> list[Try]:
    """The last attempts of a subscription the actor was already allowed to see."""
    return list(Try.objects.filter(subscription=subscription).order_by("-pk")[:limit])


def list_due_subscriptions(actor: Actor, *, horizon: int, at: datetime) -> list[int]:
    """Those with something new in the log, which may be tried."""
    rows = Subscription.objects.filter(state=SubscriptionState.ACTIVE, next_try_at__lte=at)
    rows = rows.filter(cursor__lt=horizon)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True))


def find_first_line(actor: Actor, *, area: str, since: datetime) -> int | None:
    """The line from which a replay since a moment begins."""
    rows = list_log(actor, workflow="case").filter(area__within=area, happened_at__gte=since)
    found: int | None = rows.order_by().aggregate(first=Min("pk"))["first"]
    return found


@dataclass(frozen=True)
class Told:
    """One event, ready; `private` where it carries declared words of a person's matter."""

    change_id: int
    type: str
    case: "Case"
    event: dict[str, Any]
    private: bool


@dataclass(frozen=True)
class Stretch:
    """What was found between two marks; behind `until` the search goes on."""

    events: list[Told]
    until: int


def read_events(
    actor: Actor, *, types: Collection[str], cursor: int, horizon: int, limit: int
) -> Stretch:
    """For a client: events behind the cursor, within its area and what it declared, in their
    order. Never beyond the horizon, so that none is skipped."""
    edge = min(horizon, cursor + WINDOW)
    lines = list_log(actor, workflow="case").filter(pk__gt=cursor, pk__lte=edge)
    found: list[StateChange] = []
    for change in policy.visible(actor, P.CASE_VIEW, lines):
        if type_of(change) in types:
            found.append(change)
        if len(found) == limit:
            break
    until = found[-1].pk if len(found) == limit else max(edge, cursor)
    return Stretch(_told(actor, found), until)


def _told(actor: Actor, changes: "list[StateChange]") -> list[Told]:
    ids = {change.object_id for change in changes}
    cases = {case.pk: case for case in list_cases(actor).defer(None).filter(pk__in=ids)}
    fields = actor.details["fields"]
    return [
        Told(
            change.pk,
            type_of(change),
            cases[change.object_id],
            make_event(change, cases[change.object_id], fields=fields),
            bool(contents(change, cases[change.object_id], fields=fields)),
        )
        for change in changes
        if change.object_id in cases
    ]

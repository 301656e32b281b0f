"""Reading the log. What may be read is fenced by row-level security: an auditor's own areas, and
what was done with one's own data. Whether somebody is an auditor is the view's declaration, for
this app knows no permissions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, Q, QuerySet, Sum

from yukuai.audit.models import AuditEntry, AuditSeal
from yukuai.kernel.actions import Acts
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, widened

MINE_CAP = 99
WAITING_CAP = 1000


class Reader(Acts, Protocol):
    """An actor, as far as this app knows one."""

    @property
    def user_id(self) -> int | None: ...


def within(area: str) -> Q:
    """Entries of a subtree, as a range: LIKE never reaches an index under row-level security."""
    return Q(area__gte=area, area__lt=f"{area[:-1]}/") if area else Q()


def list_entries(
    actor: Acts,
    *,
    area: str | None = None,
    act: str | None = None,
    text: str | None = None,
    who: str | None = None,
    target: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    without: str | None = None,
) -> QuerySet[AuditEntry]:
    """The log of the actor's areas, newest first. `act` is one act (`case.accept`) or all of a
    kind (`case.`), `without` leaves one act out; `text` is looked for in who, what and
    why; `until` is not included."""
    fence = Q(pk__in=[])
    for path in actor.areas:
        fence |= within(path)
    rows = AuditEntry.objects.filter(fence if "" not in actor.areas else Q())
    if area is not None:
        rows = rows.filter(within(area))
    if text:
        wanted = text.replace("\x00", "").strip()
        rows = rows.filter(
            Q(actor__icontains=wanted) | Q(target__icontains=wanted) | Q(purpose__icontains=wanted)
        )
    lookups = {
        "act__startswith" if act and act.endswith(".") else "act": act,
        "actor__contains": who,
        "target__startswith": target,
        "happened_at__gte": since,
        "happened_at__lt": until,
    }
    rows = rows.filter(**{lookup: value for lookup, value in lookups.items() if value})
    if without:
        rows = rows.exclude(act=without)
    return rows.order_by("-happened_at", "-pk")


def get_entry(actor: Acts, *, entry_id: int) -> AuditEntry:
    found = list_entries(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound("没有这条记录。可能网址不对，也可能不在您的范围。")
    return found


@dataclass(frozen=True)
class Chain:
    """How the seals stand: of the whole city, numbers only. `waiting` is counted to 1000."""

    seals: int
    entries: int
    newest: AuditSeal | None
    waiting: int


def get_chain(actor: Acts) -> Chain:
    counted = AuditSeal.objects.aggregate(seals=Count("pk"), entries=Sum("entries", default=0))
    newest = AuditSeal.objects.order_by("-until_xact").first()
    since = newest.until_xact if newest else 0
    with widened(EVERYWHERE):
        later = AuditEntry.objects.filter(xact__gte=since).values_list("pk")
        waiting = len(later[: WAITING_CAP + 1])
    return Chain(newest=newest, waiting=waiting, **counted)


def list_my_entries(actor: Reader) -> QuerySet[AuditEntry]:
    """“谁看过我的信息”: what others did with the actor's personal data, newest first."""
    rows = AuditEntry.objects.filter(holders__overlap=list(actor.holders))
    if actor.user_id is not None:
        rows = rows.exclude(user_id=actor.user_id)
    return rows.order_by("-happened_at", "-pk")

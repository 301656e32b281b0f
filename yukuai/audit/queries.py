"""Reading the log. What may be read is fenced by row-level security: an auditor's own areas, and
what was done with one's own data. Whether somebody is an auditor is the view's declaration, for
this app knows no permissions."""

from datetime import datetime
from typing import Protocol

from django.db.models import Q, QuerySet

from yukuai.audit.models import AuditEntry
from yukuai.kernel.actions import Acts

MINE_CAP = 99


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
) -> QuerySet[AuditEntry]:
    """The log of the actor's areas, newest first. `act` is one act (`case.accept`) or all of a
    kind (`case.`); `text` is looked for in who, what and why; `until` is not included."""
    fence = Q(pk__in=[])
    for path in actor.areas:
        fence |= within(path)
    rows = AuditEntry.objects.filter(fence if "" not in actor.areas else Q())
    if area is not None:
        rows = rows.filter(within(area))
    if act:
        rows = rows.filter(act__startswith=act) if act.endswith(".") else rows.filter(act=act)
    if text:
        wanted = text.replace("\x00", "").strip()
        rows = rows.filter(
            Q(actor__icontains=wanted) | Q(target__icontains=wanted) | Q(purpose__icontains=wanted)
        )
    if who:
        rows = rows.filter(actor__contains=who)
    if target:
        rows = rows.filter(target__startswith=target)
    if since is not None:
        rows = rows.filter(happened_at__gte=since)
    if until is not None:
        rows = rows.filter(happened_at__lt=until)
    return rows.order_by("-happened_at", "-pk")


def list_my_entries(actor: Reader) -> QuerySet[AuditEntry]:
    """“谁看过我的信息”: what others did with the actor's personal data, newest first."""
    rows = AuditEntry.objects.filter(holders__overlap=list(actor.holders))
    if actor.user_id is not None:
        rows = rows.exclude(user_id=actor.user_id)
    return rows.order_by("-happened_at", "-pk")


def count_my_entries(actor: Reader) -> int:
    """Counted to 100 and no further: 100 is said as “99+”."""
    return len(list_my_entries(actor).values_list("pk")[: MINE_CAP + 1])

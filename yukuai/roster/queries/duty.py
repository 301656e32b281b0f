"""Who is on duty at this moment: for messages, and for whoever telephones."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import list_posts_at, list_posts_for
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.roster.models import Assignment
from yukuai.roster.queries.desks import Desk
from yukuai.roster.rules import Holder, first_asked


def _now(at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(ended_at=None, starts_at__lte=at, ends_at__gt=at)


def find_staff_now(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None,
    permission: Permission,
    but: int | None = None,
    at: datetime,
) -> list[int]:
    """Whom to ask first: of those who hold the permission at this window the ones on duty now; all
    of them when none is. `but`: who made the move himself and need not be told. One statement."""
    rows = list_posts_for(
        actor, division_id=division_id, department_id=department_id, permission=permission, at=at
    )
    here = _now(at).filter(post=OuterRef("pk"), division=division_id, department=department_id)
    pairs = rows.annotate(on_duty=Exists(here)).values_list("user", "on_duty")
    return first_asked((Holder(*pair) for pair in pairs), but=but)


def list_staff_now(
    actor: Actor, *, division_ids: Iterable[int], permission: Permission, at: datetime
) -> dict[int, list[Holder]]:
    """Who holds the permission at each of these places, in no department: of a hundred places in
    one statement."""
    rows = list_posts_at(actor, division_ids=division_ids, permission=permission, at=at)
    here = _now(at).filter(post=OuterRef("pk"), division=OuterRef("division"), department=None)
    rows = rows.filter(department=None).annotate(on_duty=Exists(here))
    found: dict[int, list[Holder]] = defaultdict(list)
    for division_id, user_id, on_duty in rows.values_list("division", "user", "on_duty"):
        found[division_id].append(Holder(user_id, on_duty))
    return found


def list_on_duty(actor: Actor, *, desk: Desk, at: datetime) -> QuerySet[Assignment]:
    """Of one's own window: who is to be asked now."""
    rows = _now(at).filter(**desk.found_by).select_related("shift", "post__user")
    return rows.order_by("starts_at", "pk")


def is_on_duty(actor: Actor, *, desk: Desk, at: datetime) -> bool:
    rows = _now(at).filter(**desk.found_by, post__user=actor.user_id)
    return bool(rows.exists())


def find_end_of_next_shift(actor: Actor, *, desk: Desk, at: datetime) -> datetime | None:
    """When the shift after this one ends, as far as somebody was assigned."""
    rows = Assignment.objects.filter(**desk.found_by, ended_at=None, ends_at__gt=at)
    ends = rows.filter(starts_at__gt=at).order_by("starts_at").values_list("ends_at", flat=True)
    return ends.first()


@dataclass(frozen=True)
class Manned:
    """A window at which somebody is on duty: nobody's name, and until when."""

    division_id: int
    department_id: int | None
    until: datetime


def list_manned(actor: Actor, *, division_ids: Iterable[int], at: datetime) -> list[Manned]:
    """For everybody: at which windows of these places somebody sits now, and until when. Only
    that: the step looks beyond the reader's scope and hands out neither names nor numbers."""
    with widened(EVERYWHERE):
        rows = _now(at).filter(_in_office(at), division__in=list(division_ids))
        found = rows.order_by().values_list("division", "department").annotate(Max("ends_at"))
        return [Manned(*values) for values in found.order_by("division", "department")]


def _in_office(at: datetime) -> Q:
    """The post of an assignment still holds."""
    wanted: Any = Q(post__valid_to=None) | Q(post__valid_to__gt=at)
    return Q(wanted, post__user__is_active=True)

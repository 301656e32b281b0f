from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.kernel.reference import Reference, ReferenceMap
from yukuai.workflow.calendar import Calendar
from yukuai.workflow.definitions import Move
from yukuai.workflow.models import Deadline, RulePack, SpecialDay, StateChange


@dataclass(frozen=True)
class Offer:
    """A move as a button: allowed, or refused with the sentence that stands beside it."""

    move: Move
    allowed: bool
    reason: str


def list_offers(actor: Actor, *, obj: Any, at: datetime) -> list[Offer]:
    """Every move of the object's workflow that the actor may make here at all, in the table's
    order; a refused one stays in its place with its reason (LOOK.md §1.5)."""
    return [_offer(actor, obj, move, at) for move in obj.workflow.moves if not move.timed]


def _offer(actor: Actor, obj: Any, move: Move, at: datetime) -> Offer:
    verdict = policy.check(actor, move.permission, obj)
    if not verdict:
        return Offer(move, False, verdict.reason)
    if obj.state not in move.sources:
        label = obj.workflow.states[obj.state]
        return Offer(move, False, move.why_not or f"现在是“{label}”。")
    objection = move.guard(actor, obj, at)
    return Offer(move, not objection, objection or move.does)


def list_changes(actor: Actor, *, obj: Any) -> QuerySet[StateChange]:
    """The log of an object the actor was already allowed to read, newest first."""
    rows = StateChange.objects.filter(workflow=obj.workflow.name, object_id=obj.pk)
    return rows.order_by("-pk")


def list_log(actor: Actor, *, workflow: str) -> QuerySet[StateChange]:
    """Every line of a workflow the scope lets through, oldest first: for whoever follows along."""
    return StateChange.objects.filter(workflow=workflow).order_by("pk")


def list_moves_made(obj: Any, *, names: Iterable[str]) -> list[tuple[str, int | None, Any]]:
    """Move, user and data of the lines of these names, oldest first: for guards, which judge by
    what was done before."""
    rows = StateChange.objects.filter(workflow=obj.workflow.name, object_id=obj.pk)
    rows = rows.filter(move__in=list(names)).order_by("pk")
    return list(rows.values_list("move", "user_id", "data"))


def get_change(actor: Actor, *, change_id: int) -> StateChange:
    """One line of a log, for jobs. Raises NotFound."""
    found = StateChange.objects.filter(pk=change_id).first()
    if found is None:
        raise NotFound("这条记录不在您的范围。")
    return found


def list_changes_of(actor: Actor, *, change_ids: Iterable[int]) -> dict[int, StateChange]:
    """These lines of the log, by id, as far as the scope lets them through."""
    return StateChange.objects.in_bulk(list(change_ids))


def list_deadlines(actor: Actor, *, obj: Any) -> QuerySet[Deadline]:
    """The clocks of an object the actor was already allowed to read: running ones first."""
    rows = Deadline.objects.filter(workflow=obj.workflow.name, object_id=obj.pk, dropped_at=None)
    rows = rows.select_related("owner")
    return rows.order_by("met_at", "due_at", "pk")


def list_due(actor: Actor, *, workflow: str, before: datetime) -> QuerySet[Deadline]:
    """Running clocks at the actor's own door that end before a moment, the latest first."""
    mine = Q(pk__in=[])
    for grant in actor.grants:
        if grant.capture is not None:
            mine |= Q(owner_area=grant.capture, owner_department_id=grant.department_id)
    rows = Deadline.objects.filter(mine, workflow=workflow, met_at=None, dropped_at=None)
    return rows.filter(due_at__lt=before).order_by("due_at", "pk")


def list_running(actor: Actor, *, workflow: str, permission: Permission) -> QuerySet[Deadline]:
    """Running clocks of what lies where the permission reaches, the latest first. For a grant of
    a department too wide: whoever calls joins with the objects it may see."""
    rows = Deadline.objects.filter(workflow=workflow, met_at=None, dropped_at=None)
    return policy.visible(actor, permission, rows).order_by("due_at", "pk")


def list_running_of(
    actor: Actor, *, workflow: str, object_ids: Iterable[int]
) -> QuerySet[Deadline]:
    """Running clocks of objects the actor was already allowed to read, the latest first."""
    rows = Deadline.objects.filter(workflow=workflow, met_at=None, dropped_at=None)
    return rows.filter(object_id__in=list(object_ids)).order_by("due_at", "pk")


def count_late(actor: Actor, *, workflow: str, area: str, at: datetime) -> dict[str, int]:
    """How many clocks of a subtree have run out, by what they are for: numbers alone."""
    rows = Deadline.objects.filter(workflow=workflow, met_at=None, dropped_at=None)
    rows = rows.filter(area__within=area, due_at__lt=at)
    counted = rows.order_by().values_list("label").annotate(number=Count("pk")).order_by("label")
    return dict(counted)


def _load_calendar() -> Calendar:
    return Calendar(dict(SpecialDay.objects.values_list("day", "working")))


_CALENDAR = Reference(_load_calendar)
_PACKS: ReferenceMap[str, tuple[RulePack, ...]] = ReferenceMap(
    lambda subject: tuple(RulePack.objects.filter(subject=subject))
)


def get_calendar(actor: Actor) -> Calendar:
    """The special days of all years: a few hundred rows, kept between requests."""
    return _CALENDAR.get()


def list_special_days(actor: Actor, *, days: Iterable[date]) -> QuerySet[SpecialDay]:
    """Those of these days that the plain week does not tell: holidays, and weekends worked."""
    return SpecialDay.objects.filter(day__in=list(days)).order_by("day")


def calendar_known_until(actor: Actor) -> date | None:
    """The last day of the last year whose holidays are loaded; beyond it the calendar guesses by
    the plain week, and whoever shows deadlines must say so. None: nothing is loaded."""
    last = SpecialDay.objects.order_by("-day").first()
    return date(last.day.year, 12, 31) if last else None


def get_rule_pack(actor: Actor, *, subject: str, area: str, at: datetime) -> RulePack:
    """The pack in force on that day: the narrowest jurisdiction wins, then the newest."""
    day = today(at)
    fitting = [
        pack
        for pack in _PACKS.get(subject)
        if area.startswith(pack.jurisdiction)
        and pack.effective_from <= day
        and (pack.effective_to is None or day < pack.effective_to)
    ]
    if not fitting:
        raise Unavailable(f"还没有装入“{subject}”的规则包，请系统管理员先装入。")
    return max(fitting, key=_precedence)


def get_pack_with_term(
    actor: Actor, *, pinned: RulePack, name: str, area: str, at: datetime
) -> RulePack:
    """The pinned pack where it knows the term. A pack that is older than the term does not: then
    the newest one in force, of the same code if there is one. Raises Unavailable."""
    if name in pinned.params["terms"]:
        return pinned
    day = today(at)
    rows = RulePack.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=day),
        subject=pinned.subject,
        effective_from__lte=day,
    )
    fitting = [p for p in rows if area.startswith(p.jurisdiction) and name in p.params["terms"]]
    if not fitting:
        raise Unavailable(f"规则包里还没有“{name}”这个期限，请系统管理员装入新的一版。")
    return max(fitting, key=lambda pack: (pack.code == pinned.code, *_precedence(pack)))


def _precedence(pack: RulePack) -> tuple[int, date, int]:
    return len(pack.jurisdiction), pack.effective_from, pack.version


def get_deadline(actor: Actor, *, deadline_id: int) -> Deadline | None:
    """For the worker: None when it has gone."""
    return Deadline.objects.filter(pk=deadline_id).select_related("division", "owner").first()

"""Steps that domain actions are made of, and the worker's own acts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from yukuai.accounts import policy
from yukuai.divisions.located import belonging_to
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.kernel.outbox import publish
from yukuai.workflow.calendar import next_reminder, share_reached
from yukuai.workflow.definitions import Workflow
from yukuai.workflow.events import DeadlineNear
from yukuai.workflow.models import Deadline, StateChange

RUNNING = Q(met_at=None, dropped_at=None)
REMIND_BATCH = 500
MOMENT = timedelta(seconds=1)
AS_PROMISED = timedelta()


def advance(
    actor: policy.Actor,
    obj: Any,
    move_name: str,
    *,
    at: datetime,
    reason: str = "",
    said: str = "",
    **data: object,
) -> StateChange:
    """Make one move of `obj.workflow`: permit, guard, write, remember.

    A step of an action, never an action itself; `obj` must have been read with a lock
    (`lock` below), with what the move needs already set on it.
    """
    assert connection.in_atomic_block, "advance() is a step of an @action"
    workflow: Workflow = obj.workflow
    source = obj.state
    policy.require(actor, workflow.move(move_name).permission, obj)
    move = workflow.find(move_name, state=source)
    if objection := move.guard(actor, obj, at):
        raise Conflict(objection, state=source, move=move_name)
    obj.state = move.target
    obj.save()
    return remember(
        actor, obj, move=move.name, source=source, at=at, reason=reason, said=said, **data
    )


def remember(
    actor: policy.Actor,
    obj: Any,
    *,
    move: str,
    at: datetime,
    source: str = "",
    reason: str = "",
    said: str = "",
    **data: object,
) -> StateChange:
    """Append to the log of `obj`: a move, or a note that moves nothing (source = target)."""
    change = line_of_log(
        actor, obj, move=move, at=at, source=source, reason=reason, said=said, **data
    )
    change.save(force_insert=True)
    return change


def line_of_log(
    actor: policy.Actor,
    obj: Any,
    *,
    move: str,
    at: datetime,
    source: str = "",
    reason: str = "",
    said: str = "",
    **data: object,
) -> StateChange:
    """What `remember` would append, not written yet."""
    return StateChange(
        **belonging_to(obj),
        workflow=obj.workflow.name,
        object_id=obj.pk,
        move=move,
        source=source,
        target=obj.state,
        actor=actor.label,
        user_id=actor.user_id,
        reason=reason,
        said=said,
        data=data,
        happened_at=at,
    )


def relocate_log(obj: Any) -> None:
    """The matter lies elsewhere now: its log and its clocks go with it."""
    place = {"division": obj.division, "area": obj.area}
    for model in (StateChange, Deadline):
        rows = model.objects.filter(workflow=obj.workflow.name, object_id=obj.pk)
        rows.update(**place)


def start_deadline(
    obj: Any,
    name: str,
    *,
    label: str,
    owner: Any,
    department_id: int | None = None,
    starts_at: datetime,
    due_at: datetime,
    law: str = "",
) -> Deadline:
    """Set the clock `name` running for `obj` at `owner`'s door; a running one is dropped."""
    drop_deadlines(obj, name, at=starts_at)
    deadline = clock_of(
        obj,
        name,
        label=label,
        owner=owner,
        department_id=department_id,
        starts_at=starts_at,
        due_at=due_at,
        law=law,
    )
    deadline.save(force_insert=True)
    return deadline


def clock_of(
    obj: Any,
    name: str,
    *,
    label: str,
    owner: Any,
    department_id: int | None = None,
    starts_at: datetime,
    due_at: datetime,
    law: str = "",
) -> Deadline:
    """What `start_deadline` would set running, not written yet."""
    return Deadline(
        **belonging_to(obj),
        workflow=obj.workflow.name,
        object_id=obj.pk,
        name=name,
        label=label,
        owner=owner,
        owner_department_id=department_id,
        starts_at=starts_at,
        due_at=due_at,
        next_reminder_at=next_reminder(starts_at, due_at, 0),
        law=law,
    )


def _running(obj: Any, names: tuple[str, ...]) -> Any:
    rows = Deadline.objects.filter(RUNNING, workflow=obj.workflow.name, object_id=obj.pk)
    return rows.filter(name__in=names) if names else rows


def meet_deadlines(obj: Any, *names: str, at: datetime) -> int:
    """The running clocks named (all, when none is named) are met; a late one stays late."""
    return int(_running(obj, names).update(met_at=at, next_reminder_at=None))


def drop_deadlines(obj: Any, *names: str, at: datetime) -> int:
    """The matter took another way: these clocks no longer matter."""
    return int(_running(obj, names).update(dropped_at=at, next_reminder_at=None))


def resume_deadlines(obj: Any, ids: Iterable[int], *, later: timedelta = AS_PROMISED) -> int:
    """Clocks that were dropped run again, as if they had never stopped: what was promised stays
    promised, unless the matter itself stood still and they end so much `later`. Reminders that
    were given are not given again."""
    rows = Deadline.objects.filter(workflow=obj.workflow.name, object_id=obj.pk, pk__in=list(ids))
    stopped = list(rows.filter(met_at=None, dropped_at__isnull=False))
    for clock in stopped:
        clock.dropped_at, clock.due_at = None, clock.due_at + later
        clock.next_reminder_at = next_reminder(clock.starts_at, clock.due_at, clock.reminded)
        clock.save(update_fields=["dropped_at", "due_at", "next_reminder_at"])
    return len(stopped)


def hand_over_deadline(obj: Any, name: str, *, owner: Any, department_id: int | None) -> int:
    """The same clock, at another door."""
    return int(
        _running(obj, (name,)).update(
            owner=owner, owner_area=owner.path, owner_department_id=department_id
        )
    )


def cut_deadlines(obj: Any, *, until: datetime) -> int:
    """No running clock of `obj` ends later than this. One that begins later is due at once."""
    rows = list(_running(obj, ()).filter(due_at__gt=until))
    for row in rows:
        ends = max(until, row.starts_at + MOMENT)
        reminder = next_reminder(row.starts_at, ends, row.reminded)
        Deadline.objects.filter(pk=row.pk).update(due_at=ends, next_reminder_at=reminder)
    return len(rows)


@action
def remind_of_deadlines(actor: policy.Actor, *, at: datetime) -> int:
    """Announce every running term that has passed 50, 80 or 100 per cent since the last look."""
    due = Deadline.objects.filter(RUNNING, next_reminder_at__lte=at).order_by("next_reminder_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:REMIND_BATCH])
    for deadline in rows:
        percent = share_reached(deadline.starts_at, deadline.due_at, at)
        Deadline.objects.filter(pk=deadline.pk).update(
            reminded=percent,
            next_reminder_at=next_reminder(deadline.starts_at, deadline.due_at, percent),
        )
        publish(DeadlineNear(deadline_id=deadline.pk, percent=percent))
    return len(rows)

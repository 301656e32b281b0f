"""交接班: handed over with what runs and what was promised; taken by the next. Two moves, a log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.queries import list_cases
from yukuai.cases.rules import tidy_number
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.roster.actions._steps import refuse
from yukuai.roster.models import Handover
from yukuai.roster.queries import (
    Desk,
    find_end_of_next_shift,
    get_desk,
    get_handover,
    is_on_duty,
    list_on_duty,
)
from yukuai.roster.queries.desks import require_own
from yukuai.roster.rules import find_long_number, find_matters
from yukuai.workflow.actions import advance

NOTES_LENGTH = 1000
NO_NUMBERS = (
    "交接里不写电话和证件号：交接要留很久，窗口的人都看得到。"
    "要留电话的，写单号就行，接班的人凭单号查看，看一次记一次。"
)


@action
def hand_over(
    actor: Actor,
    *,
    division_id: int,
    department_id: int | None = None,
    running: Sequence[dict[str, Any]],
    notes: str = "",
    at: datetime,
) -> Handover:
    """Leave the window to the next. `running` is filled in by the platform, never typed.

    Somebody else who is on duty now does it himself; where the roster has nobody, anybody of the
    window may."""
    desk = get_desk(actor, division_id=division_id, department_id=department_id)
    require_own(actor, desk=desk)
    _check_turn(actor, desk, at)
    handover = Handover.objects.create(
        **desk.columns,
        running=list(running),
        notes=_checked(actor, notes),
        until=find_end_of_next_shift(actor, desk=desk, at=at),
        handed_by=actor.label,
        handed_by_id=actor.user_id,
        handed_at=at,
    )
    advance(actor, handover, "hand_over", at=at)
    record(actor, act="roster.hand_over", target=desk.name, area=desk.area, at=at)
    return handover


@action
def take_over(actor: Actor, *, handover_id: int, at: datetime) -> Handover:
    """Read, and taken: once, by one."""
    handover = get_handover(actor, handover_id=handover_id, locked=True)
    handover.taken_by, handover.taken_by_id = actor.label, actor.user_id
    handover.taken_at = at
    advance(actor, handover, "take_over", at=at)
    desk = Desk(handover.division, handover.department)
    record(actor, act="roster.take_over", target=desk.name, area=desk.area, at=at)
    return handover


def _check_turn(actor: Actor, desk: Desk, at: datetime) -> None:
    names = [str(row.post.user) for row in list_on_duty(actor, desk=desk, at=at)]
    if names and not is_on_duty(actor, desk=desk, at=at):
        raise Conflict(f"现在值班的是{'、'.join(names)}，由他来交班。排错了，先改值班表。")


def _checked(actor: Actor, notes: str) -> str:
    """The words, tidied: no telephone, and every matter they name is there for the writer."""
    notes = notes.replace("\x00", "").strip()
    if len(notes) > NOTES_LENGTH:
        refuse("notes", f"写得太长了，最多 {NOTES_LENGTH} 字，现在 {len(notes)} 字。")
    if find_long_number(notes):
        refuse("notes", NO_NUMBERS)
    numbers = {tidy_number(typed) for typed in find_matters(notes)}
    if not numbers:
        return notes
    known = list_cases(actor).filter(number__in=numbers).values_list("number", flat=True)
    if missing := sorted(numbers - set(known)):
        refuse("notes", f"没有找到 {'、'.join(missing)}。看看单号对不对，或者不在您的范围。")
    return notes

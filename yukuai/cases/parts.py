"""A split matter as its officers see it: the main one its parts, each part its main one.

Only what the work needs: whoever has a part reads what was said, and never the contact; whoever
leads reads what became of the parts, wherever they lie. A link only where one may look anyway.
"""

from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import Case
from yukuai.cases.states import PART_DONE, UNSIGNED, CaseState, Outcome


@dataclass(frozen=True)
class Part:
    """One line of the table of parts."""

    id: int
    number: str
    title: str
    state: str
    state_label: str
    unit: str
    due_at: datetime | None
    answer: str
    outcome: str
    is_done: bool
    may_cancel: bool
    """Nobody has signed for it yet."""
    may_open: bool


@dataclass(frozen=True)
class Main:
    """What the unit of a part reads of the whole."""

    number: str
    title: str
    body: str
    state_label: str
    unit: str
    promised_at: datetime | None
    may_open: bool


def list_parts(actor: Actor, *, case: Case) -> list[Part]:
    """Of a case the actor was already allowed to read, as they were made."""
    rows = case.parts.select_related("unit", "unit_department")
    if any(grant.department_id is not None for grant in actor.grants):
        rows = rows.prefetch_related("helpers")  # only a department sees by being asked
    parts = [_part(actor, row) for row in rows.order_by("pk")]
    case.part_states = [part.state for part in parts]  # the guards need not ask again
    return parts


def _part(actor: Actor, row: Case) -> Part:
    done = row.state in PART_DONE
    return Part(
        id=row.pk,
        number=row.number,
        title=row.title,
        state=row.state,
        state_label=row.get_state_display(),
        unit=row.unit_name,
        due_at=None if done else row.promised_at,
        answer=row.answer if row.state == CaseState.FINISHED else "",
        outcome=Outcome(row.outcome).label if row.outcome else "",
        is_done=done,
        may_cancel=row.state in UNSIGNED,
        may_open=bool(policy.check(actor, Permission.CASE_VIEW, row)),
    )


def find_main(actor: Actor, *, case: Case) -> Main | None:
    """Of a part the actor was already allowed to read; None for a matter that is no part."""
    if case.parent_id is None:
        return None
    rows = Case.objects.select_related("unit", "unit_department").prefetch_related("helpers")
    row = rows.get(pk=case.parent_id)
    return Main(
        number=row.number,
        title=row.title,
        body=row.body,
        state_label=row.get_state_display(),
        unit=row.unit_name,
        promised_at=row.promised_at,
        may_open=bool(policy.check(actor, Permission.CASE_VIEW, row)),
    )

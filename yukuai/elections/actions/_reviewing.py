"""The clock of the joint review: from when departments are asked until nobody waits."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.elections.models import Election, Nominee
from yukuai.elections.standing import Outcome
from yukuai.workflow.actions import meet_deadlines, start_deadline
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import get_calendar, list_running_of

REVIEW = "review"


def due_of(actor: Actor, election: Election, at: datetime) -> datetime:
    days = election.rules.whole("review_days_warning")
    return Term(days=days).due(at, get_calendar(actor))


def start_review(actor: Actor, election: Election, at: datetime) -> None:
    """Also when somebody is asked about once more; a clock that runs is not set back."""
    running = list_running_of(actor, workflow=election.workflow.name, object_ids=[election.pk])
    if running.filter(name=REVIEW).exists():
        return
    start_deadline(
        election,
        REVIEW,
        label="联审反馈",
        owner=election.division,
        starts_at=at,
        due_at=due_of(actor, election, at),
        law=election.rules.cite("review_days_warning"),
    )


def meet_review(election: Election, at: datetime) -> None:
    """As soon as nobody who stands waits for his outcome."""
    waiting = Nominee.objects.filter(election=election, withdrawn_on=None)
    if not waiting.filter(review=Outcome.PENDING).exists():
        meet_deadlines(election, REVIEW, at=at)

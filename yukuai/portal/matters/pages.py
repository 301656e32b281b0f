"""What the pages of a matter show, ready for the templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.accounts.policy import Actor
from yukuai.audit.queries import MINE_CAP, list_my_entries
from yukuai.cases.states import DONE, CaseState
from yukuai.kernel import wording
from yukuai.portal.matters.words import is_yours, state_of
from yukuai.workflow.queries import list_deadlines, list_offers

S = CaseState
ANSWERED = frozenset({S.REPLIED, S.REVIEWED, S.VISITED, S.CLOSED, S.RATED, S.ARCHIVED})
"""A reopened matter keeps the moment of its earlier answer; the state says which one counts."""
STEPS = frozenset({"accept", "triage", "dispatch", "review", "visit", "close"})
"""Clocks of the way that a resident is told of, besides the promise itself."""


@dataclass(frozen=True)
class Row:
    """One line of the list of matters."""

    title: str
    url: str
    number: str
    place: str
    received_at: datetime
    tone: str
    word: str
    due: str


def list_rows(cases: Iterable[Any], *, at: datetime) -> list[Row]:
    """What waits for the reader first; the rest as it came."""
    ordered = sorted(cases, key=lambda case: not is_yours(case, at=at))
    return [_row(case, at) for case in ordered]


def _row(case: Any, at: datetime) -> Row:
    tone, word = state_of(case, at=at)
    due = ""
    if tone == "yours":
        due = f"请在 {wording.deadline(case.rate_until, now=at)}评价"
    elif case.promised_at and case.state not in DONE | ANSWERED:
        due = f"{wording.deadline(case.promised_at, now=at)}答复您"
    return Row(
        title=case.title,
        url=reverse("portal:matter", args=[case.number]),
        number=case.number,
        place=case.place_text or case.division.name,
        received_at=case.received_at,
        tone=tone,
        word=word,
        due=due,
    )


def next_due(actor: Actor, *, case: Any) -> datetime | None:
    """By when the resident hears next: the promise, until there is an answer."""
    if case.state in DONE:
        return None
    if case.promised_at and case.state not in ANSWERED:
        return case.promised_at  # type: ignore[no-any-return]
    running = [d for d in list_deadlines(actor, obj=case) if d.met_at is None and d.name in STEPS]
    return min((d.due_at for d in running), default=None)


def label_of_due(case: Any) -> str:
    if case.to_place and case.state == CaseState.SUBMITTED:
        return f"{case.division.name}定到社区"
    return "社区答复您收没收下" if case.state == CaseState.SUBMITTED else "下一步最晚"


def fact_of(case: Any, *, at: datetime) -> str:
    """What became of the promise: “11月22日，提前 1 天”; 实际办完 stands above it."""
    if case.promised_at is None or case.state not in ANSWERED:
        return ""
    return wording.outcome(case.promised_at, case.replied_at, now=at).replace("办完", "", 1)


def withdrawal(actor: Actor, *, case: Any, at: datetime) -> Any:
    """The offer to withdraw, allowed or refused with its reason; None once nothing is owed."""
    if case.state in DONE:
        return None
    offers = list_offers(actor, obj=case, at=at)
    return next(offer for offer in offers if offer.move.name == "withdraw")


def count_viewers(actor: Actor, *, case: Any, moved: bool) -> str:
    """How often somebody looked at the personal data of this matter: “99+” is enough to know.

    The place and the moment keep the search to a short range of the log; a matter that was moved
    has entries elsewhere too.
    """
    rows = list_my_entries(actor).filter(target=case.number, happened_at__gte=case.received_at)
    if not moved:
        rows = rows.filter(area=case.area)
    return wording.capped(len(rows.values_list("pk")[: MINE_CAP + 1]), cap=MINE_CAP)

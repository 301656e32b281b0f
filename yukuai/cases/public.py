"""What anybody may read of cases: numbers without content, promises before they are made."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q

from yukuai.accounts.policy import Actor
from yukuai.cases import tickets
from yukuai.cases.actions.intake import Receipt, Told
from yukuai.cases.models import Case, Category
from yukuai.cases.rules import Rules, resolve_term
from yukuai.kernel.clock import today
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.workflow.calendar import Term
from yukuai.workflow.queries import calendar_known_until, get_calendar, get_rule_pack

DECLARABLE = {
    "body": "事情的原话",
    "place_text": "具体位置",
    "answer": "答复",
    "outcome": "办理结果",
}
"""The fields of a matter that an outside system may declare that it needs, in order."""


@dataclass(frozen=True)
class Promises:
    """What the rules of a place promise for a matter that would come in now."""

    accept: Term
    accept_by: datetime
    answer: Term
    answer_by: datetime
    rate: Term
    known_until: date | None
    """The last day of the holidays that are loaded; a promise beyond it is a guess."""

    @property
    def is_guess(self) -> bool:
        return self.known_until is None or today(self.answer_by) > self.known_until


@dataclass(frozen=True)
class Figures:
    """Of one place since a moment: how many came in, how many ended, how many of those in time."""

    received: int
    closed: int
    promised: int
    """Of the closed ones, those that a reply had been promised for: the denominator of `kept`."""
    kept: int


def preview_terms(
    actor: Actor, *, area: str, category: Category | None = None, at: datetime
) -> Promises:
    """The two dates a person is told before he submits; the pack is pinned when he does."""
    rules = Rules(get_rule_pack(actor, subject="case", area=area, at=at).params)
    calendar = get_calendar(actor)
    name = resolve_term(
        triage=category.triage if category else "",
        consultation=category is not None and category.consultation,
    )
    accept, answer = rules.term("accept"), rules.term(name)
    return Promises(
        accept=accept,
        accept_by=accept.due(at, calendar),
        answer=answer,
        answer_by=answer.due(at, calendar),
        rate=rules.term("rate"),
        known_until=calendar_known_until(actor),
    )


def count_since(actor: Actor, *, area: str, since: datetime) -> Figures:
    """Numbers only, so beyond what the actor may see."""
    closed = Q(closed_at__gte=since)
    kept = Q(in_time=True) | Q(in_time=None, replied_at__lte=F("promised_at"))
    promised = closed & Q(promised_at__isnull=False, replied_at__isnull=False)
    with widened([area]):
        counted = Case.objects.filter(area__within=area, parent=None).aggregate(
            received=Count("pk", filter=Q(received_at__gte=since)),
            closed=Count("pk", filter=closed),
            promised=Count("pk", filter=promised),
            kept=Count("pk", filter=promised & kept),
        )
    return Figures(**counted)


def find_receipt(actor: Actor, *, client_uuid: UUID) -> Receipt | None:
    """The receipt of a report that was received before: whoever knows its UUID sent it."""
    with widened(EVERYWHERE):
        case = Case.objects.only("pk", "number").filter(client_uuid=client_uuid).first()
    if case is None:
        return None
    return Receipt(case.pk, case.number, tickets.code_for(client_uuid, length=tickets.LENGTH))


def was_received_as(actor: Actor, *, told: Told) -> bool:
    """Whether the report received under this UUID said the same. Where it lies now may differ:
    an officer may have put it right."""
    said = {
        "body": told.body.replace("\x00", "").strip(),
        "place_text": told.place_text.replace("\x00", "").strip()[:120],
        "wanted": told.wanted.replace("\x00", "").strip()[:200],
        "anonymous": told.anonymous,
    }
    with widened(EVERYWHERE):
        return Case.objects.filter(client_uuid=told.client_uuid, **said).exists()

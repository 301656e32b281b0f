"""The suggestion at triage: what was chosen by whoever raised it, else what the words point to."""

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Case
from yukuai.cases.queries import suggest_for
from yukuai.cases.rules import Suggestion
from yukuai.cases.states import Triage


def advise_triage(actor: Actor, *, case: Case) -> Suggestion:
    """Never a decision; the reason says what it rests on. Empty when nothing speaks for any."""
    category = case.category
    if category is not None and category.triage:
        reason = f"选的是“{category.name}”。{category.why}"
        return Suggestion(category.pk, category.triage, reason)
    found = suggest_for(actor, body=f"{case.body}\n{case.wanted}")
    if category is not None:
        return Suggestion(category.pk, found.triage, found.reason)
    return found


def advice_sentence(suggestion: Suggestion) -> str:
    """As it stands on the page and, when it is followed or not, in the log."""
    if not suggestion.triage:
        return "系统没有建议：话里没有可靠的线索。由您确定。"
    return f"建议定为“{Triage(suggestion.triage).label}”：{suggestion.reason}由您确定。"

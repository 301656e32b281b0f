"""The suggestion at triage: what was learned where it is sure, else what was chosen by whoever
raised it, else what the words point to."""

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Case
from yukuai.cases.queries import suggest_for
from yukuai.cases.rules import Suggestion
from yukuai.cases.states import Triage


def advise_triage(actor: Actor, *, case: Case) -> Suggestion:
    """Never a decision; the reason says what it rests on. Empty when nothing speaks for any."""
    category = case.category
    found = suggest_for(actor, body=f"{case.body}\n{case.wanted}")
    if category is None or found.is_learned:
        return found
    if category.triage:
        reason = f"选的是“{category.name}”。{category.why}"
        return Suggestion(category.pk, category.triage, reason)
    return Suggestion(category.pk, found.triage, found.reason)


def advice_sentence(suggestion: Suggestion) -> str:
    """As it stands on the page and, when it is followed or not, in the log."""
    if not suggestion.triage:
        return "系统没有建议：话里没有可靠的线索。由您确定。"
    whence = "按以前定过的事" if suggestion.is_learned else ""
    label = Triage(suggestion.triage).label
    return f"{whence}建议定为“{label}”：{suggestion.reason}由您确定。"

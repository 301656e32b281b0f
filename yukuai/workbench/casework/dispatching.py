"""The form of 派单: the suggestion with what it rests on, and the tree of units beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import list_departments
from yukuai.cases.suggesting import (
    TURNS,
    UnitSuggestion,
    awaits_dispatch,
    find_correction,
    suggest_unit,
)
from yukuai.cases.targets import (
    NO_CITY,
    Elsewhere,
    Target,
    fill_opinion,
    flatten,
    list_elsewhere,
    list_targets,
    narrow,
    promised_term,
    sign_term,
)
from yukuai.workflow.queries import list_changes

if TYPE_CHECKING:
    from yukuai.cases.models import Case


def form_advice(
    actor: Actor, *, case: "Case", offices: Sequence[Any], at: datetime
) -> dict[str, Any]:
    """What is suggested, and what was corrected since the matter was last sent."""
    changes = list(list_changes(actor, obj=case).filter(move__in=TURNS))
    found = suggest_unit(actor, case=case, changes=changes, offices=offices, at=at)
    return {"correction": find_correction(changes), **_advice(actor, found)}


def page_advice(
    actor: Actor, *, case: "Case", changes: Iterable[Any], at: datetime
) -> dict[str, Any]:
    """为什么派这里, for the page of a matter: what is suggested now, or what was when it was sent.
    Nothing is asked of the database for a matter that lies with somebody."""
    if awaits_dispatch(case):
        return _advice(actor, suggest_unit(actor, case=case, changes=changes, at=at))
    sent = next((change for change in changes if change.move == "dispatch"), None)
    said = sent.data.get("suggested") if sent is not None and case.unit_id is not None else None
    if not said or case.triage == "private":
        return {}
    followed = bool(sent.data.get("followed")) if sent is not None else False
    unit = (said["unit_id"], said["department_id"]) if said["unit_id"] else None
    kept = {name: said[name] for name in ("name", "reason", "rule_id", "rule", "fault")}
    found = UnitSuggestion(unit=unit, **kept, passed=tuple(said["passed"]))
    return {**_advice(actor, found), "followed": followed, "sent": True}


def _advice(actor: Actor, found: UnitSuggestion | None) -> dict[str, Any]:
    """With the way to the rule, for those who may see it."""
    if found is None:
        return {"advice": None}
    may = found.rule_id is not None and actor.may(Permission.RULE_MANAGE)
    url = reverse("work:rule", args=[found.rule_id]) if may else ""
    return {"advice": found, "rule_url": url}


def tree_context(
    actor: Actor, *, case: "Case", text: str, chosen: str, at: datetime
) -> dict[str, Any]:
    """`text` narrows; `chosen` is the key of the unit that is picked."""
    offices = list(list_departments(actor, area=case.area))
    targets = list_targets(actor, case=case, offices=offices, at=at)
    said = form_advice(actor, case=case, offices=offices, at=at)
    shown = narrow(targets, text=text) if text.strip() else targets
    elsewhere = list_elsewhere(actor, case=case, text=text) if text.strip() else []
    nodes = [*(_node(target, chosen) for target in shown), *map(_outside, enumerate(elsewhere))]
    return {
        "nodes": nodes or [_nothing(text)],
        **said,
        "advised": _advised(said["advice"], targets),
        "chosen": chosen,
        "q": text,
        "promised": str(promised_term(case)),
        "sign": str(sign_term(case)),
    }


def propose_opinion(form: Any, advice: UnitSuggestion | None) -> None:
    """The words of the rule that speaks; what somebody typed stays."""
    if advice is not None and advice.opinion and "opinion" not in form.initial:
        form.propose(opinion=fill_opinion(advice.opinion, form.case))


def _advised(advice: UnitSuggestion | None, targets: Iterable[Target]) -> Target | None:
    """The suggested unit as the tree has it, with its load; None where its door is closed."""
    if advice is None or advice.unit is None:
        return None
    hits = (one for one in flatten(targets) if one.key == advice.key and not one.why)
    found = next(hits, None)
    return replace(found, children=()) if found else None


def _node(target: Target, picked: str) -> dict[str, Any]:
    is_heading = target.why == NO_CITY
    return {
        "id": target.key,
        "label": target.name,
        "meta": "" if target.why else f"在办 {target.load} 件",
        "why": "" if is_heading else target.why,
        "fixed": is_heading,
        "open": bool(target.children),
        "children": [_node(child, picked) for child in target.children],
        "selected": target.key == picked,
    }


def _outside(numbered: tuple[int, Elsewhere]) -> dict[str, Any]:
    place, hit = numbered
    return {"id": f"elsewhere-{place}", "label": hit.place, "why": hit.why}


def _nothing(text: str) -> dict[str, Any]:
    words = f"没有叫“{text}”的单位。换个写法，或者输拼音首字母。"
    return {"id": "nothing", "label": words, "fixed": True}

"""派单规则, read: the list, one rule with its versions, one trial with what would have differed."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.cases.actions.rulebook import describe_rule
from yukuai.cases.rulebook import (
    get_rule,
    get_trial,
    list_differing,
    list_rules,
    list_trials,
    list_versions,
)
from yukuai.cases.states.ruling import RuleState
from yukuai.kernel import clock
from yukuai.workbench.admin.paging import ascending, number
from yukuai.workflow.queries import Offer, list_offers

if TYPE_CHECKING:
    from yukuai.cases.models import DispatchRule

P = Permission
CRUMB: dict[str, Any] = {"label": "派单规则", "url": reverse_lazy("work:rules")}
TONES = {
    RuleState.DRAFT: "wait",
    RuleState.TRIED: "run",
    RuleState.LIVE: "done",
    RuleState.RETIRED: "off",
}
VERSIONS_SHOWN = 20
TRIALS_SHOWN = 5
DIFFERING = 25
ROUTES = {"edit": "rule-edit", "try": "rule-try", "go_live": "rule-live", "retire": "rule-retire"}


@staff(P.RULE_MANAGE)
@require_safe
def rules(request: Any) -> HttpResponse:
    """What is in force or being made; the retired ones on asking."""
    state = request.GET.get("state", "")
    found = list_rules(request.actor)
    if state in RuleState.values:
        found = found.filter(state=state)
    else:
        state, found = "", found.exclude(state=RuleState.RETIRED)
    page = ascending(request, found, ("area", "order", "pk"))
    broken = list(list_rules(request.actor).filter(state=RuleState.LIVE).exclude(fault="")[:20])
    context = {
        "rows": [(row, TONES[RuleState(row.state)], _own(request.actor, row)) for row in page.rows],
        "page": page,
        "broken": broken,
        "states": [("", "在用和在改的"), *RuleState.choices],
        "state": state,
        "crumbs": [{"label": "派单规则"}],
    }
    return TemplateResponse(request, "work/ruling/list.html", context)


def _own(actor: Actor, rule: "DispatchRule") -> bool:
    return bool(check(actor, P.RULE_MANAGE, rule))


@staff(P.RULE_MANAGE)
@require_safe
def rule(request: Any, rule_id: int) -> HttpResponse:
    actor, at = request.actor, clock.now()
    found = get_rule(actor, rule_id=rule_id)
    own = _own(actor, found)
    trials = list(list_trials(actor, rule=found)[:TRIALS_SHOWN]) if own else []
    offers = list_offers(actor, obj=found, at=at)
    context = {
        "rule": found,
        "tone": TONES[RuleState(found.state)],
        "said": describe_rule(found),
        "own": own,
        "acts": [_act(found, offer) for offer in offers],
        "trials": [(one, one.digest == found.digest) for one in trials],
        "versions": list(list_versions(actor, rule=found)[:VERSIONS_SHOWN]) if own else [],
        "at": at,
        "crumbs": [CRUMB, {"label": found.name}],
    }
    return TemplateResponse(request, "work/ruling/rule.html", context)


PRIMARY = {RuleState.DRAFT: "try", RuleState.TRIED: "go_live"}


def _act(rule: "DispatchRule", offer: Offer) -> dict[str, Any]:
    """As parts/act.html takes it; a refused one stays in its place with the reason."""
    name = offer.move.name
    return {
        "name": name,
        "label": offer.move.label,
        "icon": offer.move.icon,
        "url": reverse(f"work:{ROUTES[name]}", args=[rule.pk]),
        "allowed": offer.allowed,
        "why": offer.reason,
        "primary": offer.allowed and PRIMARY.get(RuleState(rule.state)) == name,
        "drawer": False,
    }


@staff(P.RULE_MANAGE)
@require_safe
def trial(request: Any, rule_id: int, trial_id: int) -> HttpResponse:
    actor = request.actor
    found = get_rule(actor, rule_id=rule_id)
    ran = get_trial(actor, rule=found, trial_id=trial_id)
    start = number(request.GET.get("from", "")) or 0
    start = min(start, len(ran.differing))
    rows, more = list_differing(actor, trial=ran, start=start, size=DIFFERING)
    context = {
        "rule": found,
        "trial": ran,
        "rows": rows,
        "hidden": len(ran.differing[start : start + DIFFERING]) - len(rows),
        "start": start,
        "page": {
            "next_url": f"?from={start + DIFFERING}" if more else "",
            "first_url": "?" if start else "",
        },
        "as_it_stands": ran.digest == found.digest,
        "acts": [
            _act(found, offer)
            for offer in list_offers(actor, obj=found, at=clock.now())
            if offer.move.name in ("go_live", "edit")
        ],
        "crumbs": [
            CRUMB,
            {"label": found.name, "url": reverse("work:rule", args=[found.pk])},
            {"label": "试算"},
        ],
    }
    return TemplateResponse(request, "work/ruling/trial.html", context)

"""Dispatch rules as they are read: where they apply, what they said before, how they were tried."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import Case, DispatchRule, RuleTrial, RuleVersion
from yukuai.cases.queries import list_cases
from yukuai.cases.routing import chain
from yukuai.cases.states.ruling import RuleState
from yukuai.kernel.errors import NotFound

GONE = "没有这条派单规则。可能网址不对，也可能不在您的范围。"
JOINED = ("division", "category", "department", "department__division")


def list_rules(actor: Actor) -> QuerySet[DispatchRule]:
    """Those one manages, and the live ones of the levels above, which apply here too."""
    policy.require_anywhere(actor, Permission.RULE_MANAGE)
    wanted = Q(pk__in=[])
    for path in actor.paths_for(Permission.RULE_MANAGE):
        above = chain(path)[:-1] if path else []
        wanted |= Q(area__within=path) | Q(area__in=above, state=RuleState.LIVE)
    rows = DispatchRule.objects.filter(wanted).select_related(*JOINED)
    return rows.order_by("area", "order", "pk")


def get_rule(actor: Actor, *, rule_id: int) -> DispatchRule:
    found = list_rules(actor).filter(pk=rule_id).first()
    if found is None:
        raise NotFound(GONE)
    return found


def list_rules_in_force(actor: Actor, *, area: str) -> list[DispatchRule]:
    """Live ones that reach a place: one statement. Row-level security shows to each only what
    applies in its own places."""
    rows = DispatchRule.objects.filter(area__in=chain(area), state=RuleState.LIVE)
    return list(rows.select_related(*JOINED).order_by("pk"))


def list_versions(actor: Actor, *, rule: DispatchRule) -> QuerySet[RuleVersion]:
    """Newest first; of a rule from above there is nothing to see but the rule itself."""
    return RuleVersion.objects.filter(rule=rule).order_by("-number")


def list_trials(actor: Actor, *, rule: DispatchRule) -> QuerySet[RuleTrial]:
    return RuleTrial.objects.filter(rule=rule).order_by("-pk")


def get_trial(actor: Actor, *, rule: DispatchRule, trial_id: int) -> RuleTrial:
    found = list_trials(actor, rule=rule).filter(pk=trial_id).first()
    if found is None:
        raise NotFound("没有这次试算。请回到规则页重新选。")
    return found


def list_differing(
    actor: Actor, *, trial: RuleTrial, start: int, size: int
) -> tuple[Sequence[Case], bool]:
    """The matters that were handled elsewhere than the rule would have sent them, in the order of
    the trial, as far as the actor may look; and whether there are more."""
    ids = trial.differing[start : start + size]
    found = {case.pk: case for case in list_cases(actor).filter(pk__in=ids)}
    rows = [found[pk] for pk in ids if pk in found]
    return rows, len(trial.differing) > start + size

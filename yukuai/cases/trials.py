"""A rule played against what was decided before: figures, and where it would have differed.

Only what was answered counts, and where it lay in the end: returns and second dispatches included.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments_of_kind
from yukuai.cases.faults import Unit
from yukuai.cases.models import Case, Category, DispatchRule
from yukuai.cases.routing import Book, Facts, Rule, chain, fit, nearest
from yukuai.cases.states import Triage
from yukuai.cases.states.ruling import RuleState, TargetKind

CAP = 10_000
"""The newest so many matters: a bound of the product, so that a trial answers while one waits."""
MONTHS = {3: "近 3 个月", 6: "近 6 个月", 12: "近 12 个月"}
MONTH = timedelta(days=30)
COLUMNS = (
    *("pk", "area", "category_id", "body", "wanted", "place_text", "triage", "urgent"),
    *("unit_id", "unit_department_id"),
)


@dataclass
class Figures:
    """`taken` counts the live rules it would speak instead of, by id."""

    looked_at: int = 0
    capped: bool = False
    caught: int = 0
    agreed: int = 0
    lost: int = 0
    nowhere: int = 0
    taken: Counter[int] = field(default_factory=Counter)
    differing: list[int] = field(default_factory=list)


class Targets:
    """Where the rule would send a matter of a place, remembered place by place."""

    def __init__(self, actor: Actor, rule: DispatchRule) -> None:
        self.rule = rule
        self.known: dict[str, Unit | None] = {}
        self.at: dict[str, int] = {}
        self.standing: dict[int, int] = {}
        if rule.target == TargetKind.NEAREST:
            kind = rule.department_kind
            for office in list_departments_of_kind(actor, kind=kind, area=rule.area):
                self.at.setdefault(office.area, office.pk)
                self.standing[office.pk] = office.division_id

    def of(self, area: str) -> Unit | None:
        if area not in self.known:
            self.known[area] = self._find(area)
        return self.known[area]

    def _find(self, area: str) -> Unit | None:
        rule = self.rule
        if rule.target == TargetKind.NEAREST:
            pk = nearest(area, self.at)
            return (self.standing[pk], pk) if pk is not None else None
        if rule.unit_id is None or (rule.department and not rule.department.active):
            return None
        return (rule.unit_id, rule.department_id) if str(rule.unit_id) in area.split(".") else None


def run_trial(
    actor: Actor, *, rule: DispatchRule, since: datetime, at: datetime, cap: int = CAP
) -> tuple[Figures, Mapping[int, str]]:
    """The figures, and the names of the live rules of the place. A step of an action whose scope
    reaches the rule's place."""
    live = _rules_beside(rule)
    rows = list(_decided(rule, since, at)[: cap + 1])
    figures = Figures(looked_at=min(len(rows), cap), capped=len(rows) > cap)
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    targets, own = Targets(actor, rule), rule.as_rule()
    others = Book(other.as_rule() for other in live)
    for row in rows[:cap]:
        _play(figures, row, own, others, targets, parents)
    return figures, {other.pk: other.name for other in live}


def _rules_beside(rule: DispatchRule) -> Sequence[DispatchRule]:
    reach = Q(area__in=chain(rule.area)) | Q(area__within=rule.area)
    rows = DispatchRule.objects.filter(reach, state=RuleState.LIVE).exclude(pk=rule.pk)
    return list(rows.select_related("division", "category").order_by("pk"))


def _decided(rule: DispatchRule, since: datetime, at: datetime) -> Any:
    """Answered by somebody to whom it was given, newest first."""
    rows = Case.objects.filter(area__within=rule.area, received_at__gte=since, received_at__lte=at)
    rows = rows.filter(replied_at__isnull=False, unit__isnull=False)
    rows = rows.exclude(triage=Triage.PRIVATE).order_by("-received_at", "-pk")
    return rows.values_list(*COLUMNS)


def _play(
    figures: Figures,
    row: tuple[Any, ...],
    own: Rule,
    others: Book,
    targets: Targets,
    parents: Mapping[int, int | None],
) -> None:
    pk, area, category_id, body, wanted, place, triage, urgent, unit_id, department_id = row
    kinds = (parents.get(category_id), category_id) if category_id is not None else ()
    categories = tuple(kind for kind in kinds if kind is not None)
    facts = Facts(area, categories, f"{body}\n{wanted}\n{place}", triage, urgent)
    hit = fit(own, facts)
    if hit is None:
        return
    rival = others.find_winner(facts)
    if rival is not None and rival.precedence < hit.precedence:
        figures.lost += 1
        return
    figures.caught += 1
    if rival is not None:
        figures.taken[rival.rule.id] += 1
    wanted_unit = targets.of(area)
    if wanted_unit is None:
        figures.nowhere += 1
    elif wanted_unit == (unit_id, department_id):
        figures.agreed += 1
    else:
        figures.differing.append(pk)

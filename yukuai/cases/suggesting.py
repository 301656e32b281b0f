"""为什么派这里: the unit a matter is suggested to, by rule first, with what it rests on.

Never a decision. A rule whose unit is gone is said aloud and nothing takes its place; a unit that
gave the matter back is passed over, with its reason, until the matter itself is corrected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.cases.faults import Spot, Unit, first_of_kind, locate
from yukuai.cases.models import Case, DispatchRule
from yukuai.cases.routing import Facts, Hit, Ruling, decide
from yukuai.cases.rulebook import list_rules_in_force
from yukuai.cases.states import CaseState, Triage

if TYPE_CHECKING:
    from yukuai.accounts.models import Department
    from yukuai.workflow.models import StateChange

TURNS = ("raise", "dispatch", "request_return", "grant_return", "retriage", "relocate", "reopen")
"""The lines of the log that a suggestion depends on."""
CORRECTED = frozenset({"retriage", "relocate", "reopen"})
SHOWN = 3


@dataclass(frozen=True)
class UnitSuggestion:
    """`fault`: the rule that speaks has nobody to send to, and nobody is suggested instead."""

    unit: Unit | None
    name: str
    reason: str
    rule_id: int | None = None
    rule: str = ""
    fault: str = ""
    opinion: str = ""
    passed: tuple[str, ...] = ()
    """Who was passed over, and why."""
    others: tuple[str, ...] = field(default=(), compare=False)
    """Rules that would have spoken too, and why they did not."""

    @property
    def key(self) -> str:
        """As the tree of units names it."""
        return f"{self.unit[0]}-{self.unit[1] or ''}" if self.unit else ""

    def as_data(self) -> dict[str, Any]:
        """For the log of the dispatch."""
        unit_id, department_id = self.unit or (None, None)
        said = {"unit_id": unit_id, "department_id": department_id, "name": self.name}
        why = {"reason": self.reason, "fault": self.fault, "passed": list(self.passed)}
        return {**said, **why, "rule_id": self.rule_id, "rule": self.rule}


def awaits_dispatch(case: Case) -> bool:
    """Whether somebody will have to choose a unit for it next."""
    if case.state in (CaseState.TRIAGED, CaseState.REOPENED):
        return case.triage != Triage.PRIVATE
    return case.state == CaseState.ACCEPTED and case.urgent


def facts_of(case: Case) -> Facts:
    category = case.category
    kinds = (category.parent_id, category.pk) if category is not None else ()
    return Facts(
        area=case.area,
        categories=tuple(pk for pk in kinds if pk is not None),
        text=f"{case.body}\n{case.wanted}\n{case.place_text}",
        triage=case.triage,
        urgent=case.urgent,
    )


def suggest_unit(
    actor: Actor,
    *,
    case: Case,
    changes: "Iterable[StateChange]",
    offices: "Sequence[Department] | None" = None,
    at: datetime,
) -> UnitSuggestion | None:
    """Two statements, a third where a rule names the community for a major matter. `changes` is
    the log, newest first; of it only TURNS matter. `offices`: the departments above the place."""
    rules = {rule.pk: rule for rule in list_rules_in_force(actor, area=case.area)}
    if offices is None:
        offices = list(list_departments(actor, area=case.area))
    returned = units_that_returned(changes)
    ruling = decide(facts_of(case), [rule.as_rule() for rule in rules.values()])
    passed: list[str] = []
    if ruling is not None:
        found = _by_rules(case, ruling, rules, offices, returned, passed, at)
        if found is not None:
            return found
    return _by_category(case, offices, returned, passed)


def units_that_returned(changes: "Iterable[StateChange]") -> dict[Unit, str]:
    """Whose return was granted since the matter was last corrected, with the reason they gave."""
    returned: dict[Unit, str] = {}
    waiting: Unit | None = None
    for change in changes:
        if change.move in CORRECTED:
            break
        if change.move == "grant_return" and change.data.get("unit_id") is not None:
            waiting = (change.data["unit_id"], change.data.get("department_id"))
            returned[waiting] = ""
        elif change.move == "request_return" and waiting is not None:
            returned[waiting] = returned[waiting] or change.reason
            waiting = None
    return returned


def _by_rules(
    case: Case,
    ruling: Ruling,
    rules: Mapping[int, DispatchRule],
    offices: "Sequence[Department]",
    returned: Mapping[Unit, str],
    passed: list[str],
    at: datetime,
) -> UnitSuggestion | None:
    hits = [ruling.winner, *(loser.hit for loser in ruling.others)]
    lost = tuple(f"“{one.hit.rule.name}”：{one.why}" for one in ruling.others[:SHOWN])
    for hit in hits:
        rule = rules[hit.rule.id]
        spot = locate(rule, area=case.area, offices=offices)
        if spot.fault:
            return _of_rule(rule, hit, spot, passed, lost)
        if objection := _objection(case, spot, returned, at):
            passed.append(objection)
            continue
        return _of_rule(rule, hit, spot, passed, lost if hit is ruling.winner else ())
    return None


def _of_rule(
    rule: DispatchRule, hit: Hit, spot: Spot, passed: Sequence[str], lost: tuple[str, ...]
) -> UnitSuggestion:
    return UnitSuggestion(
        unit=spot.unit,
        name=spot.name,
        reason=hit.because,
        rule_id=rule.pk,
        rule=rule.name,
        fault=spot.fault,
        opinion="" if spot.fault else rule.opinion,
        passed=tuple(passed),
        others=lost,
    )


def _objection(case: Case, spot: Spot, returned: Mapping[Unit, str], at: datetime) -> str:
    """Why the unit a rule names is passed over this time, or ''."""
    assert spot.unit is not None
    if spot.unit in returned:
        return say_returned(spot.name, returned[spot.unit])
    if spot.unit == (case.division_id, None):
        return case.objection_to_community(at=at)
    return ""


def say_returned(name: str, reason: str) -> str:
    why = f"：{reason.rstrip('。')}" if reason else ""
    return f"{name}退过这件事{why}。所以这次不再建议它。"


def _by_category(
    case: Case,
    offices: "Sequence[Department]",
    returned: Mapping[Unit, str],
    passed: list[str],
) -> UnitSuggestion | None:
    """Where no rule speaks: a minor matter stays with its community; otherwise the department of
    the category's kind, at the level nearest to the place."""
    if case.triage == Triage.MINOR:
        own = (case.division_id, None)
        if own not in returned:
            reason = "小事由社区牵头办，在最近的地方解决。"
            return UnitSuggestion(own, case.division.name, reason, passed=tuple(passed))
        passed.append(say_returned(case.division.name, returned[own]))
    category = case.category
    kind = category.department_kind if category is not None else ""
    fitting = list(first_of_kind(offices, kind).values()) if kind else []
    for office in reversed(fitting):  # the lowest level last
        unit = (office.division_id, office.pk)
        if unit not in returned:
            reason = f"“{category}”归{kind}口，这是离得最近的一家。"
            return UnitSuggestion(unit, office.name, reason, passed=tuple(passed))
        sentence = say_returned(office.name, returned[unit])
        if sentence not in passed:
            passed.append(sentence)
    return UnitSuggestion(None, "", "", passed=tuple(passed)) if passed else None


@dataclass(frozen=True)
class Correction:
    """What was changed since the matter was last sent, for whoever sends it again."""

    title: str
    words: str
    before: str
    """To whom it had been suggested or given."""


def find_correction(changes: "Iterable[StateChange]") -> Correction | None:
    """The newest correction, unless the matter was sent on since. `changes`: newest first."""
    turns = [change for change in changes if change.move in TURNS]
    newest = turns[0] if turns else None
    if newest is None or newest.move not in CORRECTED | {"grant_return"}:
        return None
    sent = next((one for one in turns if one.move == "dispatch"), None)
    before = str(sent.data.get("to", "")) if sent is not None else ""
    return Correction(*_words(newest, turns), before)


def _words(change: "StateChange", turns: "Sequence[StateChange]") -> tuple[str, str]:
    reason = change.reason.rstrip("。")
    data = change.data
    if change.move == "relocate":
        return "改过地点", f"原来在{data.get('before', '')}。理由：{reason}。"
    if change.move == "reopen":
        return "居民要求接着办", f"{reason}。" if reason else ""
    if change.move == "grant_return":
        asked = next((one for one in turns if one.move == "request_return"), None)
        return "退单收回来了", f"理由：{asked.reason.rstrip('。')}。" if asked else ""
    return "改判过", f"{_turned(data)}理由：{reason}。"


def _turned(data: Mapping[str, Any]) -> str:
    parts = []
    was, now = data.get("before", ""), data.get("triage", "")
    if was != now and was in Triage.values:
        parts.append(f"原来是“{Triage(was).label}”，现在是“{Triage(now).label}”。")
    old, new = data.get("category_before", ""), data.get("category", "")
    if old != new:
        parts.append(f"类别从“{old or '没有选'}”改成“{new or '没有选'}”。")
    return "".join(parts)

"""派单规则: drafted, tried on the past, put live, retired. Each with a reason, each kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import required
from yukuai.cases.events import RuleBroken
from yukuai.cases.faults import find_fault
from yukuai.cases.models import DispatchRule, RuleTrial, RuleVersion
from yukuai.cases.queries import get_active_category
from yukuai.cases.routing import chain
from yukuai.cases.rulebook import list_rules
from yukuai.cases.states import Triage
from yukuai.cases.states.ruling import RuleState, TargetKind
from yukuai.cases.trials import MONTH, MONTHS, run_trial
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import advance

if TYPE_CHECKING:
    from yukuai.accounts.models import Department
    from yukuai.divisions.models import Division

LEVELS = frozenset({"city", "district", "zone", "township", "community"})
MOST_WORDS = 20
WORD_LENGTH = 20
NAME_LENGTH = 40
OPINION_LENGTH = 400
LAST = 9999
URGENT = {None: "不论", True: "紧急的", False: "不紧急的"}


@dataclass(frozen=True)
class RuleTold:
    """What a rule shall say. `target` UNIT needs a unit, perhaps a department; NEAREST a kind."""

    division_id: int
    name: str
    target: str
    unit_id: int | None = None
    department_id: int | None = None
    department_kind: str = ""
    category_id: int | None = None
    words: tuple[str, ...] = ()
    every: bool = False
    triage: str = ""
    urgent: bool | None = None
    opinion: str = ""
    order: int = 100


@action
def draft_rule(actor: Actor, *, told: RuleTold, reason: str, at: datetime) -> DispatchRule:
    rule = DispatchRule(made_by_id=actor.user_id, changed_at=at)
    _write(actor, rule, told)
    reason = _reason(reason)
    rule.save(force_insert=True)
    _keep_version(actor, rule, reason, at)
    _remember(actor, rule, "rule.draft", reason, at)
    return rule


@action
def edit_rule(
    actor: Actor, *, rule_id: int, told: RuleTold, reason: str, at: datetime
) -> DispatchRule:
    """What was live speaks no more: the new words are a draft until they were tried."""
    rule = _lock(actor, rule_id)
    before = (rule.name, rule.digest)
    _write(actor, rule, told)
    if (rule.name, rule.digest) == before:
        raise Conflict("没有改动，什么都没有变。")
    reason = _reason(reason)
    rule.version, rule.made_by_id, rule.changed_at = rule.version + 1, actor.user_id, at
    advance(actor, rule, "edit", at=at, reason=reason, version=rule.version)
    _keep_version(actor, rule, reason, at)
    _remember(actor, rule, "rule.edit", reason, at)
    return rule


@action
def try_rule(actor: Actor, *, rule_id: int, months: int, at: datetime) -> RuleTrial:
    """Count what it would have done; not one matter is touched."""
    rule = _lock(actor, rule_id)
    policy.require(actor, Permission.RULE_MANAGE, rule)
    if months not in MONTHS:
        raise InvalidInput("选试多长时间的事。", fields={"months": "选一个。"})
    rule.digest = rule.tried_digest = rule.content_digest()
    _set_fault(actor, rule, at)
    since = at - months * MONTH
    advance(actor, rule, "try", at=at, digest=rule.digest)
    figures, names = run_trial(actor, rule=rule, since=since, at=at)
    trial = RuleTrial.objects.create(
        rule=rule,
        division=rule.division,
        digest=rule.digest,
        since=since,
        looked_at=figures.looked_at,
        capped=figures.capped,
        caught=figures.caught,
        agreed=figures.agreed,
        lost=figures.lost,
        nowhere=figures.nowhere,
        taken=[[pk, names[pk], number] for pk, number in figures.taken.most_common()],
        differing=figures.differing,
        tried_by=actor.label,
        tried_by_id=actor.user_id,
        tried_at=at,
    )
    _remember(actor, rule, "rule.try", "", at)
    return trial


@action
def put_rule_live(actor: Actor, *, rule_id: int, reason: str, at: datetime) -> DispatchRule:
    """Only what was tried exactly as it stands, and only where somebody is there to send to."""
    rule = _lock(actor, rule_id)
    policy.require(actor, Permission.RULE_MANAGE, rule)
    reason = _reason(reason)
    rule.digest = rule.content_digest()
    _set_fault(actor, rule, at)
    rule.changed_at = at
    advance(actor, rule, "go_live", at=at, reason=reason, version=rule.version)
    _remember(actor, rule, "rule.go-live", reason, at)
    return rule


@action
def retire_rule(actor: Actor, *, rule_id: int, reason: str, at: datetime) -> DispatchRule:
    rule = _lock(actor, rule_id)
    policy.require(actor, Permission.RULE_MANAGE, rule)
    reason = _reason(reason)
    rule.changed_at, rule.fault, rule.fault_since = at, "", None
    advance(actor, rule, "retire", at=at, reason=reason)
    _remember(actor, rule, "rule.retire", reason, at)
    return rule


@action
def check_rules(actor: Actor, *, at: datetime) -> int:
    """Offices and places have changed: which rules have nobody to send to any more? A live one
    is told of once, when it breaks. Returns how many are broken."""
    rows = DispatchRule.objects.exclude(state=RuleState.RETIRED)
    rows = rows.select_related("division", "department__division").order_by("pk")
    broken = 0
    for rule in rows.select_for_update(of=("self",)):
        policy.require(actor, Permission.RULE_MANAGE, rule)
        known = rule.fault
        _set_fault(actor, rule, at)
        broken += bool(rule.fault)
        if rule.fault == known:
            continue
        rule.save(update_fields=["fault", "fault_since"])
        if rule.fault and not known and rule.state == RuleState.LIVE:
            record(actor, act="rule.broken", target=rule.name, area=rule.area, at=at)
            publish(RuleBroken(rule_id=rule.pk))
    return broken


def _set_fault(actor: Actor, rule: DispatchRule, at: datetime) -> None:
    rule.fault = find_fault(actor, rule=rule)
    rule.fault_since = (rule.fault_since or at) if rule.fault else None


def _lock(actor: Actor, rule_id: int) -> DispatchRule:
    """NotFound where it does not even apply; a rule from above is refused by the policy."""
    rows = list_rules(actor).filter(pk=rule_id)
    rule = rows.first()
    if rule is None:
        raise NotFound("没有这条派单规则。可能网址不对，也可能不在您的范围。")
    policy.require(actor, Permission.RULE_MANAGE, rule)
    return rows.select_for_update(of=("self",)).get()


def _write(actor: Actor, rule: DispatchRule, told: RuleTold) -> None:
    """Everything judged, then set; raises InvalidInput with the field."""
    division = get_division(actor, division_id=told.division_id)
    policy.require(actor, Permission.RULE_MANAGE, division)
    if division.kind not in LEVELS or division.valid_to is not None:
        _refuse("division", "选一个现在的市、区县、乡镇（街道）或村（社区）。")
    rule.division, rule.area = division, division.path
    rule.name = required(
        told.name, field="name", sentence="给规则起个名字，看得懂就行。", limit=NAME_LENGTH
    )
    rule.category = get_active_category(actor, category_id=told.category_id)
    rule.words = _words(told.words)
    rule.every, rule.urgent = told.every and bool(rule.words), told.urgent
    if told.triage and told.triage not in Triage.values:
        _refuse("triage", "选大事、小事，或者不论。")
    rule.triage = told.triage
    if not 0 <= told.order <= LAST:
        _refuse("order", f"这里填 0 到 {LAST} 的数字。")
    rule.order = told.order
    opinion = told.opinion.replace("\x00", "").strip()
    if len(opinion) > OPINION_LENGTH:
        _refuse("opinion", f"写得太长了，最多 {OPINION_LENGTH} 字，现在 {len(opinion)} 字。")
    rule.opinion = opinion
    _aim(actor, rule, told, division)
    rule.digest = rule.content_digest()
    rule.fault = ""
    rule.fault_since = None


def _words(words: Iterable[str]) -> list[str]:
    tidy = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(tidy) > MOST_WORDS:
        _refuse("terms", f"词最多写 {MOST_WORDS} 个，现在 {len(tidy)} 个。")
    if any(len(word) > WORD_LENGTH for word in tidy):
        _refuse("terms", f"一个词最多 {WORD_LENGTH} 个字，用空格隔开。")
    return tidy


def _aim(actor: Actor, rule: DispatchRule, told: RuleTold, division: "Division") -> None:
    rule.unit_id = rule.department = None
    rule.department_kind, rule.target = "", told.target
    if told.target == TargetKind.NEAREST:
        kind = told.department_kind.strip()[:30]
        if not kind:
            _refuse("department_kind", "选一类部门。")
        rule.department_kind = kind
        rule.target_name = f"离得最近的“{kind}”类部门"
    elif told.target == TargetKind.UNIT and told.unit_id is not None:
        unit = get_division(actor, division_id=told.unit_id)
        rule.unit_id = unit.pk
        rule.department = _office(actor, told, unit, division)
        rule.target_name = rule.department.name if rule.department else unit.name
    else:
        _refuse("unit", "选派给哪个单位。")


def _office(
    actor: Actor, told: RuleTold, unit: "Division", division: "Division"
) -> "Department | None":
    if unit.path not in chain(division.path) or unit.valid_to is not None:
        _refuse("unit", f"{unit.name}不管{division.name}，请另选一个单位。")
    if told.department_id is None:
        if unit.kind == "city":
            _refuse("unit", "市级要选到具体部门。")
        return None
    department = get_department(actor, department_id=told.department_id)
    if department.division_id != unit.pk or not department.active:
        _refuse("unit", "这个部门已经撤销或不在这一级，请重新选。")
    return department


def _refuse(field: str, sentence: str) -> None:
    raise InvalidInput(sentence, fields={field: sentence})


def _reason(reason: str) -> str:
    return required(reason, field="reason", sentence="写明为什么，以后查得到。")


def _keep_version(actor: Actor, rule: DispatchRule, reason: str, at: datetime) -> None:
    RuleVersion.objects.create(
        rule=rule,
        division=rule.division,
        number=rule.version,
        name=rule.name,
        content=rule.content(),
        said=describe_rule(rule),
        digest=rule.digest,
        reason=reason,
        made_by=actor.label,
        made_by_id=actor.user_id,
        made_at=at,
    )


def describe_rule(rule: DispatchRule) -> list[list[str]]:
    """Line by line, as a person reads it: kept with each version, for names change."""
    join = "，全都要有" if rule.every else "，有一个就算"
    lines: list[tuple[str, str]] = [
        ("哪里的事", rule.division.name),
        ("类别", rule.category.name if rule.category else "不论"),
        ("话里有", f"{'、'.join(rule.words)}{join}" if rule.words else "不论"),
        ("大事小事", Triage(rule.triage).label if rule.triage else "不论"),
        ("紧不紧急", URGENT[rule.urgent]),
        ("派给", rule.target_name),
        ("交办意见", rule.opinion or "按原话拟"),
        ("排在第几", str(rule.order)),
    ]
    return [list(line) for line in lines]


def _remember(actor: Actor, rule: DispatchRule, act: str, reason: str, at: datetime) -> None:
    details: dict[str, Any] = {"reason": reason, "version": rule.version, "digest": rule.digest}
    record(actor, act=act, target=rule.name, area=rule.area, at=at, rule=rule.pk, **details)

"""What supervision looks for (§2.9): plain facts in, findings out. Thresholds come from the pack.

A fact nobody has yet is None, and nothing is found about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from yukuai.engines.tally.packs import Rules


class Severity(IntEnum):
    NOTE = 1
    WARNING = 2
    GRAVE = 3
    """The election may be void, or somebody's right is touched."""


class Anomaly(StrEnum):
    ROLL_LATE = "ROLL_LATE"
    OBJECTION_OVERDUE = "OBJECTION_OVERDUE"
    TOO_FEW_CANDIDATES = "TOO_FEW_CANDIDATES"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    PROXIES_TOO_MANY = "PROXIES_TOO_MANY"
    PROXY_CANDIDATE = "PROXY_CANDIDATE"
    MORE_COLLECTED = "MORE_COLLECTED"
    PAPERS_MISSING = "PAPERS_MISSING"
    LOW_TURNOUT = "LOW_TURNOUT"
    RESULT_LATE = "RESULT_LATE"
    HANDOVER_LATE = "HANDOVER_LATE"
    NO_WOMAN = "NO_WOMAN"
    KIN_TOGETHER = "KIN_TOGETHER"
    POSTING_UNPROVED = "POSTING_UNPROVED"
    REGISTERED_TWICE = "REGISTERED_TWICE"


@dataclass(frozen=True)
class Finding:
    code: Anomaly
    severity: Severity
    sentence: str
    basis: str


@dataclass(frozen=True)
class Facts:
    """One election as supervision sees it on the day `today`. Numbers and days, no names: pairs of
    kin and people registered elsewhere are counted by whoever knows them."""

    today: date
    election_day: date
    roll_published: date | None = None
    open_objections: tuple[date, ...] = ()
    """The days on which objections came in that nobody has decided."""
    candidates: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Title of the office: candidates, seats; once the list is final."""
    open_reviews: tuple[date, ...] = ()
    """The days on which reviews were asked for that have no conclusion."""
    most_proxies: int = 0
    proxies_of_candidates: int = 0
    registered: int | None = None
    issued: int | None = None
    collected: int | None = None
    printed: int | None = None
    unused: int | None = None
    spoiled: int = 0
    handed_out: int | None = None
    result_entered: date | None = None
    elected: date | None = None
    handed_over: date | None = None
    women_elected: int | None = None
    kin_pairs: int = 0
    unproved: tuple[str, ...] = ()
    """Numbers of announcements that are published without a photo of the posting."""
    registered_elsewhere: int = 0


def find(rules: Rules, facts: Facts) -> tuple[Finding, ...]:
    """The gravest first, then in the order of the list above."""
    found = [one for rule in RULES for one in rule(rules, facts)]
    return tuple(sorted(found, key=lambda one: -one.severity))


def _at(rules: Rules, code: Anomaly, severity: Severity, said: str, rule: str) -> Finding:
    return Finding(code, severity, said, rules.cite(rule))


def _roll(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if not rules.says("roll_published"):
        return
    least = rules.days("roll_published")
    on = facts.roll_published or facts.today
    before = (facts.election_day - on).days
    if before >= least:
        return
    state = "公布" if facts.roll_published else "还没有公布"
    said = f"选民名单{state}，距选举日 {before} 天，少于 {least} 天。"
    yield _at(rules, Anomaly.ROLL_LATE, Severity.GRAVE, said, "roll_published")


def _objections(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if not rules.says("roll_decision"):
        return
    most = rules.days("roll_decision")
    late = sum((facts.today - day).days > most for day in facts.open_objections)
    if late:
        said = f"{late} 件名单申诉超过 {most} 天没有决定。"
        yield _at(rules, Anomaly.OBJECTION_OVERDUE, Severity.GRAVE, said, "roll_decision")


def _candidates(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if not rules.flag("more_candidates", silent=False):
        return
    for title, (standing, seats) in facts.candidates.items():
        if standing <= seats:
            said = f"{title}应选 {seats} 人，候选人 {standing} 人，没有差额。"
            yield _at(rules, Anomaly.TOO_FEW_CANDIDATES, Severity.GRAVE, said, "more_candidates")


def _reviews(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if not rules.says("review_days_warning"):
        return
    most = rules.whole("review_days_warning")
    late = sum((facts.today - day).days > most for day in facts.open_reviews)
    if late:
        said = f"{late} 件联审超过 {most} 天没有结论。"
        yield _at(rules, Anomaly.REVIEW_OVERDUE, Severity.WARNING, said, "review_days_warning")


def _proxies(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if rules.says("proxy_max") and facts.most_proxies > rules.whole("proxy_max"):
        said = f"有人受托 {facts.most_proxies} 人，上限是 {rules.whole('proxy_max')} 人。"
        yield _at(rules, Anomaly.PROXIES_TOO_MANY, Severity.GRAVE, said, "proxy_max")
    if facts.proxies_of_candidates and not rules.flag("proxy_candidate", silent=True):
        said = f"{facts.proxies_of_candidates} 份委托的受托人是候选人。"
        yield _at(rules, Anomaly.PROXY_CANDIDATE, Severity.GRAVE, said, "proxy_candidate")


def _papers(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.issued is not None and facts.collected is not None and facts.collected > facts.issued:
        said = f"收回 {facts.collected} 张，多于发出 {facts.issued} 张。"
        yield _at(rules, Anomaly.MORE_COLLECTED, Severity.GRAVE, said, "overballot_basis")
    if facts.printed is None or facts.unused is None or facts.handed_out is None:
        return
    missing = facts.printed - facts.handed_out - facts.unused - facts.spoiled
    if missing:
        said = f"印票 {facts.printed} 张，和发出、未用、印坏之和差 {missing} 张。"
        yield Finding(Anomaly.PAPERS_MISSING, Severity.GRAVE, said, "产品设定：印票要平账")


def _turnout(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.collected is None or not facts.registered or not rules.says("turnout_warning"):
        return
    least = rules.whole("turnout_warning")
    if 100 * facts.collected < least * facts.registered:
        said = f"投票 {facts.collected} 人，登记 {facts.registered} 人，不到百分之 {least}。"
        yield _at(rules, Anomaly.LOW_TURNOUT, Severity.WARNING, said, "turnout_warning")


def _result(rules: Rules, facts: Facts) -> Iterator[Finding]:
    entered = facts.result_entered or facts.today
    if entered > facts.election_day:
        state = f"{entered} 才录入" if facts.result_entered else "还没有录入"
        said = f"选举日 {facts.election_day} 的结果{state}，应当当日录入。"
        yield Finding(
            Anomaly.RESULT_LATE, Severity.WARNING, said, "产品设定：结果当场公布，当日录入"
        )


def _handover(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.elected is None or not rules.says("handover"):
        return
    most = rules.days("handover")
    passed = ((facts.handed_over or facts.today) - facts.elected).days
    if passed > most:
        said = f"新一届产生后 {passed} 天才移交，期限是 {most} 天。"
        if facts.handed_over is None:
            said = f"新一届产生已 {passed} 天，还没有移交，期限是 {most} 天。"
        yield _at(rules, Anomaly.HANDOVER_LATE, Severity.WARNING, said, "handover")


def _members(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.women_elected == 0 and rules.flag("women_required", silent=False):
        said = "当选的没有妇女，成员中应当有妇女。"
        yield _at(rules, Anomaly.NO_WOMAN, Severity.GRAVE, said, "women_required")
    if facts.kin_pairs and rules.flag("kin_avoid", silent=False):
        said = f"当选的有 {facts.kin_pairs} 对近亲属，应当回避。"
        yield _at(rules, Anomaly.KIN_TOGETHER, Severity.GRAVE, said, "kin_avoid")


def _posting(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.unproved:
        said = f"公告 {'、'.join(facts.unproved)} 没有张贴照片。"
        yield Finding(Anomaly.POSTING_UNPROVED, Severity.WARNING, said, "产品设定：张贴要有凭证")


def _elsewhere(rules: Rules, facts: Facts) -> Iterator[Finding]:
    if facts.registered_elsewhere:
        said = f"{facts.registered_elsewhere} 人同时在别处登记。"
        yield _at(rules, Anomaly.REGISTERED_TWICE, Severity.GRAVE, said, "registration")


RULES = (
    _roll,
    _objections,
    _candidates,
    _reviews,
    _proxies,
    _papers,
    _turnout,
    _result,
    _handover,
    _members,
    _posting,
    _elsewhere,
)

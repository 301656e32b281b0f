"""Standing for office: who nominates, what the joint review may find, who is near kin. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from yukuai.engines.tally.packs import Rules


class Nominators(TextChoices):
    """The codes of the rule `nominators`."""

    PARTY = "PARTY", "党组织提名"
    VOTERS = "VOTERS", "选民提名"


class Outcome(TextChoices):
    """All that the committee and the community ever learn of the joint review."""

    UNSENT = "unsent", "没有送审"
    PENDING = "pending", "联审中"
    PASS = "pass", "通过"
    BAR = "bar", "不通过"


class Kinship(TextChoices):
    """What somebody is to a nominee: himself, or near kin (民法典 1045)."""

    SELF = "self", "本人"
    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"


class BarCode(TextChoices):
    """The codes of the rule `bar_codes`."""

    EXPELLED_PARTY = "EXPELLED_PARTY", "被开除党籍"
    CRIMINAL_PENALTY = "CRIMINAL_PENALTY", "因犯罪受过刑事处罚"
    CLAN_OR_GANG = "CLAN_OR_GANG", "利用宗族或者黑恶势力从事非法活动"
    ILLEGAL_RELIGION_CULT = "ILLEGAL_RELIGION_CULT", "组织或者参加非法宗教、邪教活动"


class Decision(TextChoices):
    """What a department says in the joint review (domain.md §2.4)."""

    PASS = "PASS", "通过"
    NO_RECORD = "NO_RECORD", "没有记录"
    CAUTION = "CAUTION", "需要会商"
    BAR = "BAR", "不得列为候选人"


class Settled(TextChoices):
    """What the joint meeting of the district decides about a caution."""

    PASS = "PASS", "通过"
    BAR = "BAR", "不通过"


class Relation(TextChoices):
    """The codes of `engines.tally.proxies`: what the holder of a proxy is to the voter."""

    KIN = "KIN", "近亲属"
    VOTER = "VOTER", "其他选民"


def outcome(decisions: Sequence[str], settled: str) -> Outcome:
    """Silence never passes: as long as one department has not answered ('') there is none. One bar
    is enough; a caution is for the joint meeting."""
    if not decisions or "" in decisions:
        return Outcome.PENDING
    if Decision.BAR in decisions:
        return Outcome.BAR
    if Decision.CAUTION not in decisions:
        return Outcome.PASS
    if not settled:
        return Outcome.PENDING
    return Outcome.PASS if settled == Settled.PASS else Outcome.BAR


def faults_of_opinion(
    decision: str, bar_code: str, basis_ref: str, bars: Iterable[str]
) -> dict[str, str]:
    """`bars`: the codes of the law. A bar rests on one of them and on a document; only a
    conclusion, a code and a reference are kept, so nothing else may be said."""
    if decision not in Decision.values:
        return {"decision": "选一个结论。"}
    found = {}
    if decision == Decision.BAR and bar_code not in bars:
        found["bar_code"] = "选法律规定的一种情形。"
    if decision != Decision.BAR and bar_code:
        found["bar_code"] = "只有“不得列为候选人”才选情形。"
    if decision in (Decision.BAR, Decision.CAUTION) and not basis_ref:
        found["basis_ref"] = "写明依据的文号。"
    if decision in (Decision.PASS, Decision.NO_RECORD) and basis_ref:
        found["basis_ref"] = "通过和没有记录的，不用写文号。"
    return found


def bars_of(rules: Rules, *, village: bool) -> dict[str, str]:
    """Who may not stand, by code, in the words of this law; none where it is silent."""
    codes = rules.codes("bar_codes") if rules.says("bar_codes") else ()
    words = {code: BarCode(code).label for code in codes if code in BarCode.values}
    if not village and BarCode.CLAN_OR_GANG in words:
        words[BarCode.CLAN_OR_GANG] = "利用黑恶势力从事非法活动"
    return words


def nominators_of(rules: Rules) -> tuple[Nominators, ...]:
    codes = rules.codes("nominators") if rules.says("nominators") else ("VOTERS",)
    return tuple(Nominators(code) for code in codes if code in Nominators.values)


def least_of(rules: Rules) -> int:
    """How many voters one nomination needs."""
    return rules.whole("nominators_min", silent=1)


def limits_of(rules: Rules) -> tuple[str, ...]:
    """What a nominator may not do under these rules, in words."""
    said = (
        (rules.flag("nomination_most", silent=False), "在一个职务上提名的人数不超过应选人数"),
        (
            not rules.flag("nomination_two_offices", silent=True),
            "不得提名同一人担任两个职务",
        ),
        (not rules.flag("nomination_proxy", silent=True), "不得委托别人提名"),
    )
    return tuple(words for holds, words in said if holds)


def more_than(rules: Rules, seats: int) -> int:
    """How many candidates a contest needs at least."""
    return seats + rules.flag("more_candidates", silent=False)


def faults_of_nomination(by: str, signers: Sequence[str], rules: Rules) -> dict[str, str]:
    """`signers`: the voters who sign, by name."""
    if by not in nominators_of(rules):
        return {"by": f"这部法律没有规定由他们提名（{rules.cite('nominators')}）。"}
    if by == Nominators.PARTY:
        said = "党组织提名的不用写选民。" if signers else ""
        return {"signers": said} if said else {}
    least = least_of(rules)
    if len(signers) < least:
        said = (
            f"要 {least} 名以上选民联名，现在 {len(signers)} 名（{rules.cite('nominators_min')}）。"
        )
        return {"signers": said}
    return {}


@dataclass(frozen=True)
class Given:
    """What one nominator has given already, withdrawn nominees left out: in this contest, how many
    and whether this nominee; in another contest, whether this nominee."""

    here: int = 0
    same: bool = False
    elsewhere: bool = False


def refusal_of_nominator(name: str, given: Given, seats: int, rules: Rules) -> str:
    """Why he may not nominate once more, or ''."""
    if given.same:
        return f"{name}已经提名过这个人。"
    if given.elsewhere and not rules.flag("nomination_two_offices", silent=True):
        article = rules.cite("nomination_two_offices")
        return f"{name}已经提名这个人担任另一个职务，同一人不能提名两个职务（{article}）。"
    if given.here >= seats and rules.flag("nomination_most", silent=False):
        article = rules.cite("nomination_most")
        return (
            f"{name}在这个职务上已经提名 {given.here} 人，不能多于应选的 {seats} 人（{article}）。"
        )
    return ""


def formal(numbers: Mapping[int, int], most: int) -> list[int]:
    """Who become candidates: by how often they were nominated, `most` of them, and whoever is equal
    to the last. Equal numbers keep the order in which they came in."""
    order = sorted(numbers, key=lambda one: -numbers[one])
    if len(order) <= most:
        return order
    least = numbers[order[most - 1]]
    return [one for one in order if numbers[one] >= least]


def short(contests: Iterable[tuple[str, int, int]], rules: Rules, what: str) -> list[str]:
    """Which contests have too few; each its word, its seats and how many there are."""
    return [
        f"{word}应选 {seats} 人，{what} {number} 人，至少要 {more_than(rules, seats)} 人"
        f"（{rules.cite('more_candidates')}）"
        for word, seats, number in contests
        if number < more_than(rules, seats)
    ]

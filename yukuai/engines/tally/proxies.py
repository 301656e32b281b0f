"""Who may vote for whom: the rules of §2.7 E15, as far as the law in force says them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yukuai.engines.tally.packs import Electorate, Rules


class Relation(StrEnum):
    """What the holder is to the voter he votes for."""

    KIN = "KIN"
    VOTER = "VOTER"


class Refused(StrEnum):
    NO_PROXIES = "NO_PROXIES"
    SELF = "SELF"
    NOT_A_VOTER = "NOT_A_VOTER"
    NOT_ALLOWED_RELATION = "NOT_ALLOWED_RELATION"
    CANDIDATE = "CANDIDATE"
    TWICE = "TWICE"
    PASSED_ON = "PASSED_ON"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True)
class Proxy:
    """`voter` is away and asks `holder` to vote for him."""

    voter: str
    holder: str
    relation: Relation


@dataclass(frozen=True)
class Refusal:
    code: Refused
    sentence: str
    article: str


@dataclass(frozen=True)
class Register:
    """The proxies of an election as they were accepted. `voters` is the roll."""

    rules: Rules
    electorate: Electorate
    voters: frozenset[str]
    candidates: frozenset[str] = frozenset()
    proxies: tuple[Proxy, ...] = ()

    def refusal(self, asked: Proxy) -> Refusal | None:
        """Why a proxy may not be entered, or None."""
        rules = (self._none_at_all, self._persons, self._relation, self._candidate, self._number)
        return next((found for rule in rules if (found := rule(asked))), None)

    def with_proxy(self, asked: Proxy) -> "Register":
        """Raises ValueError with the sentence of the refusal."""
        if refused := self.refusal(asked):
            raise ValueError(refused.sentence)
        return self._replaced(self.candidates, (*self.proxies, asked))

    def with_candidates(self, persons: Iterable[str]) -> tuple["Register", tuple[Proxy, ...]]:
        """Where a holder became a candidate all his proxies end; these voters have to be told."""
        candidates = self.candidates | frozenset(persons)
        ended = tuple(p for p in self.proxies if self._bars(p.holder, candidates))
        kept = tuple(proxy for proxy in self.proxies if proxy not in ended)
        return self._replaced(candidates, kept), ended

    def papers(self, voter: str) -> int:
        """How many he is handed: his own, unless another votes for him, and those he holds."""
        away = any(proxy.voter == voter for proxy in self.proxies)
        return int(not away) + self.held(voter)

    def held(self, holder: str) -> int:
        return Counter(proxy.holder for proxy in self.proxies)[holder]

    def _replaced(self, candidates: frozenset[str], proxies: tuple[Proxy, ...]) -> "Register":
        return Register(self.rules, self.electorate, self.voters, candidates, proxies)

    def _refuse(self, code: Refused, sentence: str, rule: str) -> Refusal:
        return Refusal(code, sentence, self.rules.cite(rule))

    def _none_at_all(self, asked: Proxy) -> Refusal | None:
        if self.electorate is Electorate.DELEGATES and not self.rules.flag(
            "proxy_delegates", silent=True
        ):
            said = "居民代表选举不实行委托投票。"
            return self._refuse(Refused.NO_PROXIES, said, "proxy_delegates")
        return None

    def _persons(self, asked: Proxy) -> Refusal | None:
        if asked.voter == asked.holder:
            return self._refuse(Refused.SELF, "不能委托自己。", "proxy_of")
        if not {asked.voter, asked.holder} <= self.voters:
            said = "委托人和受托人都要在选民名单上。"
            return self._refuse(Refused.NOT_A_VOTER, said, "proxy_of")
        if any(proxy.voter == asked.voter for proxy in self.proxies):
            said = "已经委托过一人，要先撤销才能改托。"
            return self._refuse(Refused.TWICE, said, "proxy_of")
        away = any(proxy.voter == asked.holder for proxy in self.proxies)
        if away or self.held(asked.voter):
            said = "委托别人投票的人不能再受托，受托的人也不能再委托别人。"
            return self._refuse(Refused.PASSED_ON, said, "proxy_of")
        return None

    def _relation(self, asked: Proxy) -> Refusal | None:
        allowed = self.rules.codes("proxy_of") if self.rules.says("proxy_of") else ("VOTERS",)
        if "VOTERS" in allowed or asked.relation is Relation.KIN:
            return None
        said = "只能委托本村有选举权的近亲属。"
        return self._refuse(Refused.NOT_ALLOWED_RELATION, said, "proxy_of")

    def _candidate(self, asked: Proxy) -> Refusal | None:
        if not self._bars(asked.holder, self.candidates):
            return None
        return self._refuse(Refused.CANDIDATE, "候选人不得接受委托投票。", "proxy_candidate")

    def _bars(self, holder: str, candidates: frozenset[str]) -> bool:
        return holder in candidates and not self.rules.flag("proxy_candidate", silent=True)

    def _number(self, asked: Proxy) -> Refusal | None:
        if not self.rules.says("proxy_max"):
            return None
        most = self.rules.whole("proxy_max")
        if self.held(asked.holder) < most:
            return None
        said = f"每人接受委托不得超过 {most} 人，已经受托 {most} 人。"
        return self._refuse(Refused.TOO_MANY, said, "proxy_max")

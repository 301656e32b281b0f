"""E15 of the specification, and what the older laws did not say."""

import pytest

from tests.unit.engines.tally.elections import COMMUNITY, rules
from yukuai.engines.tally import Electorate
from yukuai.engines.tally.proxies import Proxy, Refused, Register, Relation

VOTERS = frozenset("abcdefgh")
OLD = ("elections-count", "elections-VC-2018", "elections-CQ-village-2018")


def register(*, pack=(), electorate=Electorate.VOTERS, candidates=""):
    return Register(rules(*pack), electorate, VOTERS, frozenset(candidates))


def proxy(voter, holder, relation=Relation.VOTER):
    return Proxy(voter, holder, relation)


def full(start=None):
    made = start or register()
    for voter in "abc":
        made = made.with_proxy(proxy(voter, "h"))
    return made


def test_e15_who_holds_three_is_handed_four_papers_and_a_fourth_is_refused():
    made = full()
    assert made.papers("h") == 4
    assert [made.papers(voter) for voter in "abcd"] == [0, 0, 0, 1]
    refused = made.refusal(proxy("d", "h"))
    assert refused.code is Refused.TOO_MANY
    assert refused.sentence == "每人接受委托不得超过 3 人，已经受托 3 人。"
    assert refused.article == "村民委员会组织法（2025）第十八条"
    with pytest.raises(ValueError, match="不得超过 3 人"):
        made.with_proxy(proxy("d", "h"))


def test_e15_all_proxies_of_him_who_becomes_a_candidate_end():
    made, ended = full().with_proxy(proxy("d", "g")).with_candidates("h")
    assert [p.voter for p in ended] == ["a", "b", "c"]
    assert made.proxies == (proxy("d", "g"),)
    assert made.refusal(proxy("a", "h")).code is Refused.CANDIDATE
    assert made.refusal(proxy("a", "g")) is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("a", "a"), Refused.SELF),
        (("a", "z"), Refused.NOT_A_VOTER),
        (("z", "a"), Refused.NOT_A_VOTER),
        (("d", "a"), Refused.PASSED_ON),
        (("h", "e"), Refused.PASSED_ON),
        (("a", "e"), Refused.TWICE),
        (("d", "h"), Refused.TOO_MANY),
        (("d", "e"), None),
    ],
)
def test_a_proxy_that_may_not_be_is_refused_by_name(asked, code):
    refused = full().refusal(proxy(*asked))
    assert (refused.code if refused else None) == code


def test_the_law_of_2018_knew_only_kin_and_neither_a_number_nor_candidates():
    made = register(pack=OLD, candidates="h")
    assert made.refusal(proxy("a", "h")).code is Refused.NOT_ALLOWED_RELATION
    for voter in "abcd":
        made = made.with_proxy(proxy(voter, "h", Relation.KIN))
    assert made.papers("h") == 5


def test_delegates_of_a_community_vote_themselves():
    made = register(pack=COMMUNITY, electorate=Electorate.DELEGATES)
    refused = made.refusal(proxy("a", "b"))
    assert refused.code is Refused.NO_PROXIES
    assert refused.article == "城市居民委员会组织法（2025）第十九条"
    assert register(pack=COMMUNITY).refusal(proxy("a", "b")) is None

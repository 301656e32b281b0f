"""Step 12: near kin do not sit together (配偶、父母、子女、兄弟姐妹、祖孙, 民法典 1045)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from yukuai.engines.tally.races import Race
from yukuai.engines.tally.ties import Picked


@dataclass(frozen=True)
class Clash:
    """`loser` gives way, unless the two are `tied`: then they are voted on again."""

    stays: str
    loser: str
    sentence: str = ""
    tied: bool = False
    again: bool = False
    """A vote between the two decided."""


def kin_of_seated(race: Race, persons: Iterable[str]) -> tuple[Clash, ...]:
    """Those whose kin holds a seat of a higher office already."""
    if not race.plan.rules.flag("kin_avoid", silent=False):
        return ()
    return tuple(
        Clash(seat.person, person, _sentence(race, seat.person, person, "职务高或先就位"))
        for person in persons
        for seat in race.seated
        if race.plan.are_kin(person, seat.person)
    )


def first_clash(race: Race, picked: Picked) -> Clash | None:
    """Between two about to be seated together: the one with more votes stays. The pair with the
    most votes comes first, so that nobody gives way to one who gives way himself."""
    if not race.plan.rules.flag("kin_avoid", silent=False):
        return None
    order = race.in_order([*picked.sure, *picked.tied])
    sure = set(picked.sure)
    for stays, loser in combinations(order, 2):
        if not race.plan.are_kin(stays, loser) or stays not in sure:
            continue
        if race.votes[stays] > race.votes[loser]:
            return Clash(stays, loser, _sentence(race, stays, loser, "票多"))
        if loser in sure:
            return _equal(race, stays, loser)
    return None


def _equal(race: Race, one: str, other: str) -> Clash:
    """By any vote held between them since."""
    for held in race.run_offs:
        if not {one, other} <= held.persons or held.votes[one] == held.votes[other]:
            continue
        race.used.add(held.number)
        stays, loser = sorted((one, other), key=lambda person: -held.votes[person])
        return Clash(stays, loser, _sentence(race, stays, loser, "再次投票票多"), again=True)
    return Clash(one, other, tied=True)


def _sentence(race: Race, stays: str, loser: str, why: str) -> str:
    one, other = race.plan.person(stays).name, race.plan.person(loser).name
    return f"{other}与已就位的{one}是近亲属，{one}{why}，保留；{other}不就位，由过半数者依次递补。"

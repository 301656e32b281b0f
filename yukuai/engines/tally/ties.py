"""Step 11: most votes first; those tied across the last seat are voted on again, never drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yukuai.engines.tally.races import Race, RunOff


@dataclass(frozen=True)
class Picked:
    """`sure` have their seat; `tied` are to be voted on again for `open` seats."""

    sure: tuple[str, ...]
    tied: tuple[str, ...] = ()
    open: int = 0
    by_run_off: frozenset[str] = frozenset()


def fill(race: Race, persons: Sequence[str], seats: int) -> Picked:
    """The first `seats` by votes."""
    return _cut(race, race.votes, persons, seats, race.run_offs)


def settle(race: Race, tied: Sequence[str], seats: int) -> Picked:
    """Between equals, by the vote that was held among just them."""
    return _again(race, tied, seats, race.run_offs)


def _cut(
    race: Race,
    votes: Mapping[str, int],
    persons: Sequence[str],
    seats: int,
    run_offs: Sequence[RunOff],
) -> Picked:
    if seats <= 0:
        return Picked(())
    ordered = sorted(persons, key=lambda p: -votes[p])
    if len(ordered) <= seats:
        return Picked(tuple(ordered))
    last = votes[ordered[seats - 1]]
    if votes[ordered[seats]] < last:
        return Picked(tuple(ordered[:seats]))
    sure = tuple(person for person in ordered if votes[person] > last)
    tied = tuple(person for person in ordered if votes[person] == last)
    found = _again(race, tied, seats - len(sure), run_offs)
    return Picked(sure + found.sure, found.tied, found.open, found.by_run_off)


def _again(race: Race, tied: Sequence[str], seats: int, run_offs: Sequence[RunOff]) -> Picked:
    group = race.in_order(tied)
    for place, held in enumerate(run_offs):
        if held.persons != frozenset(group):
            continue
        race.used.add(held.number)
        counted = "、".join(f"{race.plan.person(p).name} {held.votes[p]} 票" for p in group)
        race.add(11, "win", f"再次投票，{counted}，得票多的当选，不要求过半。", group)
        found = _cut(race, held.votes, group, seats, run_offs[place + 1 :])
        return Picked(found.sure, found.tied, found.open, frozenset(found.sure))
    race.add(
        11,
        "win",
        f"{race.with_votes(group)}，票数相同，名额剩 {seats} 个，"
        f"只在这 {len(group)} 人中再次投票。",
        group,
    )
    return Picked((), tuple(group), seats)

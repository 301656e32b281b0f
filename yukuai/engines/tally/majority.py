"""Steps 7 to 9: who has more than half of those who voted, and may take the seat."""

from dataclasses import dataclass

from yukuai.engines.tally.plan import Group, Review
from yukuai.engines.tally.races import Race


@dataclass(frozen=True)
class Majority:
    """`able` may be seated; `unfit` have the votes and may not; `unreviewed` wait for the review;
    `above` hold a higher office already. All most votes first."""

    able: tuple[str, ...]
    unfit: tuple[str, ...]
    unreviewed: tuple[str, ...]
    above: tuple[str, ...]


def find_majority(race: Race) -> Majority:
    win = race.plan.rules.share("win")
    least = win.least(race.turnout)
    race.add(7, "win", f"投票 {race.turnout} 人，{win}要 {least} 票。")
    over = race.in_order([p for p, n in race.votes.items() if win.holds(n, race.turnout)])
    taken = {seat.person for seat in race.seated}
    above = [person for person in over if person in taken]
    left = [person for person in over if person not in taken]
    unfit = [person for person in left if not _fits(race, person)]
    waiting = [p for p in left if p not in unfit and _review(race, p) is Review.PENDING]
    able = [person for person in left if person not in unfit and person not in waiting]
    if over:
        race.add(7, "win", f"达到的有：{race.with_votes(over)}。", over)
    else:
        race.add(7, "win", "没有人达到。")
    for person in above:
        name = race.plan.person(person).name
        race.add(8, "", f"{name}已在前面的职位就位，不再列入。", [person])
    for person in unfit:
        name = race.plan.person(person).name
        race.add(9, "", f"{name}得票过半，但没有通过资格审查或不符合这一栏，当选无效。", [person])
    return Majority(tuple(able), tuple(unfit), tuple(waiting), tuple(above))


def _review(race: Race, person: str) -> Review:
    return race.plan.person(person).review


def _fits(race: Race, person: str) -> bool:
    found = race.plan.person(person)
    if race.contest.group is Group.WOMEN and not found.woman:
        return False
    return found.review is not Review.BAR


def places_lost(race: Race, majority: Majority, out: frozenset[str]) -> tuple[str, ...]:
    """Step 9: whoever stood among the first and may not be seated leaves his seat empty
    (名额转缺额); nobody moves up into it. Tied across the last seat he holds none."""
    order = [p for p in (*majority.able, *majority.unfit) if p not in out]
    return tuple(
        person
        for person in majority.unfit
        if sum(race.votes[p] >= race.votes[person] for p in order) <= race.contest.seats
    )


def in_question(race: Race, majority: Majority) -> tuple[str, ...]:
    """Those whose review decides about a seat: fewer than `seats` others have more votes."""
    able = majority.able
    return tuple(
        person
        for person in majority.unreviewed
        if sum(race.votes[p] > race.votes[person] for p in able) < race.contest.seats
    )

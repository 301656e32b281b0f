"""Step 10: there shall be a woman among the members."""

from collections.abc import Sequence

from yukuai.engines.tally.outcome import Seat
from yukuai.engines.tally.packs import Women
from yukuai.engines.tally.plan import Contest, Group, Office, Plan
from yukuai.engines.tally.races import Race
from yukuai.engines.tally.ties import Picked, fill, settle


def must_reserve(plan: Plan, contest: Contest, seated: Sequence[Seat]) -> bool:
    """PRIORITY: in the last general contest for members, when no higher office went to a woman."""
    if plan.rules.choice("women_seat_mode", silent="NONE") != Women.PRIORITY:
        return False
    members = [c for c in plan.contests if c.office is Office.MEMBER and c.group is Group.GENERAL]
    if not members or members[-1] != contest:
        return False
    return not any(plan.person(seat.person).woman for seat in seated)


def pick(race: Race, able: Sequence[str], places: int) -> tuple[Picked, str, bool]:
    """Steps 10 and 11 over those who may still be seated: the pick, who had the woman's seat by
    priority ('' if none needed it), and whether a seat stays reserved for a rerun of women."""
    if not race.reserve:
        return fill(race, able, places), "", False
    women = [person for person in able if race.plan.person(person).woman]
    if not women:
        race.add(
            10,
            "women_seat_mode",
            "已就位的没有妇女，能就位的过半数者中也没有，留 1 个名额另行选举妇女委员。",
        )
        return fill(race, able, min(places, race.contest.seats - 1)), "", True
    if places <= 0:
        return fill(race, able, 0), "", True
    most = max(race.votes[person] for person in women)
    first = [person for person in women if race.votes[person] == most]
    plain = [p for p in race.in_order(able) if race.votes[p] >= most]
    if len(plain) <= places:  # they are in by their votes
        return fill(race, able, places), "", False
    return _with_priority(race, able, first, places)


def _with_priority(
    race: Race, able: Sequence[str], first: Sequence[str], places: int
) -> tuple[Picked, str, bool]:
    chosen = Picked(tuple(first)) if len(first) == 1 else settle(race, first, 1)
    if not chosen.sure:
        return chosen, "", False
    woman = chosen.sure[0]
    name = race.plan.person(woman).name
    race.add(
        10,
        "women_seat_mode",
        f"已就位的没有妇女，先取过半数妇女中得票最多的{name}（{race.votes[woman]} 票），"
        "再按票数补其余。",
        [woman],
    )
    rest = fill(race, [person for person in able if person != woman], places - 1)
    sure = (*rest.sure, woman)
    return Picked(sure, rest.tied, rest.open, rest.by_run_off | chosen.by_run_off), woman, False

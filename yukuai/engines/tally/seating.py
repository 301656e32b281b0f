"""Steps 7 to 13 for one contest: majority, women, most votes and kin, until nothing changes.

Each round either ends or puts one person more out of the contest because his kin stays, so there
are at most as many rounds as persons.
"""

from dataclasses import dataclass

from yukuai.engines.tally.kinship import Clash, first_clash, kin_of_seated
from yukuai.engines.tally.majority import Majority, find_majority, in_question, places_lost
from yukuai.engines.tally.outcome import Need, Needed, Reason, Seat
from yukuai.engines.tally.races import Race
from yukuai.engines.tally.ties import Picked
from yukuai.engines.tally.women import pick


@dataclass(frozen=True)
class Seating:
    """`blocked` says that lower offices have to wait: a vote among the tied, or a review."""

    seats: tuple[Seat, ...]
    needs: tuple[Need, ...]
    reasons: dict[str, Reason]
    vacancies: int
    reserved: bool

    @property
    def blocked(self) -> bool:
        return any(need.kind in (Needed.RUN_OFF, Needed.REVIEW) for need in self.needs)


def seat(race: Race) -> Seating:
    majority = find_majority(race)
    asked = in_question(race, majority)
    if asked:
        return _review_first(race, majority, asked)
    out, again = _above(race, majority), set[str]()
    while True:
        able = [person for person in majority.able if person not in out]
        lost = places_lost(race, majority, frozenset(out))
        picked, woman, reserved = pick(race, able, race.contest.seats - len(lost))
        clash = first_clash(race, picked)
        if clash is None:
            return _seated(race, majority, picked, woman, out, again, reserved)
        if clash.tied:
            return _kin_tied(race, majority, clash, out)
        race.add(12, "kin_avoid", clash.sentence, [clash.stays, clash.loser])
        out.add(clash.loser)
        if clash.again:
            again.add(clash.stays)


def _above(race: Race, majority: Majority) -> set[str]:
    out = set()
    for clash in kin_of_seated(race, majority.able):
        race.add(12, "kin_avoid", clash.sentence, [clash.stays, clash.loser])
        out.add(clash.loser)
    return out


def _review_first(race: Race, majority: Majority, asked: tuple[str, ...]) -> Seating:
    names = race.plan.named(asked)
    sentence = f"{race.contest.title}：{names}得票过半，还没有资格审查结论，审查后再确定当选人。"
    race.add(9, "", f"{names}得票过半，等资格审查结论。", asked)
    need = Need(Needed.REVIEW, race.contest.id, race.contest.seats, asked, sentence)
    reasons = _reasons(race, majority, set()) | dict.fromkeys(asked, Reason.WAITING)
    return Seating((), (need,), reasons, 0, False)


def _kin_tied(race: Race, majority: Majority, clash: Clash, out: set[str]) -> Seating:
    """Two of one family with equal votes: nobody is seated before they were voted on again."""
    tied = (clash.stays, clash.loser)
    race.add(12, "kin_avoid", f"{race.with_votes(tied)}，是近亲属，票数相同，再次投票。", tied)
    need = _run_off(race, tied, 1, "是近亲属，")
    reasons = _reasons(race, majority, out) | dict.fromkeys(tied, Reason.TIED)
    return Seating((), (need,), reasons, 0, False)


def _run_off(race: Race, tied: tuple[str, ...], seats: int, why: str = "") -> Need:
    sentence = (
        f"{race.contest.title}：{race.plan.named(tied)}{why}票数相同，"
        f"在这 {len(tied)} 人中再次投票选 {seats} 人，得票多的当选。"
    )
    return Need(Needed.RUN_OFF, race.contest.id, seats, tied, sentence)


def _seated(
    race: Race,
    majority: Majority,
    picked: Picked,
    woman: str,
    out: set[str],
    again: set[str],
    reserved: bool,
) -> Seating:
    seats = tuple(
        Seat(race.contest.id, person, race.votes[person], _why(picked, person, woman, again))
        for person in race.in_order(picked.sure)
    )
    if seats:
        persons = [one.person for one in seats]
        race.add(11, "win", f"当选：{race.with_votes(persons)}。", persons)
    reasons = _reasons(race, majority, out)
    reasons |= dict.fromkeys(picked.tied, Reason.TIED)
    reasons |= {one.person: one.reason for one in seats}
    needs = (_run_off(race, picked.tied, picked.open),) if picked.tied else ()
    vacancies = 0 if picked.tied else race.contest.seats - len(seats)
    race.add(13, "", f"就位 {len(seats)} 人，缺额 {vacancies}，不再变化。")
    return Seating(seats, needs, reasons, vacancies, reserved)


def _why(picked: Picked, person: str, woman: str, again: set[str]) -> Reason:
    if person == woman:
        return Reason.ELECTED_AS_WOMAN
    by_run_off = person in picked.by_run_off or person in again
    return Reason.ELECTED_IN_RUN_OFF if by_run_off else Reason.ELECTED


def _reasons(race: Race, majority: Majority, out: set[str]) -> dict[str, Reason]:
    """Of everybody, as long as he has no seat here."""
    reasons = dict.fromkeys([*race.contest.candidates, *race.votes], Reason.NO_MAJORITY)
    reasons |= dict.fromkeys(majority.able, Reason.FEWER_VOTES)
    reasons |= dict.fromkeys(majority.unreviewed, Reason.WAITING)
    reasons |= dict.fromkeys(majority.unfit, Reason.NOT_ELIGIBLE)
    reasons |= dict.fromkeys(majority.above, Reason.SEATED_HIGHER)
    return reasons | dict.fromkeys(out, Reason.KIN)

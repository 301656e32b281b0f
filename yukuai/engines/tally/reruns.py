"""Steps 14 to 17: seats that are left, who stands for them, who gets them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yukuai.engines.tally.kinship import first_clash
from yukuai.engines.tally.log import ResolutionLog
from yukuai.engines.tally.outcome import Need, Needed, PollCount, Reason, Seat
from yukuai.engines.tally.plan import Contest, Office, Plan, Review
from yukuai.engines.tally.polls import Poll
from yukuai.engines.tally.races import Race, RunOff
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.ties import Picked, fill


@dataclass
class State:
    """Where the election stands while its rounds are gone through."""

    votes: Mapping[str, Mapping[str, int]]
    """Of the first vote, by contest."""
    seats: list[Seat] = field(default_factory=list)
    reasons: dict[tuple[str, str], Reason] = field(default_factory=dict)
    vacancies: dict[str, int] = field(default_factory=dict)
    reserved: set[str] = field(default_factory=set)
    """Contests that keep a seat for a rerun of women."""
    needs: list[Need] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    used: set[int] = field(default_factory=set)
    """Run-offs that decided something, by their place among the polls."""

    def holds_seat(self, person: str) -> bool:
        return any(seat.person == person for seat in self.seats)


def hold(
    plan: Plan,
    poll: Poll,
    count: PollCount,
    state: State,
    run_offs: Sequence[RunOff],
    log: ResolutionLog,
) -> None:
    """Step 16: takes the result of a rerun into the state."""
    contest = plan.contest(poll.contest)
    votes = dict.fromkeys(poll.persons, 0) | count.tally.votes(contest.id)
    seated = [s for s in state.seats if plan.rank(s.contest) <= plan.rank(contest.id)]
    race = Race(plan, contest, votes, count.turnout, seated, run_offs, False, log, state.used)
    state.held[contest.id] += 1
    seats = _open(poll, state, contest)
    if seats < 1:
        raise Unreadable(f"{contest.title}没有这样的缺额，不能另行选举")
    picked = _pick(race, _enough(race, poll, state), seats, state)
    for person in race.in_order(picked.sure):
        _take(race, person, state)
    if picked.sure and poll.women:
        state.reserved.discard(contest.id)
    if picked.tied:
        names = plan.named(picked.tied)
        sentence = f"{contest.title}：另行选举，{names}票数相同，再次投票选 {picked.open} 人。"
        state.needs.append(Need(Needed.RUN_OFF, contest.id, picked.open, picked.tied, sentence))
        state.reasons |= {(contest.id, person): Reason.TIED for person in picked.tied}


def _open(poll: Poll, state: State, contest: Contest) -> int:
    kept = contest.id in state.reserved
    left = state.vacancies.get(contest.id, 0)
    return min(poll.seats, int(kept) if poll.women else left - int(kept))


def _enough(race: Race, poll: Poll, state: State) -> list[str]:
    """Who may take a seat and has the least share of the papers cast."""
    share = race.plan.rules.share("rerun_min")
    fit = [person for person in poll.persons if _may_stand(race, person, poll.women, state)]
    enough = [person for person in fit if share.holds(race.votes[person], race.turnout)]
    counted = race.with_votes(race.in_order(poll.persons))
    least = share.least(race.turnout)
    said = f"达到的有 {race.plan.named(race.in_order(enough))}" if enough else "没有人达到"
    race.add(
        16,
        "rerun_min",
        f"另行选举，投票 {race.turnout} 人，最低 {least} 票：{counted}；{said}，不要求过半。",
        list(poll.persons),
    )
    return enough


def _may_stand(race: Race, person: str, women: bool, state: State) -> bool:
    found = race.plan.person(person)
    if state.holds_seat(person) or found.review is not Review.PASS:
        return False
    return (found.woman or not women) and not _kin_above(race.plan, person, race.seated)


def _kin_above(plan: Plan, person: str, seated: Sequence[Seat]) -> bool:
    if not plan.rules.flag("kin_avoid", silent=False):
        return False
    return any(plan.are_kin(person, seat.person) for seat in seated)


def _pick(race: Race, able: list[str], seats: int, state: State) -> Picked:
    """Most votes, without near kin among them."""
    left = list(able)
    while True:
        picked = fill(race, left, seats)
        clash = first_clash(race, picked)
        if clash is None:
            return picked
        if clash.tied:
            return Picked((), (clash.stays, clash.loser), 1)
        race.add(12, "kin_avoid", clash.sentence, [clash.stays, clash.loser])
        state.reasons[race.contest.id, clash.loser] = Reason.KIN
        left.remove(clash.loser)


def _take(race: Race, person: str, state: State) -> None:
    """Seats a winner; his kin in a lower office gives way."""
    plan, contest = race.plan, race.contest
    name = plan.person(person).name
    race.add(16, "rerun_min", f"{name}在另行选举中得票多，当选。", [person])
    state.seats.append(Seat(contest.id, person, race.votes[person], Reason.ELECTED_IN_RERUN))
    state.reasons[contest.id, person] = Reason.ELECTED_IN_RERUN
    state.vacancies[contest.id] -= 1
    if not plan.rules.flag("kin_avoid", silent=False):
        return
    for seat in [s for s in state.seats if plan.are_kin(s.person, person)]:
        other = plan.person(seat.person).name
        race.add(12, "kin_avoid", f"{other}是{name}的近亲属，职务较低，不再就位。", [seat.person])
        state.seats.remove(seat)
        state.reasons[seat.contest, seat.person] = Reason.KIN
        state.vacancies[seat.contest] = state.vacancies.get(seat.contest, 0) + 1


def propose(plan: Plan, state: State, log: ResolutionLog) -> list[Need]:
    """Steps 14, 15 and 17: what is still to be voted on for the seats that are left."""
    found: list[Need] = []
    for contest in plan.contests:
        if state.vacancies.get(contest.id, 0) > 0:
            found += _for_contest(plan, contest, state, log)
    return found


def _for_contest(plan: Plan, contest: Contest, state: State, log: ResolutionLog) -> list[Need]:
    rules, left = plan.rules, state.vacancies[contest.id]
    least = rules.whole("min_members", silent=0)
    seated = len(state.seats)
    must = seated < least
    kept = contest.id in state.reserved
    if not must and not kept and (contest.id in plan.vacant or state.held[contest.id]):
        why = "会议决定暂缺" if contest.id in plan.vacant else "另行选举后仍不足"
        _leave(plan, contest, left, why, state, log)
        return []
    may_stay = rules.flag("vacancy_may_stay", silent=False) and not must
    said = f"共就位 {seated} 人，{'少于' if must else '达到'} {least} 人"
    stays = "，可以由会议决定暂缺" if may_stay else ""
    log.add(
        14,
        contest.id,
        f"{contest.title}：缺额 {left}，{said}，另行选举{stays}。",
        article=rules.cite("min_members"),
        seats=contest.seats,
    )
    women = [_need(plan, contest, state, 1, log, women=True, required=True)] if kept else []
    standing = {person for need in women for person in need.persons}
    rest = left - int(kept)
    if rest < 1:
        return women
    return [*women, _need(plan, contest, state, rest, log, not_of=standing, required=not may_stay)]


def _need(
    plan: Plan,
    contest: Contest,
    state: State,
    seats: int,
    log: ResolutionLog,
    *,
    women: bool = False,
    not_of: set[str] | None = None,
    required: bool,
) -> Need:
    """Step 15: the first by votes among those without a seat, more than the seats; of equals at the
    end all."""
    votes = state.votes[contest.id]
    wanted = seats + max(1, plan.rules.whole("rerun_extra", silent=1))
    able = [p for p in _unseated(plan, contest, state, women) if p not in (not_of or ())]
    able.sort(key=lambda person: -votes.get(person, 0))
    last = votes.get(able[wanted - 1], 0) if len(able) >= wanted else -1
    persons = tuple(person for person in able if votes.get(person, 0) >= last)
    short = max(0, seats + 1 - len(persons))
    who = "妇女" if women else ""
    listed = "、".join(f"{plan.person(p).name}（{votes.get(p, 0)} 票）" for p in persons) or "无"
    sentence = f"{contest.title}：另行选举{who} {seats} 人，候选人按得票多少为{listed}"
    sentence += f"，还差 {short} 人要另行提名。" if short else "。"
    sentence += _unreviewed(plan, contest, state, last)
    log.add(15, contest.id, sentence, article=plan.rules.cite("rerun_min"), persons=persons)
    return Need(
        Needed.RERUN, contest.id, seats, persons, sentence, women, required=required, short=short
    )


def _unreviewed(plan: Plan, contest: Contest, state: State, last: int) -> str:
    """Those written in who have the votes to stand, once somebody has reviewed them."""
    votes = state.votes[contest.id]
    waiting = [
        person
        for person in sorted(votes, key=lambda p: (-votes[p], p))
        if plan.person(person).review is Review.PENDING
        and votes[person] >= max(1, last)
        and not state.holds_seat(person)
    ]
    if not waiting:
        return ""
    listed = "、".join(f"{plan.person(p).name}（{votes[p]} 票）" for p in waiting)
    return f"{listed}没有资格审查结论，通过的也列入。"


def _unseated(plan: Plan, contest: Contest, state: State, women: bool) -> list[str]:
    above = [s for s in state.seats if plan.rank(s.contest) <= plan.rank(contest.id)]
    stood = [*contest.candidates, *sorted(state.votes[contest.id].keys() - {*contest.candidates})]
    return [
        person
        for person in stood
        if not state.holds_seat(person)
        and plan.person(person).review is Review.PASS
        and (plan.person(person).woman or not women)
        and not _kin_above(plan, person, above)
    ]


def _leave(
    plan: Plan, contest: Contest, left: int, why: str, state: State, log: ResolutionLog
) -> None:
    log.add(14, contest.id, f"{contest.title}：缺额 {left}，{why}，暂缺。", seats=contest.seats)
    if contest.office is not Office.CHAIR:
        return
    vices = [s.person for s in state.seats if plan.contest(s.contest).office is Office.VICE]
    if vices:
        said = f"主任暂缺，由副主任{plan.named(vices)}主持工作。"
    else:
        said = "主任、副主任都暂缺，由代表会议在当选委员中推选一人主持工作。"
    log.add(17, contest.id, said, persons=vices)

"""From polls to a result: all eighteen steps of domain.md §2.6, in order, the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass

from yukuai.engines.tally.log import ResolutionLog
from yukuai.engines.tally.outcome import PollCount, Reason, Result, Standing
from yukuai.engines.tally.plan import Contest, Plan
from yukuai.engines.tally.polls import Kind, Poll
from yukuai.engines.tally.races import Race, RunOff
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.reruns import State, hold, propose
from yukuai.engines.tally.seating import Seating, seat
from yukuai.engines.tally.validity import Examined, examine
from yukuai.engines.tally.women import must_reserve


@dataclass(frozen=True)
class Rounds:
    """The polls with what they came to, in the order they were held."""

    plan: Plan
    polls: Sequence[Poll]
    examined: Sequence[Examined]

    def counts(self) -> tuple[PollCount, ...]:
        return tuple(one.count for one in self.examined)

    def first(self, contest: str) -> PollCount:
        for poll, one in zip(self.polls, self.examined, strict=True):
            if poll.kind is Kind.FIRST and contest in dict(one.count.contests):
                return one.count
        raise Unreadable(f"“{contest}”没有投票")

    def reruns(self) -> list[int]:
        return [n for n, poll in enumerate(self.polls) if poll.kind is Kind.RERUN]

    def run_offs(self, contest: str, *, after: int) -> tuple[RunOff, ...]:
        """Of a contest, held after one poll and before its next rerun. A void one is not held."""
        found = []
        for number in range(after + 1, len(self.polls)):
            poll, one = self.polls[number], self.examined[number]
            if poll.kind is Kind.FIRST or poll.contest != contest:
                continue
            if poll.kind is Kind.RERUN:
                break
            if one.standing is Standing.OPEN:
                votes = dict.fromkeys(poll.persons, 0) | one.count.tally.votes(contest)
                found.append(RunOff(number, frozenset(poll.persons), votes))
        return tuple(found)


def count(plan: Plan, polls: Sequence[Poll]) -> Result:
    """The result as far as the polls go. Where people have to act, `needs` says what; their vote is
    one poll more at the end of the same list. Raises Unreadable for what cannot be counted."""
    _check(plan, polls)
    log = ResolutionLog()
    log.add(1, "", f"登记参加选举 {plan.registered} 人，名单已定。")
    rounds = Rounds(plan, polls, [examine(plan, poll, log) for poll in polls])
    stopped = _stopped(rounds, [Kind.FIRST])
    if stopped:
        return Result(*stopped, rounds.counts(), (), {}, {}, (), log)
    state = State(_votes(rounds))
    seated = _seat_all(rounds, state, log)
    if rounds.reruns() and not seated:
        raise Unreadable("还有职位没有确定，不能有另行选举")
    if seated:
        _hold_reruns(rounds, state, log)
        if not state.needs:
            state.needs += propose(plan, state, log)
    _check_run_offs(rounds, state)
    standing, sentence = _stopped(rounds, list(Kind)) or _said(state)
    log.add(18, "", sentence)
    return Result(
        standing,
        sentence,
        rounds.counts(),
        tuple(sorted(state.seats, key=lambda one: _place(plan, one.contest))),
        state.reasons,
        state.vacancies,
        tuple(state.needs),
        log,
    )


def _place(plan: Plan, contest: str) -> int:
    return [one.id for one in plan.contests].index(contest)


def _check(plan: Plan, polls: Sequence[Poll]) -> None:
    kinds = [poll.kind for poll in polls]
    firsts = kinds.count(Kind.FIRST)
    if not firsts or kinds[:firsts] != [Kind.FIRST] * firsts:
        raise Unreadable("第一次投票要排在再次投票、另行选举的前面")
    on_paper = [
        contest
        for poll in polls[:firsts]
        for contest in (poll.contests or [one.id for one in plan.contests])
    ]
    if sorted(on_paper) != sorted(one.id for one in plan.contests):
        raise Unreadable("每个职位要正好投票一次")


def _check_run_offs(rounds: Rounds, state: State) -> None:
    """A vote among others than the tied decides nothing, and must not be passed over in silence."""
    for number, poll in enumerate(rounds.polls):
        valid = rounds.examined[number].standing is Standing.OPEN
        if poll.kind is Kind.RUN_OFF and valid and number not in state.used:
            names = rounds.plan.named(poll.persons)
            raise Unreadable(f"第 {number + 1} 次投票在{names}中再次投票，不是票数相同要再投的人")


def _stopped(rounds: Rounds, kinds: Sequence[Kind]) -> tuple[Standing, str] | None:
    """A first vote that is void ends all; a later one that is void is only held again."""
    for poll, one in zip(rounds.polls, rounds.examined, strict=True):
        void_later = one.standing is Standing.INVALID_ELECTION and poll.kind is not Kind.FIRST
        if poll.kind in kinds and one.standing is not Standing.OPEN and not void_later:
            return one.standing, one.sentence
    return None


def _votes(rounds: Rounds) -> dict[str, dict[str, int]]:
    """Step 8: by contest; where old rules say so, votes for a higher office count below too."""
    found: dict[str, dict[str, int]] = {}
    above: dict[str, int] = {}
    cumulate = rounds.plan.rules.flag("cumulate_downward", silent=False)
    for contest in rounds.plan.contests:
        votes = rounds.first(contest.id).tally.votes(contest.id)
        if cumulate:
            votes = {p: votes[p] + above.get(p, 0) for p in votes}
            above |= votes
        found[contest.id] = votes
    return found


def _seat_all(rounds: Rounds, state: State, log: ResolutionLog) -> bool:
    """Office by office from the highest. False: a vote or a review has to come before the rest."""
    for place, contest in enumerate(rounds.plan.contests):
        seating = _seat_one(rounds, contest, state, log)
        _enter(state, contest, seating)
        if seating.blocked:
            _wait(rounds.plan.contests[place + 1 :], state, log)
            return False
    return True


def _seat_one(rounds: Rounds, contest: Contest, state: State, log: ResolutionLog) -> Seating:
    first = max(n for n, poll in enumerate(rounds.polls) if poll.kind is Kind.FIRST)
    return seat(
        Race(
            plan=rounds.plan,
            contest=contest,
            votes=state.votes[contest.id],
            turnout=rounds.first(contest.id).turnout,
            seated=tuple(state.seats),
            run_offs=rounds.run_offs(contest.id, after=first),
            reserve=must_reserve(rounds.plan, contest, state.seats),
            log=log,
            used=state.used,
        )
    )


def _enter(state: State, contest: Contest, seating: Seating) -> None:
    state.seats += seating.seats
    state.needs += seating.needs
    state.reasons |= {(contest.id, person): why for person, why in seating.reasons.items()}
    state.vacancies[contest.id] = seating.vacancies
    if seating.reserved:
        state.reserved.add(contest.id)


def _wait(contests: Sequence[Contest], state: State, log: ResolutionLog) -> None:
    for contest in contests:
        log.add(8, contest.id, f"{contest.title}：等前面的职位确定后再定。")
        persons = [*contest.candidates, *state.votes[contest.id]]
        state.reasons |= {(contest.id, person): Reason.WAITING for person in persons}


def _hold_reruns(rounds: Rounds, state: State, log: ResolutionLog) -> None:
    for place in rounds.reruns():
        poll, one = rounds.polls[place], rounds.examined[place]
        if one.standing is Standing.OPEN:
            run_offs = rounds.run_offs(poll.contest, after=place)
            hold(rounds.plan, poll, one.count, state, run_offs, log)


def _said(state: State) -> tuple[Standing, str]:
    elected = len(state.seats)
    if not state.needs:
        return Standing.COMPLETE, f"选举有效，当选 {elected} 人。"
    todo = "".join(need.sentence for need in state.needs)
    return Standing.OPEN, f"选举有效，已当选 {elected} 人。{todo}"

"""The hand check of an election: which papers are looked at, and what their reading proves.

`hand_check_size` and `differing` are the simple check after the machine (§2.6 step 6). `claims`,
`draw_papers` and `assess` are the risk-limiting one: were any of the claims that make the result
false, a check like this would confirm all of them with no more than the risk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from yukuai.engines.tally.comparing import Assertion, Compared, draws_wanted, measured
from yukuai.engines.tally.judging import Paper, boxes_of, judge
from yukuai.engines.tally.outcome import Reason, Result, Seat
from yukuai.engines.tally.packs import Rules
from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import Ballot, Box, Kind, Poll
from yukuai.engines.tally.sampling import Ticket, draw
from yukuai.engines.tally.shares import Share

Record = Mapping[str, frozenset[str]]
"""Whom one paper is for, by contest."""


def hand_check_size(rules: Rules, collected: int) -> int:
    """At least so many, at least so many in a hundred, never more than there are."""
    percent = -(-rules.whole("hand_check_percent") * collected // 100)
    return min(collected, max(rules.whole("hand_check_min"), percent))


def draw_papers(papers: Iterable[str], seed: str, size: int) -> tuple[str, ...]:
    """For the simple check: each at most once."""
    return tuple(ticket.paper for ticket in islice(draw(papers, seed), size))


def draw_box(boxes: Sequence[Box], seed: str) -> str:
    """Or a whole box; empty ones are not drawn."""
    return draw_papers([box.id for box in boxes if box.collected], seed, 1)[0]


def records(plan: Plan, poll: Poll) -> dict[str, Record]:
    """What the count took each paper for."""
    paper = Paper.of(plan, poll)
    where = boxes_of(poll, poll.ballots)
    return {
        ballot.id: _record(plan, poll, paper, ballot, box)
        for ballot, box in zip(poll.ballots, where, strict=True)
    }


def _record(plan: Plan, poll: Poll, paper: Paper, ballot: Ballot, box: str) -> Record:
    judged = judge(plan, poll, paper, ballot, box)
    return {contest: judged.marks[contest].chosen for contest in judged.marks}


def differing(recorded: Mapping[str, Record], read: Mapping[str, Record]) -> tuple[str, ...]:
    """Papers of the hand check whose reading is another. One is enough for a full hand count."""
    return tuple(sorted(paper for paper, said in read.items() if said != recorded.get(paper)))


@dataclass(frozen=True)
class Claim:
    """`poll` is the place of the poll, from 0."""

    poll: int
    contest: str
    assertion: Assertion


def claims(plan: Plan, polls: Sequence[Poll], result: Result) -> tuple[Claim, ...]:
    """All that has to be true of the papers for these seats. Raises ValueError while people still
    have to act on the first vote."""
    if any(why in (Reason.TIED, Reason.WAITING) for why in result.reasons.values()):
        raise ValueError("再次投票、资格审查都完成后才能抽样核查")
    found: list[Claim] = []
    for place, poll in enumerate(polls):
        if result.polls[place].valid:
            found += _of_poll(plan, place, poll, result)
    return tuple(found)


def _of_poll(plan: Plan, place: int, poll: Poll, result: Result) -> Iterator[Claim]:
    for contest, _printed in result.polls[place].contests:
        if poll.kind is Kind.FIRST:
            made = _of_first(plan, contest, result)
        else:
            made = _of_later(plan, contest, poll, result)
        yield from (Claim(place, contest, one) for one in made)


def _of_first(plan: Plan, contest: str, result: Result) -> Iterator[Assertion]:
    """Over half, not over half, and more than those over half who got no seat."""
    win = plan.rules.share("win")
    reasons = {person: why for (key, person), why in result.reasons.items() if key == contest}
    winners = [person for person, why in reasons.items() if why in _BY_FIRST_VOTE]
    for person, why in reasons.items():
        if person in winners:
            yield _reaches(plan, person, win)
        elif why is Reason.NO_MAJORITY:
            yield _below(plan, person, win)
    for loser, why in reasons.items():
        if why is Reason.FEWER_VOTES:
            yield from (
                _beats(plan, w, loser) for w in winners if _had_to_beat(plan, w, loser, reasons)
            )
        elif why is Reason.KIN:
            yield from _before_kin(plan, contest, loser, result)


def _had_to_beat(plan: Plan, winner: str, loser: str, reasons: Mapping[str, Reason]) -> bool:
    """The woman's seat is won against other women, one of a run-off not by these papers."""
    if reasons[winner] is Reason.ELECTED_AS_WOMAN:
        return plan.person(loser).woman
    return reasons[winner] is Reason.ELECTED


def _before_kin(plan: Plan, contest: str, loser: str, result: Result) -> Iterator[Assertion]:
    """Whoever gave way to kin in the same contest had fewer votes than the best of them."""
    stay = [seat for seat in result.seats if plan.are_kin(seat.person, loser)]
    first = max((seat for seat in stay if seat.contest == contest), key=_votes, default=None)
    above = any(seat.contest != contest for seat in stay)
    if first and not above and first.reason in (Reason.ELECTED, Reason.ELECTED_AS_WOMAN):
        yield _beats(plan, first.person, loser)


def _votes(seat: Seat) -> int:
    return seat.votes


_BY_FIRST_VOTE = (Reason.ELECTED, Reason.ELECTED_AS_WOMAN, Reason.ELECTED_IN_RUN_OFF)


def _of_later(plan: Plan, contest: str, poll: Poll, result: Result) -> Iterator[Assertion]:
    """A run-off and a rerun: more than the others, and in a rerun the least share."""
    wanted = Reason.ELECTED_IN_RUN_OFF if poll.kind is Kind.RUN_OFF else Reason.ELECTED_IN_RERUN
    winners = [p for p in poll.persons if result.reasons.get((contest, p)) is wanted]
    losers = [p for p in poll.persons if p not in winners]
    for winner in winners:
        if poll.kind is Kind.RERUN:
            yield _reaches(plan, winner, plan.rules.share("rerun_min"))
        for loser in losers:
            yield _beats(plan, winner, loser)
    if poll.kind is Kind.RERUN and not winners:
        for loser in losers:
            yield _below(plan, loser, plan.rules.share("rerun_min"))


def _reaches(plan: Plan, person: str, share: Share) -> Assertion:
    name = plan.person(person).name
    part = Fraction(share.numerator, share.denominator)
    return Assertion(f"{name}得票达到{share}", winner=person, share=part)


def _below(plan: Plan, person: str, share: Share) -> Assertion:
    name = plan.person(person).name
    part = Fraction(share.numerator, share.denominator)
    return Assertion(f"{name}得票没有达到{share}", loser=person, share=part, below=True)


def _beats(plan: Plan, winner: str, loser: str) -> Assertion:
    names = plan.person(winner).name, plan.person(loser).name
    return Assertion(f"{names[0]}得票多于{names[1]}", winner=winner, loser=loser)


@dataclass(frozen=True)
class Assessed:
    claim: Claim
    risk: Fraction
    """The P-value: the chance of such readings if the claim were false."""
    confirmed: bool


def tickets(poll: Poll, seed: str, size: int) -> tuple[Ticket, ...]:
    """The papers to look at, in order, each put back: a paper may be drawn more than once."""
    return tuple(islice(draw([ballot.id for ballot in poll.ballots], seed, again=True), size))


def draws_needed(plan: Plan, poll: Poll, made: Iterable[Claim], risk: Fraction) -> int:
    """How many draws of a poll confirm its claims if the hand reads what the record says."""
    known = records(plan, poll)
    size = len(poll.ballots)
    return max(
        (draws_wanted(one.assertion, _mean(one, known), risk, size) for one in made), default=0
    )


def assess(
    plan: Plan,
    poll: Poll,
    made: Iterable[Claim],
    read: Sequence[tuple[str, Record | None]],
    risk: Fraction,
) -> tuple[Assessed, ...]:
    """The claims about one poll after the hand read the papers drawn, in the order of the draw;
    None is a paper that is not there. While one is not confirmed: draw more, or count all."""
    known = records(plan, poll)
    found = []
    for one in made:
        draws = [
            Compared(known[paper][one.contest], None if said is None else said[one.contest])
            for paper, said in read
        ]
        value = measured(one.assertion, _mean(one, known), draws)
        found.append(Assessed(one, value, value <= risk))
    return tuple(found)


def _mean(claim: Claim, known: Mapping[str, Record]) -> Fraction:
    return claim.assertion.mean([record[claim.contest] for record in known.values()])

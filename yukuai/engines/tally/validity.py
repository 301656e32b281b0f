"""Steps 1 to 5: do the papers balance, was enough voted, is every ballot decided?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yukuai.engines.tally.judging import Paper, boxes_of, judge
from yukuai.engines.tally.log import ResolutionLog
from yukuai.engines.tally.outcome import PollCount, Standing
from yukuai.engines.tally.packs import Electorate
from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import Ballot, Kind, Poll, Status
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.tallying import Tally

QUORUMS = {
    Electorate.VOTERS: "quorum_voters",
    Electorate.HOUSEHOLDS: "quorum_households",
    Electorate.DELEGATES: "quorum_delegates",
}
KINDS = {Kind.FIRST: "投票", Kind.RUN_OFF: "再次投票", Kind.RERUN: "另行选举"}


@dataclass(frozen=True)
class Examined:
    """`standing` OPEN says that the poll counts."""

    count: PollCount
    standing: Standing
    sentence: str


def examine(plan: Plan, poll: Poll, log: ResolutionLog) -> Examined:
    """Counts a poll and says whether its result may be used. Raises Unreadable."""
    paper = Paper.of(plan, poll)
    total, boxes = _add_up(plan, poll, paper)
    turnout = _turnout(plan, poll)
    standing, sentence = (
        _unreconciled(plan, poll, total, boxes, log)
        or _unjudged(poll, total)
        or _invalid(plan, poll, turnout, total, log)
        or (Standing.OPEN, "")
    )
    count = PollCount(
        kind=poll.kind,
        contests=tuple((key, _printed(plan, poll, key)) for key in paper.seats),
        registered=plan.registered,
        issued=poll.issued,
        collected=poll.collected,
        turnout=turnout,
        valid=standing is Standing.OPEN,
        tally=total,
        boxes=boxes,
    )
    return Examined(count, standing, sentence)


def _printed(plan: Plan, poll: Poll, contest: str) -> tuple[str, ...]:
    return plan.contest(contest).candidates if poll.kind is Kind.FIRST else poll.persons


def _add_up(plan: Plan, poll: Poll, paper: Paper) -> tuple[Tally, dict[str, Tally]]:
    boxes = {box.id: Tally() for box in poll.boxes}
    if len(boxes) != len(poll.boxes):
        raise Unreadable("票箱编号有重复的")
    total = Tally()
    twice = [key for key, times in Counter(b.id for b in poll.ballots).items() if times > 1]
    if twice:
        raise Unreadable(f"选票 {twice[0][:40]} 出现了两次")
    for ballot, box in zip(poll.ballots, boxes_of(poll, poll.ballots), strict=True):
        judged = judge(plan, poll, paper, ballot, box)
        boxes[box].add(judged)
        total.add(judged)
    return total, boxes


def _unreconciled(
    plan: Plan, poll: Poll, total: Tally, boxes: dict[str, Tally], log: ResolutionLog
) -> tuple[Standing, str] | None:
    """Step 1 and the balance of step 5."""
    faults = list(_faults(plan, poll, boxes))
    if not faults:
        said = "、".join(f"{box.id}（封条{box.seal}）{box.collected} 张" for box in poll.boxes)
        log.add(1, "", f"{KINDS[poll.kind]}：各箱平账，{said}，共收回 {poll.collected} 张。")
        return None
    for fault in faults:
        log.add(1, "", fault)
    return Standing.UNRECONCILED, "；".join(faults)


def _faults(plan: Plan, poll: Poll, boxes: dict[str, Tally]) -> Iterator[str]:
    if poll.stock and (missing := poll.stock.missing(poll.boxes)):
        yield f"印票不平账，差 {missing} 张：印制数要等于发出、未用、印坏之和"
    for box in poll.boxes:
        counted = boxes[box.id].counted
        if box.spoiled > box.issued:
            yield f"票箱 {box.id}：换回 {box.spoiled} 张，多于发出 {box.issued} 张"
        if counted != box.collected:
            yield f"票箱 {box.id}：收回 {box.collected} 张，逐张计了 {counted} 张"
    if plan.registered < 1:
        yield "登记参加选举的人数没有填"


def _unjudged(poll: Poll, total: Tally) -> tuple[Standing, str] | None:
    disputed, unnamed = total.papers[Status.DISPUTED], sum(total.unnamed.values())
    if not disputed and not unnamed:
        return None
    said = [f"还有 {disputed} 张疑难票没有认定"] if disputed else []
    said += [f"还有 {unnamed} 处另选他人的姓名没有认定"] if unnamed else []
    return Standing.UNJUDGED, "，".join(said)


def _turnout(plan: Plan, poll: Poll) -> int:
    """Step 3: T is what the boxes gave, or who signed in."""
    basis = plan.rules.choice("turnout_basis", silent="COLLECTED")
    return poll.collected if basis == "COLLECTED" else _signed_in(poll)


def _signed_in(poll: Poll) -> int:
    if any(box.signed_in is None for box in poll.boxes):
        raise Unreadable("规则按签到人数计，票箱没有写 signed_in")
    return sum(box.signed_in or 0 for box in poll.boxes)


def _invalid(
    plan: Plan, poll: Poll, turnout: int, total: Tally, log: ResolutionLog
) -> tuple[Standing, str] | None:
    """Steps 2 to 5."""
    rules, what = plan.rules, KINDS[poll.kind]
    basis = rules.choice("overballot_basis", silent="ISSUED")
    most = poll.issued if basis == "ISSUED" else _signed_in(poll)
    cited = rules.cite("overballot_basis")
    if poll.collected > most:
        said = f"{what}：收回 {poll.collected} 张，多于发出 {most} 张，选举无效。"
        log.add(2, "", said, article=cited)
        return Standing.INVALID_ELECTION, said
    log.add(2, "", f"{what}：收回 {poll.collected} 张，不多于发出 {most} 张。", article=cited)
    log.add(3, "", f"{what}：投票人数 {turnout} 人。", article=rules.cite("turnout_basis"))
    log.add(5, "", f"{what}：{_papers(total)}。", article=rules.cite("overvote_scope"))
    name = _quorum(plan, poll)
    return _short(plan, poll, turnout, name, log) if name else None


def _quorum(plan: Plan, poll: Poll) -> str:
    """The name of the share that has to vote, or ''."""
    if poll.kind is Kind.RUN_OFF:
        return ""
    first = QUORUMS[plan.electorate]
    if poll.kind is Kind.FIRST:
        return first
    basis = plan.rules.choice("rerun_quorum_basis", silent="SAME_AS_FIRST")
    return {"SAME_AS_FIRST": first, "OWN": "rerun_quorum"}.get(basis, "")


def _papers(total: Tally) -> str:
    words = {
        Status.VALID: "有效",
        Status.PARTIAL: "部分有效",
        Status.BLANK: "弃权",
        Status.INVALID: "废票",
    }
    said = "、".join(f"{word} {total.papers[status]} 张" for status, word in words.items())
    foreign = f"，另有非本次选票 {total.foreign} 张不计" if total.foreign else ""
    return f"{said}，合计 {total.counted} 张{foreign}"


def _short(
    plan: Plan, poll: Poll, turnout: int, name: str, log: ResolutionLog
) -> tuple[Standing, str] | None:
    quorum, registered = plan.rules.share(name), plan.registered
    enough = quorum.holds(turnout, registered)
    said = (
        f"{KINDS[poll.kind]}：投票 {turnout} 人，登记 {registered} 人，"
        f"要{quorum}（{quorum.said(turnout, registered)}），{'有效' if enough else '选举无效'}。"
    )
    log.add(4, "", said, article=plan.rules.cite(name))
    return None if enough else (Standing.INVALID_ELECTION, said)


def same_twice(first: Iterable[Ballot], second: Iterable[Ballot]) -> tuple[str, ...]:
    """Double entry: the numbers of ballots that two people did not enter alike."""
    one, other = ({b.id: b.as_data() for b in given} for given in (first, second))
    return tuple(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))

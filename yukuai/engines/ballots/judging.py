"""What a ballot says: the table of domain rule 2.5, applied to what was read.

A box a machine is not sure of, and a name somebody wrote, make the contest DISPUTED until people
have ruled on it with the picture; their rulings come in beside the reading, which stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yukuai.engines.ballots.deciding import Decision
from yukuai.engines.ballots.grouping import FOREIGN, Group, group_pages
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.reasons import Reason
from yukuai.engines.ballots.refusals import Refusal
from yukuai.engines.ballots.rows import (
    Status,
    Verdict,
    WriteIn,
    invalid,
    judge_contest,
    without,
)
from yukuai.engines.ballots.rulings import (
    NONE,
    Overvote,
    Parameters,
    Rulings,
    TwoOffices,
    parse_rulings,
)
from yukuai.engines.ballots.spec import WRITE_IN, Contest
from yukuai.engines.ballots.tables import NAME_FIELD


class BallotStatus(StrEnum):
    VALID = "VALID"
    PARTIAL = "PARTIAL"
    BLANK = "BLANK"
    INVALID = "INVALID"
    DISPUTED = "DISPUTED"
    FOREIGN = "FOREIGN"


@dataclass(frozen=True)
class Judged:
    """`ballot` numbers pictures of a scan, never a voter; `pages` are the numbers of its pictures.
    `refusal` is why a picture of it was not read."""

    ballot: str
    pages: tuple[int, ...]
    status: BallotStatus
    contests: Mapping[str, Verdict]
    reason: Reason | None = None
    refusal: Refusal | None = None


def judge(
    layout: Layout,
    lines: Sequence[Mapping[str, Any]],
    *,
    rules: Parameters | None = None,
    rulings: Iterable[Mapping[str, Any]] = (),
) -> Iterator[Judged]:
    """`lines` are those of READ.jsonl in the order of the scan. Raises ParameterError."""
    ruled = parse_rulings(rulings)
    for group in group_pages(layout, lines):
        first = group.pictures[0]
        batch = next((one.said["batch"] for one in group.pictures if one.said.get("batch")), None)
        ballot = f"{batch or layout.spec.batch}-{first.number}"
        yield _judged(layout, group, ballot, rules or Parameters(), ruled.get(ballot, NONE))


def _judged(layout: Layout, group: Group, ballot: str, rules: Parameters, ruled: Rulings) -> Judged:
    pages = tuple(one.number for one in group.pictures)
    refusal = next((one.reason for one in group.pictures if one.reason), None)
    if group.paper is None or ruled.status:
        status = _ruled_status(group, ruled)
        reason = Reason.RULED if ruled.status else None
        return Judged(ballot, pages, status, {}, reason, refusal)
    verdicts = {
        contest.id: _contest(layout, group, contest, rules, ruled)
        for contest in layout.contests(group.paper)
    }
    if all(one.status is not Status.DISPUTED for one in verdicts.values()):
        verdicts = _across(layout.contests(group.paper), verdicts, rules)
    return Judged(ballot, pages, _status(list(verdicts.values())), verdicts, None, refusal)


def _ruled_status(group: Group, ruled: Rulings) -> BallotStatus:
    if ruled.status:
        return BallotStatus(ruled.status)
    foreign = all(one.reason in FOREIGN for one in group.pictures)
    return BallotStatus.FOREIGN if foreign else BallotStatus.DISPUTED


def _contest(
    layout: Layout, group: Group, contest: Contest, rules: Parameters, ruled: Rulings
) -> Verdict:
    names = {row: name for (of, row), name in ruled.names.items() if of == contest.id}
    if contest.id in ruled.whole:
        boxes, written = _as_ruled(contest, ruled.whole[contest.id])
        return judge_contest(contest, boxes, names | written, rules)
    read = _read(group, contest.id)
    for (of, option, column), marked in ruled.boxes.items():
        if of == contest.id:
            read[option, column] = Decision.DEFINITE if marked else Decision.EMPTY
    if any(place not in read for place in _places(contest)):
        refused = any(one.page is None for one in group.pictures)
        return Verdict(Status.DISPUTED, Reason.PAGE_REFUSED if refused else Reason.PAGE_MISSING)
    return judge_contest(contest, read, names, rules)


def _read(group: Group, contest: str) -> dict[tuple[str, str], Decision]:
    return {
        (one["option"], one["column"]): Decision(one["decision"])
        for picture in group.pictures
        if picture.page is not None
        for one in picture.said["positions"]
        if one["contest"] == contest
    }


def _places(contest: Contest) -> Iterator[tuple[str, str]]:
    written = [f"{WRITE_IN}{row}" for row in range(1, contest.write_ins + 1)]
    for option in [*(one.id for one in contest.options), *written]:
        for column in contest.columns:
            yield option, str(column)
    for option in written:
        yield option, NAME_FIELD


def _as_ruled(
    contest: Contest, whole: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], Decision], dict[int, str]]:
    """The boxes as people saw them."""
    boxes = dict.fromkeys(_places(contest), Decision.EMPTY)
    for column in ("for", "against"):
        for option in whole[column]:
            boxes[option, column] = Decision.DEFINITE
    names = {}
    for row, (mark, name) in whole["write_ins"].items():
        names[row] = str(name)
        boxes[f"{WRITE_IN}{row}", NAME_FIELD] = Decision.DEFINITE
        if mark in ("for", "against"):
            boxes[f"{WRITE_IN}{row}", mark] = Decision.DEFINITE
    return boxes, names


def _across(
    contests: Sequence[Contest], verdicts: Mapping[str, Verdict], rules: Parameters
) -> dict[str, Verdict]:
    """What one contest means for the others of the ballot."""
    made = dict(verdicts)
    over = any(one.reason is Reason.OVERVOTE for one in made.values())
    if over and rules.overvote is Overvote.BALLOT:
        return {of: invalid(one, Reason.OVERVOTE) for of, one in made.items()}
    twice = _in_two_offices(contests, made)
    if twice and rules.two_offices is TwoOffices.BALLOT:
        return {of: invalid(one, Reason.TWO_OFFICES) for of, one in made.items()}
    for of, persons in twice.items():
        made[of] = without(made[of], persons)
    return made


def _in_two_offices(
    contests: Sequence[Contest], verdicts: Mapping[str, Verdict]
) -> dict[str, list[str]]:
    """By contest, who is chosen there and elsewhere too: the same id, or the same name where one of
    the two is written by hand."""
    names = {one.id: one.name for contest in contests for one in contest.options}
    chosen: dict[str, list[tuple[str, str]]] = {}
    for contest in contests:
        printed = {one.id for one in contest.options}
        for person in verdicts[contest.id].chosen():
            key = person if person in printed else _id_of(person, names)
            chosen.setdefault(key, []).append((contest.id, person))
    twice: dict[str, list[str]] = {}
    for held in chosen.values():
        if len({of for of, _person in held}) > 1:
            for of, person in held:
                twice.setdefault(of, []).append(person)
    return twice


def _id_of(name: str, names: Mapping[str, str]) -> str:
    same = [one for one, printed in names.items() if printed == name]
    return same[0] if len(same) == 1 else name


def _status(verdicts: Sequence[Verdict]) -> BallotStatus:
    found = {one.status for one in verdicts}
    if Status.DISPUTED in found:
        return BallotStatus.DISPUTED
    if found == {Status.INVALID}:
        return BallotStatus.INVALID
    if Status.INVALID in found:
        return BallotStatus.PARTIAL
    return BallotStatus.BLANK if found == {Status.BLANK} else BallotStatus.VALID


def to_json(one: Judged) -> dict[str, Any]:
    """One line of the judged ballots."""
    why = one.reason or one.refusal
    return {
        "ballot": one.ballot,
        "pages": list(one.pages),
        "status": str(one.status),
        "reason": str(why or ""),
        "message": (
            one.reason.sentence if one.reason else one.refusal.sentence if one.refusal else ""
        ),
        "contests": {of: _verdict(verdict) for of, verdict in one.contests.items()},
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "status": str(one.status),
        "reason": str(one.reason or ""),
        "message": one.reason.sentence if one.reason else "",
        "for": list(one.for_),
        "against": list(one.against),
        "write_ins": [_written(written) for written in one.write_ins],
        "rows": [
            {"option": option, "reason": str(why), "message": why.sentence}
            for option, why in one.rows
        ],
        "unsure": [{"option": option, "column": column} for option, column in one.unsure],
    }


def _written(one: WriteIn) -> dict[str, Any]:
    return {"row": one.row, "mark": one.mark, "name": one.name}

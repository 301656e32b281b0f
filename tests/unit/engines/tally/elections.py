"""Small elections for the tests: everybody by one letter, ballots by how many of a kind."""

import tomllib
from collections.abc import Iterable

from config.environment import BASE
from yukuai.engines.tally import (
    Ballot,
    Box,
    Column,
    Contest,
    Electorate,
    Kind,
    Names,
    Office,
    Person,
    Plan,
    Poll,
    Review,
    Rules,
    Status,
    WriteIn,
)

PACKS = BASE / "seed/rulepacks"
VILLAGE = ("elections-count", "elections-VC-2025", "elections-CQ-village-2026")
COMMUNITY = ("elections-count", "elections-RC-2025", "elections-CQ-community-2026")
WOMEN = frozenset("DFW")


def pack(name: str) -> dict:
    raw = tomllib.loads((PACKS / f"{name}.toml").read_text("utf-8"))
    parts = {part: raw[part] for part in ("terms", "limits") if part in raw}
    return {"code": raw["code"], "version": raw["version"], "params": parts}


def adopted(**values: object) -> dict:
    """A method that a meeting adopted."""
    limits = {
        name: {"label": name, "value": value, "source": "选举办法"}
        for name, value in values.items()
    }
    return {"code": "method", "version": 1, "params": {"limits": limits}, "adopted": True}


def rules(*names: str, **method: object) -> Rules:
    packs = [pack(name) for name in names or VILLAGE]
    return Rules.read([*packs, adopted(**method)] if method else packs)


_RULES = rules()


def contest(
    id: str, seats: int, candidates: str, office: Office = Office.MEMBER, **more
) -> Contest:
    titles = {Office.CHAIR: "主任", Office.VICE: "副主任", Office.MEMBER: "委员"}
    return Contest(id, titles[office], office, seats, tuple(candidates), **more)


def plan(*contests: Contest, registered: int = 1000, others: str = "", **more) -> Plan:
    letters = {*others, *(one for c in contests for one in c.candidates)}
    people = {
        one: Person(one, f"{one}某", one in WOMEN, more.pop(one, Review.PASS))
        for one in sorted(letters)
    }
    return Plan(
        election="e-1",
        title="青石村第十二届村民委员会选举",
        registered=registered,
        electorate=more.pop("electorate", Electorate.VOTERS),
        contests=contests,
        people=people,
        kin=frozenset(frozenset(pair) for pair in more.pop("kin", ())),
        rules=more.pop("rules", _RULES),
        **more,
    )


def column(marks: str, written: Iterable[WriteIn] = ()) -> Column:
    """'AB-C' approves A and B and is against C."""
    approved, _, against = marks.partition("-")
    blank = not marks and not written
    status = Status.BLANK if blank else Status.VALID
    return Column(status, tuple(approved), tuple(against), tuple(written))


def ballots(*kinds: tuple[int, dict[str, str]], box: str = "1", start: int = 1) -> list[Ballot]:
    """(12, {"m": "AB"}) is twelve ballots for A and B in contest m; 'void' is an invalid column."""
    made: list[Ballot] = []
    for times, marks in kinds:
        columns = {
            key: Column(Status.INVALID, reason="ILLEGIBLE") if said == "void" else column(said)
            for key, said in marks.items()
        }
        for _ in range(times):
            made.append(Ballot(f"{box}-{start + len(made)}", Status.VALID, columns))
    return made


def apart(key: str, turnout: int, **votes: int) -> list[Ballot]:
    """Ballots that give each one so many approvals, as many on each paper as fit, T in all."""
    marks = ["" for _ in range(turnout)]
    at = 0
    for person, number in votes.items():
        for _ in range(number):
            marks[at % turnout] += person
            at += 1
    return ballots(*((1, {key: said}) for said in marks))


def poll(given: list[Ballot], *, issued: int | None = None, **more) -> Poll:
    """One box per batch; by default as many were issued as came back."""
    found = dict.fromkeys(one.id.rpartition("-")[0] for one in given)
    boxes = []
    for box in found:
        mine = [one for one in given if one.id.rpartition("-")[0] == box]
        collected = sum(one.status is not Status.FOREIGN for one in mine)
        boxes.append(Box(box, f"封{box}", collected if issued is None else issued, 0, collected))
    return Poll(more.pop("kind", Kind.FIRST), tuple(boxes), tuple(given), **more)


def run_off(key: str, persons: str, given: list[Ballot], *, seats: int = 1) -> Poll:
    return poll(given, kind=Kind.RUN_OFF, contests=(key,), persons=tuple(persons), seats=seats)


def rerun(key: str, persons: str, given: list[Ballot], *, seats: int = 1, **more) -> Poll:
    return poll(
        given, kind=Kind.RERUN, contests=(key,), persons=tuple(persons), seats=seats, **more
    )


def names(**texts: str) -> Names:
    """Written names by the text: '甲某' → person, in contest m."""
    return Names(texts={("m", said): person for said, person in texts.items()})

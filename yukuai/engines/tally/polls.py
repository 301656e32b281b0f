"""A casting of papers: the first vote, a vote between the tied, a rerun."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yukuai.engines.tally import reading
from yukuai.engines.tally.reading import Unreadable


class Kind(StrEnum):
    FIRST = "FIRST"
    RUN_OFF = "RUN_OFF"
    """再次投票: only the tied, most votes win."""
    RERUN = "RERUN"
    """另行选举: for the seats that are left."""


class Status(StrEnum):
    """Of a ballot, and but for PARTIAL and FOREIGN of one contest on it."""

    VALID = "VALID"
    PARTIAL = "PARTIAL"
    BLANK = "BLANK"
    INVALID = "INVALID"
    DISPUTED = "DISPUTED"
    FOREIGN = "FOREIGN"


@dataclass(frozen=True)
class Box:
    """`issued` counts every paper handed out for it, `spoiled` those that came back in exchange.
    `signed_in` is asked for only where the rules compare with it. `batches` are the codes its
    ballots carry before their number; none means the box's own id."""

    id: str
    seal: str
    issued: int
    spoiled: int
    collected: int
    signed_in: int | None = None
    batches: tuple[str, ...] = ()

    @property
    def net(self) -> int:
        return self.issued - self.spoiled

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "box": self.id,
            "seal": self.seal,
            "issued": self.issued,
            "spoiled": self.spoiled,
            "collected": self.collected,
        }
        if self.signed_in is not None:
            data["signed_in"] = self.signed_in
        if self.batches:
            data["batches"] = list(self.batches)
        return data

    @classmethod
    def read(cls, raw: Any) -> "Box":
        data = reading.mapping(raw, "boxes")
        return cls(
            id=reading.text(data, "box", longest=40),
            seal=reading.text(data, "seal", longest=80),
            issued=reading.whole(data, "issued"),
            spoiled=reading.whole(data, "spoiled"),
            collected=reading.whole(data, "collected"),
            signed_in=reading.whole(data, "signed_in") if "signed_in" in data else None,
            batches=reading.names(data, "batches"),
        )


@dataclass(frozen=True)
class Stock:
    """Papers of one print: printed = issued + unused + spoiled in printing."""

    printed: int
    unused: int
    spoiled: int = 0

    def missing(self, boxes: Iterable[Box]) -> int:
        """Papers nobody can account for; negative: more than were printed."""
        return self.printed - self.unused - self.spoiled - sum(box.issued for box in boxes)

    def as_data(self) -> dict[str, Any]:
        return {"printed": self.printed, "unused": self.unused, "spoiled": self.spoiled}

    @classmethod
    def read(cls, raw: Any) -> "Stock":
        data = reading.mapping(raw, "stock")
        printed, unused = reading.whole(data, "printed"), reading.whole(data, "unused")
        return cls(printed, unused, reading.whole(data, "spoiled", default=0))


@dataclass(frozen=True)
class WriteIn:
    row: int
    mark: str
    name: str | None

    def as_data(self) -> dict[str, Any]:
        return {"row": self.row, "mark": self.mark, "name": self.name}


@dataclass(frozen=True)
class Column:
    """One contest on one ballot, as read and judged."""

    status: Status
    approved: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    write_ins: tuple[WriteIn, ...] = ()
    reason: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "status": str(self.status),
            "reason": self.reason,
            "for": list(self.approved),
            "against": list(self.against),
            "write_ins": [written.as_data() for written in self.write_ins],
        }


@dataclass(frozen=True)
class Ballot:
    """`id` numbers an image, never a voter. `image` is the SM3 of the picture, or nothing."""

    id: str
    status: Status
    columns: Mapping[str, Column]
    box: str = ""
    image: str = ""

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "ballot": self.id,
            "status": str(self.status),
            "contests": {key: column.as_data() for key, column in self.columns.items()},
        }
        return data | {k: v for k, v in (("box", self.box), ("image", self.image)) if v}

    @classmethod
    def read(cls, raw: Any) -> "Ballot":
        """One line of `judge`. Pages and other keys are left alone."""
        data = reading.mapping(raw, "选票")
        columns = reading.mapping(data.get("contests", {}), "contests")
        return cls(
            id=reading.text(data, "ballot", longest=80),
            status=reading.one_of(data, "status", Status),
            columns={key: _column(column) for key, column in columns.items()},
            box=reading.text(data, "box", longest=40, default=""),
            image=reading.text(data, "image", longest=64, default=""),
        )


def _column(raw: Any) -> Column:
    data = reading.mapping(raw, "contests")
    return Column(
        status=reading.one_of(data, "status", Status),
        approved=reading.names(data, "for"),
        against=reading.names(data, "against"),
        write_ins=tuple(_write_in(one) for one in reading.items(data, "write_ins")),
        reason=reading.text(data, "reason", default=""),
    )


def _write_in(raw: Any) -> WriteIn:
    data = reading.mapping(raw, "write_ins")
    name = None if data.get("name") is None else reading.text(data, "name", longest=60)
    mark = reading.text(data, "mark", longest=10)
    if mark not in ("for", "against", "none"):
        raise Unreadable(f"write_ins：mark 不能是“{mark}”")
    return WriteIn(row=reading.whole(data, "row"), mark=mark, name=name)


ILLEGIBLE = ""
"""What a person decided of a name nobody can read, or that fits more than one."""


@dataclass(frozen=True)
class Names:
    """What persons decided about written names: by the row of a ballot, or by the text."""

    rows: Mapping[tuple[str, str, int], str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def find(self, ballot: str, contest: str, written: WriteIn) -> str | None:
        """A person, ILLEGIBLE, or None: nobody has decided yet."""
        row = self.rows.get((ballot, contest, written.row))
        if row is not None or written.name is None:
            return row
        return self.texts.get((contest, written.name))

    def as_data(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"ballot": ballot, "contest": contest, "row": row, "person": person}
            for (ballot, contest, row), person in sorted(self.rows.items())
        ]
        texts: list[dict[str, Any]] = [
            {"contest": contest, "text": said, "person": person}
            for (contest, said), person in sorted(self.texts.items())
        ]
        return rows + texts

    @classmethod
    def read(cls, raw: Sequence[Any]) -> "Names":
        rows: dict[tuple[str, str, int], str] = {}
        texts: dict[tuple[str, str], str] = {}
        for one in raw:
            data = reading.mapping(one, "names")
            contest, person = reading.text(data, "contest"), reading.text(data, "person")
            if "row" in data:
                key = (reading.text(data, "ballot"), contest, reading.whole(data, "row"))
                rows[key] = person
            else:
                texts[contest, reading.text(data, "text", longest=60)] = person
        return cls(rows, texts)


@dataclass(frozen=True)
class Poll:
    """`contests` are on its paper; none means all of the plan. For a run-off and a rerun there is
    one, with the `persons` on the paper and the `seats` to fill; `women` marks the rerun for the
    woman's seat. Polls stand in the order they were held."""

    kind: Kind
    boxes: tuple[Box, ...]
    ballots: tuple[Ballot, ...]
    contests: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    seats: int = 0
    women: bool = False
    names: Names = field(default_factory=Names)
    stock: Stock | None = None

    @property
    def contest(self) -> str:
        return self.contests[0]

    @property
    def collected(self) -> int:
        return sum(box.collected for box in self.boxes)

    @property
    def issued(self) -> int:
        return sum(box.net for box in self.boxes)

    def as_data(self) -> dict[str, Any]:
        """Without its ballots, which are a file of lines."""
        data: dict[str, Any] = {
            "kind": str(self.kind),
            "contests": list(self.contests),
            "persons": list(self.persons),
            "seats": self.seats,
            "women": self.women,
            "boxes": [box.as_data() for box in self.boxes],
            "names": self.names.as_data(),
        }
        return data | ({"stock": self.stock.as_data()} if self.stock else {})

    @classmethod
    def read(cls, raw: Any, ballots: Iterable[Any] = ()) -> "Poll":
        data = reading.mapping(raw, "投票")
        poll = cls(
            kind=reading.one_of(data, "kind", Kind),
            boxes=tuple(Box.read(box) for box in reading.items(data, "boxes")),
            ballots=tuple(Ballot.read(ballot) for ballot in ballots),
            contests=reading.names(data, "contests"),
            persons=reading.names(data, "persons"),
            seats=reading.whole(data, "seats", default=0),
            women=reading.flag(data, "women"),
            names=Names.read(reading.items(data, "names")),
            stock=Stock.read(data["stock"]) if "stock" in data else None,
        )
        if poll.kind is not Kind.FIRST and (len(poll.contests) != 1 or not poll.persons):
            raise Unreadable("再次投票和另行选举只有一栏，要写明候选人")
        return poll

"""What becomes of a line, told before anything is written: the dry run and the run ask the same.

A line is read by `read_form` and weighed by `weigh`, as a form of the register is.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import InvalidInput
from yukuai.registry.catalogue import field_of
from yukuai.registry.columns import columns_of, read_form, texts_of
from yukuai.registry.intake.files import Row
from yukuai.registry.intake.homes import Homes, Place, Setting
from yukuai.registry.intake.mapping import PLACE, typed
from yukuai.registry.keeping import Weighed, labels, new_person_key, weigh
from yukuai.registry.models import MODELS, ImportLine
from yukuai.registry.states import TAKEN, Kind, Outcome

NAMESPACE = uuid.UUID("6f0b6a1e-2a0f-4c53-9d0e-7a51c2f4b9d3")
"""Under which a line without a number becomes the key of the record it makes: read again, it is the
same record."""


@dataclass
class Judged:
    """A line with what becomes of it. `row` is the record, not yet saved where it is new."""

    line: int
    digest: str
    outcome: Outcome
    words: str = ""
    row: Any = None
    values: Mapping[str, str] = field(default_factory=dict)
    weighed: Weighed | None = None
    place: Place = field(default_factory=Place)
    dwelling: Any = None
    household: Any = None
    moves: bool = False
    joins: bool = False


class Refused(ValueError):
    """The line waits for a person: outcome and sentence."""

    def __init__(self, outcome: Outcome, words: str) -> None:
        super().__init__(words)
        self.outcome, self.words = outcome, words


@dataclass
class Line:
    """A line as it is read, before it is compared with anything."""

    row: Row
    typed: dict[str, str]
    digest: str
    values: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        return {key: text for key, text in self.typed.items() if not key.startswith(PLACE)}


class Judge:
    """Looks at lines in their order. What it has seen it remembers: the next line is judged as if
    the ones before it were in the register. `writes`: what it looks up it locks. A run that fails
    half-way needs a new one."""

    def __init__(self, setting: Setting, keys: Sequence[str]) -> None:
        self.setting = setting
        self.keys = keys
        self.homes = Homes(setting)
        self.seen: dict[str, int] = {}
        self.applied: dict[int, int] = {}
        self.writes = False

    def load(self) -> None:
        """What is there of the community, and what an earlier worker wrote of this import."""
        self.homes.load()
        written = ImportLine.objects.filter(batch_id=self.setting.batch_id)
        for line, digest, subject_id in written.values_list("line", "digest", "subject_id"):
            self.seen[digest] = self.applied[subject_id] = line

    def judge(self, rows: Iterable[Row]) -> list[Judged]:
        lines = [self._read(row) for row in rows]
        self.gather(lines)
        return [self._judge(line) for line in lines]

    def _read(self, row: Row) -> Line:
        said = typed(self.keys, row)
        text = json.dumps([self.setting.kind, sorted(said.items())], ensure_ascii=False)
        line = Line(row, said, keyed_hash(text, purpose="import.line"))
        try:
            line.values = self.read(line)
            line.columns = columns_of(self.setting.kind, line.values)
        except InvalidInput as error:
            line.wrong = error.fields
        return line

    def _judge(self, line: Line) -> Judged:
        try:
            if earlier := self.seen.get(line.digest):
                raise Refused(Outcome.TWICE, f"和第 {earlier} 行一样，只算一次。")
            judged = self.decide(line)
        except Refused as refused:
            return Judged(line.row.line, line.digest, refused.outcome, refused.words)
        self.seen[line.digest] = line.row.line
        return judged

    def gather(self, lines: Sequence[Line]) -> None:
        """Look up the records these lines may be about."""
        raise NotImplementedError

    def decide(self, line: Line) -> Judged:
        """Raises Refused."""
        raise NotImplementedError

    def read(self, line: Line) -> dict[str, str]:
        """Raises InvalidInput."""
        return read_form(self.setting.kind, line.form, today=self.setting.day)

    def again(self, line: Line, row: Any) -> dict[str, str]:
        """What the line says of a record that is there already. Raises Refused."""
        if earlier := self.applied.get(row.pk):
            raise Refused(Outcome.TWICE, f"和第 {earlier} 行说的是同一条，只算一次。")
        try:
            return read_form(
                self.setting.kind, line.form, today=self.setting.day, known=texts_of(row)
            )
        except InvalidInput as error:
            raise Refused(Outcome.WRONG, self.said(error.fields)) from error

    def amended(self, line: Line, row: Any, *, besides: Sequence[str] = ()) -> Judged:
        """A record that is there; `besides` are changes that are none of its fields."""
        values = self.again(line, row)
        weighed = weigh(row, values, self.setting.evidence, day=self.setting.day)
        said = [f"更新{'、'.join(labels(self.setting.kind, weighed.taken))}"] * bool(weighed.taken)
        said += besides
        outcome = Outcome.UPDATED if said else Outcome.NOTED if weighed.noted else Outcome.SAME
        for name, why in weighed.noted.items():
            label = field_of(self.setting.kind, name).label
            said.append(f"{label}和登记的不一样，另存为一种说法（{why}）")
        self.applied[row.pk] = line.row.line
        return Judged(
            line.row.line,
            line.digest,
            outcome,
            "；".join(said),
            row=row,
            values=values,
            weighed=weighed,
        )

    def made(self, line: Line, **columns: Any) -> Judged:
        """A record that is not there yet. Raises Refused."""
        if line.wrong:
            raise Refused(Outcome.WRONG, self.said(line.wrong))
        kind = self.setting.kind
        row: Any = MODELS[kind](**self.setting.kept(**line.columns, **columns))
        if kind == Kind.PERSON:
            row.holders = [new_person_key(row.client_uuid)]
        return Judged(line.row.line, line.digest, Outcome.NEW, row=row, values=line.values)

    def said(self, wrong: Mapping[str, str]) -> str:
        return "；".join(
            f"{field_of(self.setting.kind, name).label}：{sentence}"
            for name, sentence in wrong.items()
        )

    def key_of(self, line: Line) -> uuid.UUID:
        """By which a line without a number is known again."""
        return uuid.uuid5(NAMESPACE, f"{self.setting.division.pk}|{line.digest}")


def count(judged: Iterable[Judged]) -> dict[str, int]:
    counts = dict.fromkeys(Outcome.values, 0)
    for one in judged:
        counts[one.outcome] += 1
    return counts


def is_taken(judged: Judged) -> bool:
    return judged.outcome in TAKEN

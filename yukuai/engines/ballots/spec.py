"""SPEC.json: what is printed on the paper of one election (docs/reference/ballot-spec.md).

Everything is checked before anything is drawn or read: an error is one sentence in Chinese that
names the field.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

MOST_OPTIONS, MOST_WRITE_INS, MOST_CONTESTS, MOST_SEATS = 100, 20, 12, 99
WRITE_IN = "+"
"""Option of a write-in row: `+1`, `+2` … No id can begin so."""


Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")


class SpecError(ValueError):
    """The spec cannot be used; carries a sentence in Chinese."""


class Paper(StrEnum):
    A4 = "A4"
    A5 = "A5"


class Column(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Group(StrEnum):
    GENERAL = "general"
    WOMEN = "women"


@dataclass(frozen=True)
class Option:
    id: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Contest:
    id: str
    title: str
    seats: int
    columns: tuple[Column, ...]
    options: tuple[Option, ...]
    write_ins: int = 0
    group: Group = Group.GENERAL


@dataclass(frozen=True)
class Spec:
    election: str
    title: str
    place: str
    term: str
    paper: Paper
    batch: str
    contests: tuple[Contest, ...]
    large_print: bool = False
    one_paper: bool = True
    instructions: str = ""
    seal: bool = True

    def digest(self) -> str:
        """Of all that is printed but the batch: papers of another edition have another one."""
        said = asdict(self) | {"batch": ""}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.new("sm3", text.encode()).hexdigest()


def load_spec(text: str | bytes) -> Spec:
    """Raises SpecError."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise SpecError("选票说明文件不是有效的 JSON，请检查文件是否完整。") from None
    return parse_spec(said)


def parse_spec(said: Any) -> Spec:
    """Raises SpecError."""
    fields = _Fields(said, "选票说明")
    spec = Spec(
        election=fields.code("election", most=32),
        title=fields.text("title", most=40),
        place=fields.text("place", most=30),
        term=fields.text("term", most=30, empty=True),
        paper=fields.choice("paper", Paper, "A4 或 A5"),
        batch=fields.code("batch", most=16),
        contests=fields.items("contests", _contest, least=1, most=MOST_CONTESTS),
        large_print=fields.flag("large_print", usual=False),
        one_paper=fields.flag("one_paper", usual=True),
        instructions=fields.text("instructions", most=400, empty=True),
        seal=fields.flag("seal", usual=True),
    )
    fields.finish()
    _distinct([contest.id for contest in spec.contests], "两个职位用了同一个代号")
    _same_names(spec)
    return spec


def _same_names(spec: Spec) -> None:
    """An id is one person, whichever office he stands for."""
    names: dict[str, str] = {}
    for contest in spec.contests:
        for option in contest.options:
            if names.setdefault(option.id, option.name) != option.name:
                raise SpecError(f"候选人代号 {option.id} 在两个职位里是不同的姓名。")


def _contest(said: Any, where: str) -> Contest:
    fields = _Fields(said, where)
    contest = Contest(
        id=fields.code("id", most=12),
        title=fields.text("title", most=20),
        seats=fields.number("seats", least=1, most=MOST_SEATS),
        columns=fields.items("columns", _column, least=1, most=len(Column)),
        options=fields.items("options", _option, least=0, most=MOST_OPTIONS),
        write_ins=fields.number("write_ins", least=0, most=MOST_WRITE_INS, usual=0),
        group=fields.choice("group", Group, "general 或 women", usual=Group.GENERAL),
    )
    fields.finish()
    _distinct([option.id for option in contest.options], f"{where}里两名候选人用了同一个代号")
    _distinct(list(contest.columns), f"{where}里同一栏写了两次")
    if Column.FOR not in contest.columns:
        raise SpecError(f"{where}没有赞成栏（for）。")
    if not contest.options and not contest.write_ins:
        raise SpecError(f"{where}既没有候选人，也没有“另选他人”的空格。")
    return contest


def _option(said: Any, where: str) -> Option:
    fields = _Fields(said, where)
    option = Option(
        id=fields.code("id", most=16),
        name=fields.text("name", most=20),
        note=fields.text("note", most=20, empty=True),
    )
    fields.finish()
    return option


def _column(said: Any, where: str) -> Column:
    if said not in list(Column):
        raise SpecError(f"{where}只能是 for、against 或 abstain。")
    return Column(said)


def _distinct(ids: Sequence[str], sentence: str) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise SpecError(f"{sentence}：{twice[0]}。")


class _Fields:
    """The members of one object, each taken once; what is left over is an error."""

    def __init__(self, said: Any, where: str) -> None:
        if not isinstance(said, Mapping):
            raise SpecError(f"{where}不是一个对象（花括号括起的内容）。")
        self.said = dict(said)
        self.where = where

    def finish(self) -> None:
        if self.said:
            raise SpecError(f"{self.where}有不认识的字段：{sorted(map(str, self.said))[0]}。")

    def _take(self, name: str, usual: Any = None) -> Any:
        said = self.said.pop(name, usual)
        if said is None:
            raise SpecError(f"{self.where}缺少字段 {name}。")
        return said

    def text(self, name: str, *, most: int, empty: bool = False) -> str:
        said = self._take(name, "" if empty else None)
        if not isinstance(said, str) or any(not letter.isprintable() for letter in said):
            raise SpecError(f"{self.where}的 {name} 应当是一行文字。")
        said = said.strip()
        if len(said) > most:
            raise SpecError(f"{self.where}的 {name} 超过 {most} 个字，印不下。")
        if not said and not empty:
            raise SpecError(f"{self.where}的 {name} 是空的。")
        return said

    def code(self, name: str, *, most: int) -> str:
        said = self._take(name)
        if not isinstance(said, str) or not re.fullmatch(
            rf"[A-Za-z0-9][\w.-]{{0,{most - 1}}}", said, re.A
        ):
            raise SpecError(
                f"{self.where}的 {name} 应当是 1 到 {most} 个字母、数字、点、横线或下划线。"
            )
        return said

    def number(self, name: str, *, least: int, most: int, usual: int | None = None) -> int:
        said = self._take(name, usual)
        if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
            raise SpecError(f"{self.where}的 {name} 应当是 {least} 到 {most} 的整数。")
        return said

    def flag(self, name: str, *, usual: bool) -> bool:
        said = self._take(name, usual)
        if not isinstance(said, bool):
            raise SpecError(f"{self.where}的 {name} 应当是 true 或 false。")
        return said

    def choice(self, name: str, kind: type[Word], words: str, usual: Word | None = None) -> Word:
        said = self._take(name, usual)
        if said not in list(kind):
            raise SpecError(f"{self.where}的 {name} 应当是 {words}。")
        return kind(said)

    def items(
        self, name: str, each: Callable[[Any, str], Item], *, least: int, most: int
    ) -> tuple[Item, ...]:
        said = self._take(name)
        if not isinstance(said, list) or not least <= len(said) <= most:
            raise SpecError(f"{self.where}的 {name} 应当是 {least} 到 {most} 项的列表。")
        return tuple(
            each(one, f"{self.where}的 {name} 第 {row} 项") for row, one in enumerate(said, 1)
        )

"""One contest on one ballot: row by row, then all rows together (domain rule 2.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from yukuai.engines.ballots.deciding import Decision
from yukuai.engines.ballots.reasons import Reason
from yukuai.engines.ballots.rulings import BareName, Contradiction, Parameters
from yukuai.engines.ballots.spec import WRITE_IN, Contest
from yukuai.engines.ballots.tables import NAME_FIELD


class Status(StrEnum):
    VALID = "VALID"
    BLANK = "BLANK"
    INVALID = "INVALID"
    DISPUTED = "DISPUTED"


@dataclass(frozen=True)
class WriteIn:
    """`name` is None until people have read it, the id of an option where it is one: then it is
    in `for_` too."""

    row: int
    mark: str
    name: str | None


@dataclass(frozen=True)
class Verdict:
    """`rows` says of single rows why they do not count as they are marked; `unsure` are the boxes
    and fields people must look at."""

    status: Status
    reason: Reason | None = None
    for_: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    write_ins: tuple[WriteIn, ...] = ()
    rows: tuple[tuple[str, Reason], ...] = ()
    unsure: tuple[tuple[str, str], ...] = ()

    def chosen(self) -> tuple[str, ...]:
        """Everybody approved, each once: options by id, others by name."""
        written = [one.name for one in self.write_ins if one.mark == "for" and one.name]
        return tuple(dict.fromkeys([*self.for_, *written]))


@dataclass
class _Sheet:
    """What is gathered while the rows are gone through."""

    contest: Contest
    rules: Parameters
    for_: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    write_ins: list[WriteIn] = field(default_factory=list)
    rows: list[tuple[str, Reason]] = field(default_factory=list)
    unsure: list[tuple[str, str]] = field(default_factory=list)
    disputes: list[Reason] = field(default_factory=list)


Boxes = Mapping[tuple[str, str], Decision]
"""By option and column, the fields of names too."""


def judge_contest(
    contest: Contest, boxes: Boxes, names: Mapping[int, str], rules: Parameters
) -> Verdict:
    """`names` are those people have read, by row; '' where it cannot be read."""
    sheet = _Sheet(contest, rules)
    for option in contest.options:
        mark = _mark(sheet, boxes, option.id)
        if mark == "for":
            sheet.for_.append(option.id)
        elif mark == "against":
            sheet.against.append(option.id)
    for row in range(1, contest.write_ins + 1):
        _write_in(sheet, boxes, names, row)
    _merge(sheet)
    return _together(sheet)


def _mark(sheet: _Sheet, boxes: Boxes, option: str) -> str:
    """for, against, abstain or none; none where the row is void or for people."""
    found = {column: boxes[option, column] for column in sheet.contest.columns}
    marginal = [column for column, one in found.items() if one is Decision.MARGINAL]
    marked = [str(column) for column, one in found.items() if one is Decision.DEFINITE]
    if marginal:
        sheet.unsure += [(option, str(column)) for column in marginal]
        sheet.disputes.append(Reason.MARGINAL)
        return "none"
    if len(marked) > 1:
        sheet.rows.append((option, Reason.CONTRADICTION))
        if sheet.rules.contradiction is Contradiction.DISPUTED:
            sheet.unsure += [(option, column) for column in marked]
            sheet.disputes.append(Reason.CONTRADICTION)
        return "none"
    return marked[0] if marked else "none"


def _write_in(sheet: _Sheet, boxes: Boxes, names: Mapping[int, str], row: int) -> None:
    option = f"{WRITE_IN}{row}"
    mark = _mark(sheet, boxes, option)
    if any(one == option for one, _why in (*sheet.rows, *sheet.unsure)):
        return
    written = boxes[option, NAME_FIELD] is not Decision.EMPTY
    if row in names and not names[row]:
        sheet.rows.append((option, Reason.ILLEGIBLE))
    elif row in names:
        _add(sheet, row, mark, _named(sheet, names[row], option))
    elif written:
        sheet.unsure.append((option, NAME_FIELD))
        _add(sheet, row, mark, None)
    elif mark in ("for", "against"):
        sheet.rows.append((option, Reason.NO_NAME))


def _add(sheet: _Sheet, row: int, mark: str, name: str | None) -> None:
    option = f"{WRITE_IN}{row}"
    if mark == "none" and sheet.rules.bare_name is BareName.FOR:
        mark = "for"
    if mark in ("for", "against"):
        sheet.write_ins.append(WriteIn(row, mark, name))
        return
    sheet.rows.append((option, Reason.NO_MARK))
    if mark == "none" and sheet.rules.bare_name is BareName.DISPUTED:
        sheet.write_ins.append(WriteIn(row, "none", name))
        sheet.disputes.append(Reason.NO_MARK)


def _named(sheet: _Sheet, said: str, option: str) -> str:
    """The id of the option it names, or the name itself."""
    ids = {one.id for one in sheet.contest.options}
    if said in ids:
        return said
    same = [one.id for one in sheet.contest.options if one.name == said]
    if len(same) > 1:
        sheet.unsure.append((option, NAME_FIELD))
        sheet.disputes.append(Reason.SAME_NAME)
    return same[0] if len(same) == 1 else said


def _merge(sheet: _Sheet) -> None:
    """Who is written though he is printed, or written twice, counts once; who is rejected in his
    own row and chosen in another, not at all."""
    ids = {one.id for one in sheet.contest.options}
    seen: set[str] = set()
    kept: list[WriteIn] = []
    for one in sheet.write_ins:
        option = f"{WRITE_IN}{one.row}"
        if one.mark == "for" and one.name in sheet.against:
            sheet.against.remove(one.name)
            sheet.rows += [(one.name, Reason.CONTRADICTION), (option, Reason.CONTRADICTION)]
            continue
        if one.mark == "for" and one.name and (one.name in sheet.for_ or one.name in seen):
            sheet.rows.append((option, Reason.ALREADY_CHOSEN))
            continue
        if one.mark == "for" and one.name in ids:
            sheet.for_.append(one.name)
        if one.name:
            seen.add(one.name)
        kept.append(one)
    sheet.write_ins = kept


def _together(sheet: _Sheet) -> Verdict:
    verdict = Verdict(
        status=Status.VALID,
        for_=tuple(sheet.for_),
        against=tuple(sheet.against),
        write_ins=tuple(sheet.write_ins),
        rows=tuple(sheet.rows),
        unsure=tuple(sheet.unsure),
    )
    if sheet.disputes:
        return replace(verdict, status=Status.DISPUTED, reason=sheet.disputes[0])
    chosen = len(verdict.chosen())
    unnamed = sum(one.mark == "for" and one.name is None for one in sheet.write_ins)
    if chosen > sheet.contest.seats:
        return invalid(verdict, Reason.OVERVOTE)
    if chosen + unnamed > sheet.contest.seats:
        return replace(verdict, status=Status.DISPUTED, reason=Reason.WRITE_IN)
    if not (sheet.for_ or sheet.against or sheet.write_ins or sheet.rows):
        return replace(verdict, status=Status.BLANK)
    return verdict


def invalid(verdict: Verdict, reason: Reason) -> Verdict:
    """Nothing on it counts."""
    return Verdict(Status.INVALID, reason, rows=verdict.rows, unsure=verdict.unsure)


def without(verdict: Verdict, persons: Sequence[str]) -> Verdict:
    """The rows of these persons do not count."""
    return replace(
        verdict,
        reason=verdict.reason or Reason.TWO_OFFICES,
        for_=tuple(one for one in verdict.for_ if one not in persons),
        write_ins=tuple(
            replace(one, mark="none") if one.name in persons else one for one in verdict.write_ins
        ),
        rows=(*verdict.rows, *_voided(verdict, persons)),
    )


def _voided(verdict: Verdict, persons: Sequence[str]) -> Iterator[tuple[str, Reason]]:
    for one in verdict.for_:
        if one in persons:
            yield one, Reason.TWO_OFFICES
    for written in verdict.write_ins:
        if written.name in persons and written.mark == "for":
            yield f"{WRITE_IN}{written.row}", Reason.TWO_OFFICES

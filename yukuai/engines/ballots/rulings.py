"""How an election judges, and what people ruled on single ballots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ParameterError(ValueError):
    """Carries a sentence in Chinese."""


class Overvote(StrEnum):
    CONTEST = "CONTEST"
    BALLOT = "BALLOT"


class TwoOffices(StrEnum):
    ROWS = "ROWS"
    BALLOT = "BALLOT"


class Contradiction(StrEnum):
    ROW = "ROW"
    DISPUTED = "DISPUTED"


class BareName(StrEnum):
    NONE = "NONE"
    FOR = "FOR"
    DISPUTED = "DISPUTED"


KINDS: dict[str, type[StrEnum]] = {
    "overvote": Overvote,
    "two_offices": TwoOffices,
    "contradiction": Contradiction,
    "bare_name": BareName,
}


@dataclass(frozen=True)
class Parameters:
    """Of the rule pack (domain rule 2.5); the defaults are those of the platform.

    `overvote`: more chosen than seats voids the contest or the ballot. `two_offices`: one person
    chosen for two offices loses both rows, or voids the ballot. `contradiction`: a row with two
    columns marked is void, or for people. `bare_name`: a name without a mark does not count,
    counts, or is for people.
    """

    overvote: Overvote = Overvote.CONTEST
    two_offices: TwoOffices = TwoOffices.ROWS
    contradiction: Contradiction = Contradiction.ROW
    bare_name: BareName = BareName.DISPUTED


def parse_parameters(said: Mapping[str, Any]) -> Parameters:
    """Raises ParameterError."""
    chosen: dict[str, Any] = {}
    for name, value in said.items():
        if name not in KINDS:
            raise ParameterError(f"不认识的判票参数：{name}。")
        if value not in list(KINDS[name]):
            words = "、".join(KINDS[name])
            raise ParameterError(f"判票参数 {name} 应当是 {words} 之一。")
        chosen[name] = KINDS[name](value)
    return Parameters(**chosen)


@dataclass(frozen=True)
class Rulings:
    """What people decided of one ballot, by what they saw on the picture.

    `boxes` by contest, option and column: marked or not. `names` by contest and row: the name, the
    id of an option, or '' where it cannot be read. `whole` by contest: all its marks, in place of
    what was read. `status` of the ballot: INVALID or FOREIGN.
    """

    boxes: Mapping[tuple[str, str, str], bool] = field(default_factory=dict)
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    whole: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: str | None = None


NONE = Rulings()


def parse_rulings(lines: Iterable[Mapping[str, Any]]) -> dict[str, Rulings]:
    """By ballot; a later line overrules an earlier one. Raises ParameterError."""
    boxes: dict[str, dict[tuple[str, str, str], bool]] = {}
    names: dict[str, dict[tuple[str, int], str]] = {}
    whole: dict[str, dict[str, Mapping[str, Any]]] = {}
    status: dict[str, str] = {}
    for line in lines:
        try:
            ballot = str(line["ballot"])
            if "status" in line:
                status[ballot] = _status(line["status"])
            elif "name" in line:
                names.setdefault(ballot, {})[line["contest"], int(line["row"])] = str(line["name"])
            elif "column" in line:
                key = (line["contest"], line["option"], line["column"])
                boxes.setdefault(ballot, {})[key] = bool(line["marked"])
            else:
                whole.setdefault(ballot, {})[line["contest"]] = _whole(line)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, ParameterError):
                raise
            raise ParameterError("有一条认定缺少字段，或者字段的类型不对。") from None
    every = {*boxes, *names, *whole, *status}
    return {
        one: Rulings(boxes.get(one, {}), names.get(one, {}), whole.get(one, {}), status.get(one))
        for one in every
    }


def _status(said: Any) -> str:
    if said not in ("INVALID", "FOREIGN"):
        raise ParameterError("整张票的认定只能是 INVALID（无效）或 FOREIGN（非本次选票）。")
    return str(said)


def _whole(line: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "for": [str(one) for one in line["for"]],
        "against": [str(one) for one in line["against"]],
        "write_ins": {
            int(one["row"]): (one["mark"], one["name"]) for one in line.get("write_ins", [])
        },
    }

"""Rules as data: what the product counts by, the law, the place, and the adopted method, one over
the other. The engine takes mappings and never reads the files in `seed/rulepacks/`.

What none of them says is not made up: `Missing` tells what the 选举办法 has to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yukuai.engines.tally import reading
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.shares import Share


class Electorate(StrEnum):
    VOTERS = "VOTERS"
    HOUSEHOLDS = "HOUSEHOLDS"
    DELEGATES = "DELEGATES"


class Women(StrEnum):
    """How the seat of a woman is kept (women_seat_mode)."""

    NONE = "NONE"
    PRIORITY = "PRIORITY"
    SEPARATE_CONTEST = "SEPARATE_CONTEST"


class Missing(Unreadable):
    """No layer of the rules says it."""


@dataclass(frozen=True)
class Layer:
    """A pack as the loader reads it (`code`, `version`, `params`), or the adopted method."""

    code: str
    version: int
    params: Mapping[str, Mapping[str, Mapping[str, Any]]]
    adopted: bool = False

    @classmethod
    def read(cls, raw: Any) -> "Layer":
        pack = reading.mapping(raw, "规则包")
        params = reading.mapping(pack.get("params", {}), "params")
        for part in params.values():
            for entry in reading.mapping(part, "params").values():
                reading.mapping(entry, "规则")
        return cls(
            code=reading.text(pack, "code"),
            version=reading.whole(pack, "version"),
            params=params,
            adopted=reading.flag(pack, "adopted"),
        )

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "version": self.version,
            "params": {part: dict(entries) for part, entries in self.params.items()},
            "adopted": self.adopted,
        }


@dataclass(frozen=True)
class Entry:
    label: str
    raw: Mapping[str, Any]
    pack: str

    @property
    def cited(self) -> str:
        """The article, or whose choice it is."""
        article = self.raw.get("article")
        return str(article) if article else f"产品设定（{self.pack}）"


@dataclass(frozen=True)
class Rules:
    layers: tuple[Layer, ...]
    limits: Mapping[str, Entry]
    terms: Mapping[str, Entry]

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> "Rules":
        """The later layer wins. A method a meeting adopted may not set aside an article."""
        return cls(tuple(layers), _stacked(layers, "limits"), _stacked(layers, "terms"))

    @classmethod
    def read(cls, packs: Sequence[Any]) -> "Rules":
        return cls.of([Layer.read(pack) for pack in packs])

    def as_data(self) -> list[dict[str, Any]]:
        return [layer.as_data() for layer in self.layers]

    def says(self, name: str) -> bool:
        return name in self.limits or name in self.terms

    def entry(self, name: str) -> Entry:
        found = self.limits.get(name) or self.terms.get(name)
        if found is None:
            packs = "、".join(layer.code for layer in self.layers)
            raise Missing(f"{packs} 都没有写 {name}：法律没有规定的，要由选举办法写明")
        return found

    def cite(self, name: str) -> str:
        return self.entry(name).cited if self.says(name) else "产品设定"

    def share(self, name: str) -> Share:
        return Share.read(self._value(name, str))

    def whole(self, name: str, *, silent: int | None = None) -> int:
        if silent is not None and not self.says(name):
            return silent
        value: int = self._value(name, int)
        if not 0 <= value <= reading.MOST:
            raise Unreadable(f"{name}：{value} 太大")
        return value

    def flag(self, name: str, *, silent: bool | None = None) -> bool:
        """`silent` is what holds where no layer speaks."""
        if silent is not None and not self.says(name):
            return silent
        value: bool = self._value(name, bool)
        return value

    def choice(self, name: str, *, silent: str = "") -> str:
        if silent and not self.says(name):
            return silent
        value: str = self._value(name, str)
        return value

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(self._value(name, list))

    def range(self, name: str) -> tuple[int, int]:
        least, most = self._value(name, list)
        return int(least), int(most)

    def days(self, name: str) -> int:
        return self.length(name, "days")

    def length(self, name: str, unit: str) -> int:
        raw = self.entry(name).raw
        if type(raw.get(unit)) is not int:
            raise Unreadable(f"{name}：没有写 {unit}")
        return int(raw[unit])

    def _value(self, name: str, kind: type) -> Any:
        value = self.entry(name).raw.get("value")
        if type(value) is not kind:
            raise Unreadable(f"{name}：值“{str(value)[:40]}”不能用")
        return value


def _stacked(layers: Sequence[Layer], part: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for layer in layers:
        for name, raw in layer.params.get(part, {}).items():
            before = found.get(name)
            if layer.adopted and before is not None and before.raw.get("article"):
                raise Unreadable(f"选举办法不能改 {name}：{before.cited}已有规定")
            found[name] = Entry(str(raw.get("label", name)), raw, layer.code)
    return found

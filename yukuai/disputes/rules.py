"""Pure arithmetic of disputes: no database, no clock, no settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yukuai.workflow.calendar import Term

LEAST_SHOWN = 3
"""A number below it could point at somebody's quarrel."""
MOST_FEN = 1_000_000_000_000
"""Ten thousand million yuan."""
_PEN = 100


@dataclass(frozen=True)
class Rules:
    """A pinned RulePack, typed. Raises KeyError where the pack lacks a term."""

    params: Mapping[str, Any]

    def term(self, name: str) -> Term:
        raw = self.params["terms"][name]
        return Term(**{k: raw[k] for k in ("working_days", "days", "hours") if k in raw})

    def label(self, name: str) -> str:
        return str(self.params["terms"][name]["label"])

    def source(self, name: str) -> str:
        return str(self.params["terms"][name]["source"])


def mask_name(name: str) -> str:
    """王某: the family name, as papers about mediation that others may see have it."""
    return f"{name[0]}某" if name else "没有留名"


def fen_of(typed: str) -> int | None:
    """1,200.50 yuan as 120050 fen; None where nothing was typed. Raises ValueError."""
    plain = typed.replace(",", "").replace("，", "").removesuffix("元").strip()
    if not plain:
        return None
    yuan, dot, rest = plain.partition(".")
    digits = yuan.isascii() and yuan.isdigit() and (not dot or (rest.isascii() and rest.isdigit()))
    if not digits or len(rest) > 2:
        raise ValueError("an amount is yuan with at most two decimals")
    fen = int(yuan) * _PEN + int(rest.ljust(2, "0") or 0)
    if fen > MOST_FEN:
        raise ValueError("an amount beyond all quarrels")
    return fen


def yuan_words(fen: int | None) -> str:
    """120050 → 1,200.50 元; whole yuan without the point; '' for None."""
    if fen is None:
        return ""
    yuan, rest = divmod(fen, _PEN)
    return f"{yuan:,}.{rest:02d} 元" if rest else f"{yuan:,} 元"


def suppress(cells: Mapping[str, int], *, least: int = LEAST_SHOWN) -> dict[str, int | None]:
    """The cells of one total, those that could point at somebody as None.

    Every cell below `least` is hidden, zeros among them, so that being hidden tells nothing. What
    is hidden must not follow from the total: while the hidden ones together stay below `least`
    without being nothing at all, the next smallest goes along.
    """
    hidden = {name for name, count in cells.items() if count < least}
    rest = sorted(cells.keys() - hidden, key=lambda name: (cells[name], name))
    while rest and 0 < sum(cells[name] for name in hidden) < least:
        hidden.add(rest.pop(0))
    return {name: None if name in hidden else count for name, count in cells.items()}


def total_shown(counts: Iterable[int], *, least: int = LEAST_SHOWN) -> int | None:
    """The total of a place, None while it is so small that it could point at somebody."""
    total = sum(counts)
    return total if total == 0 or total >= least else None

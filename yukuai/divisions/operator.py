"""Whoever may run a command on the server: this app lies below accounts and knows no actors."""

from dataclasses import dataclass
from typing import Any

from yukuai.kernel.scope import EVERYWHERE


@dataclass(frozen=True)
class Operator:
    label: str = "系统"
    user_id: int | None = None
    areas: tuple[str, ...] = EVERYWHERE
    holders: tuple[str, ...] = ()

    def require(self, permission: str, thing: Any) -> None:
        """Everything is allowed."""

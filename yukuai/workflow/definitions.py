"""A state machine as data: read by the engine, the buttons, the tests and the docs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.errors import Conflict

Guard = Callable[[Actor, Any, datetime], str]
"""Takes who, what and when; returns the sentence why the move is refused, or ''."""


def no_objection(_actor: Actor, _obj: Any, _at: datetime) -> str:
    return ""


@dataclass(frozen=True)
class Move:
    """One arrow. `label` is the button, `does` the sentence beside it, `why_not` what a person
    reads while the object stands elsewhere. `timed` names the deadline that makes the move by
    itself when it passes, `law` the article it rests on."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    permission: Permission
    does: str = ""
    why_not: str = ""
    guard: Guard = no_objection
    icon: str = "right"
    timed: str = ""
    law: str = ""


@dataclass(frozen=True)
class Workflow:
    name: str
    states: dict[str, str]
    """State to the word that people read."""
    initial: str
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        named = {state for move in self.moves for state in (*move.sources, move.target)}
        if unknown := (named | {self.initial}) - self.states.keys():
            raise ValueError(f"{self.name}: unknown states {sorted(unknown)}")
        if stranded := self.states.keys() - self._reachable():
            raise ValueError(f"{self.name}: unreachable states {sorted(stranded)}")
        if len({move.name for move in self.moves}) != len(self.moves):
            raise ValueError(f"{self.name}: two moves share a name")

    def _reachable(self) -> set[str]:
        seen: set[str] = set()
        todo = {self.initial}
        while todo:
            state = todo.pop()
            seen.add(state)
            todo |= {move.target for move in self.moves_from(state)} - seen
        return seen

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.sources)

    def move(self, name: str) -> Move:
        """Raises KeyError."""
        return {move.name: move for move in self.moves}[name]

    def find(self, name: str, *, state: str) -> Move:
        for move in self.moves_from(state):
            if move.name == name:
                return move
        move = self.move(name)
        why = move.why_not or f"现在是“{self.states[state]}”，不能{move.label}。"
        raise Conflict(why, state=state, move=name)

    def mermaid(self) -> str:
        """The diagram. Mermaid knows no dash in a name."""

        def node(state: str) -> str:
            return state.replace("-", "_")

        lines = ["stateDiagram-v2", f"  [*] --> {node(self.initial)}"]
        lines += [f"  {node(state)}: {label}" for state, label in self.states.items()]
        for move in self.moves:
            lines += [
                f"  {node(source)} --> {node(move.target)}: {move.label}"
                for source in sorted(move.sources)
            ]
        return "\n".join(lines)

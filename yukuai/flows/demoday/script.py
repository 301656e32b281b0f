"""What a day's script is made of: matters, and the steps people take with them, by time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

RESIDENTS = 60
ANSWERS = {  # what a resident answers: contacted, solved, satisfied
    "good": (True, "yes", True),
    "late": (True, "yes", False),
    "partly": (True, "partly", False),
    "bad": (False, "no", False),
}


@dataclass(frozen=True)
class Matter:
    """What comes in. `resident` is None where nobody says who he is. `known` is the category that
    is named on arrival ('' for none); `category` and `triage` are what the officer will find."""

    index: int
    at: datetime
    channel: str
    place: str
    category: str
    triage: str
    known: str
    urgent: bool
    resident: int | None
    body: str
    spot: str

    @property
    def is_outside(self) -> bool:
        return self.channel in SYSTEMS


SYSTEMS = ("governance", "letters", "one-stop", "hotline")
"""综治、群工、渝快办、12345: the kinds of the exchange."""
ROUTED = {"平安法治办": "governance"}
"""Which department works in which of them: what is sent to it goes there."""
RULES = {"02": "应急管理办", "04": "综合行政执法大队", "06": "区住房城乡建委"}
"""The township's dispatch rules of the day: category to department."""


@dataclass(frozen=True)
class Step:
    """One act of one person (`who`: a username, `resident`, or the kind of a system)."""

    at: datetime
    matter: int
    act: str
    who: str = ""
    unit: str = ""
    """To whom it is sent: a department's name, or '' for the community."""
    by_rule: bool = False
    granted: bool = False
    days: int = 0
    answers: str = ""
    into: int = -1
    reached: bool = True
    close: bool = False


@dataclass(frozen=True)
class Script:
    seed: int
    day: date
    matters: tuple[Matter, ...]
    steps: tuple[Step, ...]

    def without(self, position: int) -> "Script":
        """The same day as if one step had not been taken."""
        left = self.steps[:position] + self.steps[position + 1 :]
        return Script(self.seed, self.day, self.matters, left)


def sentence(step: Step, matter: Matter) -> str:
    """For the report of a step that the product refused."""
    return f"{step.at:%m-%d %H:%M:%S} 第 {matter.index} 件 {step.act}（{step.who}）"


Facts = dict[str, Any]

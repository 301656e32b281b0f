"""A sender for tests: remembers what it was given; `broken` makes it refuse."""

from dataclasses import dataclass, field
from datetime import datetime

from yukuai.kernel.errors import Unavailable


@dataclass(frozen=True)
class SentCode:
    phone: str
    code: str
    at: datetime


@dataclass
class FakeSender:
    sent: list[SentCode] = field(default_factory=list)
    broken: str = ""

    def send_code(self, *, phone: str, code: str, at: datetime) -> None:
        if self.broken:
            raise Unavailable(self.broken)
        self.sent.append(SentCode(phone, code, at))

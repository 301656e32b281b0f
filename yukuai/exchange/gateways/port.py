"""What every outside case system is to us: three verbs, and the words that go over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yukuai.kernel.errors import DomainError, Unavailable

HTTP = "yukuai.exchange.gateways.http.HttpPort"


class Unreachable(Unavailable):
    """No answer, half an answer, or a fault of theirs: the same call may be made again."""

    code = "unreachable"


class Rejected(DomainError):
    """They understood and said no: the same call would be refused again."""

    status = 422
    code = "rejected"


class Forged(DomainError):
    """Signature, time stamp or form of a call is wrong."""

    status = 401
    code = "forged"


@dataclass(frozen=True)
class Channel:
    """Everything a port needs, read before the call: no transaction is open while it talks."""

    code: str
    name: str
    base_url: str
    protocol: Mapping[str, Any]
    secrets: tuple[str, ...] = field(repr=False)
    connect_seconds: int = 5
    read_seconds: int = 15
    replay_seconds: int = 300


@dataclass(frozen=True)
class Outgoing:
    """A matter (`opens`) or a word about it. `key` is the same in every attempt at one."""

    key: str
    opens: bool
    fields: Mapping[str, str]
    external_id: str = ""


@dataclass(frozen=True)
class Taken:
    """They have it, and call it so."""

    external_id: str
    number: str = ""


@dataclass(frozen=True)
class Said:
    """One state of a matter of theirs. `numbered`: their own numbers order it, without gaps."""

    external_id: str
    sequence: int
    state: str
    at: datetime
    numbered: bool = True
    number: str = ""
    our_number: str = ""
    words: str = ""
    days: int | None = None
    body: str = ""
    division_code: str = ""
    category_code: str = ""
    place_text: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Wanted:
    """What to ask for: what changed behind a cursor, one matter with its whole story, or what
    they hold of a day."""

    cursor: str = ""
    external_id: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Page:
    items: tuple[Said, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Call:
    """Somebody calls us: as it came in."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Heard:
    """A call that is genuine. `nonce` must not have been heard before."""

    nonce: str
    items: tuple[Said, ...]


class ExternalCasePort(Protocol):
    def push(self, outgoing: Outgoing) -> Taken:
        """Raises Unreachable or Rejected. The same key twice is one matter, or one word."""
        ...

    def pull(self, wanted: Wanted) -> Page:
        """Raises Unreachable or Rejected. Oldest first."""
        ...

    def callback(self, call: Call, *, at: datetime) -> Heard:
        """Raises Forged."""
        ...


def port_of(channel: Channel) -> ExternalCasePort:
    port: ExternalCasePort = import_string(settings.EXCHANGE_GATEWAY or HTTP)(channel)
    return port

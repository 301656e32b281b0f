from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings

from yukuai.kernel.errors import Unavailable


@dataclass(frozen=True)
class Account:
    """What the operator of the SMS centre gave us. Times in seconds.

    `source`: our number as telephones show it. `country`: put before eleven-digit numbers, and
    taken off incoming ones. `window`: how many may be unanswered. `rate`: parts a second at most.
    `hex_ids`: receipts say in decimal digits what the answers said in hexadecimal ones.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str = ""
    system_type: str = ""
    country: str = "86"
    tls: bool = False
    window: int = 10
    rate: float = 20
    answer_within: float = 60
    enquire_every: float = 30
    connect_within: float = 10
    wide_reference: bool = False
    hex_ids: bool = False
    first_wait: float = 1
    longest_wait: float = 60

    def destination(self, phone: str) -> str:
        return f"{self.country}{phone}"

    def phone_of(self, address: str) -> str:
        """Of an address as the network writes it: 8619900000417 or 19900000417."""
        plain = address.removeprefix("+")
        is_ours = len(plain) == len(self.country) + 11 and plain.startswith(self.country)
        return plain.removeprefix(self.country) if is_ours else plain


def account_of_settings(told: dict[str, Any] | None = None) -> Account:
    """Raises Unavailable, which names what is missing."""
    told = dict(settings.SMPP) if told is None else told
    missing = [name for name in ("host", "system_id", "password") if not told.get(name)]
    if missing:
        names = "、".join(f"SMPP_{name.upper()}" for name in missing)
        raise Unavailable(f"还没有设置 {names}，短信网关连不上短信中心。")
    known = {one.name for one in fields(Account)}
    return Account(**{name: value for name, value in told.items() if name in known})

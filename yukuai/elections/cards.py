"""The code on a voter card: which election, which card, and the signature over both. Pure.

`2026000001.K7RM2XPQ94TW.<signature>`: whoever has the public key of the installation checks it
without a network. It names no person; the opaque id is random. All signs are of the alphanumeric
mode of QR, so that the code stays coarse enough for an old telephone.
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PURPOSE = b"yukuai/voter-card/1\x00"
CODE_SIGNS = 12
"""59 bits of chance."""
LONGEST = 400


class Forged(ValueError):
    """No card of this installation says so."""


@dataclass(frozen=True)
class Stamp:
    """What a card says: the short id of the election, the opaque id of the card."""

    election: str
    card: str

    @property
    def message(self) -> bytes:
        return PURPOSE + f"{self.election}.{self.card}".encode()


def short_id(number: str) -> str:
    """XJ-2026-000001 as 2026000001."""
    return number.partition("-")[2].replace("-", "")


def compose(stamp: Stamp, sign: Callable[[bytes], bytes]) -> str:
    """The text of the QR code."""
    signature = base64.b32encode(sign(stamp.message)).decode().rstrip("=")
    return f"{stamp.election}.{stamp.card}.{signature}"


def verify(text: str, public_key: bytes) -> Stamp:
    """What a scanned text says. Raises Forged."""
    parts = tidy(text).split(".")
    if len(parts) != 3:
        raise Forged("not of the form")
    stamp = Stamp(parts[0], parts[1])
    try:
        signature = base64.b32decode(parts[2] + "=" * (-len(parts[2]) % 8))
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, stamp.message)
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise Forged("not signed with this key") from error
    return stamp


def tidy(text: str) -> str:
    """As a scanner or a hand gives it: without blanks and dashes, in capitals."""
    return "".join(text[:LONGEST].split()).replace("-", "").upper()


def is_typed(text: str) -> bool:
    """The opaque id alone, as it stands below the code for whoever has to type it."""
    return "." not in text and len(tidy(text)) == CODE_SIGNS


def said(code: str) -> str:
    """K7RM-2XPQ-94TW: as it is printed and read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def house_of(home: str) -> str:
    """`人和街41号 嘉西苑 1栋 2单元 301` as far as the house; '' where the words have no parts."""
    parts = home.split()[:-1]
    if parts and parts[-1].endswith("单元"):
        parts.pop()
    return " ".join(parts)


def in_order(home: str) -> list[tuple[int, str]]:
    """A key by which 2栋 stands before 10栋."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for sign in [*home, ""]:
        if sign.isascii() and sign.isdigit():
            digits += sign
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, sign))
    return parts


def sheets(cards: Iterable[dict[str, str]], by: str, a_page: int) -> list[dict[str, object]]:
    """Pages of `a_page` cards; a new `by` begins a new page, so that a pile is one round."""
    pages: list[dict[str, object]] = []
    piles: dict[str, list[dict[str, str]]] = {}
    for card in cards:
        piles.setdefault(card[by], []).append(card)
    for name, pile in piles.items():
        chunks = [pile[i : i + a_page] for i in range(0, len(pile), a_page)]
        for place, chunk in enumerate(chunks, start=1):
            pages.append({"name": name, "page": place, "of": len(chunks), "cards": chunk})
    return pages

"""How a text becomes what the network carries: alphabet, parts, headers. Pure arithmetic.

A part has 140 octets (3GPP TS 23.040 §9.2.3.24). One that is longer than a part is cut, and each
piece carries a user data header with a reference, how many there are and which one it is. Plain
digits and Latin letters go in the default alphabet of seven bits (3GPP TS 23.038 §6.2), everything
else in UCS-2; a character is never cut in two, be it an emoji or an escape of the small alphabet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

OCTETS = 140
MOST_PARTS = 255

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTENDED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\"} | {
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS = {sign: bytes([code]) for code, sign in enumerate(_BASIC) if code != _ESCAPE} | {
    sign: bytes([_ESCAPE, code]) for code, sign in _EXTENDED.items()
}


class Alphabet(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"

    @property
    def data_coding(self) -> int:
        """As SMPP 3.4 §5.2.19 numbers them."""
        return 8 if self is Alphabet.UCS2 else 0


@dataclass(frozen=True)
class Part:
    """One piece: `text` as a person reads it. `number` and `total` count from 1."""

    text: str
    number: int
    total: int
    alphabet: Alphabet


def alphabet_of(text: str) -> Alphabet:
    return Alphabet.GSM7 if all(sign in _SEPTETS for sign in text) else Alphabet.UCS2


def units(text: str, alphabet: Alphabet) -> int:
    """Its length as the network counts it: septets, or 16-bit units."""
    return sum(_size(alphabet)(sign) for sign in text)


def room(alphabet: Alphabet, *, header: int = 0) -> int:
    """How many units fit beside a header of so many octets: 70 and 160, 67 and 153."""
    if alphabet is Alphabet.UCS2:
        return (OCTETS - header) // 2
    return (OCTETS - header) * 8 // 7


def header_size(*, wide: bool) -> int:
    return 7 if wide else 6


def split(text: str, *, wide: bool = False) -> list[Part]:
    """Raises ValueError beyond 255 parts. `wide`: a 16-bit reference, which takes one more octet
    and leaves room for 66 characters instead of 67."""
    alphabet = alphabet_of(text)
    if units(text, alphabet) <= room(alphabet):
        return [Part(text, 1, 1, alphabet)]
    pieces = list(_cut(text, _size(alphabet), room(alphabet, header=header_size(wide=wide))))
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"{len(pieces)} parts, and a header counts to {MOST_PARTS}")
    total = len(pieces)
    return [Part(piece, number, total, alphabet) for number, piece in enumerate(pieces, start=1)]


def join(parts: Iterable[Part]) -> str:
    """In whatever order they arrived, and however often."""
    found = {part.number: part.text for part in parts}
    return "".join(found[number] for number in sorted(found))


def count_parts(text: str) -> int:
    return len(split(text))


def _cut(text: str, size: Callable[[str], int], most: int) -> Iterable[str]:
    piece, used = "", 0
    for sign in text:
        if used + size(sign) > most:
            yield piece
            piece, used = "", 0
        piece, used = piece + sign, used + size(sign)
    yield piece


def _size(alphabet: Alphabet) -> Callable[[str], int]:
    if alphabet is Alphabet.UCS2:
        return lambda sign: 2 if ord(sign) > 0xFFFF else 1
    return lambda sign: len(_SEPTETS[sign])


def encode(text: str, alphabet: Alphabet) -> bytes:
    """As SMPP carries it: one octet a septet, unpacked; or two octets a unit, the high one first.

    A lone surrogate, which no telephone can show, becomes U+FFFD.
    """
    if alphabet is Alphabet.UCS2:
        clean = "".join("\ufffd" if 0xD800 <= ord(sign) <= 0xDFFF else sign for sign in text)
        return clean.encode("utf-16-be")
    return b"".join(_SEPTETS[sign] for sign in text)


def decode(octets: bytes, data_coding: int) -> str:
    """What a telephone sent. What cannot be read is U+FFFD, never an error."""
    if data_coding == Alphabet.UCS2.data_coding:
        return octets.decode("utf-16-be", errors="replace")
    if data_coding in {0, 1}:
        return _from_septets(octets)
    return octets.decode("latin-1")


def _from_septets(octets: bytes) -> str:
    signs, escaped = [], False
    for octet in octets:
        if octet == _ESCAPE and not escaped:
            escaped = True
            continue
        table: Sequence[str] | dict[int, str] = _EXTENDED if escaped else _BASIC
        known = octet in _EXTENDED if escaped else octet < len(_BASIC)
        signs.append(table[octet] if known else "\ufffd")
        escaped = False
    return "".join(signs)


def header(part: Part, *, reference: int, wide: bool = False) -> bytes:
    """The concatenation element (3GPP TS 23.040 §9.2.3.24.1 and .8); empty for a single part."""
    if part.total == 1:
        return b""
    which = bytes([part.total, part.number])
    if wide:
        return b"\x06\x08\x04" + (reference & 0xFFFF).to_bytes(2) + which
    return b"\x05\x00\x03" + bytes([reference & 0xFF]) + which


@dataclass(frozen=True)
class Piece:
    """Where a received piece belongs: `reference`, `total` and `number` of its header."""

    reference: int = 0
    total: int = 1
    number: int = 1


def read_header(octets: bytes) -> tuple[Piece, bytes]:
    """Of user data that begins with a header: where it belongs, and what follows the header."""
    length = octets[0] if octets else 0
    elements, rest = octets[1 : 1 + length], octets[1 + length :]
    while len(elements) >= 2:
        kind, size = elements[0], elements[1]
        value, elements = elements[2 : 2 + size], elements[2 + size :]
        if (kind, len(value)) in {(0x00, 3), (0x08, 4)}:
            return Piece(int.from_bytes(value[:-2]), value[-2], value[-1]), rest
    return Piece(), rest

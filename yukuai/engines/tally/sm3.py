"""SM3 (GB/T 32905-2016): by the OpenSSL of this Python, or where that knows none, by hand."""

import hashlib
from functools import lru_cache

START: tuple[int, ...] = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)
WORD = 0xFFFFFFFF


def digest(data: bytes) -> bytes:
    if _built_in():
        return hashlib.new("sm3", data).digest()
    return by_hand(data)


def hexdigest(data: bytes) -> str:
    return digest(data).hex()


@lru_cache(maxsize=1)
def _built_in() -> bool:
    try:
        hashlib.new("sm3")
    except ValueError:
        return False
    return True


def by_hand(data: bytes) -> bytes:
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64)
    padded += (8 * len(data)).to_bytes(8, "big")
    state = START
    for at in range(0, len(padded), 64):
        state = _compress(state, padded[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & WORD


def _expand(block: bytes) -> list[int]:
    w = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    return w


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        early = j < 16
        constant = _turn(0x79CC4519 if early else 0x7A879D8A, j)
        ss1 = _turn((_turn(a, 12) + e + constant) & WORD, 7)
        ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if early else (e & f) | (~e & WORD & g)
        tt1 = (ff + d + (ss1 ^ _turn(a, 12)) + (w[j] ^ w[j + 4])) & WORD
        tt2 = (gg + h + ss1 + w[j]) & WORD
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(x ^ y for x, y in zip((a, b, c, d, e, f, g, h), state, strict=True))

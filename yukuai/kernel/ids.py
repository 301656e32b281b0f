"""Codes that people read aloud: no 0/O, 1/I/L, and nothing that looks like another sign."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code(length: int) -> str:
    """A random code, 4.95 bits a sign."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def tidy_code(typed: str) -> str:
    """What a person typed, without blanks and dashes, in capitals."""
    return "".join(typed.split()).replace("-", "").upper()

"""Number and code: how somebody without an account holds his own matter.

The code is derived from the report's own UUID, so that a report sent twice gets the same receipt.
"""

from uuid import UUID

from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.ids import ALPHABET, tidy_code

LENGTH = 6


def code_for(client_uuid: UUID, *, length: int) -> str:
    """4.95 bits a sign, not to be guessed without the platform's key."""
    seed = bytes.fromhex(keyed_hash(str(client_uuid), purpose="ticket.code"))
    number = int.from_bytes(seed, "big")
    signs = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def key(number: str, code: str) -> str:
    """The holder key of whoever knows both."""
    tidy = f"{number.strip().upper()}:{tidy_code(code)}"
    return f"ticket:{keyed_hash(tidy, purpose='ticket')}"

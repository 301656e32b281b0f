"""国密 behind one interface: SM4-GCM to seal, SM3 to digest, HMAC-SM3 to look up what is sealed.

This is the software provider. A cryptographic machine (密码机) or a KMS takes its place by giving
the same four functions (GB/T 32905-2016 SM3, GB/T 32907-2016 SM4).
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE = 12
TAG = 16


class BrokenSeal(ValueError):
    """The text was altered, moved to another row or sealed with another key."""


def digest(data: bytes) -> str:
    """SM3, 64 hexadecimal digits."""
    return hashlib.new("sm3", data).hexdigest()


def digest_of(parts: Iterable[bytes]) -> str:
    """SM3 of something long, piece by piece."""
    whole = hashlib.new("sm3")
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def keyed_hash(text: str, *, purpose: str) -> str:
    """HMAC-SM3, 64 hexadecimal digits: equal texts of one purpose are equal, nothing else shows."""
    mac = HMAC(bytes.fromhex(settings.HASH_KEY), SM3())
    mac.update(f"{purpose}\x00{text}".encode())
    return mac.finalize().hex()


def seal(text: str, *, purpose: str) -> str:
    """Encrypt; `purpose` is bound to the text, so that it cannot be moved to another field."""
    nonce = secrets.token_bytes(NONCE)
    encryptor = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(purpose.encode())
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return "s1:" + base64.b64encode(nonce + encryptor.tag + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises BrokenSeal."""
    try:
        data = base64.b64decode(sealed.removeprefix("s1:"), validate=True)
        nonce, tag, body = data[:NONCE], data[NONCE : NONCE + TAG], data[NONCE + TAG :]
        decryptor = Cipher(algorithms.SM4(_key()), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(f"A sealed text of {purpose} cannot be opened.") from error


def _key() -> bytes:
    return bytes.fromhex(settings.SEAL_KEY)

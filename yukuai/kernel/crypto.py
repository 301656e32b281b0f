"""国密 behind one interface: SM4-GCM to seal, SM3 to digest, HMAC-SM3 to look up what is sealed;
and Ed25519 to sign what others check without us.

This is the software provider. A cryptographic machine (密码机) or a KMS takes its place by giving
the same functions (GB/T 32905-2016 SM3, GB/T 32907-2016 SM4).
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE = 12
TAG = 16


class BrokenSeal(ValueError):
    """The text was altered, moved to another field or sealed with a key we do not have."""


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


def sign(message: bytes) -> bytes:
    """Ed25519 (RFC 8032), 64 bytes: equal messages have equal signatures. The message says what it
    is for in its first bytes, so that a signature cannot be moved to another thing."""
    return _signing_key().sign(message)


def public_key() -> bytes:
    """The 32 bytes with which anybody checks what `sign` signed."""
    return _signing_key().public_key().public_bytes_raw()


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.SIGN_KEY))


def seal(text: str, *, purpose: str) -> str:
    """Encrypt; `purpose` is bound to the text, so that it cannot be moved to another field.

    `s1:<key>:<base64>`: the text names its key, so that keys can be changed one row at a time.
    """
    nonce = secrets.token_bytes(NONCE)
    key = bytes.fromhex(settings.SEAL_KEY)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(purpose.encode())
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return seal_prefix() + base64.b64encode(nonce + encryptor.tag + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """With whichever of our keys it was sealed. Raises BrokenSeal."""
    named, _, body = sealed.removeprefix("s1:").rpartition(":")
    try:
        data = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise BrokenSeal(f"A sealed text of {purpose} cannot be opened.") from error
    for key in _keys(named):
        try:
            return _open(data, key, purpose)
        except (InvalidTag, ValueError):
            continue
    raise BrokenSeal(f"A sealed text of {purpose} cannot be opened.")


def seal_prefix() -> str:
    """How every text begins that is sealed with the key in use."""
    return f"s1:{key_name(settings.SEAL_KEY)}:"


@cache
def key_name(key: str) -> str:
    """Eight digits that tell one key from another and nothing about it."""
    return digest(b"seal key\x00" + bytes.fromhex(key))[:8]


def _keys(named: str) -> Iterator[bytes]:
    """The one that is named; all of ours for texts of before keys had names."""
    for key in (settings.SEAL_KEY, *settings.SEAL_KEYS_FORMER):
        if named in ("", key_name(key)):
            yield bytes.fromhex(key)


def _open(data: bytes, key: bytes, purpose: str) -> str:
    nonce, tag, body = data[:NONCE], data[NONCE : NONCE + TAG], data[NONCE + TAG :]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(purpose.encode())
    return (decryptor.update(body) + decryptor.finalize()).decode()

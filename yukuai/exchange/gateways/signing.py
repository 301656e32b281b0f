"""HMAC over time stamp, nonce and body, in both directions. GM/T 0004 SM3 or SHA-256.

For a call without a body the query takes its place, as it stands in the address.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from yukuai.exchange.gateways.port import Forged

ALGORITHMS = ("hmac-sm3", "hmac-sha256")
NONCE_LONGEST = 64
WHEN, ONCE, SIGNATURE = "X-Timestamp", "X-Nonce", "X-Signature"


def mac(algorithm: str, secret: str, message: bytes) -> str:
    """64 hexadecimal digits."""
    if algorithm == "hmac-sm3":
        sm3 = HMAC(secret.encode(), SM3())
        sm3.update(message)
        return sm3.finalize().hex()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _message(stamp: str, nonce: str, body: bytes) -> bytes:
    return f"{stamp}\n{nonce}\n".encode() + body


def sign(algorithm: str, secret: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers."""
    stamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    signature = mac(algorithm, secret, _message(stamp, nonce, body))
    return {WHEN: stamp, ONCE: nonce, SIGNATURE: signature}


def verify(
    algorithm: str,
    known: Iterable[str],
    *,
    stamp: str,
    nonce: str,
    signature: str,
    body: bytes,
    window: int,
    at: datetime,
) -> None:
    """Raises Forged. Whether the nonce was heard before is for whoever remembers them."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Forged("时间戳要写成秒数。")
    if abs(int(stamp) - at.timestamp()) > window:
        raise Forged(f"时间戳差得太多，前后不能超过 {window} 秒。请先校准时钟。")
    if not 8 <= len(nonce) <= NONCE_LONGEST or not nonce.isascii():
        raise Forged(f"随机数要有 8 到 {NONCE_LONGEST} 个字符。")
    expected = [mac(algorithm, secret, _message(stamp, nonce, body)) for secret in known]
    given = signature.lower().encode()
    if not any(hmac.compare_digest(given, right.encode()) for right in expected):
        raise Forged("签名不对。请核对密钥和签名的内容。")

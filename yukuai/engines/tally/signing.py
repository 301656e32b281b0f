"""Signatures over the manifest. Each names its algorithm; Ed25519 today, SM2 when it is bound."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from yukuai.engines.tally import ed25519, reading, sm3
from yukuai.engines.tally.evidence import MANIFEST, SIGNATURES, Package
from yukuai.engines.tally.reading import Unreadable, canonical

ALGORITHMS: Mapping[str, Callable[[bytes, bytes, bytes], bool]] = {"Ed25519": ed25519.verifies}


def message(manifest: bytes, signer: str, algorithm: str, key: str) -> bytes:
    """What is signed: the fingerprint, and who says so by which key."""
    return canonical(
        {
            "algorithm": algorithm,
            "key": key,
            "manifest": sm3.hexdigest(manifest),
            "signer": signer,
        }
    )


def signed(
    package: Package,
    *,
    signer: str,
    key: bytes,
    sign: Callable[[bytes], bytes],
    algorithm: str = "Ed25519",
) -> Package:
    """With one signature more. `key` is the public one, `sign` makes a signature with the other:
    `Ed25519PrivateKey.sign` of `cryptography`, or a device that does not give its key away."""
    manifest, public = package.files[MANIFEST], key.hex()
    value = sign(message(manifest, signer, algorithm, public))
    one = {"algorithm": algorithm, "key": public, "signer": signer, "signature": value.hex()}
    before = reading.parse(package.files[SIGNATURES], SIGNATURES)
    return replace(package, files={**package.files, SIGNATURES: canonical([*before, one])})


def check(manifest: bytes, raw: Any) -> tuple[str, str]:
    """Who signed, by which key. Raises Unreadable where the signature does not hold."""
    data = reading.mapping(raw, "签名")
    fields = ("algorithm", "key", "signer", "signature")
    algorithm, key, signer, value = (reading.text(data, name, longest=300) for name in fields)
    if set(data) != set(fields):
        raise Unreadable("签名里有不认识的内容")
    if algorithm not in ALGORITHMS:
        raise Unreadable(f"签名算法“{algorithm[:20]}”这一版不会核验")
    try:
        public, signature = bytes.fromhex(key), bytes.fromhex(value)
    except ValueError:
        raise Unreadable("签名不是十六进制") from None
    if (public.hex(), signature.hex()) != (key, value):
        raise Unreadable("签名不是规范的写法")
    if not ALGORITHMS[algorithm](public, message(manifest, signer, algorithm, key), signature):
        raise Unreadable(f"{signer[:40]}的签名不对")
    return signer, key

"""A hash tree over lines, built as in RFC 6962 but with SM3: a leaf can never pass for a node."""

from collections.abc import Sequence

from yukuai.engines.tally import sm3


def leaf(data: bytes) -> bytes:
    return sm3.digest(b"\x00" + data)


def _node(left: bytes, right: bytes) -> bytes:
    return sm3.digest(b"\x01" + left + right)


def root(leaves: Sequence[bytes]) -> bytes:
    """Of hashed leaves; of none, the hash of nothing."""
    if not leaves:
        return sm3.digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return _node(root(leaves[:split]), root(leaves[split:]))


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from one leaf to the root, the nearest first."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*proof(leaves[:split], index), root(leaves[split:])]
    return [*proof(leaves[split:], index - split), root(leaves[:split])]


def root_of(hashed: bytes, index: int, size: int, beside: Sequence[bytes]) -> bytes | None:
    """The root a proof leads to, or None where it cannot be one."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return hashed if not beside else None
    if not beside:
        return None
    split = _split(size)
    *lower, last = beside
    if index < split:
        below = root_of(hashed, index, split, lower)
        return _node(below, last) if below else None
    below = root_of(hashed, index - split, size - split, lower)
    return _node(last, below) if below else None


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)

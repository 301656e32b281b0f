"""Tiles over HTTP: kept in the memory of the process while they are true, and never sent twice.

A client asks each time whether what it has is still true (`no-cache`), and a tile that lasts is
found by the version of reference data: the next request after an edit shows it. What is public may
be kept by a proxy on the way, what an officer sees by his own browser only.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yukuai.kernel.reference import read_version

MVT = "application/vnd.mapbox-vector-tile"
FAST = 4
"""Of gzip: what more would save takes longer than sending it."""


@dataclass(frozen=True)
class Packed:
    body: bytes
    etag: str


class Kept:
    """Tiles of one version, the longest unused go first when there are too many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._version: int | None = None
        self._tiles: OrderedDict[Hashable, Packed] = OrderedDict()
        self._lock = Lock()

    def find(self, version: int, key: Hashable) -> Packed | None:
        with self._lock:
            if version != self._version or key not in self._tiles:
                return None
            self._tiles.move_to_end(key)
            return self._tiles[key]

    def keep(self, version: int, key: Hashable, tile: Packed) -> None:
        with self._lock:
            if self._version is None or version > self._version:
                self._version, self.bytes = version, 0
                self._tiles.clear()
            if version < self._version or key in self._tiles:
                return
            self._tiles[key] = tile
            self.bytes += len(tile.body)
            while self.bytes > self.most_bytes:
                _key, gone = self._tiles.popitem(last=False)
                self.bytes -= len(gone.body)


kept = Kept(settings.TILES_KEPT_BYTES)


def pack(tile: bytes) -> Packed:
    body = gzip.compress(tile, FAST, mtime=0)
    return Packed(body, f'"{hashlib.blake2b(tile, digest_size=12).hexdigest()}"')


def lasting(
    key: Hashable, opened: Callable[[], AbstractContextManager[None]], draw: Callable[[], bytes]
) -> Packed:
    """A tile of reference data: kept, or drawn in the transaction that `opened` begins."""
    version = read_version()
    found = kept.find(version, key)
    if found is None:
        with opened():
            found = pack(draw())
        kept.keep(version, key, found)
    return found


def answer(request: HttpRequest, tile: Packed, *, public: bool) -> HttpResponse:
    """The tile, or that it has not changed."""
    if tile.etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(tile.body, content_type=MVT)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(tile.body), content_type=MVT)
    response["ETag"] = tile.etag
    response["Vary"] = "Accept-Encoding" if public else "Accept-Encoding, Cookie"
    response["Cache-Control"] = "public, no-cache" if public else "private, no-cache"
    return response

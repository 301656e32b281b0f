"""One way to write a package as a file: a ZIP without compression, of which each byte is settled.

What is read is written again and has to come out the same: so no bomb, no path, no hidden entry and
no second meaning can be in it, and a changed byte anywhere is seen.
"""

import struct
import zlib
from collections.abc import Mapping

from yukuai.engines.tally.reading import Unreadable

LOCAL = struct.Struct("<4sHHHHHIIIHH")
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
END = struct.Struct("<4sHHHHIIH")
FIRST_DAY = 0x0021  # 1980-01-01
LARGEST = 256 * 1024 * 1024
MOST_FILES = 60_000


def pack(files: Mapping[str, bytes]) -> bytes:
    """Entries in the order of their names."""
    body, table = bytearray(), bytearray()
    for name in sorted(files):
        data, path = files[name], name.encode("ascii")
        common = (20, 0, 0, 0, FIRST_DAY, zlib.crc32(data), len(data), len(data), len(path))
        table += CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, 0, len(body)) + path
        body += LOCAL.pack(b"PK\x03\x04", *common, 0) + path + data
    count = len(files)
    end = END.pack(b"PK\x05\x06", 0, 0, count, count, len(table), len(body), 0)
    return bytes(body + table + end)


def unpack(data: bytes) -> dict[str, bytes]:
    """Raises Unreadable for any ZIP that `pack` would not have written."""
    files: dict[str, bytes] = {}
    at = 0
    try:
        while data[at : at + 4] == b"PK\x03\x04" and len(files) < MOST_FILES:
            size, name_size = LOCAL.unpack_from(data, at)[8:10]
            start = at + LOCAL.size + name_size
            name = data[at + LOCAL.size : start].decode("ascii")
            files[name] = data[start : start + size]
            at = start + size
        same = pack(files) == data
    except (struct.error, UnicodeDecodeError):
        same = False
    if not same:
        raise Unreadable("压缩包不是平台写出的样子，或者被改动过；另行压缩的，请先解开再核验文件夹")
    return files

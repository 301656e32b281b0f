"""A Shapefile in a zip. Lengths, counts and places that headers name are compared with what is
there (ESRI Shapefile Technical Description, July 1998) before anything is made of them."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import shapefile
import shapely

from yukuai.engines.mapfiles.features import (
    Feature,
    Limits,
    Refused,
    check_features,
    check_vertices,
)
from yukuai.engines.partition.grid import BEYOND_THE_WORLD

POLYGONS = {5, 15, 25}
MOST_ENTRIES = 60
_UNREAD = "\ufffd"
LYING = "Shapefile 的文件头和内容对不上，文件可能损坏。请重新导出。"


def read(data: bytes, limits: Limits) -> Iterator[Feature]:
    """Raises Refused."""
    parts = _unpacked(data, limits)
    check_degrees(parts.get(".prj", b""))
    rings = list(_records(parts[".shp"], limits))
    rows = _rows(parts.get(".dbf"), parts.get(".cpg", b""), len(rings))
    for loops, said in zip(rings, rows, strict=True):
        if loops:
            yield Feature(_polygons(loops), said)


def _unpacked(data: bytes, limits: Limits) -> dict[str, bytes]:
    """The parts of the one Shapefile in it, by their endings."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            shapes = [entry for entry in entries if entry.filename.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise Refused("zip 里要有一个 Shapefile：.shp、.shx、.dbf 几个文件放在一起。")
            stem = shapes[0].filename[:-4]
            return {
                entry.filename[-4:].lower(): _content(archive, entry, limits)
                for entry in entries
                if entry.filename[:-4] == stem
            }
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Refused("zip 文件打不开，可能损坏或加了密码。请重新打包。") from None


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"zip 里有 {len(entries)} 个文件，请只放一个 Shapefile。")
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Refused(f"zip 解开后超过 {limits.unpacked // 1_000_000} MB，请分批导出。")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise Refused("zip 里的文件名指到了外面，不能读。请重新打包。")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read to the limit and no further, whatever the directory of the zip says."""
    with archive.open(entry) as stream:
        content = stream.read(limits.unpacked + 1)
    if len(content) > limits.unpacked or len(content) != entry.file_size:
        raise Refused("zip 里写的大小和实际不符，不能读。请重新打包。")
    return content


def check_degrees(prj: bytes) -> None:
    if prj.lstrip().upper().startswith((b"PROJCS", b"PROJCRS")):
        raise Refused("这份数据是投影坐标（以米为单位）。请先转为经纬度坐标再导出。")


def _records(data: bytes, limits: Limits) -> Iterator[list[Any]]:
    """The rings of each record; none for an empty one."""
    box = _header(data)
    place, vertices, number = 100, 0, 0
    while place < len(data):
        number += 1
        check_features(number, limits)
        if place + 12 > len(data):
            raise Refused(LYING)
        said, words = struct.unpack(">ii", data[place : place + 8])
        kind = struct.unpack("<i", data[place + 8 : place + 12])[0]
        size = 2 * words
        if said != number or words < 2 or place + 8 + size > len(data):
            raise Refused(LYING)
        loops = _rings(data[place + 8 : place + 8 + size], kind, limits, box)
        vertices += sum(map(len, loops))
        check_vertices(vertices, limits)
        yield loops
        place += 8 + size


def _header(data: bytes) -> Any:
    """The box the file claims to fill."""
    if len(data) < 100 or struct.unpack(">i", data[:4])[0] != 9994:
        raise Refused(LYING)
    words, version, kind = struct.unpack(">i", data[24:28])[0], *struct.unpack("<ii", data[28:36])
    if 2 * words != len(data) or version != 1000:
        raise Refused(LYING)
    if kind not in POLYGONS:
        raise Refused("Shapefile 里不是面图形，请导出为面后再上传。")
    return np.frombuffer(data, "<f8", 4, 36)


def _rings(record: bytes, kind: int, limits: Limits, box: Any) -> list[Any]:
    if kind == 0:
        return []
    if kind not in POLYGONS or len(record) < 44:
        raise Refused(LYING)
    parts, points = struct.unpack("<ii", record[36:44])
    if points > 0:
        check_vertices(points, limits)
    if parts < 1 or points < parts or 44 + 4 * parts + 16 * points > len(record):
        raise Refused(LYING)
    starts = np.frombuffer(record, "<i4", parts, 44)
    xy = np.frombuffer(record, "<f8", 2 * points, 44 + 4 * parts).reshape(-1, 2)
    if starts[0] != 0 or (np.diff(starts) <= 0).any() or starts[-1] >= points:
        raise Refused(LYING)
    if not np.isfinite(xy).all() or (np.abs(xy) > (180, 90)).any():
        raise Refused(BEYOND_THE_WORLD)
    low, high = box[:2] - 1e-6, box[2:] + 1e-6
    if not ((xy >= low) & (xy <= high)).all():
        raise Refused(LYING)
    return np.split(xy, starts[1:])


def _polygons(loops: list[Any]) -> list[list[Any]]:
    """Outer rings run clockwise, holes the other way; a hole belongs to the smallest outer ring
    around its first vertex. What runs wrongly as a whole is taken as outer rings."""
    sizes = [_twice(ring) for ring in loops]
    outer = [place for place, size in enumerate(sizes) if size <= 0] or list(range(len(loops)))
    found = {place: [loops[place]] for place in outer}
    holes = [place for place in range(len(loops)) if place not in found]
    if not holes or len(outer) == 1:
        return (
            [[*found[outer[0]], *(loops[hole] for hole in holes)]] if holes else [*found.values()]
        )
    shapes = [shapely.polygons(_closed(loops[place])) for place in outer]
    points = shapely.points([loops[hole][0] for hole in holes])
    for hole, point in zip(holes, points, strict=True):
        around = [
            (abs(sizes[place]), place)
            for place, shape in zip(outer, shapes, strict=True)
            if shapely.intersects(shape, point)
        ]
        if around:
            found[min(around)[1]].append(loops[hole])
        else:
            found[hole] = [loops[hole]]
    return [*found.values()]


def _closed(ring: Any) -> Any:
    return np.concatenate([ring, ring[:1], ring[:1], ring[:1]])


def _twice(ring: Any) -> float:
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:]).sum() - (y[:-1] * x[1:]).sum())


def _rows(dbf: bytes | None, cpg: bytes, count: int) -> list[dict[str, str]]:
    """What the table says of each record; nothing where there is no table."""
    if dbf is None:
        return [{} for _ in range(count)]
    if len(dbf) < 33:
        raise Refused(LYING)
    rows, head, width = struct.unpack("<IHH", dbf[4:12])
    if rows != count or head < 33 or head > len(dbf) or head + rows * width > len(dbf) + 1:
        raise Refused(LYING)
    wanted = cpg.decode("ascii", "ignore").strip().lower().replace("-", "")
    chinese = wanted in {"936", "gbk", "gb2312", "gb18030"}
    for encoding in ("gb18030", "utf-8") if chinese else ("utf-8", "gb18030"):
        table = _table(dbf, encoding, count)
        if not any(_UNREAD in text for row in table for text in (*row, *row.values())):
            return table
    raise Refused("属性表的文字编码认不出来。请用 UTF-8 或 GBK 重新导出。")


def _table(dbf: bytes, encoding: str, count: int) -> list[dict[str, str]]:
    try:
        with shapefile.Reader(
            dbf=BytesIO(dbf), encoding=encoding, encodingErrors="replace"
        ) as reader:
            found = [row.as_dict() for row in reader.iterRecords()]
    except Exception:  # pyshp names no error of its own for every lie of a table
        raise Refused(LYING) from None
    if len(found) != count:
        raise Refused(LYING)
    return [{str(k)[:60]: str(v)[:200] for k, v in row.items() if v is not None} for row in found]

"""One way in for all kinds of files, told apart by what they begin with."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from yukuai.engines.mapfiles import kml, shapefiles
from yukuai.engines.mapfiles.features import (
    Feature,
    Limits,
    Refused,
    check_features,
    check_vertices,
    counted,
)

ZIP, XML_MARKS = b"PK\x03\x04", (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")
NOT_JSON = "文件不是有效的 JSON，请重新导出。"
RINGS = 8
"""Brackets, or braces, a feature may have beside those of its vertices."""


def read(data: bytes, *, limits: Limits) -> list[Feature]:
    """The areas in a file. Raises Refused."""
    if len(data) > limits.bytes:
        raise Refused(f"文件超过 {limits.bytes // 1_000_000} MB，请分批导出后再上传。")
    start = data[:64].lstrip()
    if start.startswith(ZIP):
        return counted(shapefiles.read(data, limits), limits)
    if start.startswith(XML_MARKS):
        return counted(kml.read(data, limits), limits)
    if start.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return counted(_features(read_json(data, limits=limits), limits), limits)
    raise Refused("认不出这个文件。请上传 GeoJSON、KML，或把 Shapefile 的几个文件打成一个 zip。")


def read_json(data: bytes, *, limits: Limits) -> Any:
    """JSON that is neither too deep nor too much, and has only finite numbers. Raises Refused.

    Brackets are counted first: each vertex has one, so that too many are refused before any of them
    becomes an object of its own. How deep they may lie is the parser's own limit.
    """
    brackets = data.count(b"[")
    check_vertices(brackets - RINGS * limits.features, limits)
    check_features(data.count(b"{") // RINGS, limits)
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, parse_constant=_not_a_number, parse_int=_number)
    except UnicodeDecodeError:
        raise Refused("文件的文字编码不是 UTF-8，请重新导出。") from None
    except (json.JSONDecodeError, RecursionError):
        raise Refused(NOT_JSON) from None


def _not_a_number(_said: str) -> float:
    raise Refused("坐标中有空值或无穷大。")


def _number(said: str) -> float | int:
    return int(said) if len(said) < 20 else float(said)


def _features(said: Any, limits: Limits) -> Iterator[Feature]:
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "FeatureCollection":
        rows = said.get("features")
        if not isinstance(rows, list):
            raise Refused(NOT_JSON)
        check_features(len(rows), limits)
        for row in rows:
            yield from _feature(row)
    elif kind == "Feature":
        yield from _feature(said)
    else:
        yield Feature(read_geometry(said))


def _feature(row: Any) -> Iterator[Feature]:
    """Points and lines are passed over: they are no areas, and exports often have them too."""
    if not isinstance(row, dict):
        raise Refused(NOT_JSON)
    geometry, said = row.get("geometry"), row.get("properties")
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return
    words = said.items() if isinstance(said, dict) else ()
    texts = {n[:60]: str(v)[:200] for n, v in words if isinstance(v, str | int | float)}
    yield Feature(read_geometry(geometry), texts)


def read_geometry(geometry: Any) -> list[list[Any]]:
    """The rings of each polygon of a GeoJSON geometry. Raises Refused."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Refused("图形须为面（Polygon 或 MultiPolygon）。")
    said = geometry.get("coordinates")
    polygons = [said] if kind == "Polygon" else said
    try:
        return [[_ring(ring) for ring in rings] for rings in polygons if rings]
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise Refused("坐标不是成对的数字。") from None


def _ring(ring: Any) -> Any:
    pairs = [(point[0], point[1]) for point in ring]
    if any(isinstance(number, str | bool) for pair in pairs for number in pair):
        raise ValueError("a number in quotes")
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)

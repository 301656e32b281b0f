"""KML: Placemarks with polygons. Entities and external things are refused as such."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from yukuai.engines.coordinates import Floats
from yukuai.engines.mapfiles.features import (
    Feature,
    Limits,
    Refused,
    check_features,
    check_vertices,
)


def read(data: bytes, limits: Limits) -> Iterator[Feature]:
    """Raises Refused."""
    check_vertices(data.count(b",") // 2, limits)
    check_features(data.count(b"<Placemark"), limits)
    if data.count(b"<") > 100 * limits.features:
        raise Refused("文件里的内容太多，请只导出这一级要画的范围。")
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("文件里有实体定义，为了安全不能读。请重新导出为普通的 KML。") from None
    except (ParseError, ValueError, LookupError):
        raise Refused("文件不是有效的 KML，请重新导出。") from None
    for mark in root.iter():
        if _name(mark) == "Placemark":
            yield from _placemark(mark)


def _placemark(mark: Element) -> Iterator[Feature]:
    polygons = [_polygon(one) for one in mark.iter() if _name(one) == "Polygon"]
    if polygons:
        yield Feature(polygons, _said(mark))


def _polygon(polygon: Element) -> list[Floats]:
    outer: list[Floats] = []
    holes: list[Floats] = []
    for side in polygon:
        for told in side.iter():
            if _name(told) == "coordinates":
                ring = _ring(told.text or "")
                (holes if _name(side) == "innerBoundaryIs" else outer).append(ring)
    if len(outer) != 1:
        raise Refused("有一个面没有外边界，请重新导出。")
    return [*outer, *holes]


def _ring(text: str) -> Floats:
    try:
        return np.array([point.split(",")[:2] for point in text.split()], np.float64).reshape(-1, 2)
    except ValueError:
        raise Refused("坐标不是成对的数字。") from None


def _said(mark: Element) -> dict[str, str]:
    """Its name, and the fields that GIS programs keep in ExtendedData."""
    said: dict[str, str] = {}
    for one in mark.iter():
        name, text = _name(one), (one.text or "").strip()[:200]
        if name == "name" and text:
            said.setdefault("name", text)
        elif name == "SimpleData" and text:
            said[one.get("name", "")[:60]] = text
        elif name == "Data":
            values = [(v.text or "").strip()[:200] for v in one if _name(v) == "value"]
            said[one.get("name", "")[:60]] = "".join(values)
    return said


def _name(element: Element) -> str:
    """Without its namespace."""
    return str(element.tag).rpartition("}")[2]

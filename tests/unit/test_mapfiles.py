"""Files of others: what they bring comes in as it stood, and what attacks is refused at once."""

import io
import json
import struct
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
import shapefile

from tests.mapmaking import tiling
from yukuai.engines.coordinates import to_gcj02
from yukuai.engines.mapfiles import (
    CRS,
    Drawn,
    Limits,
    Refused,
    read,
    to_feature_collection,
    to_shapefile,
)
from yukuai.engines.partition import canonical, from_geojson, to_geojson

LIMITS = Limits()
SQUARE = [[106.5, 29.5], [106.6, 29.5], [106.6, 29.6], [106.5, 29.6], [106.5, 29.5]]


@pytest.fixture(scope="module")
def cells():
    made = tiling(5, children=9, step_m=300, size_m=8_000).children
    return [
        Drawn(canonical(area), {"id": int(code), "name": f"{code}街道", "code": code, "kind": "x"})
        for code, area in made.items()
    ]


def areas(features, crs=CRS.CGCS2000):
    return {one.said["code"]: canonical(from_geojson(one.geometry(crs))) for one in features}


def kml(*marks, dtd=""):
    spaces = 'xmlns="http://www.opengis.net/kml/2.2"'
    return f'<?xml version="1.0"?>{dtd}<kml {spaces}><Document>{"".join(marks)}</Document></kml>'


def placemark(geometry, name):
    polygons = geometry["coordinates"]
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    rings = "".join(
        "<Polygon>"
        + "".join(
            f"<{side}><LinearRing><coordinates>"
            + " ".join(f"{x!r},{y!r},0" for x, y in ring)
            + f"</coordinates></LinearRing></{side}>"
            for side, ring in zip(
                ["outerBoundaryIs"] + ["innerBoundaryIs"] * 99, loops, strict=False
            )
        )
        + "</Polygon>"
        for loops in polygons
    )
    data = f'<ExtendedData><Data name="code"><value>{name}</value></Data></ExtendedData>'
    drawn = f"<MultiGeometry>{rings}</MultiGeometry>"
    return f"<Placemark><name>{name}街道</name>{data}{drawn}</Placemark>"


def test_geojson_comes_back_bit_for_bit(cells):
    data = json.dumps(to_feature_collection(cells)).encode()
    assert areas(read(data, limits=LIMITS)) == {one.said["code"]: one.area for one in cells}


def test_a_shapefile_comes_back_bit_for_bit_with_its_table(cells):
    data = to_shapefile(cells, name="lines")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["lines.shp", "lines.shx", "lines.dbf", "lines.prj", "lines.cpg"]
    found = read(data, limits=LIMITS)
    assert areas(found) == {one.said["code"]: one.area for one in cells}
    assert [one.said["name"] for one in found] == [one.said["name"] for one in cells]
    assert to_shapefile(cells, name="lines") == data


def test_kml_comes_back_bit_for_bit(cells):
    marks = [placemark(to_geojson(one.area), one.said["code"]) for one in cells]
    found = read(kml(*marks).encode(), limits=LIMITS)
    assert areas(found) == {one.said["code"]: one.area for one in cells}
    assert found[0].said["name"] == "0001街道"


def test_holes_and_islands_of_a_shapefile_find_each_other():
    hole = [[106.52, 29.52], [106.52, 29.54], [106.54, 29.54], [106.54, 29.52], [106.52, 29.52]]
    island = [[106.7, 29.5], [106.8, 29.5], [106.8, 29.6], [106.7, 29.6], [106.7, 29.5]]
    within = [[106.72, 29.52], [106.72, 29.54], [106.74, 29.54], [106.74, 29.52], [106.72, 29.52]]
    said = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [island, within]]}
    area = canonical(from_geojson(said))
    (found,) = read(to_shapefile([Drawn(area, {})], name="x"), limits=LIMITS)
    assert canonical(from_geojson(found.geometry(CRS.WGS84))) == area


def test_shifted_coordinates_come_back_to_less_than_a_step(cells):
    said = to_feature_collection(cells)
    for feature in said["features"]:
        feature["geometry"] = shifted(feature["geometry"])
    found = areas(read(json.dumps(said).encode(), limits=LIMITS), CRS.GCJ02)
    assert found == {one.said["code"]: one.area for one in cells}


def shifted(geometry):
    polygons = geometry["coordinates"]
    assert geometry["type"] == "Polygon"
    return {"type": "Polygon", "coordinates": [to_gcj02(ring).tolist() for ring in polygons]}


def test_a_table_in_gbk_is_read_and_projected_metres_are_refused(cells):
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    writer = shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding="gb18030")
    writer.field("name", "C", 40)
    writer.poly([SQUARE[::-1]])
    writer.record("南街")
    writer.close()
    (found,) = read(zipped({k: v.getvalue() for k, v in parts.items()}), limits=LIMITS)
    assert found.said["name"] == "南街"
    metres = {k: v.getvalue() for k, v in parts.items()} | {"prj": b'PROJCS["CGCS2000_3_Degree"]'}
    assert_refused(zipped(metres), "投影坐标")


# Attacks


def assert_refused(data, sentence, *, megabytes=120):
    """Within two seconds and without filling the memory."""
    tracemalloc.start()
    began = time.perf_counter()
    try:
        with pytest.raises(Refused, match=sentence):
            [feature.geometry(CRS.GCJ02) for feature in read(data, limits=LIMITS)]
        assert time.perf_counter() - began < 2
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1_000_000
    finally:
        tracemalloc.stop()


def zipped(parts, *, stem="x", **more):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"{stem}.{ending}", content)
        for name, content in more.items():
            archive.writestr(name, content)
    return packed.getvalue()


def shp(*, points=None, rings=(SQUARE[::-1],), length=None, box=None, number=1, words=None, kind=5):
    """One record; every claim of its headers can be made false."""
    xy = np.concatenate([np.array(ring, float) for ring in rings])
    starts = np.cumsum([0, *map(len, rings)])[:-1].astype("<i4")
    own = [*xy.min(axis=0), *xy.max(axis=0)]
    body = struct.pack("<i4d", kind, *own) + struct.pack(
        "<ii", len(rings), len(xy) if points is None else points
    )
    body += starts.tobytes() + xy.astype("<f8").tobytes()
    record = struct.pack(">ii", number, len(body) // 2 if words is None else words) + body
    total = (100 + len(record)) // 2 if length is None else length
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, total) + struct.pack("<ii", 1000, 5)
    return head + struct.pack("<8d", *(box or own), 0, 0, 0, 0) + record


def collection(geometry):
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_the_shapefile_the_lies_are_told_of_is_true():
    (found,) = read(zipped({"shp": shp()}), limits=LIMITS)
    assert found.vertices == 5


def test_two_million_vertices():
    many = b"[1,2]," * 2_000_000
    said = b'{"type":"Polygon","coordinates":[[' + many + b"[1,2]]]}"
    assert_refused(said, "顶点超过 400000 个")
    text = "1.5,2.5 " * 2_000_000
    assert_refused(kml(f"<Placemark><Polygon>{text}</Polygon></Placemark>").encode(), "顶点超过")
    ring = np.tile(np.array([[106.5, 29.5], [106.6, 29.6]]), (1_000_000, 1))
    assert_refused(zipped({"shp": shp(rings=[ring])}), "顶点超过")


def test_a_file_that_is_too_large_is_not_looked_at():
    assert_refused(b'{"x":"' + b"a" * 20_000_001, "超过 20 MB")


def test_a_zip_bomb():
    assert_refused(zipped({"shp": b"\0" * 300_000_000}), "解开后超过 64 MB", megabytes=700)
    bomb = bytearray(zipped({"shp": b"\0" * 70_000_000}))
    place = bomb.index(b"PK\x01\x02")
    bomb[place + 24 : place + 28] = struct.pack("<I", 1000)  # its directory says: small
    assert_refused(bytes(bomb), "zip", megabytes=200)
    assert_refused(zipped({"shp": shp()}, **{f"{n}.txt": b"" for n in range(100)}), "101 个文件")


def test_a_zip_that_leads_outside():
    for name in ("../../etc/x", "/etc/x", "a/../../x", "..\\x", "C:\\x"):
        assert_refused(zipped({"shp": shp()}, **{name: b"1"}), "指到了外面")


def test_a_zip_that_is_none():
    assert_refused(b"PK\x03\x04" + b"x" * 5000, "打不开")
    assert_refused(zipped({"txt": b"hello"}), "要有一个 Shapefile")


@pytest.mark.parametrize(
    "lie",
    [
        {"points": 1_000},
        {"points": -1},
        {"points": 400_000},
        {"length": 10},
        {"length": -5},
        {"length": 2_000_000_000},
        {"box": (0.0, 0.0, 1.0, 1.0)},
        {"box": (float("nan"),) * 4},
        {"number": 7},
        {"words": -1},
        {"words": 0},
        {"words": 1_000_000_000},
        {"kind": 999},
    ],
    ids=str,
)
def test_a_header_that_lies(lie):
    assert_refused(zipped({"shp": shp(**lie)}), "对不上")


def test_offsets_of_rings_that_lie():
    for start in (-1, 3, 10**9):
        data = bytearray(shp())
        data[152:156] = struct.pack("<i", start)
        assert_refused(zipped({"shp": bytes(data)}), "对不上")


def test_a_table_that_lies():
    said = bytearray(33)
    said[4:12] = struct.pack("<IHH", 4_000_000_000, 33, 60_000)
    assert_refused(zipped({"shp": shp(), "dbf": bytes(said)}), "对不上")
    said[4:12] = struct.pack("<IHH", 1, 60_000, 5)
    assert_refused(zipped({"shp": shp(), "dbf": bytes(said)}), "对不上")
    said[4:12] = struct.pack("<IHH", 1, 33, 0)
    assert_refused(zipped({"shp": shp(), "dbf": bytes(said)}), "对不上")


def test_numbers_that_are_none():
    for word in ("NaN", "Infinity", "-Infinity"):
        said = collection({"type": "Polygon", "coordinates": [SQUARE]})
        assert_refused(said.replace(b"106.6", word.encode()), "空值或无穷大")
    for word in (b"1e999", b"9" * 400, b'"106"', b"[1]", b"null"):
        said = collection({"type": "Polygon", "coordinates": [SQUARE]})
        assert_refused(said.replace(b"106.6", word), "空值或无穷大|成对的数字")
    ring = [*SQUARE[:2], [float("inf"), 29.5], *SQUARE[2:]]
    assert_refused(zipped({"shp": shp(rings=[ring], box=(0, 0, 1, 1))}), "超出经纬度")
    said = kml(placemark({"type": "Polygon", "coordinates": [SQUARE]}, "x"))
    assert_refused(said.replace("106.6", "nan").encode(), "空值或无穷大")
    assert_refused(said.replace("106.6", "400").encode(), "超出经纬度")


def test_deep_nesting():
    for deep in (b"[" * 100_000, b'{"a":' * 12_000, b'{"features":' + b"[" * 50_000):
        assert_refused(b'{"type":"Polygon","coordinates":' + deep, "JSON")
    said = collection({"type": "Polygon", "coordinates": "@"}).replace(
        b'"@"', b"[" * 900 + b"]" * 900
    )
    assert_refused(said, "成对的数字")
    rooms = "<Folder>" * 100_000 + "</Folder>" * 100_000
    assert_refused(kml(rooms).encode(), "没有面图形|内容太多")


def test_entities():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = kml("&l11;", dtd=f'<!DOCTYPE kml [<!ENTITY l0 "ha">{laughs}]>')
    assert_refused(bomb.encode(), "实体定义")
    outside = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert_refused(kml("<name>&x;</name>", dtd=outside).encode(), "实体定义")


def test_fifty_thousand_features():
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    said = json.dumps({"type": "FeatureCollection", "features": [feature] * 50_000}).encode()
    assert len(said) < LIMITS.bytes
    assert_refused(said, "2000 个")
    mark = placemark(feature["geometry"], "x")
    assert_refused(kml(*[mark] * 50_000)[: LIMITS.bytes - 100].encode(), "2000 个|有效的 KML")


def test_what_is_no_such_file():
    for data in (b"", b"hello", b"\xff\xfe\x00", b"%PDF-1.7", b"GIF89a"):
        assert_refused(data, "认不出这个文件|有效的 KML")
    assert_refused(b'{"type":"Point","coordinates":[1,2]}', "须为面")
    assert_refused(b'{"type":"FeatureCollection","features":7}', "有效的 JSON")
    assert_refused(b'{"type":"FeatureCollection","features":[7]}', "有效的 JSON")
    assert_refused(b'{"type":"FeatureCollection","features":[]}', "没有面图形")
    for said in (b"7", b'{"a":1}', b'[[["a","b"]]]', b"[[7]]"):
        assert_refused(b'{"type":"Polygon","coordinates":' + said + b"}", "成对的数字")

"""Outlines of an optional package: read where it is installed, never carried along."""

import json

from tests.mapmaking import tiling
from yukuai.divisions.outlining import PACKAGE, find_outlines
from yukuai.engines.partition import canonical, to_geojson


def install(folder, areas):
    data = folder / PACKAGE / "data"
    data.mkdir(parents=True)
    (folder / PACKAGE / "__init__.py").touch()
    features = [
        {"type": "Feature", "properties": {"gb": f"156{code}"}, "geometry": to_geojson(area)}
        for code, area in areas.items()
    ]
    said = {
        "type": "FeatureCollection",
        "features": [*features, {"properties": {}, "geometry": {}}],
    }
    (data / "district.geojson").write_text(json.dumps(said), encoding="utf-8")


def test_outlines_of_the_province_come_with_their_review_number(tmp_path, monkeypatch):
    children = list(tiling(2, children=4, step_m=900, size_m=30_000).children.values())
    areas = dict(zip(("500101", "500102", "500103", "510104"), children, strict=True))
    install(tmp_path, areas)
    monkeypatch.syspath_prepend(tmp_path)
    found = find_outlines("50")
    assert found.review_number == "GS(2024)0650"
    assert "示意" in found.source
    assert dict(found.areas) == {
        code: canonical(area) for code, area in areas.items() if code.startswith("50")
    }
    assert find_outlines("33") is None


def test_without_the_package_there_are_none(monkeypatch):
    monkeypatch.setattr("yukuai.divisions.outlining.PACKAGE", "no_such_package_of_outlines")
    assert find_outlines("50") is None

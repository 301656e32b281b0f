"""Distances in plain words, and links that the maps of the country understand."""

import re
from urllib.parse import unquote

import pytest

from yukuai.engines.coordinates import from_gcj02
from yukuai.registry.nearby import metres, say_distance, ways


@pytest.mark.parametrize(
    ("far", "said"),
    [
        (59, "就在旁边"),
        (100, "约 100 米，走路 2 分钟"),
        (420, "约 400 米，走路 6 分钟"),
        (1499, "约 1500 米，走路 20 分钟"),
        (1600, "约 1.6 公里"),
        (12_345, "约 12.3 公里"),
    ],
)
def test_a_distance_is_said_in_plain_words(far, said):
    assert say_distance(far) == said


def test_a_hundredth_of_a_degree_in_chongqing():
    assert metres(106.55, 29.56, 106.55, 29.57) == 1113
    assert metres(106.55, 29.56, 106.56, 29.56) == 968


def test_each_map_gets_the_coordinates_it_expects():
    shown = dict(ways("养老站 & 食堂", 106.55, 29.56))
    assert shown["手机地图"].startswith("geo:29.560000,106.550000?q=")
    for label in ("高德地图", "百度地图", "腾讯地图"):
        assert unquote(shown[label]).count("养老站 & 食堂")
        assert "&amp;" not in shown[label]
        first, second = map(float, re.search(r"(\d+\.\d{6}),(\d+\.\d{6})", shown[label]).groups())
        shifted = (first, second) if first > second else (second, first)
        assert 300 < metres(106.55, 29.56, *shifted) < 900
        [[lon, lat]] = from_gcj02([shifted])
        assert metres(106.55, 29.56, lon, lat) == 0

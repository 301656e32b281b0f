"""How far something is and how to get there, in plain words. Pure; coordinates are CGCS2000."""

from math import cos, hypot, radians
from urllib.parse import quote

from yukuai.engines.coordinates import to_gcj02

METRES_A_DEGREE = 111_320
WALKED_A_MINUTE = 75
"""Of an older person on even ground (产品设定)."""
WALKING = 1500


def metres(lon: float, lat: float, to_lon: float, to_lat: float) -> int:
    """As the crow flies, exact enough within a town."""
    east = (to_lon - lon) * cos(radians((lat + to_lat) / 2))
    return round(hypot(east, to_lat - lat) * METRES_A_DEGREE)


def say_distance(far: int) -> str:
    """约 300 米，走路 4 分钟 · 约 1.6 公里"""
    if far < 60:
        return "就在旁边"
    if far < WALKING:
        near = max(10, round(far, -1)) if far < 300 else round(far, -2)
        return f"约 {near} 米，走路 {max(1, -(-far // WALKED_A_MINUTE))} 分钟"
    tenths = round(far / 100)
    return f"约 {tenths // 10}.{tenths % 10} 公里"


def ways(name: str, lon: float, lat: float) -> list[tuple[str, str]]:
    """Label and address of maps people have. Those of China expect GCJ-02; `geo:` is WGS 84."""
    [[x, y]] = to_gcj02([[lon, lat]])
    said, shifted = quote(name), f"{x:.6f},{y:.6f}"
    turned = f"{y:.6f},{x:.6f}"
    return [
        ("手机地图", f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}({said})"),
        (
            "高德地图",
            f"https://uri.amap.com/navigation?to={shifted},{said}&mode=walk&coordinate=gaode",
        ),
        (
            "百度地图",
            f"https://api.map.baidu.com/marker?location={turned}&title={said}&content={said}"
            "&coord_type=gcj02&output=html&src=yukuai",
        ),
        (
            "腾讯地图",
            f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{turned};title:{said}"
            "&referer=yukuai",
        ),
    ]

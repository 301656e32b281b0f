"""Which level draws what (domain.md §1.1, §1.5), and how near is near there. Plain Python."""

from yukuai.divisions.rules import layer_of
from yukuai.engines.partition import Limits

LAYERS: dict[str, tuple[str, ...]] = {
    "city": ("district",),
    "district": ("township",),
    "zone": ("township",),
    "township": ("community",),
    "community": ("group", "grid", "compound"),
}
"""What whoever sits at a division of this kind draws, by the first kind of each layer."""
LAYER_WORDS = {
    "district": "区县",
    "township": "乡镇（街道）",
    "community": "村（社区）",
    "group": "村（居）民小组",
    "grid": "网格",
    "compound": "小区",
}
FINE = Limits(snap_m=0.5, sliver_m2=4.0)
"""A compound is small: what is dirt between townships is somebody's garden there (产品设定)."""


def kinds_of(layer: str) -> tuple[str, ...]:
    """The kinds whose lines are drawn together."""
    return tuple(str(kind) for kind in layer_of(layer)) or (layer,)


def tiles_parent(layer: str) -> bool:
    """Whether no ground of the parent may be left over."""
    return bool(layer_of(layer))


def limits_of(layer: str) -> Limits:
    return Limits() if tiles_parent(layer) else FINE

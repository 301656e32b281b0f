"""What the map can be coloured by, and what can be laid over it, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yukuai.accounts.policy import Actor, Permission
from yukuai.flows.layers import STAFF
from yukuai.registry.states import Kind


@dataclass(frozen=True)
class Colouring:
    """`legend` says what is counted, with its unit."""

    measure: str
    label: str
    legend: str


@dataclass(frozen=True)
class Overlay:
    """What is laid over the areas, for whoever holds the permission: a kind of the register, or
    what hangs on the noticeboards. `icon` stands for it, and `icons` for each of its categories
    that has one."""

    layer: str
    label: str
    kind: str
    icon: str
    permission: Permission = Permission.MAP_VIEW
    icons: Mapping[str, str] = field(default_factory=dict)
    shown: bool = False

    @property
    def since(self) -> int:
        return _SINCE[self.layer]


NOTICES = "notices"
_SINCE = {one.name: one.since for one in STAFF}
OVERLAYS = (
    Overlay(
        "facilities",
        "便民服务设施",
        Kind.FACILITY,
        "place",
        icons={
            "service": "plus",
            "elder": "care",
            "clinic": "medical",
            "culture": "book",
            "notice": "board",
        },
        shown=True,
    ),
    Overlay("buildings", "楼栋", Kind.BUILDING, "building"),
    Overlay("organisations", "单位", Kind.ORGANISATION, "job", Permission.REGISTRY_VIEW),
    Overlay(NOTICES, "张贴的公告", NOTICES, "doc", Permission.ELECTION_VIEW),
)
LAID = {one.kind for one in OVERLAYS}


def overlays_of(actor: Actor) -> list[Overlay]:
    return [one for one in OVERLAYS if actor.may(one.permission)]


SHARE = "a_thousand"
"""Of matters in hand by the households of the register."""
COLOURINGS = (
    Colouring("open", "在办诉求", "在办诉求，件"),
    Colouring("late", "超期诉求", "超期没答复的诉求，件"),
    Colouring("lately", "近 30 天收到", "近 30 天收到的诉求，件"),
    Colouring(SHARE, "在办诉求每千户", "在办诉求，件 / 千户"),
)
MEASURES = {one.measure: one for one in COLOURINGS}
STEPS = 6


def bounds(values: Mapping[int, int]) -> list[int]:
    """Where each class of the ramp begins: nothing, and of the rest as many areas in each class as
    can be, at whole numbers. Fewer classes where there are not so many different numbers."""
    some = sorted(value for value in values.values() if value > 0)
    different = sorted(set(some))
    if len(different) < STEPS:
        return [0, *different]
    wanted = (some[len(some) * step // (STEPS - 1)] for step in range(STEPS - 1))
    return [0, *sorted({1, *wanted} - {0})][:STEPS]

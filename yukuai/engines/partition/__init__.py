"""Makes drawn areas tile the area above them exactly, and says what it decided for that.

Plain Python on whole numbers: the same drawing in any order and under any names gives the same
lines, bit by bit. `docs/partition.md` says what is guaranteed and how each decision is made.
"""

from yukuai.engines.partition.changes import Change, changed
from yukuai.engines.partition.editing import (
    NotOnLine,
    Point,
    has_vertex,
    insert_vertex,
    shared_border,
)
from yukuai.engines.partition.exact import tiles
from yukuai.engines.partition.findings import Check, Finding, Result, Severity
from yukuai.engines.partition.grid import (
    STEPS,
    Area,
    Unreadable,
    canonical,
    from_geojson,
    from_wkb,
    to_degrees,
    to_geojson,
    to_wkb,
)
from yukuai.engines.partition.limits import Limits
from yukuai.engines.partition.solve import densify, partition

__all__ = [
    "STEPS",
    "Area",
    "Change",
    "Check",
    "Finding",
    "Limits",
    "NotOnLine",
    "Point",
    "Result",
    "Severity",
    "Unreadable",
    "canonical",
    "changed",
    "densify",
    "from_geojson",
    "from_wkb",
    "has_vertex",
    "insert_vertex",
    "partition",
    "shared_border",
    "tiles",
    "to_degrees",
    "to_geojson",
    "to_wkb",
]

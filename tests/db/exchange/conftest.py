from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.outside import clock, outside, stand_in, worker, world

__all__ = [
    "clock",
    "enforcement",
    "lamps",
    "outside",
    "pack",
    "places",
    "raised",
    "squad",
    "stand_in",
    "steps",
    "worker",
    "world",
]

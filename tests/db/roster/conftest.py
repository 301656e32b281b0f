from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.duty import people, shift

__all__ = ["enforcement", "lamps", "pack", "people", "places", "raised", "shift", "squad", "steps"]

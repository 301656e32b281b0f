from tests.casework import enforcement, lamps, pack, places, raised, squad, steps

__all__ = ["enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]

"""Lines for a tree of which only names and some seats are known: made up, plausible, exact.

Plain Python on NumPy and Shapely: the same towns in any order give the same lines, bit by bit.
"""

from yukuai.engines.sketch.given import tiled
from yukuai.engines.sketch.plane import spots_in
from yukuai.engines.sketch.sketching import Sketch, Town, Unsketchable, sketch

__all__ = ["Sketch", "Town", "Unsketchable", "sketch", "spots_in", "tiled"]

"""Which layers of tiles there are: each app declares its own (`tiles.py`); here they meet."""

from yukuai.cases.tiles import LAYERS as MATTERS
from yukuai.divisions.tiles import LAYERS as LINES
from yukuai.elections.tiles import LAYERS as NOTICES
from yukuai.kernel.tiles import Layer
from yukuai.registry.tiles import LAYERS as REGISTER

PUBLIC: tuple[Layer, ...] = LINES
"""For everybody, and the same for everybody."""
STAFF: tuple[Layer, ...] = (*MATTERS, *REGISTER, *NOTICES)
"""Drawn with the right and in the scope of whoever asks."""

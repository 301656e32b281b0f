"""Types of pictures and numbers in rows. Pictures have rows before columns."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Grey = NDArray[Any]
"""uint8, 0 black to 255 white."""
Colours = NDArray[Any]
"""uint8, blue, green, red."""

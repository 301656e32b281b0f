"""Types of pictures. Rows before columns; grey is 0 black to 255 white."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Colours = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

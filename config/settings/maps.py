"""What lies beneath the maps (docs/operations.md). With nothing set the ground is plain."""

import os
import re

# Addresses with {x}, {y} and {z}, parted by blanks: a ground, and names above it. {key} is MAP_KEY.
MAP_KEY = os.environ.get("MAP_KEY", "")
MAP_TILES = [
    address.replace("{key}", MAP_KEY) for address in os.environ.get("MAP_TILES", "").split()
]
MAP_CREDIT = os.environ.get("MAP_CREDIT", "")
MAP_DATUM = os.environ.get("MAP_DATUM", "cgcs2000")
MAP_GRID = os.environ.get("MAP_GRID", "w")


def origin_of(address: str) -> str:
    """What the content policy has to let in; a host of several numbers is all of its domain."""
    host = "/".join(address.split("/")[:3])
    return re.sub(r"//[^./]*\{[^}]*\}[^./]*\.", "//*.", host)


MAP_ORIGINS = sorted({origin_of(one) for one in MAP_TILES if one.startswith("https://")})

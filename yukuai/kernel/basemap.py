"""What maps stand on, as `frontend/src/lib/basemap.ts` reads it."""

from typing import Any

from django.conf import settings


def base_map() -> dict[str, Any]:
    return {
        "tiles": settings.MAP_TILES,
        "credit": settings.MAP_CREDIT,
        "datum": settings.MAP_DATUM,
        "grid": settings.MAP_GRID,
    }

"""Areas and points in PostGIS: a column whose value in Python is WKB.

Coordinates are CGCS2000 (EPSG:4490), x is the longitude. What is stored comes back bit for bit.
What computes with shapes reads the bytes with Shapely, whose GEOS is newer than PostGIS's.
"""

from typing import Any

from django.db import models

SRID = 4490


class GeometryField(models.Field):  # type: ignore[type-arg]
    """`kind` is the PostGIS type of every value: `MultiPolygon`, `Point`, …"""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def db_type(self, connection: Any) -> str:
        return f"geometry({self.kind},{SRID})"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"ST_AsBinary({sql})", params

    def from_db_value(self, value: Any, *_args: object) -> bytes | None:
        return None if value is None else bytes(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return f"ST_GeomFromWKB(%s::bytea,{SRID})"


@GeometryField.register_lookup
class Meets(models.Lookup):
    """`geom__meets=wkb`: what has a point in common with it."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"ST_Intersects({left}, ST_GeomFromWKB(%s::bytea,{SRID}))", (*params, self.rhs)

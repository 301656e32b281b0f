"""A row as it was, as JSON, and back again: for acts that can be taken back exactly."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

Frozen = dict[str, Any]


def freeze(row: Model, names: Iterable[str] | None = None) -> Frozen:
    """These columns (all that a person or an action can change: without `names`)."""
    fields = {field.attname: field for field in row._meta.concrete_fields if not field.generated}
    return {name: getattr(row, name) for name in (names if names is not None else fields)}


def as_json(frozen: Any) -> str:
    return json.dumps(frozen, cls=DjangoExact, ensure_ascii=False, sort_keys=True)


class DjangoExact(DjangoJSONEncoder):
    """Moments with all their microseconds: a stamp is compared."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def thaw(row: Model, frozen: Frozen) -> list[str]:
    """Set the columns as they were; returns the names for `update_fields`."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    names = []
    for name, value in frozen.items():
        field = fields[name]
        setattr(row, name, field.to_python(value))
        if not field.primary_key:
            names.append(field.name)
    return names


def remade(model: type[Model], frozen: Frozen, *, division: Any) -> Any:
    """A row that is gone, with the key it had."""
    row: Any = model()
    thaw(row, frozen)
    row.division = division
    return row

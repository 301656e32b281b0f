"""A text that lies sealed in the database and is plain in Python."""

from typing import Any

from django.db import models

from yukuai.kernel import crypto


class SealedField(models.TextField):  # type: ignore[type-arg]
    """SM4-GCM at rest. Not searchable: keep a `keyed_hash` beside what must be looked up."""

    def __init__(self, *, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        return crypto.unseal(value, purpose=self.purpose) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return crypto.seal(str(value), purpose=self.purpose) if value else value

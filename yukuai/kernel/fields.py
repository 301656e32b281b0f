"""Texts sealed in the database and plain in Python; the words by which a row is found."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from yukuai.kernel import crypto, fulltext


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


class WordsField(SearchVectorField):  # type: ignore[type-arg]
    """What `yukuai.kernel.fulltext` makes of the row's own texts, as a stored `tsvector`.

    `texts` names the texts under each weight. Filled for save() and bulk_create() alike, from the
    row as it is in Python. A row read without its words is saved without them: whoever changes one
    of the texts of such a row sets the words to '' first. A stored column, for an index on an
    expression stays dead under row-level security (docs/adr/0007-full-text.md).
    """

    def __init__(self, *, texts: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        self.texts = texts
        super().__init__(**{"null": True, "editable": False} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "texts": self.texts}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = self.vector_of(model_instance)
        setattr(model_instance, self.attname, words)
        return words

    def vector_of(self, row: models.Model) -> str:
        parts = {
            weight: [getattr(row, name) for name in names] for weight, names in self.texts.items()
        }
        return fulltext.vector(parts)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"


@WordsField.register_lookup
class Asked(models.Lookup):
    """`words__asked="'路灯' & '灯不'"`: a question of `fulltext.question`."""

    lookup_name = "asked"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*params, self.rhs)

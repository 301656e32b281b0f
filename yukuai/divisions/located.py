"""What it means to be in a place: two columns, the key that keeps them equal, the policy.

`division` says where; `area` repeats its path, so that a subtree is one index range.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yukuai.kernel.constraints import (
    AreaFollowsDivision,
    AreaPolicy,
    ConfidablePolicy,
    HeldPolicy,
    HoldersOnlyPolicy,
)


class AreaField(models.CharField):  # type: ignore[type-arg]
    """The path of the row's division. Filled for save() and bulk_create() alike.

    `place` names the foreign key it repeats: `unit_area` repeats `unit`.
    """

    def __init__(self, *, place: str = "division", **kwargs: Any) -> None:
        self.place = place
        defaults: dict[str, Any] = {"max_length": 80, "db_collation": "C", "editable": False}
        super().__init__(**defaults | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "place": self.place}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        if getattr(model_instance, f"{self.place}_id") is None:
            path = None
        else:
            path = getattr(model_instance, self.place).path
        setattr(model_instance, self.attname, path)
        return path


@AreaField.register_lookup
class Within(models.Lookup):
    """`area__within="1.7."`: everything from `1.7.` to before `1.7/`, the next byte.

    A range, because LIKE is not leakproof: under row-level security it never reaches an index.
    """

    lookup_name = "within"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        end = f"{self.rhs[:-1]}/" if self.rhs else "~"
        return f"({left} >= %s AND {left} < %s)", (*params, self.rhs, *params, end)


def place(**kwargs: Any) -> Any:
    """The foreign key beside an AreaField: the composite key checks it, everything goes by area."""
    return models.ForeignKey(
        "divisions.Division",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        **kwargs,
    )


DISTRICT, TOWNSHIP = 2, 3
"""How many ids the path of each has."""


class Step(models.Func):
    """The id that stands at one place of a path; NULL where the path ends before."""

    function = "split_part"
    template = "NULLIF(%(function)s(%(expressions)s, '.', %(depth)s), '')::bigint"
    output_field = models.BigIntegerField()


def ancestor(depth: int) -> Any:
    """A column beside an AreaField, kept by PostgreSQL: within what the row lies, `depth` deep."""
    return models.GeneratedField(
        expression=Step("area", depth=depth),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )


class Located(models.Model):
    """A row that belongs to a place and to the officers of it.

    Every concrete table needs a full index that begins with `area`: cascades go by it.
    """

    division = place()
    area = AreaField()

    class Meta:
        abstract = True
        constraints = [
            AreaFollowsDivision(name="%(class)s_area_follows_division"),
            AreaPolicy(name="%(class)s_within_area"),
        ]


class Placed(models.Model):
    """Located, but with nothing in it that row-level security must hide (posts, departments)."""

    division = place()
    area = AreaField()

    class Meta:
        abstract = True
        constraints = [AreaFollowsDivision(name="%(class)s_area_follows_division")]


class Held(models.Model):
    """A located row that also belongs to persons: whoever holds one of its keys sees it.

    Keys: `user:17` (signed in), `phone:<keyed hash>` (a verified telephone), `ticket:<hash>`
    (number and code of a receipt).
    """

    division = place()
    area = AreaField()
    holders = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        abstract = True
        constraints = [
            AreaFollowsDivision(name="%(class)s_area_follows_division"),
            HeldPolicy(name="%(class)s_within_area_or_held"),
        ]


class Reserved(models.Model):
    """A located row that its place does not open: it exists for its holders alone.

    It lies somewhere, so that it follows its division and can be counted; whoever works there sees
    nothing of it (docs/adr/0009-reserved-rows.md).
    """

    division = place()
    area = AreaField()
    holders = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        abstract = True
        constraints = [
            AreaFollowsDivision(name="%(class)s_area_follows_division"),
            HoldersOnlyPolicy(name="%(class)s_of_its_holders"),
        ]


class Confidable(models.Model):
    """Rows about matters of both kinds: held like `Held`, or `confidential` like `Reserved`."""

    division = place()
    area = AreaField()
    holders = ArrayField(models.CharField(max_length=80), default=list)
    confidential = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True
        constraints = [
            AreaFollowsDivision(name="%(class)s_area_follows_division"),
            ConfidablePolicy(name="%(class)s_held_or_confided"),
        ]


def belonging_to(matter: Any) -> dict[str, Any]:
    """The columns of a `Confidable` row about this matter: where it lies, and whose it is.

    A reserved matter names the one key that what is inside of it carries (`inner_keys`).
    """
    confidential = isinstance(matter, Reserved)
    keys = getattr(matter, "inner_keys", matter.holders) if confidential else matter.holders
    return {"division": matter.division, "holders": list(keys), "confidential": confidential}

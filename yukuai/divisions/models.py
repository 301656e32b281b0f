from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from yukuai.divisions.rules import INITIALS_LIMIT
from yukuai.divisions.states import ChangeKind, CodeScheme, DivisionKind
from yukuai.kernel.constraints import BumpsReference
from yukuai.kernel.geometry import GeometryField

__all__ = [
    "Boundary",
    "ChangeKind",
    "CodeScheme",
    "Division",
    "DivisionChange",
    "DivisionCode",
    "DivisionKind",
    "DivisionName",
    "DivisionPlacement",
    "Succession",
]


class Division(models.Model):
    """A node of the tree. `path` is the ids from the root, each closed by a dot: `1.7.112.`.

    Ids never change, so a path changes only when a division gets another parent. The closing
    dot makes a prefix a subtree: `1.1.` is no prefix of `1.11.`. `name` and `code` are those of
    today; what was true on another day stands in the dated tables below.

    An abolished division lies under its first successor: what was written there once and may not
    be rewritten is then read by whoever took over.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=DivisionKind.choices)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20, blank=True, db_index=True)
    initials = models.CharField(
        max_length=INITIALS_LIMIT,
        blank=True,
        help_text="pinyin initials of the name, every reading a word",
    )
    path = models.CharField(max_length=80, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the first day on which it no longer existed")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="division_is_reference"),
            models.UniqueConstraint(fields=["path"], name="division_path_unique"),
            models.UniqueConstraint(fields=["id", "path"], name="division_id_path"),
            models.CheckConstraint(
                name="division_path_ends_with_its_id",
                condition=Q(path__regex=r"^([0-9]+\.)+$"),
            ),
            models.CheckConstraint(
                name="division_kind_known", condition=Q(kind__in=DivisionKind.values)
            ),
            models.CheckConstraint(
                name="division_lived_forwards",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="division_name_once",
                fields=["parent", "kind", "name"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["parent", "code"], name="division_children")]

    def __str__(self) -> str:
        return self.name

    @property
    def area(self) -> str:
        """A division lies where its subtree begins."""
        return self.path


class Dated(models.Model):
    """True from a day until the day before another."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class Days(Func):
    function = "daterange"
    output_field = DateRangeField()


def one_at_a_time(name: str, *columns: str) -> ExclusionConstraint:
    """No two dated rows that agree in these columns hold on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *[(column, RangeOperators.EQUAL) for column in columns],
            (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
        ],
    )


class DivisionCode(Dated):
    """A code by which a division is or was known. Old codes resolve for ever."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=12, choices=CodeScheme.choices)
    code = models.CharField(max_length=20)
    official = models.BooleanField(default=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="divisioncode_is_reference"),
            one_at_a_time("division_code_borne_once", "scheme", "code"),
        ]
        indexes = [models.Index(fields=["code"], name="division_code_lookup")]

    def __str__(self) -> str:
        return f"{self.code} ({self.division_id})"


class DivisionName(Dated):
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [one_at_a_time("division_one_name", "division")]

    def __str__(self) -> str:
        return self.name


class DivisionPlacement(Dated):
    """Under which parent a division lay, and when."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [one_at_a_time("division_one_parent", "division")]
        indexes = [models.Index(fields=["parent", "valid_from"], name="placement_of_parent")]

    def __str__(self) -> str:
        return f"{self.division_id} under {self.parent_id}"


class DivisionChange(models.Model):
    """One dated event of the tree, with the document it rests on.

    `details`: `divisions`, the ids it names; `carried`, the ids that went along below them.
    """

    key = models.CharField(max_length=60, unique=True, help_text="so that it is played once")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    effective = models.DateField()
    reason = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(name="division_change_has_a_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.effective}: {self.title}"


class Succession(models.Model):
    """Who took over from whom: merge, split and replacement."""

    change = models.ForeignKey(DivisionChange, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "predecessor", "successor"], name="succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} to {self.successor_id}"


class Boundary(Dated):
    """Where a division lay, and from when until when: its line as it is in effect.

    Public, as every fact of this app. What is being drawn and not in effect yet lies in
    `yukuai.boundaries`. Living siblings whose lines were approved together tile their parent bit
    for bit (docs/partition.md). `version` counts the lines of a division.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="boundaries")
    geom = GeometryField(kind="MultiPolygon")
    version = models.PositiveIntegerField()
    illustrative = models.BooleanField(help_text="示意: not a surveyed line, and shown as such")
    basis = models.CharField(max_length=200, help_text="the document it rests on")
    source = models.CharField(max_length=200)
    review_number = models.CharField(max_length=40, blank=True, help_text="审图号, printed on maps")
    approved_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "boundaries"
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="boundary_is_reference"),
            one_at_a_time("boundary_one_line", "division"),
            models.UniqueConstraint(fields=["division", "version"], name="boundary_version_once"),
            models.CheckConstraint(name="boundary_has_a_basis", condition=~Q(basis="")),
        ]
        indexes = [GistIndex(fields=["geom"], name="boundary_place")]

    def __str__(self) -> str:
        return f"{self.division_id} version {self.version}"

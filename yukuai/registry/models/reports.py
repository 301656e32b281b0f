"""一表通: definitions of reports, what left the platform by them, how much nobody had to type."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import AreaField, Located, place
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.constraints import AppliesPolicy, AreaFollowsDivision, BumpsReference
from yukuai.registry.reporting import Shape
from yukuai.registry.states import OUTPUT_WORKFLOW, OutputState
from yukuai.workflow.definitions import Workflow


class Report(models.Model):
    """A definition, kept by one place and used by all places below it. `shape` is
    `reporting.Shape`, `title`, `basis`, `purpose` and `recipient` are the head of the paper."""

    division = place()
    area = AreaField()
    name = models.CharField(max_length=60)
    shape = models.JSONField()
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=200)
    recipient = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="report_area")]
        constraints: ClassVar[list[Any]] = [
            AreaFollowsDivision(name="report_area_follows_division"),
            AppliesPolicy(name="report_applies"),
            models.UniqueConstraint(
                fields=["division", "name"],
                condition=Q(retired_at=None),
                name="report_name_once_a_place",
            ),
            models.CheckConstraint(name="report_says_why", condition=~Q(purpose="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asks(self) -> Shape:
        return Shape.from_json(self.shape)


class ReportOutput(Located):
    """A report as a file: asked for with a purpose, approved where it says anything about persons,
    written when it is first taken. `shape` is the definition as it stood, `columns` are those that
    leave; `filled`, `empty` and `typed` count cells, the last those of `filled` that somebody
    had to type for it."""

    workflow: ClassVar[Workflow] = OUTPUT_WORKFLOW
    holders: ClassVar[list[str]] = []
    """It is nobody's own; the log of a workflow asks."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="outputs")
    version = models.PositiveIntegerField()
    shape = models.JSONField()
    title = models.CharField(max_length=120)
    columns = ArrayField(models.CharField(max_length=40), default=list)
    personal = models.BooleanField()
    form = models.CharField(max_length=4)
    purpose = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=OutputState.choices, default=OUTPUT_WORKFLOW.initial
    )
    asked_by = models.CharField(max_length=120)
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    rows_asked = models.IntegerField(help_text="as many there were when it was asked for")
    settled_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(help_text="when it lapses: unanswered, later not taken")
    ready_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    filled = models.IntegerField(default=0)
    empty = models.IntegerField(default=0)
    typed = models.IntegerField(default=0)
    sm3 = models.CharField(max_length=64, blank=True)
    bytes = models.BigIntegerField(default=0)
    storage_name = models.CharField(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "-asked_at", "-id"], name="reportoutput_area"),
            models.Index(
                fields=["until"],
                name="reportoutput_running",
                condition=Q(state__in=[OutputState.ASKED, OutputState.APPROVED]),
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="reportoutput_state_known", condition=Q(state__in=OutputState.values)
            ),
            models.CheckConstraint(
                name="reportoutput_form_known", condition=Q(form__in=["xlsx", "pdf"])
            ),
            models.CheckConstraint(name="reportoutput_says_why", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="reportoutput_personal_was_approved",
                condition=Q(personal=False) | Q(ready_at=None) | ~Q(settled_by=""),
            ),
            models.CheckConstraint(
                name="reportoutput_ready_has_a_file",
                condition=Q(ready_at=None) | (~Q(sm3="") & ~Q(storage_name="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """BB-YYMM-nnnnnn."""
        return f"BB-{self.asked_at.astimezone(SHANGHAI):%y%m}-{self.pk:06d}"

    @property
    def asks(self) -> Shape:
        return Shape.from_json(self.shape)

    @property
    def saved(self) -> int:
        """Entries nobody had to make."""
        return max(0, self.filled - self.typed)


class ReportTake(Located):
    """One download. A token serves once."""

    output = models.ForeignKey(ReportOutput, on_delete=models.PROTECT, related_name="takes")
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    taken_by = models.CharField(max_length=120)
    taken_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="reporttake_area")]

    def __str__(self) -> str:
        return f"{self.output_id} at {self.taken_at:%F %T}"


class HandFilling(Located):
    """Cells of a report that somebody typed into the register, until an output counts them."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    output = models.ForeignKey(ReportOutput, on_delete=models.PROTECT, null=True, related_name="+")
    cells = models.PositiveIntegerField()
    typed_by = models.CharField(max_length=120)
    typed_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "report"], name="handfilling_area")]

    def __str__(self) -> str:
        return f"{self.cells} cells of report {self.report_id}"


class Synonym(models.Model):
    """同义词: a heading that asks for a column of `reporting.COLUMNS`; `-`: for no fact."""

    word = models.CharField(max_length=60)
    column = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="synonym_is_reference"),
            models.UniqueConstraint(fields=["word", "column"], name="synonym_once"),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.column}"

"""Imports: a file, what its columns mean, what became of each of its lines."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.kernel.fields import SealedField
from yukuai.registry.states import Kind, Outcome, Stage


class ImportBatch(Located):
    """One file of one community. It runs with the rights of its officer, as they are then.

    `columns` are the keys of `intake.mapping`, one a column; `counts` and `tried` are by outcome,
    of the run and of the dry run. `upto` is the number of lines the present stage has done with.
    The files lie sealed until `expires_at`: the upload, and the copies that say what was found.
    """

    kind = models.CharField(max_length=14, choices=Kind.choices)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.MAPPING)
    user_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    brought_by = models.CharField(max_length=120)
    file_name = models.CharField(max_length=100)
    sm3 = models.CharField(max_length=64)
    form = models.CharField(max_length=4)
    lines = models.IntegerField()
    head = models.SmallIntegerField(help_text="which line names the columns, from 0")
    headings = ArrayField(models.CharField(max_length=60))
    columns = ArrayField(models.CharField(max_length=30))
    source = models.CharField(max_length=20, blank=True)
    collected_on = models.DateField(null=True)
    living = models.CharField(max_length=16, blank=True)
    adds_doubtful = models.BooleanField(default=False)
    upto = models.IntegerField(default=0)
    tried = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made = models.JSONField(default=dict, help_text="entrances it made, which carry no batch_id")
    left = models.JSONField(default=list, help_text="lines an undo left, and why")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="since when it is in its stage")
    checked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)
    failed_because = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    storage_name = models.CharField(max_length=120)
    copy_name = models.CharField(max_length=120, blank=True)
    errors_name = models.CharField(max_length=120, blank=True)

    class Meta(Located.Meta):
        verbose_name_plural = "import batches"
        indexes = [
            models.Index(fields=["area", "-asked_at", "-id"], name="importbatch_area"),
            models.Index(
                fields=["expires_at"], name="importbatch_kept", condition=Q(removed_at=None)
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="importbatch_stage_known", condition=Q(stage__in=Stage.values)
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def target(self) -> str:
        """How the audit names it."""
        return f"import:{self.pk}"


class ImportLine(Located):
    """A line that was written, once: `digest` is the keyed hash of what it says.

    `made` are the rows it made, by table; `before` what it changed, as JSON; `stamp` the moment
    its record carries as `changed_at` as long as nobody has changed it since.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="written")
    line = models.IntegerField()
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    subject_id = models.BigIntegerField()
    made = models.JSONField(default=dict)
    before = SealedField(purpose="registry.import.before", blank=True)
    stamp = models.DateTimeField()
    undone = models.BooleanField(default=False)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="importline_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "digest"], name="importline_once"),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of import {self.batch_id}"


class ImportMapping(Located):
    """What a community said the columns of a table mean: guessed so the next time."""

    kind = models.CharField(max_length=14, choices=Kind.choices)
    heads = models.CharField(max_length=64, help_text="digest of the headings")
    columns = ArrayField(models.CharField(max_length=30))

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="importmapping_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "kind", "heads"], name="importmapping_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.division_id}"


class NotSame(Located):
    """Somebody has seen that two records are two people; `one` is the lower id."""

    one = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta(Located.Meta):
        verbose_name_plural = "not the same"
        indexes = [models.Index(fields=["area"], name="notsame_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["one", "other"], name="notsame_once"),
            models.CheckConstraint(name="notsame_in_order", condition=Q(one__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"people {self.one_id} and {self.other_id}"

"""What was said about a field and is not what the record shows: other sources, former values,
corrections asked for. What is shown stands in the record itself."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Held
from yukuai.kernel.fields import SealedField
from yukuai.registry.provenance import Evidence, read
from yukuai.registry.states import Kind, Standing


class Claim(Held):
    """One statement about one field of one record (`kind`, `subject_id`).

    `digest` is the keyed hash of the value, so that the same thing said again is known as the same.
    `holders` are the record's: the person concerned reads what was said of him.
    """

    kind = models.CharField(max_length=14, choices=Kind.choices)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=30)
    value = SealedField(purpose="registry.claim", blank=True)
    digest = models.CharField(max_length=64)
    evidence = models.JSONField()
    standing = models.CharField(max_length=8, choices=Standing.choices)
    why = models.CharField(max_length=200, blank=True, help_text="of the one who asks")
    claimed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area", "standing"], name="claim_area"),
            models.Index(fields=["kind", "subject_id", "field"], name="claim_subject"),
            GinIndex(fields=["holders"], name="claim_holders"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "subject_id", "field"],
                condition=Q(standing=Standing.ASKED),
                name="claim_asked_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id", "field", "digest"],
                condition=Q(standing=Standing.OTHER),
                name="claim_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.kind} {self.subject_id}"

    @property
    def grounds(self) -> Evidence:
        return read(self.evidence)

"""What was learned from decided matters, version by version, with the figures it was judged by."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.kernel.constraints import BumpsReference


class TriageModel(models.Model):
    """One training. Signs, pairs and weights, no text and nobody's name (docs/triage.md)."""

    version = models.PositiveIntegerField(unique=True)
    trained_at = models.DateTimeField()
    texts = models.PositiveIntegerField(help_text="decided matters that were read")
    data = models.BinaryField()
    figures = models.JSONField(default=dict, help_text="by head, and under `words` the word rules'")
    active = models.BooleanField(default=False)
    activated_at = models.DateTimeField(null=True)
    activated_by = models.CharField(max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="triagemodel_is_reference"),
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="triagemodel_one_speaks"
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.version} 版"

"""对账: what we and they each believe of a day, put side by side."""

from typing import ClassVar

from django.db import models

from yukuai.divisions.located import Located
from yukuai.exchange.models.matters import ExternalCase
from yukuai.exchange.models.systems import ExternalSystem
from yukuai.exchange.states import DifferenceKind


class Reconciliation(Located):
    """One run over one system and day; the newest run of a day counts."""

    system = models.ForeignKey(ExternalSystem, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    ran_at = models.DateTimeField()
    ours = models.IntegerField(default=0)
    theirs = models.IntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta(Located.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-day"], name="reconciliation_area"),
            models.Index(fields=["system", "-day", "-id"], name="reconciliation_system"),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} on {self.day}"


class Difference(Located):
    report = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=14, choices=DifferenceKind.choices)
    link = models.ForeignKey(ExternalCase, on_delete=models.PROTECT, null=True, related_name="+")
    external_id = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=20, blank=True, help_text="our number")
    ours = models.CharField(max_length=60, blank=True)
    theirs = models.CharField(max_length=60, blank=True)
    repaired_at = models.DateTimeField(null=True)
    repaired_by = models.CharField(max_length=120, blank=True)

    class Meta(Located.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], name="difference_area"),
            models.Index(fields=["report", "kind", "id"], name="difference_report"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id or self.number}"

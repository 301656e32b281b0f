"""Which matter was merged into which, by whom, why: and how to undo it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yukuai.cases.models.matter import Case
from yukuai.divisions.located import Held


class CaseLink(Held):
    """One merger. It lies where the merged matter lies, and its reporter holds it; `clocks` are
    the deadlines that the merger dropped, to be set running again when the two are parted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links", db_index=False)
    into = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=400)
    linked_by = models.CharField(max_length=120)
    linked_by_id = models.BigIntegerField(null=True)
    linked_at = models.DateTimeField()
    clocks = models.JSONField(default=list)
    parted_reason = models.CharField(max_length=400, blank=True)
    parted_by = models.CharField(max_length=120, blank=True)
    parted_at = models.DateTimeField(null=True)

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area"], name="caselink_area"),
            models.Index(fields=["into"], name="caselink_into", condition=Q(parted_at=None)),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"], condition=Q(parted_at=None), name="caselink_one_at_a_time"
            ),
            models.CheckConstraint(name="caselink_into_another", condition=~Q(case=F("into"))),
            models.CheckConstraint(
                name="caselink_parted_with_reason",
                condition=Q(parted_at=None) | ~Q(parted_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} into {self.into_id}"

"""交接班: what runs at a window when one officer hands it to the next, and what he adds."""

from typing import Any, ClassVar

from django.db import models

from yukuai.divisions.located import Located
from yukuai.roster.constraints import OnlyTaken
from yukuai.roster.models.shift import OfWindow
from yukuai.roster.states import HANDOVER_WORKFLOW, HandoverState
from yukuai.workflow.definitions import Workflow


class Handover(OfWindow):
    """`running` is what the platform filled in: groups of numbers of matters, nothing personal.

    [{"name": "urgent", "label": "紧急的事", "count": 2, "numbers": ["ZT-…", …]}, …]
    """

    workflow: ClassVar[Workflow] = HANDOVER_WORKFLOW
    holders: ClassVar[list[str]] = []
    """It is nobody's own; the log of a workflow asks."""

    state = models.CharField(
        max_length=10, choices=HandoverState.choices, default=HANDOVER_WORKFLOW.initial
    )
    running = models.JSONField(default=list)
    notes = models.TextField(blank=True)
    until = models.DateTimeField(
        null=True, help_text="when the next shift ends, where there is one"
    )
    handed_by = models.CharField(max_length=120)
    handed_by_id = models.BigIntegerField(null=True)
    handed_at = models.DateTimeField()
    taken_by = models.CharField(max_length=120, blank=True)
    taken_by_id = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta(OfWindow.Meta):
        indexes = [models.Index(fields=["area", "-handed_at"], name="handover_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            OnlyTaken(name="handover_only_taken"),
        ]

    def __str__(self) -> str:
        return f"hand-over of {self.handed_at:%F %T}"

    @property
    def unit_area(self) -> str:
        """Handed over and taken by the window itself, by nobody in its stead (Reach.UNIT)."""
        return str(self.area)

    @property
    def unit_department_id(self) -> int | None:
        return self.department_id

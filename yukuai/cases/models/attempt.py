"""A follow-up call that nobody answered: when, and when to try again."""

from typing import Any, ClassVar

from django.db import models

from yukuai.cases.models.matter import Case
from yukuai.divisions.located import Held


class CallTime(models.TextChoices):
    """What time of day the resident said suits him, or the officer thinks better."""

    LATER = "later", "过两个小时"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"
    EVENING = "evening", "晚上"


class VisitAttempt(Held):
    """回访没打通. It counts how often a matter was tried, never what an officer did."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attempts")
    round = models.PositiveSmallIntegerField(help_text="how often the matter was reopened before")
    prefers = models.CharField(max_length=10, choices=CallTime.choices)
    again_from = models.DateTimeField(help_text="not before")
    tried_at = models.DateTimeField()

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area", "-tried_at"], name="visitattempt_area"),
            models.Index(fields=["case", "-id"], name="visitattempt_case"),
        ]
        constraints: ClassVar[list[Any]] = [*Held.Meta.constraints]

    def __str__(self) -> str:
        return f"attempt to reach the resident of case {self.case_id}"

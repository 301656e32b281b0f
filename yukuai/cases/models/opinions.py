"""What came of a matter in the words of others: the resident's, and an upper level's."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.cases.models.matter import Case
from yukuai.cases.states import Solved
from yukuai.divisions.located import Held


class Opinion(Held):
    """What the resident says came of it: asked in a follow-up, or rated by himself."""

    round = models.PositiveSmallIntegerField(help_text="how often the matter was reopened before")
    reached = models.BooleanField(default=True)
    contacted = models.BooleanField(null=True)
    solved = models.CharField(max_length=8, choices=Solved.choices, blank=True)
    satisfied = models.BooleanField(null=True)
    reasons = models.JSONField(default=list)
    words = models.TextField(blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()

    class Meta(Held.Meta):
        abstract = True


class Visit(Opinion):
    """A follow-up by somebody other than the handler (回访)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    channel = models.CharField(max_length=10, default="phone")

    class Meta(Opinion.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["area", "-given_at"], name="visit_area"),
            models.Index(fields=["given_at"], name="visit_time"),
            models.Index(fields=["case"], name="visit_case"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(fields=["case", "round"], name="visit_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"visit of case {self.case_id}"


class Rating(Opinion):
    """The three questions, answered by the resident: contacted, solved, satisfied."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")

    class Meta(Opinion.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["area", "-given_at"], name="rating_area"),
            models.Index(fields=["given_at"], name="rating_time"),
            models.Index(fields=["case"], name="rating_case"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(fields=["case", "round"], name="rating_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"rating of case {self.case_id}"


class Supervision(Held):
    """An upper level asks how a matter stands, with a clock (督办). It reminds, it never ranks."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions")
    by = models.CharField(max_length=120)
    by_user_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area", "-asked_at"], name="supervision_area"),
            models.Index(fields=["case"], name="supervision_case"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="supervision_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"supervision of case {self.case_id}"

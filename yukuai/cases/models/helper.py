"""Departments that are asked to help with a matter (会办), each with a clock of its own."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.cases.models.matter import Case
from yukuai.divisions.located import Held

OPEN_QUESTION = Q(answered_at=None, withdrawn_at=None)


class Helper(Held):
    """One department and what it was asked. It sees the matter while the question is open; the
    unit that asked stays in the lead."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helpers", db_index=False)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    asked_by_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=400, blank=True)

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area", "-asked_at"], name="helper_area"),
            models.Index(fields=["case"], name="helper_case"),
            models.Index(
                fields=["department", "case"], name="helper_open", condition=OPEN_QUESTION
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "department"], condition=OPEN_QUESTION, name="helper_asked_once"
            ),
            models.CheckConstraint(
                name="helper_answer_or_withdrawal",
                condition=Q(answered_at=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="helper_withdrawal_says_why",
                condition=Q(withdrawn_at=None) | ~Q(withdrawal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"helper of case {self.case_id}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def clock(self) -> str:
        return help_clock(self.department_id)


def help_clock(department_id: int) -> str:
    """The name of the clock that runs at one helper's door; `help` is the clock's kind."""
    return f"help:{department_id}"
